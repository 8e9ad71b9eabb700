"""Accu-Chek Guide and Mobile: the memory of a meter, below lines with its serial number and the day of the download.

Each row is a test with its own unit; columns mark what was before or after a meal and what was a control test. Control
tests are counted and are no readings. The header is translated; columns are found by their words.

The file is the memory of one meter: with one serial number it is whole from its first to its last reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import LOWEST, Limits, unit_in, unit_named
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL
from priorauth.glucose.formats.text import Head, Sheet
from priorauth.glucose.reject import log_refused

NAME: Final = "accuchek"
TITLE: Final = "Accu-Chek"
MARKS: Final = ("Temperature warning;Out of target range", "Temperaturwarnung;")

_RESULT: Final = frozenset({"result", "ergebnis", "messwert", "résultat", "resultado", "risultato", "resultaat"})
_SERIAL: Final = (
    "serial number",
    "seriennummer",
    "numéro de série",
    "número de serie",
    "numero di serie",
    "serienummer",
)
_WARNING: Final = ("temperatur", "température", "temperatuur")
_BEFORE: Final = ("before", "vor ", "avant", "antes", "prima", "voor ")
_AFTER: Final = ("after", "nach ", "après", "después", "dopo", "na ")
_FASTING: Final = ("fasting", "nüchtern", "à jeun", "ayunas", "digiuno", "nuchter")
_CONTROL: Final = ("control", "kontroll", "contrôle", "controllo", "controle")
_LIMITS: Final = Limits(LOWEST, 600)  # Guide and Mobile: 10 to 600


def recognise(head: Head) -> Sheet | None:
    """Find the header below the serial number of the meter."""
    sheet = header.find(head, _is_header)
    if sheet is None:
        return None
    told = header.above(sheet)
    cells = header.names(sheet)
    serial = any(word in told for word in _SERIAL) or "accu-chek" in told
    return sheet if serial or header.holding(cells, *_WARNING) >= 0 else None


def _is_header(cells: Sequence[str]) -> bool:
    dated = header.place(cells, header.DATE) >= 0 and header.place(cells, header.CLOCK) >= 0
    stated = header.place(cells, header.UNIT) >= 0 or header.stating(cells) >= 0
    return dated and stated and header.holding(cells, *_RESULT) >= 0 and header.holding(cells, *_CONTROL) >= 0


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read the memory of a meter; raises LogRefused for the memories of two."""
    names = header.names(sheet)
    date, clock, result = (header.place(names, words) for words in (header.DATE, header.CLOCK, _RESULT))
    result = header.holding(names, *_RESULT) if result < 0 else result
    unit, in_header = header.place(names, header.UNIT), unit_in(sheet.header.cells[result])
    control = header.holding(names, *_CONTROL)
    marks = [
        (header.holding(names, *words), flag)
        for words, flag in ((_BEFORE, Flag.BEFORE_MEAL), (_AFTER, Flag.AFTER_MEAL), (_FASTING, Flag.FASTING))
    ]
    serial = _serial(sheet)
    found = Measured(sheet.name)
    told = False  # whether the row before names the cells of a second heading
    for line, cells in header.rows(sheet, found.tally):
        first = header.cell(cells, 0)
        if told:
            if first != serial:
                raise log_refused(sheet.name, "the memory of a second meter; expected one meter in a file", row=line)
            told = False
        elif any(word in first.casefold() for word in _SERIAL):
            told = True
        elif first:
            flags = sum(int(flag) for place, flag in marks if header.says_yes(header.cell(cells, place)))
            stated = in_header if unit < 0 else unit_named(header.cell(cells, unit))
            found.take(
                line,
                "meter",
                (first if date == 0 else header.cell(cells, date), header.cell(cells, clock)),
                header.cell(cells, result),
                stated,
                limits=_LIMITS,
                flags=CONTROL if header.says_yes(header.cell(cells, control)) else flags,
                maker=serial,
            )
    also = [cell.strip() for row in sheet.above for cell in row.cells]
    return found.raw(
        NAME, hints, also=also, downloads=frozenset({"meter"}) if serial else frozenset(), notes=sheet.text.notes
    )


def _serial(sheet: Sheet) -> str:
    """Return the serial number: the cell below its name."""
    for name, value in zip(sheet.above, sheet.above[1:], strict=False):
        place = header.holding([cell.strip().casefold() for cell in name.cells], *_SERIAL)
        if place >= 0:
            return header.cell(value.cells, place)
    return ""
