"""Which format a file is in, found by its content alone; never by its name, and never guessed between two.

A file that holds the header of another maker's export beside its own is two files in one, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from priorauth.errors import LogRefused
from priorauth.glucose.formats import (
    accuchek,
    carelink,
    clarity,
    diary,
    diasend,
    glooko,
    juggluco,
    libreview,
    mysugr,
    nightscout,
    objects,
    onetouch,
    plain,
    sidiary,
    studio,
    tconnect,
    text,
    tidepool_sheet,
)
from priorauth.glucose.formats.reading import Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet, Text
from priorauth.glucose.reject import log_refused, unknown_format

KNOWN: Final = "Dexcom Clarity, LibreView, Medtronic CareLink, Glooko, Nightscout, Tidepool, FHIR or one of the others"


_WORDS: Final = re.compile(rb"^[^0-9\r\n]{16,4000}$", re.MULTILINE)
"""Lines without a digit: headers, and little else."""
_HEADERS: Final = 200


class Format(NamedTuple):
    """One format of tables: its name for people, how it is recognised, and how it is read."""

    title: str
    recognise: Callable[[Head], Sheet | None]
    read: Callable[[Sheet, Hints], Raw]
    marks: tuple[str, ...]
    """What stands in such a file and in no other: an export of another maker that holds it is two in one."""


TABLES: Final = (
    *(
        Format(module.TITLE, module.recognise, module.read, module.MARKS)
        for module in (clarity, libreview, carelink, glooko, nightscout, onetouch, accuchek, tconnect, mysugr, diasend)
    ),
    *(
        Format(module.TITLE, module.recognise, module.read, module.MARKS)
        for module in (sidiary, juggluco, studio, tidepool_sheet)
    ),
)
DIARIES: Final = tuple(Format(maker.title, diary.recogniser(maker), diary.reader(maker), ()) for maker in diary.MAKERS)
"""Formats that name their maker anywhere near the header: asked where no other recognises a file."""


def read(name: str, data: bytes, hints: Hints, title: str = "") -> Raw:
    """Find the format of a file of text and read it; raises LogRefused for what none or several recognise.

    ``title`` is that of the sheet, where the text was one of a workbook.
    """
    found = text.decode(name, data, title)
    return objects.read(found, KNOWN) if found.first() in {"[", "{"} else _read_table(found, hints)


def _read_table(found: Text, hints: Hints) -> Raw:
    head = text.head(found)
    if hints.columns is None:
        for tables in (TABLES, DIARIES):
            sheets = [(table, sheet) for table in tables if (sheet := table.recognise(head)) is not None]
            _refuse_several(found.name, [table.title for table, _ in sheets])
            for table, sheet in sheets:
                _refuse_another(found, table, sheet)
                return table.read(sheet, hints)
    table_of_columns = plain.recognise(head, hints)
    below = table_of_columns is not None and hints.columns is None and bool(table_of_columns[0].above)
    if table_of_columns is None or (below and _mark_in(found, plain.TITLE) is not None):
        raise unknown_format(
            found.name,
            f"format not recognised; expected an export of {KNOWN}, or a table whose header names time and glucose "
            "(else name them with columns=)",
        )
    if hints.columns is None:
        _refuse_marks(found, plain.TITLE)
    return plain.read(*table_of_columns, hints)


def _refuse_another(found: Text, own: Format, sheet: Sheet) -> None:
    """Refuse a file that holds what marks another format, or another header, anywhere in it."""
    _refuse_marks(found, own.title)
    begins = _begins(found.data, sheet.header.line)
    for place, line in enumerate(_WORDS.finditer(found.data)):
        if place >= _HEADERS:
            break
        above = line.start() < begins
        title = _other_header(found, line[0].decode("utf-8", "replace"), own, sheet, above=above)
        if title is not None:
            raise _two_in_one(found, line.start(), title, own.title)


def _begins(data: bytes, line: int) -> int:
    """Return where a line begins, counted from 1."""
    at = 0
    for _ in range(line - 1):
        at = data.find(b"\n", at) + 1
    return at


def _refuse_marks(found: Text, own: str) -> None:
    mark = _mark_in(found, own)
    if mark is not None:
        raise _two_in_one(found, *mark, own)


def _mark_in(found: Text, own: str) -> tuple[int, str] | None:
    """Return where a mark of another format stands, and the title of that; None where none does."""
    for table in TABLES:
        for mark in () if table.title == own else table.marks:
            at = found.data.find(mark.encode("utf-16")[2:] if found.encoding == "utf-16" else mark.encode())
            if at >= 0:
                return at, table.title
    return None


def _other_header(found: Text, line: str, own: Format, sheet: Sheet, *, above: bool) -> str | None:
    """Tell which other format a line without a digit is the header of; None where it is none's."""
    head = text.head(replace(found, data=line.encode(), encoding="utf-8", title=""))
    if any(rows and rows[0].cells == sheet.header.cells for rows in head.tables.values()) or own.recognise(head):
        return None
    for table in (*TABLES, *DIARIES):
        if table is not own and table.recognise(head) is not None:
            return table.title
    rows = [rows[0].cells for rows in head.tables.values() if rows and len(rows[0].cells) > 1]
    # below the own header one of the same width is that with something changed: the format's own business
    own_width = -1 if above else len(sheet.header.cells)
    other = any(diary.is_header(cells) and len(cells) != own_width for cells in rows)
    return "another table" if other else None


def _two_in_one(found: Text, at: int, title: str, own: str) -> LogRefused:
    return log_refused(
        found.name,
        f"{title} begins in an export of {own}; expected one format in a file",
        row=found.data.count(b"\n", 0, at) + 1,
    )


def _refuse_several(name: str, titles: list[str]) -> None:
    if len(titles) > 1:
        raise log_refused(name, f"looks like both {' and '.join(titles)}; expected one format in a file")
