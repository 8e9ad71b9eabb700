"""DOCX: text, tables, boxes that are ticked, the heads and feet of its pages, what was struck out."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from priorauth.errors import InputRefused
from tests.documents import papers
from tests.documents.papers import checkbox, docx, paragraph, table

BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def lines(content: bytes) -> list[str]:
    return [line for line in papers.text(content).split("\n") if line.strip()]


def test_paragraphs_and_boxes_are_lines() -> None:
    content = docx(paragraph("Review") + checkbox("Hypoglycemia", checked=True) + checkbox("DKA", checked=False))
    assert lines(content) == ["Review", "[x] Hypoglycemia", "[ ] DKA"]


def test_a_table_keeps_its_columns() -> None:
    found = lines(
        docx(table([("Test", "Result", "Unit"), ("HbA1c", "8.4", "%"), ("C-peptide, fasting", "0.1", "ng/mL")]))
    )
    assert [line.split()[-1] for line in found] == ["Unit", "%", "ng/mL"]
    assert found[0].index("Result") == found[1].index("8.4") == found[2].index("0.1")


def test_the_head_of_its_pages_comes_first_and_their_foot_last_each_once() -> None:
    margins = {
        "header1": paragraph("HARBOR CLINIC"),
        "header2": paragraph("HARBOR CLINIC"),
        "footer1": paragraph("p. 1"),
    }
    assert lines(docx(paragraph("note"), margins)) == ["HARBOR CLINIC", "note", "p. 1"]


def test_a_page_break_begins_a_page() -> None:
    assert [page.text.strip() for page in papers.pages(docx(paragraph("one") + BREAK + paragraph("two")))] == [
        "one",
        "two",
    ]


def test_what_was_struck_out_or_deleted_is_not_said() -> None:
    struck = "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>no low</w:t></w:r><w:r><w:t>two lows</w:t></w:r></w:p>"
    deleted = '<w:p><w:del w:id="1"><w:r><w:delText>none</w:delText></w:r></w:del><w:r><w:t>kept</w:t></w:r></w:p>'
    assert lines(docx(struck + deleted)) == ["two lows", "kept"]


def test_one_that_declares_a_document_type_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    with pytest.raises(InputRefused, match="the DOCX declares a document type, which none has"):
        papers.text(docx(paragraph("&c;"), doctype=bomb))


def test_one_that_unpacks_to_too_much_is_refused() -> None:
    out = BytesIO(docx(paragraph("a")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as held:
        held.writestr("word/media/image1.bmp", bytes(110_000_000))
    with pytest.raises(InputRefused, match="the DOCX unpacks to more than a document has"):
        papers.text(out.getvalue())


def test_a_damaged_one_is_refused() -> None:
    content = docx(paragraph("a" * 500))
    with pytest.raises(InputRefused, match="found a zip that cannot be opened"):
        papers.text(content[: len(content) // 2])
    with pytest.raises(InputRefused, match="the DOCX is damaged"):
        papers.text(docx("<w:p><w:unclosed></w:p>"))
