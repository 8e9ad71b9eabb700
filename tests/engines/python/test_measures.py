"""Measures give bounds: what is on hand is the least there is, wholeness says that there is no more."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from priorauth.engines.python import measures
from priorauth.engines.python.view import View
from priorauth.facts.case import Case
from priorauth.facts.rows import Event, Source, Whole
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.values import dates
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


# ---- a row of which something cannot be read lies on no day and in no number for certain ----

A1C = "hba1c: [{on: 2026-11-01, value: 8.1 %}"
LOW = "hypoglycemia: [{on: 2026-11-01}, {on: 2026-11-02}"
FAULTY_A1C = ", {on: 2026-11-02, mention: no unit}]"
FAULTY_LOW = ", {on: 2026-11-03, mention: no unit}]"


@pytest.mark.parametrize(
    ("line", "given", "faulty", "plain", "open_"),
    [
        ("latest hba1c within 6 months > 7 %", A1C, FAULTY_A1C, MET, UNKNOWN),
        ("latest hba1c within 6 months > 9 %", A1C, FAULTY_A1C, NOT_MET, UNKNOWN),
        ("latest hba1c within 6 months > 7 %", A1C, ", {on: 2026-10-01, mention: no unit}]", MET, MET),
        ("count of hypoglycemia within 3 months >= 2", LOW, FAULTY_LOW, MET, MET),
        ("count of hypoglycemia within 3 months >= 3", LOW, FAULTY_LOW, UNKNOWN, UNKNOWN),
    ],
)
def test_a_faulty_row_leaves_open_what_it_might_turn(
    line: str, given: str, faulty: str, plain: object, open_: object
) -> None:
    assert ask(line, given + "]").truth == plain
    assert ask(line, given + faulty).truth == open_


FASTING = (
    "fasting_glucose: [{on: 2026-11-01, value: 150 mg/dL}, {on: 2026-11-02, value: 210 mg/dL}, "
    "{on: 2026-11-03, value: 150 mg/dL}"
)
WHOLE = ", {whole: true, from: 2026-01-01, until: 2026-11-21}]"


@pytest.mark.parametrize(
    ("line", "rows", "faulty"),
    [
        ("count of hypoglycemia within 3 months >= 3", LOW, ", {on: 2026-11-03, mention: words only}"),
        (
            "daily average of glucose_self_test within 2 days >= 2 /d",
            "glucose_self_test: [{daily: 2, from: 2026-11-20, until: 2026-11-20}, {on: 2026-11-21}",
            ", {on: 2026-11-21, mention: words only}",
        ),
        (
            "share of fasting_glucose above 200 mg/dL within 3 months >= 50 % of at least 2",
            FASTING,
            ", {on: 2026-11-04, mention: no unit}",
        ),
    ],
)
def test_what_is_denied_by_a_whole_record_is_open_where_a_row_in_it_cannot_be_read(
    line: str, rows: str, faulty: str
) -> None:
    assert ask(line, rows + WHOLE).truth == NOT_MET
    assert ask(line, rows + faulty + WHOLE).truth == UNKNOWN


DAYS = st.tuples(st.integers(0, 40), st.sampled_from((0, 0, 3, 9))).map(lambda drawn: (drawn[0], sum(drawn)))
"""Spans of days within six weeks."""


@drawn(st.lists(DAYS, min_size=1, max_size=3), st.sampled_from((1, 4, 10)))
def test_what_lies_apart_for_certain_is_the_least_of_all_ways_in_which_the_days_may_lie(
    spans: list[tuple[int, int]], apart: int
) -> None:
    first = dates.day("2026-10-01")
    rows = tuple(
        Event("hypoglycemia", Source.RECORD, f"{place}", first + low, first + high)
        for place, (low, high) in enumerate(spans)
    )
    (wanted, most) = (
        choose(most_apart(days, apart) for days in product(*(range(low, high + 1) for low, high in spans)))
        for choose in (min, max)
    )
    whole = Whole("hypoglycemia", Source.RECORD, "w", dates.FIRST_DAY, dates.day("2026-11-21"))
    line = criterion(f"at least 2 of hypoglycemia at least {apart} days apart").test
    assert isinstance(line, Leaf)
    assert isinstance(line.form, f.Spaced)
    case = Case(dates.day("2026-11-21"), {"hypoglycemia": (*rows, whole)})
    found = measures.spaced(line.form, View(case, view().vocabulary), "all").value
    assert found is not None
    assert found.low == wanted
    assert found.high is not None
    assert found.high >= most


def most_apart(days: tuple[int, ...], apart: int) -> int:
    """Count the most of some days of which any two lie so far apart, by trying every choice."""
    return max(
        len(chosen)
        for size in range(len(days) + 1)
        for chosen in combinations(sorted(days), size)
        if all(two - one >= apart for one, two in pairwise(chosen))
    )
