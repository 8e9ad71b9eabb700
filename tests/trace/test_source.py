"""Copies of a text: what is compared, and the way back to page and line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import InputRefused
from priorauth.trace import source
from tests.trace.invented import copy, rewrapped


def letters(text: str) -> str:
    return source.of_text(text, "copy").letters


def test_white_space_hyphens_and_emphasis_are_no_letters() -> None:
    assert letters("An insu-\nlin **pump**, self-adjusted") == letters("an insulin pump self adjusted")


def test_figures_never_run_together() -> None:
    assert letters("1, 2 and 3") == "1 2and3"
    assert letters("12 and 3") == "12and3"
    assert letters("5.\n30 days") == "5 30days"


def test_the_marks_within_a_figure_are_kept() -> None:
    assert letters("7.0 %") == "7.0%"
    assert letters("30-60 and 30\u201360") == "30-60and30-60"
    assert letters("1/2, 8:30 and 1,000") == "1/2 8:30and1000"
    assert letters("> 7, \u2265 7 and >= 7") == ">7>=7and>=7"


def test_the_addresses_of_links_tags_and_other_forms_of_letters_are_left_out() -> None:
    assert letters("see [the list](https://example.org/a_b) <b>now</b>") == "seethelistnow"
    assert letters("the \ufb01rst\u00ad one\u2122") == letters("the first one")


def test_a_letter_has_its_page_and_its_line() -> None:
    made = source.read(["first page\nand its second line", "second page"], "copy")
    assert made.place(0) == (1, 1)
    assert made.place(made.letters.index("its")) == (1, 2)
    assert made.place(made.letters.index("secondpage")) == (2, 1)
    assert made.place(10_000) == (2, 1)


def test_the_words_between_two_letters_are_given_on_one_line_with_the_mark_that_ends_them() -> None:
    made = source.of_text("The pump\nis here. More", "copy")
    assert made.text(0, len("thepumpishere")) == "The pump is here."
    assert made.text(3, 3) == ""


def test_other_lines_and_pages_are_the_same_letters() -> None:
    assert copy(rewrapped()).letters[: copy().running] != ""
    assert copy(rewrapped(width=33)).letters == copy(rewrapped(width=80)).letters


def test_a_text_without_letters_is_refused() -> None:
    with pytest.raises(InputRefused, match="copy: expected a text, found no letters"):
        source.of_text(" \n-- \f . ", "copy")


def test_a_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(InputRefused, match="expected a text of at most 4,000,000 characters"):
        source.of_text("a" * (source.MOST_LETTERS + 1), "copy")


@given(st.text(max_size=300))
def test_whatever_the_text_each_letter_stands_in_it_and_edges_rise(text: str) -> None:
    try:
        made = source.of_text(text, "copy")
    except InputRefused:
        return
    assert len(made.at) == len(made.letters)
    assert list(made.at) == sorted(made.at)
    edges = [edge.letter for edge in made.edges()]
    assert edges == sorted(set(edges)) or edges[-2:] == [0, 0]
    assert edges[0] == 0
    assert edges[-1] == len(made.letters)
    assert all(made.place(letter)[1] >= 1 for letter in range(len(made.letters)))
