"""The cells of a row, what heads their columns and which day belongs to a value."""

from __future__ import annotations

from priorauth.documents.pages import Page
from priorauth.documents.understand import cells
from priorauth.documents.understand.cells import Cell
from tests.documents.notes import proposed


def row(line: str) -> list[Cell]:
    return cells.of_line(line, 0)


def test_days_head_columns_also_beside_units_and_normals() -> None:
    heads = cells.columns(row("   11/19/2026     08/20/2026     05/18/2026     Units     Normal"), None, False)
    assert [day.said for _, day in heads] == ["2026-11-19", "2026-08-20", "2026-05-18"]


def test_days_beside_other_words_head_nothing() -> None:
    assert cells.columns(row("Seen   11/19/2026   08/20/2026   by Dr. Lee   and Dr. Roe"), None, False) == []


def test_a_value_has_the_day_of_the_cell_behind_it() -> None:
    line = row("HbA1c now   7.2 %   collected   12/07/2026")
    assert cells.taken(line, line[1], None, day_first=False) == "2026-12-07"
    line = row("HbA1c now   7.2 %   seen by Dr. Lee   on call")
    assert cells.taken(line, line[1], None, day_first=False) is None


def test_a_column_of_goals_is_known_by_its_head() -> None:
    head = "Lab     Result   Goal"
    page = Page(number=1, text=f"{head}\nA1c     8.1 %    <7.0 %")
    at = cells.aims(page, row(head))
    assert at == [head.index("Goal")]
    assert cells.aims(page, row("A1c   8.1 %   <7.0 %")) is None


def test_a_goal_in_a_column_or_a_row_is_no_result() -> None:
    assert ("hba1c", "8.1 %") not in {
        row[:2] for row in proposed("Lab   Result   Goal\nGoal   A1c   8.1 %   (9/1/2026)")
    }


def test_rows_of_days_have_the_values_that_their_columns_name() -> None:
    found = proposed("Date      A1c     Creat\n1/5/26    9.1     0.9\n4/6/26    8.7     0.9\n")
    assert [row[:3] for row in found if row[0] == "hba1c"] == [
        ("hba1c", "8.7 %", "2026-04-06"),
        ("hba1c", "9.1 %", "2026-01-05"),
    ]
