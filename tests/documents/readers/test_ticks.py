"""Squares and brackets in a picture of a page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from priorauth.documents.readers import ticks


def drawn(*marks: str, side: int = 26) -> Image.Image:
    """Return a picture of squares in a row, a mark in each."""
    made = Image.new("L", (80 * len(marks) + 80, 120), 255)
    draw = ImageDraw.Draw(made)
    for number, mark in enumerate(marks):
        left = 60 + 80 * number
        draw.rectangle((left, 40, left + side, 40 + side), outline=0, width=3)
        if mark == "x":
            draw.line((left + 5, 45, left + side - 5, 35 + side), fill=0, width=3)
            draw.line((left + side - 5, 45, left + 5, 35 + side), fill=0, width=3)
        elif mark == "v":
            draw.line((left + 5, 52, left + 11, 60, left + side + 4, 36), fill=0, width=3, joint="curve")
    return made


def dark(made: Image.Image) -> np.ndarray:
    return np.asarray(made) < 128


@pytest.mark.parametrize("side", [20, 26, 40])
def test_squares_are_found_ticked_or_empty(side: int) -> None:
    found = ticks.ticks(dark(drawn("x", "", "v", side=side)), 200)
    assert [one.ticked for one in found] == [True, False, True]
    assert all(
        abs(one.left - (60 + 80 * number)) <= 2 and abs(one.right - one.left - side) <= 3
        for number, one in enumerate(found)
    )


def test_squares_are_taken_out_of_the_picture() -> None:
    made = drawn("x", "")
    left = ticks.without(np.asarray(made), ticks.ticks(dark(made), 200))
    assert left.min() == 255


@pytest.mark.parametrize("text", ["HOUDE 0088 BOODLE", "NEPHROPATHY DIABETES MELLITUS", "EFHILTUnmhdbpq 1029384756"])
@pytest.mark.parametrize("size", [28, 36, 48])
def test_no_letter_is_a_square(text: str, size: int) -> None:
    made = Image.new("L", (1600, 120), 255)
    ImageDraw.Draw(made).text((40, 30), text, fill=0, font=ImageFont.load_default(size=size))
    assert ticks.ticks(dark(made), 200) == []


def test_cells_for_letters_are_no_boxes() -> None:
    made = Image.new("L", (400, 120), 255)
    draw = ImageDraw.Draw(made)
    for number in range(6):
        draw.rectangle((60 + 28 * number, 40, 88 + 28 * number, 68), outline=0, width=2)
    assert ticks.ticks(dark(made), 200) == []


def bracketed(inside: str) -> np.ndarray:
    made = Image.new("L", (200, 100), 255)
    draw = ImageDraw.Draw(made)
    for left, way in ((60, 1), (94, -1)):
        draw.rectangle((left, 40, left + 1, 66), fill=0)
        for row in (40, 65):
            draw.rectangle((min(left, left + 5 * way), row, max(left, left + 5 * way) + 1, row + 1), fill=0)
    if inside == "x":
        draw.line((70, 46, 85, 61), fill=0, width=2)
        draw.line((85, 46, 70, 61), fill=0, width=2)
    elif inside == "I":
        draw.rectangle((76, 45, 79, 62), fill=0)
    return dark(made)


def test_brackets_with_nothing_or_a_cross_between_them_are_boxes_and_with_a_letter_none() -> None:
    assert [one.ticked for one in ticks.pairs(bracketed(""), 200)] == [False]
    assert [one.ticked for one in ticks.pairs(bracketed("x"), 200)] == [True]
    assert ticks.pairs(bracketed("I"), 200) == []


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (3, 900), (900, 3)])
def test_a_page_of_any_shape_has_boxes_or_none(shape: tuple[int, int]) -> None:
    for page in (np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)):
        assert ticks.ticks(page, 200) == ticks.pairs(page, 200) == []
