"""The boxes of a PDF: which are boxes, and what stands in them."""

from __future__ import annotations

from io import BytesIO

from pypdfium2 import PdfDocument

from priorauth.documents.readers.squares import EMPTY, TICKED, Square, marked, squares
from tests.documents import papers


def found(content: BytesIO) -> list[Square]:
    document = PdfDocument(content.getvalue())
    document.init_forms()
    return squares(document, document[0])


def test_fields_are_boxes_as_they_are_ticked_and_those_that_are_not_shown_are_none() -> None:
    made, out = papers.canvas()
    made.acroForm.checkbox(name="a", x=72, y=700, size=12, checked=True)
    made.acroForm.radio(name="b", value="c", x=72, y=650, size=12, selected=False)
    made.acroForm.radio(name="b", value="d", x=72, y=630, size=12, selected=True)
    made.acroForm.checkbox(name="e", x=72, y=600, size=12, checked=True, annotationFlags="hidden")
    made.showPage()
    made.save()
    assert [(one.field, one.text) for one in found(out)] == [(True, TICKED), (True, EMPTY), (True, TICKED)]


def test_only_small_squares_that_are_outlined_are_boxes() -> None:
    made, out = papers.canvas()
    made.rect(72, 700, 9, 9)
    made.rect(72, 660, 200, 9)
    made.rect(72, 600, 40, 40)
    made.rect(72, 580, 3, 3)
    made.rect(72, 560, 8, 8, fill=1)
    made.save()
    assert [round(one.at[1]) for one in found(out)] == [699]


def test_a_mark_ticks_its_box_and_a_word_makes_it_a_cell() -> None:
    one, two, three = (Square((10.0 * n, 0.0, 10.0 * n + 9, 9.0), field=n == 2) for n in range(3))
    held = [one, two, three]
    signs = [
        ("x", (2.0, 2.0, 6.0, 6.0)),
        ("7", (12.0, 2.0, 16.0, 6.0)),
        ("4", (22.0, 2.0, 26.0, 6.0)),
        ("a", (40.0, 0.0, 44.0, 6.0)),
    ]
    assert [sign for sign, _ in marked(signs, held)] == [" ", "7", " ", "a"]
    assert held == [one, three]
    assert (one.ticked, three.ticked) == (True, False)
