"""OneTouch Reveal: one table of events, in which the unit says which are glucose; all of them are fingersticks.

``Manual`` marks a reading typed by hand; ``Additional Value`` says how it lies to a meal. Carbohydrates, insulin and
activity have units of their own and are left alone; ketones share mmol/L and are told by their name.

The app holds what was synchronised or typed, from however many meters: a file proves nothing whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from priorauth.glucose.formats import header
from priorauth.glucose.formats.amount import LOWEST, Limits, unit_named
from priorauth.glucose.formats.measured import Measured, marked
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL, tag_of
from priorauth.glucose.formats.text import Head, Sheet

NAME: Final = "onetouch"
TITLE: Final = "OneTouch Reveal"
MARKS: Final = ("Item Type,Date and Time,Value,Unit",)

_ITEM: Final = frozenset(
    {"item type", "elementtyp", "eintragstyp", "type d'élément", "tipo de elemento", "tipo di elemento", "type item"}
)
_VALUE: Final = frozenset({"value", "wert", "valeur", "valor", "valore", "waarde"})
_MANUAL: Final = ("manual", "manuel", "manuell", "handmatig")
_MEAL: Final = ("additional", "zusätz", "supplémentaire", "adicional", "aggiuntiv", "aanvullende", "extra")
_LIMITS: Final = Limits(LOWEST, 600)  # OneTouch Verio: 20 to 600


def recognise(head: Head) -> Sheet | None:
    """Find the header of an export of OneTouch Reveal."""
    return header.find(head, _is_header)


def _is_header(cells: Sequence[str]) -> bool:
    return all(header.place(cells, words) >= 0 for words in (_ITEM, header.STAMP, _VALUE, header.UNIT))


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of OneTouch Reveal; raises LogRefused where day and month cannot be told apart."""
    names = header.names(sheet)
    item, time = header.place(names, _ITEM), header.place(names, header.STAMP)
    value, unit = header.place(names, _VALUE), header.place(names, header.UNIT)
    manual, meal = header.holding(names, *_MANUAL), header.holding(names, *_MEAL)
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        stated = unit_named(header.cell(cells, unit))
        if stated is None or "keto" in header.cell(cells, item).casefold():
            continue
        tag = tag_of(header.cell(cells, meal))
        typed = marked(Flag.MANUAL, on=header.says_yes(header.cell(cells, manual)))
        found.take(
            line,
            "meter",
            header.cell(cells, time),
            header.cell(cells, value),
            stated,
            limits=_LIMITS,
            flags=tag if tag == CONTROL else tag | typed,
        )
    return found.raw(NAME, hints, notes=sheet.text.notes)
