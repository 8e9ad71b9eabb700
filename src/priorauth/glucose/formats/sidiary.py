"""xDrip: its export in the form of SiDiary, a table of a sensor's values and of fingersticks, always mg/dL.

``UDT_CGMS`` is the sensor, ``BG_LEVEL`` a fingerstick that was entered in the app (a calibration, or a check).
Carbohydrates, insulin and remarks are left alone. The app misses what it did not hear: nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import DEXCOM, NIGHTSCOUT, Unit
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet

NAME: Final = "xdrip"
TITLE: Final = "xDrip"
MARKS: Final = ("DAY;TIME;UDT_CGMS",)


def recognise(head: Head) -> Sheet | None:
    """Find the header of an export of xDrip."""
    return header.find(head, _is_header)


def _is_header(cells: Sequence[str]) -> bool:
    return {"day", "time", "udt_cgms"} <= set(cells)


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of xDrip; raises LogRefused where day and month cannot be told apart."""
    names = header.names(sheet)
    day, time, sensor = (names.index(name) for name in ("day", "time", "udt_cgms"))
    test = header.place(names, {"bg_level"})
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        stamp = (header.cell(cells, day), header.cell(cells, time))
        if value := header.cell(cells, sensor):
            found.take(line, "cgm", stamp, value, Unit.MG, limits=NIGHTSCOUT)
        if value := header.cell(cells, test):
            found.take(line, "meter", stamp, value, Unit.MG, limits=DEXCOM, flags=int(Flag.MANUAL))
    return found.raw(NAME, hints, notes=sheet.text.notes)
