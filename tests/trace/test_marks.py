"""Marks: figures, windows, units, codes and connectives that changed within a sentence."""

from __future__ import annotations

from collections import Counter

import pytest

from priorauth.trace.marks import Amount, likeness, marks

TABLE = {
    "above 7.0 percent -> above 8 percent": [("figure", "7.0 percent", "8 percent")],
    "three tests a day -> four tests a day": [("figure", "three tests", "four tests")],
    "within 6 months -> within 12 months": [("window", "6 months", "12 months")],
    "within 2 months -> within 60 days": [("window", "2 months", "60 days")],
    "within 6 months -> within 6 weeks": [("window", "months", "weeks")],
    "above 200 mg/dL -> above 200 mmol/L": [("unit", "mg/dL", "mmol/L")],
    "above 200 mg/dL -> above 11.1 mmol/L": [("unit", "200 mg/dL", "11.1 mmol/L")],
    "code E0784 -> code E0787": [("code", "E0784", "E0787")],
    "with E11.9 -> with E10.9": [("code", "E11.9", "E10.9")],
    "one and two -> one or two": [("connective", "and", "or")],
    "at least so -> at most so": [("connective", "least", "most")],
    "is covered -> is not covered": [("connective", "", "not")],
    "> 7 -> >= 7": [("connective", ">", ">=")],
    "a renal disease -> a heart disease": [("wording", "renal", "heart")],
    "all of it -> all of it": [],
    "7.0 % of four -> 7 percent of 4": [],
    "1,000 units -> 1000 units": [],
}


@pytest.mark.parametrize("row", TABLE)
def test_a_change_is_marked_by_its_kind(row: str) -> None:
    before, _, after = row.partition(" -> ")
    if row.startswith("> 7"):
        before, after = "> 7", ">= 7"
    assert [(mark.kind, mark.before, mark.after) for mark in marks(before, after)] == TABLE[row]


def test_a_figure_that_became_another_bears_both_with_their_units() -> None:
    (mark,) = marks("within the last 6 months", "within the last year")
    assert mark.kind == "window"
    (mark,) = marks("within 6 months", "within 1 year")
    assert mark.amounts == (Amount("6", "month"), Amount("1", "year"))
    assert [str(amount) for amount in mark.amounts] == ["6 months", "1 year"]


def test_two_changes_are_two_marks() -> None:
    found = marks("at least 4 times and within 2 months", "at least 3 times or within 6 months")
    assert [mark.kind for mark in found] == ["figure", "connective", "window"]


def test_a_mark_is_said_in_one_line() -> None:
    assert str(marks("is covered", "is not covered")[0]) == "connective: nothing -> not"


def test_sentences_of_the_same_words_are_wholly_alike_and_of_none_not_at_all() -> None:
    assert likeness(Counter("ab"), Counter("ab")) == 1.0
    assert likeness(Counter("ab"), Counter("cd")) == 0.0
    assert likeness(Counter(), Counter()) == 0.0
