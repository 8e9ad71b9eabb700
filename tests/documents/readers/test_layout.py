"""Words with places as lines of text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Box
from priorauth.documents.readers.layout import Placed, Sheet, lines, page_of

SHEET = Sheet(100, 100, (612, 792))


def word(text: str, left: float, top: float, high: float = 10) -> Placed:
    return Placed(text, left, top, left + 5 * len(text), top + high)


def test_words_of_one_height_are_a_line_from_the_left_on() -> None:
    given_ = [word("two", 30, 11), word("below", 0, 24), word("one", 0, 10)]
    assert [[one.text for one in line] for line in lines(given_)] == [["one", "two"], ["below"]]


def test_gaps_become_spaces_and_lines_far_apart_an_empty_line() -> None:
    page = page_of(2, [word("A1c", 0, 0), word("8.4", 60, 0), word("%", 80, 0), word("note", 0, 40)], SHEET)
    assert page.text == "A1c         8.4 %\n\nnote"
    assert page.number == 2
    assert (page.words[1].start, page.words[1].box) == (12, Box(0.6, 0, 0.75, 0.1))


def test_a_page_without_words_is_empty() -> None:
    assert page_of(1, [Placed(" ", 0, 0, 1, 1)], SHEET).text == ""


_PLACES = st.tuples(st.text("abc1", min_size=1, max_size=6), st.floats(0, 95), st.floats(0, 95))


@given(st.lists(_PLACES, max_size=20))
def test_no_word_is_lost_and_each_stands_where_it_is_said_to(places: list[tuple[str, float, float]]) -> None:
    page = page_of(1, [word(*place) for place in places], SHEET)
    assert sorted(one.text for one in page.words) == sorted(text for text, _, _ in places)
    assert all(page.text[one.start : one.start + len(one.text)] == one.text for one in page.words)
    assert all(
        one.box is not None and 0 <= one.box.left <= one.box.right <= 1 and 0 <= one.box.top <= one.box.bottom <= 1
        for one in page.words
    )
