"""Measures give bounds: what is on hand is the least there is, wholeness says that there is no more."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from priorauth.decide import measures
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.values.interval import Interval, exactly
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.asking import ask, criterion, view

FOUR_A_DAY = "glucose_self_test: [{daily: 4, from: 2026-10-23, until: 2026-11-21}]"


def test_four_tests_on_each_of_thirty_days_are_four_a_day() -> None:
    assert ask("daily average of glucose_self_test within 30 days >= 4 /d", FOUR_A_DAY).truth == MET


def test_one_test_fewer_is_unknown_until_the_record_is_whole() -> None:
    given = (
        "glucose_self_test: [{daily: 4, from: 2026-10-24, until: 2026-11-21}, "
        "{daily: 3, from: 2026-10-23, until: 2026-10-23}"
    )
    line = "daily average of glucose_self_test within 30 days >= 4 /d"
    assert ask(line, given + "]").truth == UNKNOWN
    assert ask(line, given + ", {whole: true, from: 2026-10-23, until: 2026-11-21}]").truth == NOT_MET


def test_the_day_on_which_the_window_opens_does_not_count() -> None:
    given = "hypoglycemia: [2026-08-21, 2026-08-22]"
    assert ask("count of hypoglycemia within 3 months >= 1", given).value == "at least 1"


def test_the_share_counts_what_is_on_file_and_says_of_how_many() -> None:
    given = (
        "fasting_glucose: ["
        + ", ".join(f"{{on: 2026-11-{day:02}, value: {200 + day % 2} mg/dL}}" for day in range(1, 9))
        + "]"
    )
    found = ask("share of fasting_glucose above 200 mg/dL within 3 months >= 50 % of at least 3", given)
    assert (found.truth, found.value) == (MET, "50 % (4 of 8)")


def form(line: str) -> f.Form:
    test = criterion(line).test
    assert isinstance(test, Leaf)
    return test.form


def test_equal_spans_are_compared_before_and_after_an_anchor() -> None:
    given = "{prior_approval_on: [2026-07-24], hypoglycemia: [2026-03-27, 2026-03-28, 2026-07-24, 2026-09-03]}"
    compared = form("count of hypoglycemia no worse than before prior_approval")
    assert isinstance(compared, f.NoWorse)
    before, after = measures.before_and_after(compared, view(given, "2026-11-20"), "all")
    assert (len(before.rows), len(after.rows)) == (2, 1)


@pytest.mark.parametrize(
    ("before", "after", "by", "expected"),
    [(70, 73, 3, MET), (70, 74, 3, NOT_MET), (70, 70, 0, MET), (70, 71, 0, NOT_MET), (70, 60, 0, MET)],
)
def test_no_worse_admits_just_the_tolerance(before: int, after: int, by: int, expected: object) -> None:
    assert measures.no_worse(exactly(before), exactly(after), by, higher_is_worse=True) == expected


@drawn(st.integers(0, 50), st.integers(0, 50), st.integers(0, 5))
def test_what_is_worse_upward_is_better_downward(before: int, after: int, by: int) -> None:
    up = measures.no_worse(exactly(before), exactly(after), by, higher_is_worse=True)
    down = measures.no_worse(exactly(-before), exactly(-after), by, higher_is_worse=False)
    assert up == down


def test_an_open_end_leaves_the_comparison_open() -> None:
    assert measures.no_worse(Interval(0, None), exactly(1), Fraction(0), higher_is_worse=True) == UNKNOWN


VISITS = (
    "{{prior_approval_on: [2026-03-15], prescriber_visit: [2026-06-{day}, 2026-09-15, 2026-11-20, "
    "{{whole: true, from: 2026-03-15, until: 2026-11-21}}]}}"
)
GAP = "longest gap between prescriber_visit since prior_approval <= 3 months"


def test_visits_three_calendar_months_apart_leave_no_gap_of_more() -> None:
    assert ask(GAP, VISITS.format(day=15)).truth == MET


def test_one_day_more_is_a_gap() -> None:
    assert ask(GAP, VISITS.format(day=16)).truth == NOT_MET
