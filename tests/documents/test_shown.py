"""Pages as pictures, with words marked."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from priorauth.documents import shown
from priorauth.documents.pages import Box
from priorauth.errors import InputRefused
from tests.documents import papers


def coloured(content: bytes) -> Box:
    """Return the rectangle around what is marked."""
    made = Image.open(BytesIO(content)).convert("RGB")
    yellow = np.asarray(made)[:, :, 2] < 60
    yellow &= np.asarray(made)[:, :, 0] > 150
    return papers.inked(Image.fromarray(np.where(yellow, 0, 255).astype(np.uint8)))


def test_the_words_that_are_marked_are_those_of_the_box() -> None:
    content = papers.pdf("No ketoacidosis since May", size=16)
    (page,) = papers.pages(content)
    found = papers.box(page, "ketoacidosis")
    made = shown.page(content, "letter", 1, [found])
    assert made is not None
    assert papers.lies_on(coloured(made), found)
    assert papers.lies_on(found, papers.inked(Image.open(BytesIO(made)).convert("L"), found))


def test_a_page_that_was_turned_to_be_read_is_shown_so() -> None:
    content = papers.tiff(Image.new("L", (300, 200), 255))
    made = shown.page(content, "fax", 1, turned=90)
    assert made is not None
    assert Image.open(BytesIO(made)).size == (200, 300)


def test_what_has_no_page_is_none_and_what_is_damaged_is_refused() -> None:
    assert shown.page(papers.pdf("one"), "letter", 2) is None
    assert shown.page(b"text", "note", 1) is None
    with pytest.raises(InputRefused, match=r"letter: the PDF is damaged"):
        shown.page(b"%PDF-1.4 nothing", "letter", 1)
