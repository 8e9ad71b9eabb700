"""Juggluco: a table parted by tabs, one row a minute of a Libre sensor, with the instant as seconds of UTC.

``TZ`` is the offset of the phone in hours, the column named by its unit the glucose, ``Sensorid`` the sensor. The app
misses what it did not hear: nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import clock, header
from priorauth.glucose.formats.amount import LIBRE, unit_named
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet
from priorauth.glucose.formats.track import NOT_STATED

NAME: Final = "juggluco"
TITLE: Final = "Juggluco"
MARKS: Final = ("Sensorid\tnr\tUnixTime",)

_FARTHEST: Final = 14


def recognise(head: Head) -> Sheet | None:
    """Find the header of an export of Juggluco."""
    return header.find(head, _is_header)


def _is_header(cells: Sequence[str]) -> bool:
    return {"sensorid", "unixtime", "tz"} <= set(cells) and any(unit_named(cell) for cell in cells)


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of Juggluco."""
    names = header.names(sheet)
    sensor, time, zone = (names.index(name) for name in ("sensorid", "unixtime", "tz"))
    glucose = next(number for number, cell in enumerate(names) if unit_named(cell))
    unit = unit_named(names[glucose])
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        found.take(
            line,
            "cgm",
            clock.utc(header.cell(cells, time)),
            header.cell(cells, glucose),
            unit,
            limits=LIBRE,
            maker=header.cell(cells, sensor),
            offset=_offset(header.cell(cells, zone)),
        )
    return found.raw(NAME, hints, notes=sheet.text.notes)


def _offset(hours: str) -> int:
    """Read hours from UTC as minutes."""
    try:
        offset = float(hours)
    except ValueError:
        return NOT_STATED
    return int(offset * 60) if abs(offset) <= _FARTHEST else NOT_STATED
