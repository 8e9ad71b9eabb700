"""A page with its words marked: every letter of its text once, marks where the words lie, words chosen and found."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Box, Page, Reading, Word
from priorauth.workbench.view import leaf
from priorauth.workbench.view.leaf import Mark

TEXT = "HbA1c today 8.4 %\n\nchecks  5 times a day\nno ketoacidosis"


def page(text: str = TEXT, number: int = 1) -> Page:
    """Return a page whose words stand in a grid: a tenth of the height a line, a hundredth of the width a letter."""
    words = []
    place = 0
    for row, line in enumerate(text.split("\n")):
        column = 0
        for said in line.split(" "):
            if said:
                box = Box(column / 100, row / 10, (column + len(said)) / 100, row / 10 + 0.05)
                words.append(Word(said, place + column, box))
            column += len(said) + 1
        place += len(line) + 1
    return Page(number=number, text=text, words=tuple(words), width=612, height=792)


def mark(first: int, last: int, own: str = "q-1-0") -> Mark:
    return Mark(own=own, how="open", first=first, last=last, says="it")


@given(
    text=st.text(st.sampled_from("ab \n"), max_size=60),
    spans=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))),
)
def test_every_letter_stands_once_and_bears_the_marks_that_it_lies_in(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [mark(first, last, f"q-1-{place}") for place, (first, last) in enumerate(spans) if first < last]
    found = leaf.leaf(page(text), marks)
    assert "\n".join(line.text for line in found.lines) == text
    for line in found.lines:
        place = line.first
        for piece in line.pieces:
            own = {one.own for one in marks if one.first <= place and place + len(piece.text) <= one.last}
            assert {one.own for one in piece.marks} == own
            place += len(piece.text)
        assert all(one.text for one in line.pieces)
    begun = [one.own for line in found.lines for piece in line.pieces for one in piece.begins]
    assert len(begun) == len(set(begun))


def test_a_quote_over_two_lines_is_marked_line_by_line() -> None:
    first = TEXT.index("8.4")
    found = leaf.leaf(page(), [mark(first, TEXT.index("times"))])
    assert [(one.top, one.high) for one in found.rectangles] == [(0.0, 50.0), (200.0, 50.0)]
    assert found.rectangles[0].left == pytest.approx(120.0)


def test_a_page_without_places_has_its_text_marked_and_no_rectangle() -> None:
    bare = Page(number=1, text=TEXT, words=tuple(Word(one.text, one.start) for one in page().words))
    found = leaf.leaf(bare, [mark(0, 5)])
    assert found.rectangles == ()
    assert found.lines[0].pieces[0].marks


def test_words_are_found_where_they_are_said_to_stand_else_nearest_to_that() -> None:
    twice = page("A1c 8.4 %\nsince then A1c\n8.4 %")
    assert leaf.placed(twice, "A1c 8.4 %", 0) == (0, 9)
    assert leaf.placed(twice, "A1c 8.4 %", 20) == (21, 30)
    assert leaf.placed(twice, "A1c 9.9 %", 0) is leaf.placed(twice, "", 0) is None


def test_a_search_finds_words_on_every_page_however_they_are_spaced() -> None:
    reading = Reading(sha256="", kind="pdf", reader="", pages=(page(), page("5\ntimes a DAY", 2)))
    found = leaf.hits(reading, "5 times A day")
    said = [(one.number, one.page, one.line) for one in found]
    assert said == [(1, 1, "checks 5 times a day"), (2, 2, "5 times a DAY")]
    assert leaf.hits(reading, " ") == leaf.hits(reading, "(") == ()
    many = Reading(sha256="", kind="pdf", reader="", pages=(page("a " * 999),))
    assert len(leaf.hits(many, "a")) == leaf.MOST_HITS


def test_words_are_chosen_by_their_lines_or_by_a_rectangle_around_them() -> None:
    spans = (leaf.of_lines(page(), [3]), leaf.of_area(page(), (0, 0.19, 1, 0.26)))
    said = {TEXT[slice(*span)] for span in spans if span is not None}
    assert said == {"checks  5 times a day"}
    assert leaf.of_lines(page(), [1, 3]) == (0, TEXT.index("\nno"))
    assert leaf.of_lines(page(), [2]) is leaf.of_lines(page(), [99]) is leaf.of_area(page(), (0.9, 0.9, 1, 1)) is None


@pytest.mark.parametrize("said", ["", "0,0,1", "0,0,0,1", "0.5,0,0.1,1", "a,b,c,d", "0,0,2,2", "-1,0,1,1", "0,0,1,1,1"])
def test_an_area_that_is_none_chooses_nothing(said: str) -> None:
    assert leaf.area_of(said) is None


def test_an_area_is_read_as_parts_of_the_page() -> None:
    assert leaf.area_of("0.1,0.2,0.35,1") == (0.1, 0.2, 0.35, 1.0)


def test_lines_follow_each_other_without_a_gap() -> None:
    assert all(two.first == one.last + 1 for one, two in pairwise(leaf.leaf(page(), ()).lines))
