"""Instants as whole microseconds since 1970, to say which of two came later."""

from __future__ import annotations

import datetime as dt
from typing import Final

UNKNOWN: Final = -(1 << 63)
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def instant(text: str) -> int:
    """Return a FHIR instant, UNKNOWN where the text is none: without a zone it could be any of a day."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return UNKNOWN
    return UNKNOWN if found.tzinfo is None else (found - _EPOCH) // dt.timedelta(microseconds=1)
