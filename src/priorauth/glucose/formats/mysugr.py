"""mySugr: a diary, one row an entry, in which a column states the unit of the glucose; entries without it are no tests.

Date and time stand apart, in the language of the phone (``Mar 14, 2026``, ``14.03.2026``); ``Tags`` says how the entry
lies to a meal. The export does not say what a meter sent and what was typed, nor from which meter: it proves nothing
whole. Insulin, meals, notes and places are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import LOWEST, Limits, unit_in
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Hints, Raw
from priorauth.glucose.formats.tags import tag_of
from priorauth.glucose.formats.text import Head, Sheet

NAME: Final = "mysugr"
TITLE: Final = "mySugr"
MARKS: Final = ("Insulin Injection Units (pen)", "Blood Sugar Measurement (m", "Blutzuckermessung (m")

_GLUCOSE: Final = (
    *("blood sugar measurement", "blutzuckermessung", "mesure de la glyc", "mesure de glyc", "medición de gluc"),
    *("medición de azúcar", "misurazione della glic", "misurazione glic", "bloedglucosemeting", "bloedsuikermeting"),
)
_TAGS: Final = frozenset({"tags", "tag", "markierungen", "étiquettes", "etiquetas", "etichette", "labels"})
_LIMITS: Final = Limits(LOWEST, 600)


def recognise(head: Head) -> Sheet | None:
    """Find the header of an export of mySugr."""
    return header.find(head, _is_header)


def _is_header(cells: Sequence[str]) -> bool:
    dated = header.place(cells, header.DATE) >= 0 and header.place(cells, header.CLOCK) >= 0
    return dated and header.stating(cells, *_GLUCOSE) >= 0


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of mySugr; raises LogRefused where day and month cannot be told apart."""
    names = header.names(sheet)
    date, clock, tags = (header.place(names, words) for words in (header.DATE, header.CLOCK, _TAGS))
    glucose = header.stating(names, *_GLUCOSE)
    unit = unit_in(sheet.header.cells[glucose])
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        value = header.cell(cells, glucose)
        if value:
            stamp = (header.cell(cells, date), header.cell(cells, clock))
            found.take(line, "meter", stamp, value, unit, limits=_LIMITS, flags=tag_of(header.cell(cells, tags)))
    return found.raw(NAME, hints, notes=sheet.text.notes)
