"""When something was, as FHIR writes it: dates, times and periods of an element, each a span of days.

A date that is none, or that cannot be, is said in a warning and read as not given: no date is made up, and none is lost
silently.
"""

from __future__ import annotations

from typing import Final

from priorauth.fhir.elements import Period
from priorauth.values import dates
from priorauth.values.dates import EPOCH, LAST_DAY, MINUTES_A_DAY, When

_REMEMBERED: Final = 50_000
_DATE: Final = 10  # 2026-10-21
_LENGTHS: Final = (20, 25)  # 2026-10-21T06:41:09Z and 2026-10-21T06:41:09-04:00
_SECONDS: Final = frozenset(f"{number:02d}" for number in range(60))
_days: dict[str, int] = {}
_clocks: dict[str, tuple[int, int]] = {}
"""A time of day and its zone (T06:41:09-04:00), with and without its seconds: its minute, by UTC and by the clock."""
_made: Final = tuple.__new__


def read(text: str) -> When:
    """Read a FHIR date, dateTime or instant; the usual shapes fast, others by :func:`priorauth.values.dates.read`."""
    number = _days.get(text[:_DATE])
    if number is not None:
        clock = _clocks.get(text[_DATE:])
        if clock is not None:
            minute, of_day = clock
            return _made(When, (number, number, (number - EPOCH) * MINUTES_A_DAY + minute, of_day))
        if len(text) == _DATE:
            return _made(When, (number, number, None, None))
    return _read(text)


def _read(text: str) -> When:
    """Read what is not known yet, and remember it."""
    if len(text) == _DATE:
        when = dates.read(text)
        if when.exact and len(_days) < _REMEMBERED:
            _days[text] = when.first
        return when
    if len(text) not in _LENGTHS or text[16] != ":" or text[17:19] not in _SECONDS:
        return dates.read(text)
    number, clock = _days.get(text[:_DATE]), _clocks.get(text[_DATE:16] + text[19:])
    if number is None or clock is None:
        when = dates.read(text)
        if when.minute is None or when.minute_of_day is None:
            return when
        number, clock = when.first, (when.minute - (when.first - EPOCH) * MINUTES_A_DAY, when.minute_of_day)
    if len(_days) + len(_clocks) < _REMEMBERED:
        _days[text[:_DATE]] = number
        _clocks[text[_DATE:]] = _clocks[text[_DATE:16] + text[19:]] = clock
    return When(number, number, (number - EPOCH) * MINUTES_A_DAY + clock[0], clock[1])


def read_or_warn(text: str, place: str, warnings: list[str]) -> When | None:
    """Read a date of the element ``place``; None where none is given.

    None too, and warned of, where it is no date, or one that stands for none (0001-01-01, 9999-12-31).
    """
    if not text:
        return None
    try:
        when = read(text)
    except ValueError:
        warnings.append(f"{place} is no FHIR date; read as not given")
        return None
    if when.believed:
        return when
    warnings.append(f"{place} lies before 1900 or after 2199; read as not given")
    return None


def start_and_end(period: Period | None, place: str, warnings: list[str]) -> tuple[When | None, When | None]:
    """Read both ends of a period."""
    if period is None:
        return None, None
    start = read_or_warn(period.start, f"{place}.start", warnings) if period.start else None
    end = read_or_warn(period.end, f"{place}.end", warnings) if period.end else None
    if start is not None and end is not None and end.last < start.first:
        warnings.append(f"{place} ends before it starts; its end is read as not given")
        end = None
    return start, end


def hull(start: When | None, end: When | None, latest: int = LAST_DAY) -> When | None:
    """Return the span from a start to an end; an open end goes on until ``latest``, an open start is no span."""
    if start is None:
        return None
    if end is None:
        return When(start.first, max(start.last, latest))
    if end == start:
        return start
    return When(start.first, max(start.last, end.last))
