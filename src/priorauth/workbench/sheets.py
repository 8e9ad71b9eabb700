"""Tables for a spreadsheet: CSV in which no cell is taken for a formula, whoever wrote what stands in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

MEDIA: Final = "text/csv; charset=utf-8"
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Sequence[object]) -> str:
    """Return a line of cells; None is empty."""
    out = io.StringIO()
    csv.writer(out).writerow([_cell(one) for one in cells])
    return out.getvalue()


def sheet(rows: Iterable[Sequence[object]]) -> str:
    """Return lines."""
    return "".join(line(row) for row in rows)


def _cell(value: object) -> object:
    """Return a cell; text that a spreadsheet would reckon bears an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return "" if value is None else value
