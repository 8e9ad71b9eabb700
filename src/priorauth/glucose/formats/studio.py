"""Dexcom Studio: a table parted by tabs, in which a sensor reading, a fingerstick and an event share each row.

The first two columns name the patient, row by row. The display's time is the wall clock; ``Low`` and ``High`` stand
for below 40 and above 400. A meter's value was typed at the receiver to calibrate it. The export states no unit; it is
mg/dL, and a file in mmol/L is refused by its values.

The file is what one receiver held, of which parts may have been read before: nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import DEXCOM, Unit, unit_in
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet
from priorauth.glucose.reject import log_refused

NAME: Final = "dexcom-studio"
TITLE: Final = "Dexcom Studio"
MARKS: Final = ("GlucoseInternalTime",)


def recognise(head: Head) -> Sheet | None:
    """Find the header of an export of Dexcom Studio."""
    return header.find(head, _is_header)


def _is_header(cells: Sequence[str]) -> bool:
    return "glucosedisplaytime" in cells and header.holding(cells, "glucosevalue") >= 0


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of Dexcom Studio; raises LogRefused for two patients."""
    names = header.names(sheet)
    sensor = (names.index("glucosedisplaytime"), header.holding(names, "glucosevalue"))
    meter = (header.place(names, {"meterdisplaytime"}), header.holding(names, "metervalue"))
    field, said = header.place(names, {"patientinfofield"}), header.place(names, {"patientinfovalue"})
    unit = unit_in(sheet.header.cells[sensor[1]]) or Unit.MG
    person: dict[str, str] = {}
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        key, value = header.cell(cells, field), header.cell(cells, said)
        if key and value and person.setdefault(key, value) != value:
            raise log_refused(sheet.name, "a second patient; expected one patient in a file", row=line)
        if value := header.cell(cells, sensor[1]):
            found.take(line, "cgm", header.cell(cells, sensor[0]), value, unit, limits=DEXCOM)
        if value := header.cell(cells, meter[1]):
            found.take(line, "meter", header.cell(cells, meter[0]), value, unit, limits=DEXCOM, flags=int(Flag.MANUAL))
    return found.raw(NAME, hints, patients=(" ".join(person.values()),) if person else (), notes=sheet.text.notes)
