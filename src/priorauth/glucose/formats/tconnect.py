"""Tandem t:connect: sections below headers of their own, of which the first holds the readings; always mg/dL.

``EGV`` is the sensor that the pump hears, ``BG`` a fingerstick that was typed or sent to the pump. The glucose of a
bolus is the sensor's or a fingerstick's once more: it is left out and counted. A file with mmol/L is refused by its
values, for the export names no unit.

The pump hears the sensor only while it is near, and the report is of a chosen span: nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import DEXCOM, Unit, unit_in
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet
from priorauth.glucose.reject import RejectReason, log_refused

NAME: Final = "tconnect"
TITLE: Final = "Tandem t:connect"
MARKS: Final = ("DeviceType,SerialNumber,Description,EventDateTime",)

_NEEDED: Final = ("serialnumber", "description", "eventdatetime")
_DEVICES: Final[dict[str, Device]] = {"egv": "cgm", "cgm": "cgm", "bg": "meter", "bgm": "meter"}
_PERSON: Final = ("patient name", "patient dob")


def recognise(head: Head) -> Sheet | None:
    """Find the header of the section with the readings."""
    return header.find(head, _is_header)


def _is_header(cells: Sequence[str]) -> bool:
    return all(name in cells for name in _NEEDED) and header.holding(cells, "readings") >= 0


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of t:connect; raises LogRefused for two patients."""
    names = header.names(sheet)
    serial, kind, time = (names.index(name) for name in _NEEDED)
    value = header.holding(names, "readings")
    unit = unit_in(sheet.header.cells[value]) or Unit.MG
    person = {_key(row.cells): header.cell(row.cells, 1) for row in sheet.above if _key(row.cells) in _PERSON}
    found = Measured(sheet.name)
    own, bolus = True, -1
    for line, cells in header.rows(sheet, found.tally, again=True):
        first = _key(cells)
        if first in {"devicetype", "type"}:
            lower = [cell.strip().casefold() for cell in cells]
            own, bolus = _is_header(lower), header.place(lower, ("bg", "bg (mg/dl)"))
        elif first in _PERSON:
            if person.setdefault(first, header.cell(cells, 1)) != header.cell(cells, 1):
                raise log_refused(sheet.name, "a second patient; expected one patient in a file", row=line)
        elif not own:
            if header.cell(cells, bolus).strip("0."):
                found.reject(line, RejectReason.COPY_OF_FINGERSTICK)
        elif (device := _DEVICES.get(header.cell(cells, kind).casefold())) is not None:
            found.take(
                line,
                device,
                header.cell(cells, time),
                header.cell(cells, value),
                unit,
                limits=DEXCOM,
                flags=0 if device == "cgm" else int(Flag.MANUAL),
                maker=header.cell(cells, serial),
            )
    return found.raw(NAME, hints, patients=(" ".join(person.values()),) if person else (), notes=sheet.text.notes)


def _key(cells: Sequence[str]) -> str:
    return cells[0].strip().casefold() if cells else ""
