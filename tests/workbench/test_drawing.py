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
from tests.workbench import papers
from tests.workbench.house import Desk, visit

SOON = 20.0


def picture(day: Desk, size: str, turned: int = 0, number: int = 1) -> Image.Image:
    there = visit(day, house.NURSE)
    until = time.monotonic() + SOON
    while (made := drawing.picture(there, "sha", papers.PDF, papers.letter(), number, size, turned)) is None:
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
