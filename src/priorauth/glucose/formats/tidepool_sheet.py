"""Tidepool's workbook: a sheet for each kind of data, of which ``CGM`` (or ``CBG``) and ``SMBG`` hold readings.

Values are in the unit of their row, long decimals of mmol/L among them; ``Local Time`` is the wall clock and
``Timezone Offset`` its offset in minutes. ``Sub Type`` says what was typed by hand or passed on by a pump. As with the
JSON of the same service, a file proves nothing whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import clock, header, text
from priorauth.glucose.formats.amount import DEXCOM, unit_named
from priorauth.glucose.formats.measured import Measured, marked
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet

NAME: Final = "tidepool-workbook"
TITLE: Final = "Tidepool's workbook"
MARKS: Final = ("Local Time,Device Time,Timezone Offset",)

_DEVICES: Final[dict[str, Device]] = {"cgm": "cgm", "cbg": "cgm", "smbg": "meter", "bgm": "meter"}


def recognise(head: Head) -> Sheet | None:
    """Find the header of a sheet with readings."""
    sheet = header.find(head, _is_header)
    if sheet is None:
        return None
    typed = header.place(header.names(sheet), {"tidepool data type", "type"}) >= 0
    return sheet if typed or _titled(sheet) is not None else None


def _is_header(cells: Sequence[str]) -> bool:
    return {"local time", "value", "units"} <= set(cells)


def _titled(sheet: Sheet) -> Device | None:
    words = header.above(sheet).split()
    return next((device for word, device in _DEVICES.items() if word in words), None)


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read one sheet."""
    names = header.names(sheet)
    time, value, units = (names.index(name) for name in ("local time", "value", "units"))
    offset, kind = header.place(names, {"timezone offset"}), header.place(names, {"tidepool data type", "type"})
    sub, maker = header.place(names, {"sub type", "subtype"}), header.place(names, {"device id"})
    titled = _titled(sheet)
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        device = _DEVICES.get(text.clean(header.cell(cells, kind)), titled)
        if device is None:
            continue
        found.take(
            line,
            device,
            clock.with_offset(header.cell(cells, time), header.cell(cells, offset)),
            header.cell(cells, value),
            unit_named(header.cell(cells, units)),
            limits=DEXCOM,
            flags=marked(Flag.MANUAL, on=header.cell(cells, sub).casefold() == "manual"),
            maker=header.cell(cells, maker),
        )
    return found.raw(NAME, hints, notes=sheet.text.notes)
