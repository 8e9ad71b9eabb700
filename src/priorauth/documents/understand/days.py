"""Days as people write them, within a sentence: whole, partial, between two others, or counted from the document's own.

A day without a year is the last such day on or before that of the document; without one it is none. Nothing here knows
today.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final, NamedTuple

from priorauth.documents.understand.numbers import WORDS, whole
from priorauth.values import dates

_NAMES: Final = tuple(name.lower() for name in dates.MONTHS)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_SOON: Final = 31
_COUNT: Final = r"(?:\d{1,3}|" + "|".join(WORDS) + r"|a|an|few|several|couple(?: of)?)"
_LENGTH: Final = r"(?:days?|d|weeks?|wks?|wk|months?|mos?|mths?|years?|yrs?|y)"
_SEASONS: Final = {"spring": (3, 6), "summer": (6, 9), "fall": (9, 12), "autumn": (9, 12), "winter": (12, 3)}

_SHAPES: Final = re.compile(
    "|".join(
        (
            r"(?P<iso>(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d))",
            r"(?P<slash>(?<![\d/.])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/]))",
            r"(?P<dots>(?<![\d.])\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d))",
            r"(?P<dashes>(?<![\d-])\d{1,2}-\d{1,2}-(?:(?:19|20)\d\d|\d\d)(?![\d-]))",
            rf"(?P<dmy>(?<![\d/.])\d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH},?[ -]?'?(?:(?:19|20)\d\d|\d\d(?![\d:%/.])))",
            r"(?P<dmyj>(?<![\dA-Za-z])\d{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:(?:19|20)\d\d|\d\d)(?!\d))",
            rf"(?P<mdy>\b{_MONTH}[ -]\d{{1,2}}(?:st|nd|rd|th)?,?[ -]+(?:19|20)\d\d(?!\d))",
            rf"(?P<span>\b{_MONTH} \d{{1,2}} ?(?:-|–|to|through) ?\d{{1,2}}(?![\d/:])(?:,? (?:19|20)\d\d)?)",
            rf"(?P<my>\b{_MONTH},?(?: of)?[ -](?:19|20)\d\d(?!\d))",
            r"(?P<my2>(?<![\d/.])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?!\d))",
            rf"(?P<md>\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?![\d:.%]))",
            rf"(?P<dm>(?<![\d/.])\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}(?![ ,-]*(?:19|20)\d\d))",
            r"(?P<md2>(?<![\d/.])\d{1,2}/\d{1,2}(?![\d/%x]|\.\d))",
            rf"(?P<m>\b(?:(?:in|since|until|from|last|early|late|mid|of|by)[ -]{_MONTH}(?! \d)"
            rf"|{_MONTH}(?= (?:average|download|log)\b)|(?<=\(){_MONTH}(?=\))))",
            r"(?P<season>\b(?:last|this|in the|in|since) (?:early |late )?(?:spring|summer|fall|autumn|winter)"
            r"(?: of)?(?: (?:19|20)\d\d)?)\b",
            rf"(?P<ago>(?<![\d/.-])\b{_COUNT} {_LENGTH} (?:ago|earlier|before (?:this|the) (?:visit|appointment|letter))\b)",
            rf"(?P<over>\b(?:over|in|during|for|within|x)? ?(?:the )?(?:last|past|prior|previous) (?:{_COUNT} )?{_LENGTH}\b)",
            r"(?P<this>\bthis (?:past )?(?:week|month|year)\b)",
            rf"(?P<for>\bfor (?:the )?{_COUNT} {_LENGTH}\b)",
            rf"(?P<weekday>\b(?:last|on|since|this past|past) {_WEEKDAY}\b)",
            r"(?P<word>\b(?:today|yesterday|last night|this (?:a\.?m\.?|morning|visit|afternoon|evening)"
            r"|tonight|in (?:clinic|office)(?= )|now|currently|POC|point[- ]of[- ]care|at (?:this|today's) visit)\b)",
            r"(?P<years>(?<![\d/.,$-])(?:19|20)\d\d ?[-\u2013] ?(?:19|20)\d\d(?![\d/-]))",
            r"(?P<y>(?<![\d/.,$-])(?:19[4-9]\d|20[0-4]\d)(?![\d/%]|\.\d|-\d| ?(?:mg|mL|units?)\b))",
        )
    ),
    re.IGNORECASE,
)
WHOLE: Final = frozenset({"iso", "slash", "dmy", "mdy", "dashes", "dots", "md", "dm", "md2"})
"""How a day is written that is one day, as :attr:`Day.how` has it."""
_PARTIAL: Final = frozenset({"y", "month", "m"})
_TWO: Final = re.compile(r"\s*(?:-|–|—|to|through|thru|and|until)\s*", re.IGNORECASE)


class Day(NamedTuple):
    """A day, or days, as it stands in a text. ``first`` and ``last``: ordinals; ``said``: ISO, partial, or two of them."""

    start: int
    end: int
    first: int
    last: int
    said: str
    how: str

    @property
    def now(self) -> bool:
        """Whether it is the day of the document, said in words."""
        return self.how == "word"


def found(text: str, own: int | None, *, day_first: bool = False) -> list[Day]:
    """Return the days of a text in order. ``own``: the day of the document, which those without a year are of."""
    days: list[Day] = []
    for match in _SHAPES.finditer(text):
        how = match.lastgroup or ""
        one = _read(how, match.group(), own, day_first=day_first)
        if one is not None and one.first >= dates.EARLIEST and one.last <= dates.LATEST:
            days.append(Day(match.start(), match.end(), *one[2:]))
    return _joined(text, days)


def is_day_first(text: str) -> bool:
    """Whether a text writes the day before the month: one date shows it, and none shows the other."""
    pairs = [(int(a), int(b)) for a, b in re.findall(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:19|20)?\d\d(?!\d)", text)]
    return any(a > 12 and b <= 12 for a, b in pairs) and not any(b > 12 for _, b in pairs)  # noqa: PLR2004 - months


def _joined(text: str, days: list[Day]) -> list[Day]:
    """Return days, two of them that stand for a stretch made one; a first without its year takes that of the last."""
    made: list[Day] = []
    for day in days:
        before = made[-1] if made else None
        if (
            before is not None
            and day.how in WHOLE
            and before.how in WHOLE
            and (between := text[before.end : day.start])
            and _TWO.fullmatch(between)
            and ("and" not in between.lower() or re.search(r"\bbetween\s*$", text[: before.start], re.IGNORECASE))
        ):
            first = before.first
            if before.how in ("md", "md2", "dm"):
                start = dt.date.fromordinal(first)
                year = dt.date.fromordinal(day.first).year
                first = _ordinal(year, start.month, start.day) or first
                if first > day.last:
                    first = _ordinal(year - 1, start.month, start.day) or first
            if first <= day.last:
                said = f"{dates.iso(first)}/{dates.iso(day.last)}"
                made[-1] = Day(before.start, day.end, first, day.last, said, "two")
                continue
        if (
            before is not None
            and day.how in _PARTIAL | {"slash"}
            and before.how in _PARTIAL
            and _TWO.fullmatch(text[before.end : day.start])
            and "and" not in text[before.end : day.start].lower()
            and before.first <= day.last
        ):
            made[-1] = Day(before.start, day.end, before.first, day.last, f"{before.said}/{day.said}", "two")
            continue
        made.append(day)
    return made


def _read(how: str, text: str, own: int | None, *, day_first: bool) -> Day | None:
    low = text.lower()
    numbers = [int(part) for part in re.findall(r"\d+", low)]
    month = next((at for at, name in enumerate(_NAMES, 1) if re.search(rf"(?<![a-z]){name}", low)), None)
    match how:
        case "iso":
            return _whole(how, numbers[0], numbers[1], numbers[2])
        case "slash" | "dots" | "dashes":
            first, second, year = numbers
            if day_first or how == "dots" or first > 12:  # noqa: PLR2004 - months
                first, second = second, first
            return _whole(how, _year(year, own), first, second)
        case "dmy" | "dmyj" if month:
            return _whole("dmy", _year(numbers[1], own), month, numbers[0])
        case "mdy" if month:
            return _whole(how, numbers[1], month, numbers[0])
        case "span" if month:
            return _stretch(month, numbers, own)
        case "my" if month:
            return _month(numbers[0], month)
        case "my2":
            return _month(numbers[1], numbers[0])
        case "md" | "dm" if month and own:
            return _before(how, month, numbers[0], own)
        case "md2" if own:
            first, second = reversed(numbers) if day_first else numbers
            return _before(how, first, second, own)
        case "m" if month and own:
            near = dt.date.fromordinal(own)
            return _month(near.year - (month > near.month), month)
        case "season":
            return _season(low, numbers, own)
        case "years" if numbers[0] <= numbers[1]:
            first, last = dt.date(numbers[0], 1, 1).toordinal(), dt.date(numbers[1], 12, 31).toordinal()
            return _of("two", first, last, f"{numbers[0]}/{numbers[1]}")
        case "y":
            return _of(
                how, dt.date(numbers[0], 1, 1).toordinal(), dt.date(numbers[0], 12, 31).toordinal(), str(numbers[0])
            )
        case "ago" | "over" | "for" | "this" | "weekday" | "word" if own:
            return _counted(how, low, own)
    return None


def _counted(how: str, low: str, own: int) -> Day | None:
    """Return a day that is counted from that of the document."""
    if how == "word":
        back = 1 if low in ("yesterday", "last night") else 0
        return _of("word" if not back else "yesterday", own - back, own - back, dates.iso(own - back))
    if how == "weekday":
        name = low.split()[-1][:3]
        back = (dt.date.fromordinal(own).weekday() - _WEEKDAYS.index(name)) % 7 or 7
        return _of(how, own - back, own - back, dates.iso(own - back))
    unit = re.findall(_LENGTH, low, re.IGNORECASE)
    kind = _unit(
        re.search(rf"\b({_LENGTH})\b(?! (?:last|past))", re.sub(r"^.*?(?:last|past|prior|previous) ", "", low))
    )
    counted = re.search(rf"\b({_COUNT})\b", re.sub(r"\b(?:over|in|during|for|within|the|last|past)\b", "", low))
    count = whole(counted.group(1)) if counted else 1
    if not unit or kind is None or count is None:
        return None
    then = dates.minus(own, dates.Duration(count, kind))
    day = dt.date.fromordinal(then)
    if how == "this":
        near = dt.date.fromordinal(own)
        first = (
            own - near.weekday()
            if "week" in low
            else near.replace(day=1, month=1 if "year" in low else near.month).toordinal()
        )
        return _stretched(how, first, own)
    if how in ("over", "for"):
        if counted is None and kind == "week":
            return _stretched(how, own - 7, own - 1)
        if counted is None and kind == "month":
            return _month(day.year, day.month)
        if counted is None and kind == "year":
            return _of(how, then, own, str(dt.date.fromordinal(own).year - 1))
        return _stretched(how, then, own)
    if kind == "day":
        return _of(how, then, then, dates.iso(then))
    if kind == "week":
        return _stretched(how, then - 3, then + 3)
    if kind == "month":
        return _month(day.year, day.month)
    return _of(how, dt.date(day.year, 1, 1).toordinal(), dt.date(day.year, 12, 31).toordinal(), f"{day.year:04}")


def _unit(match: re.Match[str] | None) -> dates.Unit | None:
    if match is None:
        return None
    return {"d": "day", "w": "week", "m": "month", "y": "year"}[match.group(1)[0]]  # type: ignore[return-value]


def _season(low: str, numbers: list[int], own: int | None) -> Day | None:
    name = next(name for name in _SEASONS if name in low)
    begins, ends = _SEASONS[name]
    year = numbers[0] if numbers else None
    if year is None:
        if own is None:
            return None
        near = dt.date.fromordinal(own)
        year = near.year - (begins > near.month)
    first = dt.date(year, begins, 1)
    last = dt.date(year + (ends < begins), ends, calendar.monthrange(year, ends)[1])
    return _of("season", first.toordinal(), last.toordinal(), f"{first:%Y-%m}/{last:%Y-%m}")


def _stretch(month: int, numbers: list[int], own: int | None) -> Day | None:
    first, last, *year = numbers
    if not year and own is None:
        return None
    ends = _whole("", year[0], month, last) if year else _before("", month, last, own or 0)
    begins = None if ends is None else _whole("", dt.date.fromordinal(ends.first).year, month, first)
    return (
        None
        if ends is None or begins is None or begins.first > ends.first
        else _stretched("two", begins.first, ends.last)
    )


def _before(how: str, month: int, day: int, own: int) -> Day | None:
    """Return the last such day on or before that of the document; one within a month after it is of its year, still to come."""
    year = dt.date.fromordinal(own).year
    for one in (year, year - 1):
        number = _ordinal(one, month, day)
        if number is not None and number <= own + _SOON:
            return _of(how, number, number, dates.iso(number))
    return None


def _whole(how: str, year: int, month: int, day: int) -> Day | None:
    number = _ordinal(year, month, day)
    return None if number is None else _of(how, number, number, dates.iso(number))


def _month(year: int, month: int) -> Day | None:
    if not 1 <= month <= 12:  # noqa: PLR2004 - months
        return None
    first = dt.date(year, month, 1).toordinal()
    return _of("month", first, first + calendar.monthrange(year, month)[1] - 1, f"{year:04}-{month:02}")


def _stretched(how: str, first: int, last: int) -> Day:
    return _of(how, first, last, f"{dates.iso(first)}/{dates.iso(last)}")


def _of(how: str, first: int, last: int, said: str) -> Day:
    return Day(0, 0, first, last, said, how)


def _year(year: int, own: int | None) -> int:
    """Return a year that may be written with two digits: not more than two after that of the document."""
    if year >= 100:  # noqa: PLR2004 - written in full
        return year
    latest = (dt.date.fromordinal(own).year + 2) % 100 if own else 40
    return (2000 if year <= latest else 1900) + year


def _ordinal(year: int, month: int, day: int) -> int | None:
    try:
        return dt.date(year, month, day).toordinal()
    except ValueError:
        return None
