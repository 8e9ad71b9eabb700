"""LibreLinkUp: the answer of the followers' service, the stored readings of the last half day; always mg/dL beside.

``FactoryTimestamp`` is UTC and ``Timestamp`` the wall clock, both with the month first whatever the account. The
measurement beside the graph is a scan between stored readings. The service holds the newest readings alone: nothing is
proven whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from priorauth.glucose.formats.amount import LIBRE, Unit
from priorauth.glucose.formats.entries import Entry, amount, of, words
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.track import NOT_STATED
from priorauth.glucose.reject import RejectReason

NAME: Final = "librelinkup"
TITLE: Final = "LibreLinkUp"

_STAMP: Final = "%m/%d/%Y %I:%M:%S %p"
_FARTHEST: Final = 14 * 60


def entries_in(loaded: Mapping[str, Any]) -> list[Entry] | None:
    """Return the readings in an answer of the service; None where it is no such answer."""
    data = loaded.get("data", loaded)
    if isinstance(data, dict) and isinstance(data.get("graphData"), list):
        return of(data["graphData"])
    return None


def of_librelinkup(entry: Entry) -> bool:
    """Whether an object is a reading of the service."""
    return entry.FactoryTimestamp is not None and entry.ValueInMgPerDl is not None


def read_entries(name: str, entries: Sequence[Entry], notes: tuple[str, ...] = ()) -> Raw:
    """Read the readings of an answer."""
    found = Measured(name)
    for row, entry in enumerate(entries, 1):
        if entry.type not in {0, None}:
            found.reject(row, RejectReason.SCAN)
            continue
        utc, wall = _moment(entry.FactoryTimestamp), _moment(entry.Timestamp)
        offset = NOT_STATED
        if utc is not None and wall is not None:
            minutes = int((wall - utc).total_seconds() // 60)
            offset = minutes if abs(minutes) <= _FARTHEST else NOT_STATED
        value = amount(entry.ValueInMgPerDl)
        found.take(
            row,
            "cgm",
            "" if utc is None else f"{utc:%Y-%m-%d %H:%M}Z",
            value,
            Unit.MG,
            limits=LIBRE,
            flags=_flags(entry, value),
            offset=offset,
        )
    return found.raw(NAME, Hints(), notes=notes)


def _moment(value: object) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(words(value), _STAMP)  # noqa: DTZ007  (the zone is what the two stamps tell)
    except ValueError:
        return None


def _flags(entry: Entry, value: object) -> int:
    """Read what the service says of a value at the end of the sensor's range."""
    if not isinstance(value, int | float):
        return 0
    if entry.isLow is True and value <= LIBRE.low + 1:
        return int(Flag.LOW)
    return int(Flag.HIGH) if entry.isHigh is True and value >= LIBRE.high - 1 else 0
