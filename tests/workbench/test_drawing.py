"""Pictures of pages in their sizes, turned as they were read; what a plan's paper says is kept for that plan alone."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from PIL import Image

from priorauth.errors import InputRefused
from priorauth.server.problem import Problem
from priorauth.workbench import drawing
from tests.ledger import house
from tests.workbench import fax, papers
from tests.workbench.house import Desk, visit

SOON = 20.0


def picture(day: Desk, size: str, turned: int = 0, number: int = 1) -> Image.Image:
    there = visit(day, house.NURSE)
    until = time.monotonic() + SOON
    while (made := drawing.picture(there, "sha", papers.letter(), number, size, turned)) is None:
        assert time.monotonic() < until
    return Image.open(BytesIO(made))


@pytest.mark.parametrize("size", drawing.SIZES)
def test_a_page_is_no_wider_than_its_size(day: Desk, size: str) -> None:
    found = picture(day, size)
    assert found.width <= drawing.SIZES[size]
    assert found.height == pytest.approx(found.width * 11 / 8.5, abs=2)


def test_a_page_that_was_turned_to_be_read_is_shown_so(day: Desk) -> None:
    assert picture(day, "s", 90).height < picture(day, "s").height
    assert picture(day, "t", 180).tobytes() == picture(day, "t").rotate(180).tobytes()


def test_a_page_that_is_not_there_has_no_picture(day: Desk) -> None:
    with pytest.raises(Problem, match="no page 9"):
        picture(day, "m", number=9)


def test_a_paper_is_read_for_a_page_and_one_that_cannot_be_says_why(day: Desk) -> None:
    there = visit(day, house.NURSE)
    found = drawing.reading(there, "one", "note.txt", b"HbA1c 8.1 % today", SOON)
    assert found is not None
    assert drawing.page_of(found, 1) == found.pages[0]
    assert drawing.page_of(found, 2) is drawing.page_of(None, 1) is None
    with pytest.raises(InputRefused, match="expected a document"):
        drawing.reading(there, "two", "a.zip", b"PK\x03\x04", SOON)


def test_each_page_of_a_fax_has_its_own_picture() -> None:
    pages = fax.fax("the first page", "the second page")
    first, second = (drawing.drawn(pages, number) for number in (1, 2))
    assert first != second
    with pytest.raises(Problem, match="no page 3"):
        drawing.drawn(pages, 3)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"%PDF-1.4 broken", b"a note of 12 Nov"])
def test_what_cannot_be_drawn_has_no_picture(content: bytes) -> None:
    with pytest.raises(Problem):
        drawing.drawn(content, 1)


def test_a_gif_is_shown_as_it_is() -> None:
    made = BytesIO()
    Image.new("P", (30, 10)).save(made, "GIF")
    assert Image.open(BytesIO(drawing.drawn(made.getvalue(), 1))).size == (30, 10)
