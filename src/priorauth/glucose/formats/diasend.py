"""Diasend: sheets of a workbook, each saved by itself: a title, names, and below them ``Time`` and the unit.

The title says what measured: "Name and glucose" is what meters (and pumps told by meters) held, "CGM" the sensor. The
unit is the name of the column. 1 and 2001 stand for Low and High of a sensor, as CamAPS sends them.

A sheet may hold several devices, and devices may not have been read to their end: nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import DEXCOM, SENTINELS, unit_named
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Device, Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet
from priorauth.glucose.reject import log_refused

NAME: Final = "diasend"
TITLE: Final = "Diasend"
MARKS: Final = ("Name and glucose",)

_TIME: Final = header.CLOCK | header.STAMP
_METER: Final = ("name and glucose", "name und glukose", "nom et glycémie", "nombre y glucosa", "naam en glucose")
_SENSOR: Final = ("cgm", "continuous")


def recognise(head: Head) -> Sheet | None:
    """Find the header below a title of Diasend."""
    sheet = header.find(head, _is_header)
    return sheet if sheet is not None and _device(sheet) is not None else None


def _is_header(cells: Sequence[str]) -> bool:
    return cells[0] in _TIME and any(unit_named(cell) for cell in cells[1:3])


def _device(sheet: Sheet) -> Device | None:
    told = header.above(sheet)
    if any(title in told for title in _METER):
        return "meter"
    return "cgm" if any(word in told.split() for word in _SENSOR) else None


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read a sheet; raises LogRefused for two patients."""
    device = _device(sheet) or "meter"
    glucose = next(number for number, cell in enumerate(sheet.header.cells) if unit_named(cell))
    unit = unit_named(sheet.header.cells[glucose])
    person = [row.cells[1:2] for row in sheet.above if "patient" in header.cell(row.cells, 0).casefold()]
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        if "patient" in cells[0].casefold() and person and cells[1:2] != person[0]:
            raise log_refused(sheet.name, "a second patient; expected one patient in a file", row=line)
        if any(char.isdigit() for char in cells[0]):
            limits = SENTINELS if device == "cgm" else DEXCOM
            found.take(line, device, header.cell(cells, 0), header.cell(cells, glucose), unit, limits=limits)
    return found.raw(
        NAME, hints, patients=tuple(cell for cells in person for cell in cells if cell), notes=sheet.text.notes
    )
