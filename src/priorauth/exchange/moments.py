"""The dates of a response, out of those of its request: FHIR wants a zone and a second, and no clock may be read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

_SHAPE: Final = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:T(?P<minute>(?:[01]\d|2[0-3]):[0-5]\d)(?P<second>:[0-5]\d(?:\.\d{1,9})?)?"
    r"(?P<zone>Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?)?",
    re.ASCII,
)
NOON: Final = "T12:00:00Z"
"""Stands where only a day is known: noon by UTC falls on the same day in every zone of the United States."""


def moments(created: object, timestamp: object, day: str) -> tuple[str, str]:
    """Return when the response was created and its Bundle's timestamp, both to the second and with a zone.

    ``created`` and ``timestamp`` are those of the request, as they came; ``day`` stands where neither can be read. A
    date without a time takes the time of the other where that is of the same day, a time without a zone its zone.
    """
    made = _completed(created, timestamp) or _completed(timestamp, created) or f"{day}{NOON}"
    return made, _completed(timestamp, created) or made


def _completed(text: object, other: object) -> str | None:
    """Return a date or time as an instant, None where it is neither."""
    parts, beside = _parts(text), _parts(other)
    if parts is None:
        return None
    date, minute, second, zone = parts
    if minute is None:
        same = beside is not None and beside[0] == date and beside[1] is not None
        return _completed(other, None) if same else f"{date}{NOON}"
    return f"{date}T{minute}{second or ':00'}{zone or (beside and beside[3]) or 'Z'}"


def _parts(text: object) -> tuple[str, str | None, str | None, str | None] | None:
    found = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    try:
        dt.date.fromisoformat(found["date"])
    except ValueError:
        return None
    return found["date"], found["minute"], found["second"], found["zone"]
