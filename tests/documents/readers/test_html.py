"""HTML: what is seen, rows as rows, boxes as they are ticked; what is hidden or struck out is not said."""

from __future__ import annotations

import pytest

from priorauth.documents.readers.html import seen
from tests.documents import papers

PAGE = "<!DOCTYPE html><html><head><title>note</title><style>p {{}}</style></head><body>{}</body></html>"


def test_a_page_is_its_blocks_line_by_line() -> None:
    body = "<h1>Progress note</h1><p>HbA1c today\n 8.4&nbsp;%.</p><ul><li>one<li>two</ul>a<br>b<script>c</script>"
    assert papers.text(PAGE.format(body).encode()) == "Progress note\n\nHbA1c today 8.4 %.\n\none\n\ntwo\n\na\nb"


def test_boxes_are_ticked_or_empty_and_fields_hold_what_was_written() -> None:
    body = (
        '<p><input type="checkbox" checked> Hypoglycemia</p><p><input type=checkbox>Ketoacidosis</p>'
        '<p><input type="RADIO" name=r> Yes <input type=radio name=r checked>No</p>'
        '<p><span role="checkbox" aria-checked="true"></span>Nocturia</p>'
        '<p>HbA1c <input value="8.4 %"> <select><option>mmol<option selected>percent</select></p>'
        '<input type=hidden value="secret"><p><textarea>line one\nline two</textarea></p>'
    )
    lines = [line for line in seen(PAGE.format(body)).split("\n") if line]
    assert lines == [
        "[x] Hypoglycemia",
        "[ ] Ketoacidosis",
        "[ ] Yes [x] No",
        "[x] Nocturia",
        "HbA1c 8.4 % percent",
        "line one",
        "line two",
    ]


def test_the_columns_of_a_table_stand_beneath_each_other() -> None:
    rows = (
        "<table><thead><tr><th>Test<th>Result<th>Unit</thead><tr><td><p>HbA1c</p><td><p>8.4</p><td>%</tr>"
        "<tr><td colspan=2>C-peptide, fasting<td>none</table>"
    )
    lines = seen(PAGE.format(rows)).split("\n")
    assert lines[0].index("Result") == lines[1].index("8.4")
    assert lines[0].index("Unit") == lines[1].index("%") == lines[2].index("none")


def test_cells_of_several_lines_stand_side_by_side_and_prose_is_told_cell_by_cell() -> None:
    short = seen(PAGE.format("<table><tr><td>Lantus<br>Humalog<td>20 U<br>6 U</table>")).split("\n")
    assert [line.split() for line in short] == [["Lantus", "20", "U"], ["Humalog", "6", "U"]]
    told = "She had no ketoacidosis in the last twelve months,<br>as far as she remembers."
    prose = seen(PAGE.format(f"<table><tr><td>{told}<td>Type 1 diabetes</table>"))
    assert prose.split("\n") == [*told.split("<br>"), "Type 1 diabetes"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>{}</p>",
        '<p style="color:red; display: NONE">{}</p>',
        '<p style="visibility:hidden">{}</p>',
        "<s>{}</s>",
        "<del>{}</del>",
        '<span style="text-decoration: line-through">{}</span>',
        "<template>{}</template>",
        "<!-- {} -->",
        "<noscript>{}</noscript>",
        '<img alt="{}">',
    ],
)
def test_what_is_hidden_or_struck_out_is_not_said(hidden: str) -> None:
    assert seen(PAGE.format(f"<p>Ketoacidosis</p>{hidden.format('four times')}")) == "Ketoacidosis"


def test_a_page_without_a_word_is_empty() -> None:
    assert seen("<html></html>") == ""
    assert seen(PAGE.format("<table></table>")) == ""
