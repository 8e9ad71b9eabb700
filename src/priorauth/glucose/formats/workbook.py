"""A workbook of Excel, sheet by sheet as text: each sheet is a table, read as an export saved as CSV would be.

Cells count as they were last saved: dates as ISO, numbers without a needless fraction. A formula counts with the value
that was saved beside it; where none was, the workbook is refused, for its numbers were never computed. Sheets of one
day each (titles that begin with a number) with the same header are one table.

openpyxl reads them, row by row; its extra is ``workbooks``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, Final

from priorauth.errors import LogRefused
from priorauth.glucose.reject import log_refused

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

EXTRA: Final = "pip install 'priorauth[workbooks]'"

_SHEETS: Final = 400
_ROWS: Final = 1_048_576  # of a sheet, as Excel has them
_WIDE: Final = 200
_CHUNK: Final = 1 << 20
# What openpyxl raises for parts that are missing or malformed, in its own code and in that of ElementTree.
_FAULTS: Final = (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError)
_FORMULA: Final = (b"<f>", b"<f ")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is a workbook."""
    return "xl/workbook.xml" in archive.NameToInfo


def sheets(name: str, archive: zipfile.ZipFile, file: IO[bytes], limit: int) -> Iterator[tuple[str, bytes]]:
    """Yield the title of each sheet and the sheet as CSV, of ``limit`` bytes at most.

    Raises LogRefused for a workbook that is damaged, too large, or has formulas whose values were not saved.
    """
    try:
        yield from _sheets(name, archive, file, limit)
    except LogRefused:
        raise
    except _FAULTS as fault:
        raise log_refused(name, "a damaged workbook; expected one that Excel opens") from fault


def _sheets(name: str, archive: zipfile.ZipFile, file: IO[bytes], limit: int) -> Iterator[tuple[str, bytes]]:
    formulas = _checked(name, archive)
    saved = _opened(name, file, saved=True)
    written = _opened(name, file, saved=False) if formulas else None
    tables = saved.worksheets
    if len(tables) > _SHEETS:
        raise log_refused(name, f"{len(tables)} sheets; expected at most {_SHEETS}")
    titles: list[str] = []
    text, heading = io.StringIO(), None
    for number, sheet in enumerate(tables):
        title = sheet.title
        rows = _rows(name, sheet, written.worksheets[number] if written else None)
        first = _heading(rows)
        if titles and not (first == heading and _dated(title) and _dated(titles[-1])):
            yield _name(titles), text.getvalue().encode()
            titles, text = [], io.StringIO()
        heading = first
        titles.append(title)
        writer = csv.writer(text)
        writer.writerows(rows)
        if text.tell() > limit:
            raise log_refused(name, f"a sheet of more than {limit} characters")
    if titles:
        yield _name(titles), text.getvalue().encode()


def _checked(name: str, archive: zipfile.ZipFile) -> bool:
    """Refuse a workbook that declares entities; return whether it has formulas."""
    formulas = False
    for info in archive.infolist():
        tail = b""
        with archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                seen = tail + chunk
                if b"<!ENTITY" in seen or b"<!DOCTYPE" in seen:
                    raise log_refused(name, "declares entities; expected a workbook as Excel saves it")
                if info.filename.startswith("xl/worksheets/") and any(mark in seen for mark in _FORMULA):
                    formulas = True
                tail = chunk[-16:]
    return formulas


def _opened(name: str, file: IO[bytes], *, saved: bool) -> Workbook:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise log_refused(name, f"a workbook; save the sheet as CSV, or {EXTRA}") from None
    file.seek(0)
    return load_workbook(file, read_only=True, data_only=saved, keep_links=False)


def _rows(name: str, sheet: Any, written: Any) -> list[list[str]]:  # noqa: ANN401  (openpyxl's own types)
    """Return the cells of a sheet as texts."""
    sheet.reset_dimensions()
    found = []
    originals = None if written is None else _values(written)
    for number, row in enumerate(_values(sheet), 1):
        if number > _ROWS:
            raise log_refused(name, f"more than {_ROWS} rows in a sheet")
        original = next(originals, ()) if originals is not None else ()
        for value, formula in zip(row, original, strict=False):
            if value is None and isinstance(formula, str) and formula.startswith("="):
                raise log_refused(
                    name, "a formula whose value was not saved; open the workbook and save it anew", row=number
                )
        found.append([_text(value) for value in row])
    return found


def _values(sheet: Any) -> Iterator[Sequence[object]]:  # noqa: ANN401
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(values_only=True, max_col=_WIDE))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r", " ").replace("\n", " ")


def _heading(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return next((tuple(row) for row in rows if sum(map(bool, row)) > 1), ())


def _dated(title: str) -> bool:
    return title[:1].isdigit()


def _name(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{titles[0]} to {titles[-1]}"
