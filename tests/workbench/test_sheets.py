"""A table for a spreadsheet: read back as it was, and no cell is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.workbench import sheets

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=4))
def test_what_is_written_is_read_back_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO(sheets.sheet(rows), newline="")))
    plain = [[one[1:] if one[:1] == "'" and one[1:2] in "=+-@\t" and one[1:] else one for one in row] for row in found]
    wanted = [[one[1:] if one[:1] == "'" and one[1:2] in "=+-@\t" and one[1:] else one for one in row] for row in rows]
    assert plain == wanted


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_reckoned(text: str) -> None:
    (row,) = csv.reader(io.StringIO(sheets.line([text, 1, None])))
    assert row == [f"'{text}", "1", ""]
