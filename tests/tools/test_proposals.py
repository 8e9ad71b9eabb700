"""What the docs say of proposals from outside is what the program does."""

from __future__ import annotations

from tools import proposals


def test_the_page_is_not_stale() -> None:
    text = proposals.PAGE.read_text("utf-8")
    assert proposals.filled(text) == text


def test_the_example_shows_what_stands_and_what_does_not() -> None:
    said = proposals.answer()
    assert said.count("| stands |") == 4
    assert said.count("\n") == 2 + 9
