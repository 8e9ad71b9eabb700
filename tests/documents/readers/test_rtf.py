"""RTF: text, tables, page breaks, signs of other alphabets."""

from __future__ import annotations

import pytest

from tests.documents import papers

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Courier New;}}\f0 "


def rtf(body: str) -> bytes:
    return (HEAD + body + "}").encode("latin-1")


def test_paragraphs_are_lines_and_signs_are_what_they_mean() -> None:
    body = r"HbA1c 8.4\'a0%\par Caf\'e9, \u8805? 4 per day\par {\*\generator nothing}{\b bold}"
    assert papers.text(rtf(body)) == "HbA1c 8.4\xa0%\nCafé, ≥ 4 per day\nbold"


def test_cells_of_a_row_stand_side_by_side_and_a_bar_of_the_text_stays() -> None:
    row = r"\trowd\cellx3000\cellx6000\intbl {}\cell {}\cell\row "
    body = row.format("HbA1c", "8.4 %") + row.format("C-peptide", "0.1 | low") + r"\pard after"
    assert [line.split("   ") for line in papers.text(rtf(body)).split("\n") if line.strip()] == [
        ["HbA1c", "8.4 %"],
        ["C-peptide", "0.1 | low"],
        ["after"],
    ]


def test_a_page_break_begins_a_page() -> None:
    assert [page.text.strip() for page in papers.pages(rtf(r"one\page two\par \page three"))] == ["one", "two", "three"]


def test_boxes_of_other_fonts_are_boxes() -> None:
    assert papers.text(rtf(r"\u9744? DKA \u9746? low \u-3842? yes")).split() == ["☐", "DKA", "☒", "low", "☑", "yes"]


@pytest.mark.parametrize(
    "body", ["{" * 500, r"\u99999999? a", r"\'zz", "}}}}", r"\bin99999 a", r"{\fonttbl{\f0\fcharset9999 x;}}a"]
)
def test_a_damaged_one_is_read_as_far_as_it_goes_or_refused(body: str) -> None:
    from priorauth.errors import InputRefused

    try:
        assert papers.text(rtf(body)) is not None
    except InputRefused as refused:
        assert "RTF" in str(refused)  # noqa: PT017 - either is right
