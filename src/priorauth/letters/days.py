"""Days and moments as letters write them: with the weekday, and hours as people say them."""

from __future__ import annotations

import datetime as dt
from typing import Final

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NOON: Final = 12


def plain(day: dt.date) -> str:
    """Return a day without its weekday: ``3 December 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written(day: dt.date) -> str:
    """Return a day as it is promised: ``Thursday, 3 December 2026``."""
    return f"{WEEKDAYS[day.weekday()]}, {plain(day)}"


def clock(at: dt.datetime) -> str:
    """Return the time of day: ``4:10 p.m.``; 12:00 is noon, 0:00 midnight."""
    if at.minute == 0 and at.hour in (0, _NOON):
        return "noon" if at.hour else "midnight"
    return f"{at.hour % _NOON or _NOON}:{at.minute:02d} {'a.m.' if at.hour < _NOON else 'p.m.'}"


def moment(at: dt.datetime, zone: str) -> str:
    """Return a moment with the name of its zone: ``Friday, 27 November 2026, 4:10 p.m. Eastern time``."""
    return f"{written(at.date())}, {clock(at)} {zone}"
