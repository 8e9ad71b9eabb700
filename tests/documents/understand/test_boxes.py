"""Ticked and empty boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Page
from priorauth.documents.understand import boxes, rules


def said(text: str) -> list[tuple[str, str]]:
    return [(one.fact, one.value) for one in boxes.ticks(Page(number=1, text=text), rules.load(), "payer-form")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Recurring hypoglycemia:   Yes [ ]   No [x]", [("recurring_hypoglycemia", "no")]),
        ("Dawn phenomenon:   Yes [X]   No [ ]", [("dawn_phenomenon", "yes")]),
        (
            "Motivated  [x] Y  [ ] N      Able to operate pump  [ ] Y  [x] N",
            [("motivated", "yes"), ("able_to_operate_pump", "no")],
        ),
        ("Motivated?  ☑ Yes  ☐ No", [("motivated", "yes")]),
        ("Motivated  [ ] Y  [ ] N", []),
        ("Recurring hypoglycemia:   Yes     No [x]", []),
        ("[x] Yes  [ ] No   Patient is motivated", [("motivated", "yes")]),
        ("Is the patient motivated?\n   [ ] Yes   [x] No", [("motivated", "no")]),
        ("Motivated   (o) Yes, very   ( ) No", [("motivated", "yes")]),
        ("Motivated:  Yes _X_   No ___", [("motivated", "yes")]),
        ("Motivated  [x] Y  [x] N", []),
        ("Swings before meals:   Yes [x]   No [ ]      not sure", []),
        ("[ ] Severe hypoglycemia (help needed)    [x] Polyuria", []),
        ("[x] Severe hypoglycemia (help needed)    [ ] Polyuria", [("severe_hypoglycemia", "yes")]),
        ("Initial trial [ ]   Continued use [ ]   Replacement [x]", [("request_kind", "replacement")]),
        ("Co-morbid:  [ ] retinopathy   [x] nephropathy", [("diabetic_complication", "yes")]),
    ],
)
def test_only_what_is_ticked_is_said(text: str, wanted: list[tuple[str, str]]) -> None:
    assert said(text) == wanted


@given(st.sampled_from(sorted(rules.load().facts)), st.sampled_from(["[ ]", "☐", "( )", "[]"]))
def test_an_empty_box_never_says_anything(fact: str, empty: str) -> None:
    words = fact.replace("_", " ")
    assert said(f"{empty} {words}     {empty} severe hypoglycemia") == []


def test_a_line_of_boxes_is_no_prose() -> None:
    text = "She checks six times.\n[ ] Ketoacidosis\nNo DKA."
    assert boxes.masked(text) == "She checks six times.\n                \nNo DKA."
