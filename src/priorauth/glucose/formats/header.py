"""The header of a vendor's table: found among the first rows, and its columns by the words of the vendor's languages.

Words are compared as :func:`text.clean` leaves them: small letters, no quotes, single spaces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import unit_in
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.reject import Tally

DATE: Final = frozenset({"date", "datum", "fecha", "data", "dato"})
CLOCK: Final = frozenset({"time", "zeit", "uhrzeit", "heure", "hora", "ora", "tijd", "tid"})
UNIT: Final = frozenset(
    {"unit", "units", "einheit", "einheiten", "unité", "unités", "unidad", "unidades", "unità", "eenheid"}
)
STAMP: Final = frozenset(
    {
        *("date and time", "date & time", "date/time", "datetime", "date time", "timestamp", "time stamp"),
        *("datum und uhrzeit", "datum/uhrzeit", "zeitstempel", "date et heure", "horodatage", "fecha y hora"),
        *("data e ora", "datum en tijd", "data e hora"),
    }
)
_NO: Final = frozenset({"", "no", "n", "nein", "non", "nej", "nee", "não", "false", "0", "-"})


def find(head: Head, wanted: Callable[[Sequence[str]], bool]) -> Sheet | None:
    """Find the first row whose cleaned cells are wanted."""
    for delimiter, rows in head.tables.items():
        for place, row in enumerate(rows):
            if len(row.cells) > 1 and wanted([text.clean(cell) for cell in row.cells]):
                return Sheet(head.text, delimiter, row, rows[:place])
    return None


def names(sheet: Sheet) -> list[str]:
    """Return the cleaned cells of the header."""
    return [text.clean(cell) for cell in sheet.header.cells]


def place(cells: Sequence[str], listed: Collection[str]) -> int:
    """Return where the first cell stands that is one of the words; -1 where there is none."""
    return next((number for number, cell in enumerate(cells) if cell in listed), -1)


def holding(cells: Sequence[str], *words: str) -> int:
    """Return where the first cell stands that has one of the words in it; -1 where there is none."""
    return next((number for number, cell in enumerate(cells) if any(word in cell for word in words)), -1)


def stating(cells: Sequence[str], *words: str) -> int:
    """Return where the first cell stands that states a glucose unit beside one of the words; -1 where there is none."""
    return next(
        (n for n, cell in enumerate(cells) if unit_in(cell) and (not words or any(word in cell for word in words))), -1
    )


def above(sheet: Sheet) -> str:
    """Return all that stands above the header, in small letters, with the title of its sheet."""
    return " ".join([text.clean(sheet.text.title), *(text.clean(cell) for row in sheet.above for cell in row.cells)])


def rows(sheet: Sheet, tally: Tally, *, again: bool = False) -> Iterator[Record]:
    """Yield the rows below the header, one by one; the header where it comes again only if asked for."""
    for batch in text.batches(sheet, tally):
        for line, cells in batch:
            if again or cells != sheet.header.cells:
                yield line, cells


def cell(cells: Sequence[str], number: int) -> str:
    """Return a cell without blanks around it; empty where the row or the table has none."""
    return cells[number].strip() if 0 <= number < len(cells) else ""


def says_yes(word: str) -> bool:
    """Whether a mark is set: anything but nothing, and no in some language."""
    return word.strip().casefold() not in _NO
