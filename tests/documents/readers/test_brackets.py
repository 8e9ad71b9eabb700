"""Boxes written as brackets, mended where they were recognised as something like them."""

from __future__ import annotations

import numpy as np
import pytest

from priorauth.documents.readers.brackets import boxed, found
from priorauth.documents.readers.layout import Placed

DARK = np.ones((60, 1200), dtype=bool)
LIGHT = np.zeros((60, 1200), dtype=bool)


def line(text: str, top: float = 10, sure: float = 0.9) -> list[Placed]:
    """Return the words of a line, a letter ten points wide."""
    made, at = [], 0
    for part in text.split(" "):
        if part:
            made.append(Placed(part, 10.0 * at, top, 10.0 * (at + len(part)), top + 20, sure))
        at += len(part) + 1
    return made


def told(words: list[Placed], dark: np.ndarray = DARK) -> str:
    return " ".join(word.text for word in boxed(words, dark))


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("[] retinopathy [x] none", "[ ] retinopathy [x] none"),
        ("{ ] Chest {x] pain", "[ ] Chest [x] pain"),
        ("Yes[] No[x]", "Yes [ ] No [x]"),
        ("Yes{] No [x}", "Yes [ ] No [x]"),
        ("Yes[{} No ix] all", "Yes [ ] No [x] all"),
        ("[x] Y []N", "[x] Y [ ] N"),
        ("No[ | since", "No [ ] since"),
        ("{   Visual loss", "[ ] Visual loss"),
        ("] allergy none", "[ ] allergy none"),
        ("{ x ) Infusion sets", "[x] Infusion sets"),
        ("(x] active {xj past", "[x] active [x] past"),
    ],
)
def test_what_was_recognised_of_brackets_is_a_box(recognised: str, meant: str) -> None:
    assert told(line(recognised)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "A1c 8.4 % (was 8.8) in May",
        "f(x) = 2",
        "since [sic] then",
        "see [2] and [H] there",
        "(x) a (yes)",
        "IDDM I II x",
    ],
)
def test_what_is_no_box_stays_as_it_is(text: str) -> None:
    assert told(line(text)) == text


def test_a_cross_where_the_picture_is_light_is_no_tick() -> None:
    assert told(line("[x] DKA"), LIGHT) == "[ ] DKA"


def test_dirt_beneath_boxes_is_a_box_that_says_nothing() -> None:
    rows = [*line("[x] Polyuria"), *line("C! Severe lows", 40, 0.4), *line("[ ] Nocturia", 70)]
    assert told(rows) == "[x] Polyuria [ ] Severe lows [ ] Nocturia"


def test_a_letter_of_a_list_beneath_boxes_stays() -> None:
    rows = [*line("[x] Polyuria"), *line("b. Severe lows", 40, 0.4)]
    assert told(rows) == "[x] Polyuria b. Severe lows"


def test_a_box_seen_in_the_picture_counts_where_no_letter_was_recognised() -> None:
    words = line("Yes | No 0")
    bar, nought = words[1], words[3]
    pairs = [one._replace(text="[ ]") for one in (bar, nought)]
    assert [word.text for word in sorted(found(words, pairs), key=lambda one: one.left)] == ["Yes", "[ ]", "No", "0"]
