"""Days are whole numbers (proleptic Gregorian ordinals, 1 = 0001-01-01); a partial date is the span of days it may be.

Calendar months clip: 31 January less one month is 31 December, 31 March less one month is the last day of February.
A FHIR date is read as the local day that was written down; its instant, where there is one, is kept beside it in whole
minutes since 1970-01-01T00:00Z. Nothing here reads a clock or a time zone database.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from msgspec import Struct

FIRST_DAY = dt.date.min.toordinal()
LAST_DAY = dt.date.max.toordinal()
EPOCH = dt.date(1970, 1, 1).toordinal()
MINUTES_A_DAY = 24 * 60
EARLIEST: Final = dt.date(1900, 1, 2).toordinal()
LATEST: Final = dt.date(2199, 12, 30).toordinal()
"""The days that a record can be of, in every time zone: a date before or after them stands for one that is not known
(0001-01-01, 1900-01-01, 9999-12-31)."""

Unit = Literal["day", "week", "month", "year"]

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ISO: Final = re.compile(r"(?<![\w/-])(\d{4})-(0[1-9]|1[0-2])-(\d{2})(?![\w-])")
"""A day within a text; what goes on before or after it is an id."""
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(?:[0-5]\d|60)(?:\.\d{1,9})?)?"
    r"(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?)?)?)?",
    re.ASCII,
)


class Duration(Struct, frozen=True):
    """A length of time in calendar units: 30 days, 6 months, 2 years."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """Return it as a person says it."""
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


class When(NamedTuple):
    """When something was: the first and last day it may have been, and the minute (UTC) and local minute if known."""

    first: int
    last: int
    minute: int | None = None
    minute_of_day: int | None = None

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    @property
    def believed(self) -> bool:
        """Whether a record can be of such a day."""
        return self.last >= EARLIEST and self.first <= LATEST


ANY_DAY = When(FIRST_DAY, LAST_DAY)


def day(text: str) -> int:
    """Read a full ISO date; raises ValueError with what was expected."""
    when = read(text)
    if not when.exact:
        msg = f"expected a full date (YYYY-MM-DD), found {text[:40]!r}"
        raise ValueError(msg)
    return when.first


@lru_cache(maxsize=4096)
def iso(number: int) -> str:
    """Write a day as YYYY-MM-DD."""
    return dt.date.fromordinal(number).isoformat()


def spoken(text: str) -> str:
    """Write the days in a text as pages write them, ``20 Nov 2026``; JSON and tables keep ISO dates."""
    return ISO.sub(lambda found: f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}", text)


def read(text: str) -> When:
    """Read a FHIR date, dateTime or instant; raises ValueError with what was expected."""
    found = _DATE.fullmatch(text)
    if found is None:
        msg = f"expected a FHIR date (YYYY, YYYY-MM, YYYY-MM-DD or a date with time), found {text[:40]!r}"
        raise ValueError(msg)
    year, month, date, hour, minute, zone = found.groups()
    try:
        if month is None:
            return When(dt.date(int(year), 1, 1).toordinal(), dt.date(int(year), 12, 31).toordinal())
        if date is None:
            start = dt.date(int(year), int(month), 1)
            return When(start.toordinal(), start.toordinal() + calendar.monthrange(start.year, start.month)[1] - 1)
        number = dt.date(int(year), int(month), int(date)).toordinal()
        if hour is None:
            return When(number, number)
        local = dt.time(int(hour), int(minute)).hour * 60 + int(minute)
    except ValueError as fault:
        msg = f"expected a date that exists, found {text[:40]!r}"
        raise ValueError(msg) from fault
    instant = None if zone is None else (number - EPOCH) * MINUTES_A_DAY + local - _offset(zone)
    return When(number, number, instant, local)


def minus(number: int, length: Duration) -> int:
    """Count back from a day; months and years clip to the month's last day and stop at the calendar's first day."""
    return _shift(number, -length.count, length.unit)


def plus(number: int, length: Duration) -> int:
    """Count forward from a day, clipping like :func:`minus`."""
    return _shift(number, length.count, length.unit)


def filled(start: int, length: Duration) -> int:
    """Return the first day whose window of this length, its start open, holds no day before ``start``."""
    before = start - 1
    day = plus(before, length)
    return day if minus(day, length) >= before else day + 1


def years_between(birth: int, on: int) -> int:
    """Count whole years of age; someone born on 29 February has a birthday on 1 March in common years."""
    born, today = dt.date.fromordinal(birth), dt.date.fromordinal(on)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@lru_cache(maxsize=4096)
def _shift(number: int, count: int, unit: Unit) -> int:
    if unit in ("day", "week"):
        moved = number + count * (7 if unit == "week" else 1)
        return min(max(moved, FIRST_DAY), LAST_DAY)
    start = dt.date.fromordinal(number)
    months = start.year * 12 + start.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if year < dt.MINYEAR:
        return FIRST_DAY
    if year > dt.MAXYEAR:
        return LAST_DAY
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last)).toordinal()


def _offset(zone: str) -> int:
    if zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[4:6]))
