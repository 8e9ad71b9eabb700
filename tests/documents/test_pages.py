"""Pages, words and the rectangles around them."""

from __future__ import annotations

import msgspec

from priorauth.documents.pages import Box, Page, Reading, Word, box_of, words_in

WORDS = (Word("No", 0, Box(0.1, 0.2, 0.15, 0.22)), Word("DKA", 3, Box(0.16, 0.19, 0.2, 0.23)), Word("since", 7))
PAGE = Page(number=1, text="No DKA since", words=WORDS)


def test_the_words_of_a_stretch_are_those_it_touches() -> None:
    assert [word.text for word in words_in(PAGE, 0, 2)] == ["No"]
    assert [word.text for word in words_in(PAGE, 1, 4)] == ["No", "DKA"]
    assert words_in(PAGE, 2, 3) == ()


def test_the_rectangle_around_words_holds_them_and_there_is_none_where_one_has_no_place() -> None:
    assert box_of(WORDS[:2]) == Box(0.1, 0.19, 0.2, 0.23)
    assert box_of(WORDS) is None
    assert box_of(()) is None


def test_a_reading_is_the_same_after_it_was_kept_and_its_text_is_all_pages() -> None:
    made = Reading(sha256="0", kind="pdf", reader="reading", pages=(PAGE, Page(number=2, text="two")), notes=("n",))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Reading) == made
    assert made.text == "No DKA since\ftwo"
