"""Words spoilt by one letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.understand.spelling import Spelling

KNOWN = Spelling(["denies", "target", "family history", "hypoglycemia"])


def test_one_wrong_letter_is_righted_in_a_long_word() -> None:
    assert KNOWN.righted("He denles hypoglycemla; targel 7.") == "He denies hypoglycemia; target 7."


def test_a_word_that_is_known_stays_and_a_short_one_is_left() -> None:
    assert KNOWN.righted("Denies lows, goa1 7") == "Denies lows, goa1 7"


@given(st.text(max_size=80))
def test_a_text_keeps_its_length(text: str) -> None:
    assert len(KNOWN.righted(text)) == len(text)
