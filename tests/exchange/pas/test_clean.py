"""What FHIR's strings may not hold is replaced wherever it stands, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.exchange.pas.clean import clean

ODD = ("\x00", "\x1b", "\x7f", "\x85", "\u202a", "\u202e", "\u2066", "\ud800", "\ufffe")


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_a_character_that_may_not_stand_is_replaced_in_keys_and_values(odd: str) -> None:
    assert clean({f"a{odd}": [f"b{odd}c", 1, None]}) == {"a\ufffd": ["b\ufffdc", 1, None]}


def test_what_may_stand_is_left_as_it_is() -> None:
    made = {"text": "Größe 試験\n\t", "plain": ["a", 1.5, True]}
    assert clean(made) == made
    plain = {"plain": ["a", {"b": 2}]}
    assert clean(plain) is plain


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


@settings(max_examples=50)
@given(
    st.recursive(
        TEXT | st.integers() | st.none(), lambda part: st.lists(part) | st.dictionaries(TEXT, part), max_leaves=8
    )
)
def test_what_is_clean_stays_so(value: object) -> None:
    once = clean(value)
    assert clean(once) == once
    assert not any(odd in repr(once).encode().decode("unicode_escape", "ignore") for odd in ("\x1b", "\x7f"))
