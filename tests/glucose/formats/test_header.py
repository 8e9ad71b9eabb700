import pytest

from priorauth.glucose.formats import header, text


def test_a_header_is_found_below_other_rows_whatever_parts_its_cells() -> None:
    for mark in (",", ";", "\t"):
        head = text.head(text.decode("log", f"a{mark}b\nTime{mark}mg/dL\n1{mark}2\n".encode()))
        sheet = header.find(head, lambda cells: "time" in cells)
        assert sheet is not None
        assert (sheet.delimiter, sheet.header.line, header.names(sheet), header.above(sheet).split()) == (
            mark,
            2,
            ["time", "mg/dl"],
            ["a", "b"],
        )


def test_columns_are_found_by_word_by_part_and_by_unit() -> None:
    cells = ["date", "blood sugar (mg/dl)", "carbs (g)"]
    assert (header.place(cells, {"date"}), header.place(cells, {"time"})) == (0, -1)
    assert (header.holding(cells, "carb"), header.holding(cells, "insulin")) == (2, -1)
    assert (header.stating(cells), header.stating(cells, "sensor")) == (1, -1)


@pytest.mark.parametrize(
    ("word", "yes"), [("", False), ("No", False), ("Nein", False), ("-", False), ("X", True), ("Ja", True), ("1", True)]
)
def test_a_mark_is_anything_but_no(word: str, yes: bool) -> None:  # noqa: FBT001  (a column of the table)
    assert header.says_yes(word) is yes


def test_a_cell_that_is_not_there_is_empty() -> None:
    assert (header.cell([" a "], 0), header.cell(["a"], 1), header.cell(["a"], -1)) == ("a", "", "")
