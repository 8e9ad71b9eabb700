"""Time stamps of logs: split into a date and a clock time, each distinct text read once, and held as one number.

A stamp is ``date << 24 | clock``: the date a number for its text until the order of day and month is known for the
whole file, the clock minutes since midnight with the offset from UTC where the text states one. Seconds are dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.reject import log_refused

Order = Literal["dmy", "mdy", "ymd"]
Stamps = NDArray[np.int64]

NO_DAY: Final = np.iinfo(np.int32).min
EPOCH: Final = dt.date(1970, 1, 1).toordinal()
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
MINUTES_A_DAY: Final = 1440

# A spreadsheet may write a date alone as its midnight.
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})\.?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?", re.ASCII)
# A month by its name: 14 Mar 2026, 14-Mar-26, Mar 14, 2026, 2026-Mar-14.
_NAMED = re.compile(
    r"(?P<first>\d{1,4})(?:\.|st|nd|rd|th)?[-/ ]*(?:de )?(?P<word>[^\W\d_]{3,10})\.?[-/, ]*(?:de )?(?P<last>\d{1,4})"
    r"|(?P<month>[^\W\d_]{3,10})\.?[-/ ]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/, ]+(?P<year>\d{2,4})"
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan janv januar january janvier enero ene gennaio gen januari janeiro",
            "feb févr fev fév februar february février febrero febbraio februari fevereiro",
            "mar mär mrz maart mrt märz march mars marzo março",
            "apr avr abr april avril abril aprile",
            "may mai mayo mag maggio mei maio",
            "jun juin juni june junio giu giugno junho",
            "jul juil juli july juillet julio lug luglio julho",
            "aug août aou aoû ago august agosto augustus",
            "sep sept set september septembre septiembre settembre setembro",
            "oct okt ott out october oktober octobre octubre ottobre outubro",
            "nov november novembre noviembre novembro",
            "dec dez déc dic december dezember décembre diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*(?:([AP])\.?\s?M\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_SECONDS: Final = 11  # digits of an instant in seconds
_STORED: Final = 200_000  # distinct dates or clock times remembered
_BAD_CLOCK: Final = 1 << 23
_NO_CLOCK: Final = 1 << 22
_OFFSET_BITS: Final = 11
_ZERO_OFFSET: Final = 1024  # stored offsets are shifted by this; 0 means that none is stated
_FARTHEST: Final = 14 * 60  # Line Islands, UTC+14
_FIRST_DAY: Final = dt.date(FIRST_YEAR, 1, 1).toordinal() - EPOCH
_LAST_DAY: Final = dt.date(LAST_YEAR, 12, 31).toordinal() - EPOCH
_CENTURY: Final = 70  # two-digit years from here on are of the last century (POSIX)


class DateParts(NamedTuple):
    """The three numbers of a date in the order written, and how many digits the first has.

    ``named``: the month is a word, so that ``second`` is the month for certain.
    """

    first: int
    second: int
    third: int
    width: int
    named: bool = False
    dotted: bool = False


class Clocks(dict[str, int]):
    """Clock texts, each read once: minutes since midnight, and the offset from UTC where stated."""

    def __missing__(self, text: str) -> int:
        """Read a clock text seen for the first time."""
        code = _clock(text)
        if len(self) < _STORED:
            self[text] = code
        return code


class Dates(dict[str, int]):
    """Date texts, numbered as they are first seen; 0 stands for all that are no dates."""

    def __init__(self) -> None:
        """Start with number 0 taken."""
        super().__init__()
        self.parts: list[DateParts | None] = [None]

    def __missing__(self, text: str) -> int:
        """Number a date text seen for the first time."""
        parts = _parts(text.strip())
        if parts is None or len(self.parts) >= _STORED:
            return 0
        self.parts.append(parts)
        self[text] = len(self.parts) - 1
        return self[text]

    def of_day(self, day: int) -> int:
        """Number a day given as days since 1970-01-01; 0 outside the years that a log can hold."""
        if not _FIRST_DAY <= day <= _LAST_DAY:
            return 0
        return self[dt.date.fromordinal(day + EPOCH).isoformat()]


class Times:
    """The time stamps of one file."""

    def __init__(self) -> None:
        """Start with no dates seen."""
        self._dates = Dates()
        self._clocks = Clocks()

    def stamps(self, texts: Sequence[str]) -> Stamps:
        """Read stamps of the form ``date clock`` or ``dateTclock``."""
        if {text[10:11] for text in texts} <= {" ", "T"}:  # a date of ten characters, as nearly all have
            return self.pairs([text[:10] for text in texts], [text[11:] for text in texts])
        parted = [_parted(text.strip()) for text in texts]
        return self.pairs([parts[0] for parts in parted], [parts[1] if len(parts) > 1 else "" for parts in parted])

    def pairs(self, dates: Sequence[str], clocks: Sequence[str]) -> Stamps:
        """Read dates and clock times that stand in two columns."""
        day, clock = self._dates, self._clocks
        days = np.array([day[text] for text in dates], dtype=np.int64)
        return days << 24 | np.array([clock[text] for text in clocks], dtype=np.int64)

    def of_minutes(self, minutes: NDArray[np.int64], *, zoned: bool) -> Stamps:
        """Stamp minutes since 1970-01-01 00:00: of UTC where ``zoned``, else of the wall clock."""
        days, place = np.unique(minutes // MINUTES_A_DAY, return_inverse=True)
        numbers = np.array([self._dates.of_day(int(day)) for day in days], dtype=np.int64)
        offset = _ZERO_OFFSET << _OFFSET_BITS if zoned else 0
        return numbers[place] << 24 | offset | minutes % MINUTES_A_DAY

    def days(self, name: str, asked: Order | None = None, also: Iterable[str] = ()) -> NDArray[np.int32]:
        """Return the day (since 1970-01-01) of each numbered date, NO_DAY for what is none.

        The order of day and month is ``asked``, or settled by a number above 12, also in the dates ``also`` of the
        file's own heading. Raises LogRefused where nothing settles it.
        """
        seen = [parts for parts in self._dates.parts if parts is not None]
        for text in also:
            number = self._dates[text.strip()]
            seen.extend(parts for parts in (self._dates.parts[number],) if parts is not None)
        order = _order(name, [parts for parts in seen if not _year_first(parts)], asked)
        _refuse_either_year(name, seen, asked)
        return np.array([_day(parts, order) for parts in self._dates.parts], dtype=np.int32)

    def midnights(self, stamps: Stamps) -> Stamps:
        """Read stamps without a clock time as midnight, where other stamps have one (R's write.csv drops 00:00:00)."""
        bare = (stamps & _NO_CLOCK) != 0
        return stamps if bare.all() else np.where(bare, stamps & ~np.int64(0xFFFFFF), stamps)


def utc(seconds: str) -> str:
    """Return seconds since 1970-01-01 as a stamp of UTC; empty for what is no such number."""
    text = seconds.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > _SECONDS:
        return ""
    days, of_day = divmod(int(text), 86_400)
    if not _FIRST_DAY <= days <= _LAST_DAY:
        return ""
    return f"{dt.date.fromordinal(days + EPOCH).isoformat()} {of_day // 3600:02}:{of_day // 60 % 60:02}Z"


def with_offset(text: str, minutes: str) -> str:
    """Add an offset from UTC, given in minutes, to a stamp of the wall clock that states none."""
    try:
        offset = round(float(minutes))
    except (ValueError, OverflowError):
        return text
    if abs(offset) > _FARTHEST:
        return text
    hours, rest = divmod(abs(offset), 60)
    return f"{text.strip().removesuffix('Z')}{'-' if offset < 0 else '+'}{hours:02}:{rest:02}"


def dated(text: str) -> bool:
    """Whether a text is a date, with a clock time or without."""
    parted = [*_parted(text.strip()), ""]
    return _parts(parted[0]) is not None and _clock(parted[1]) != _BAD_CLOCK


def _parted(text: str) -> Sequence[str]:
    """Part a stamp into its date and its clock time."""
    if match := _NAMED.match(text):
        return match[0], text[match.end() :].lstrip(", T")
    parts = text.replace("T", " ", 1).split(" ", 1)
    return [parts[0].rstrip(","), *parts[1:]]


def _parts(text: str) -> DateParts | None:
    if match := _DATE.fullmatch(text):
        first, mark, second, third = match.groups()
        return DateParts(int(first), int(second), int(third), len(first), dotted=mark == ".")
    match = _NAMED.fullmatch(text.rstrip(","))
    if match is None:
        return None
    month = _MONTHS.get((match["word"] or match["month"]).casefold())
    if month is None:
        return None
    if match["month"]:  # the day follows, and then the year
        return DateParts(int(match["day"]), month, int(match["year"]), 2, named=True, dotted=True)
    return DateParts(int(match["first"]), month, int(match["last"]), len(match["first"]), named=True)


def unpack(stamps: Stamps, days: NDArray[np.int32]) -> tuple[NDArray[np.int32], ...]:
    """Return day, minute of the day, offset in minutes, whether one is stated, and whether the clock is readable."""
    clock = (stamps & 0xFFFFFF).astype(np.int32)
    readable = (clock & (_BAD_CLOCK | _NO_CLOCK)) == 0
    stored = (clock >> _OFFSET_BITS) & 0x7FF
    zoned = stored != 0
    offset = np.where(zoned, stored - _ZERO_OFFSET, 0).astype(np.int32)
    return days[stamps >> 24], clock & 0x7FF, offset, zoned, readable


def _clock(text: str) -> int:
    text = text.strip().upper()
    if not text:
        return _NO_CLOCK
    match = _CLOCK.fullmatch(text)
    if match is None:
        return _BAD_CLOCK
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4] == "P" and hour < 12:  # noqa: PLR2004  (hours of the clock)
        hour += 12
    elif match[4] == "A" and hour == 12:  # noqa: PLR2004
        hour = 0
    if minute > 59 or second > 60 or hour * 60 + minute > MINUTES_A_DAY:  # noqa: PLR2004  (60: a leap second)
        return _BAD_CLOCK
    if match[5] is None:
        return hour * 60 + minute
    offset = 0
    if match[5][0] in "+-":
        digits = match[5][1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if match[5][0] == "-" else 1)
    if abs(offset) > _FARTHEST:
        return _BAD_CLOCK
    return (offset + _ZERO_OFFSET) << _OFFSET_BITS | (hour * 60 + minute)


def _year_first(parts: DateParts) -> bool:
    return parts.width == 4  # noqa: PLR2004  (digits of a year)


def _refuse_either_year(name: str, seen: Sequence[DateParts], asked: Order | None) -> None:
    """Refuse dates such as 26-03-14, which may be of 2026 or of 2014, unless their days tell or the order is asked."""
    either = [
        parts
        for parts in seen
        if not _year_first(parts) and not parts.dotted and parts.first > 12 and parts.third < 32  # noqa: PLR2004
    ]
    if asked is None and either:
        years, days = {parts.third for parts in either}, {parts.first for parts in either}
        if len(years) > len(days):
            raise log_refused(name, "years of two digits cannot be told from days; expected dates='dmy' or dates='ymd'")


def _order(name: str, dates: Sequence[DateParts], asked: Order | None) -> Order:
    dates = [parts for parts in dates if not parts.named]
    if not dates:
        return asked or "dmy"
    day_first = any(parts.first > 12 for parts in dates)  # noqa: PLR2004  (months of the year)
    month_first = any(parts.second > 12 for parts in dates)  # noqa: PLR2004
    if asked == "ymd" or (day_first and month_first):
        if asked == "ymd" and not any(parts.third > 31 for parts in dates):  # noqa: PLR2004  (days of a month)
            return "ymd"
        raise log_refused(name, "dates stand in different orders; expected one order of day and month in the file")
    if (asked == "dmy" and month_first) or (asked == "mdy" and day_first):
        raise log_refused(name, f"dates are not in the order {asked} that was asked for: a month is above 12")
    settled: Order | None = asked or ("dmy" if day_first else "mdy" if month_first else None)
    if settled is None and all(parts.first == parts.second for parts in dates):
        settled = "dmy"  # 05/05 reads the same in both
    if settled is None:
        raise log_refused(
            name,
            "no date has a day above 12, so day and month cannot be told apart; expected dates='dmy' or dates='mdy'",
        )
    return settled


def _day(parts: DateParts | None, order: Order) -> int:
    if parts is None:
        return NO_DAY
    year, month, day = parts.first, parts.second, parts.third
    if parts.named:
        year, day = (year, day) if _year_first(parts) or order == "ymd" else (day, year)
    elif not _year_first(parts) and order != "ymd":
        year = parts.third
        day, month = (parts.first, parts.second) if order == "dmy" else (parts.second, parts.first)
    if year < 100:  # noqa: PLR2004  (two digits)
        year += 1900 if year >= _CENTURY else 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return NO_DAY
    try:
        return dt.date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return NO_DAY
