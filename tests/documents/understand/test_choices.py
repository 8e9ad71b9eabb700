"""A yes or a no in brackets, and choices that were not struck."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.understand import choices
from tests.documents.notes import proposed


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("DKA:    Y   (N)", [("DKA:", False)]),
        ("Motivated   (Yes)  No", [("Motivated", True)]),
        ("Motivated   Y   N", [("Motivated", None)]),
        ("10  DKA:  Y  (N)      Dialysis:   (Y)   N", [("10  DKA:", False), ("Dialysis:", True)]),
        ("She said yes and no to that.", []),
    ],
)
def test_what_is_set_in_brackets_is_the_answer(line: str, wanted: list[tuple[str, bool | None]]) -> None:
    assert [(line[begins:first].strip(), answer) for begins, first, _, answer in choices.circled(line)] == wanted


def test_choices_of_which_none_was_struck_say_nothing() -> None:
    assert proposed("He has [severe hypoglycemia / hypoglycemia unawareness] and [type 1 / type 2 / other].") == []


@given(st.text(alphabet="ab /[]\n", max_size=60))
def test_a_text_without_choices_is_as_long_as_before(text: str) -> None:
    assert len(choices.without(text)) == len(text)
