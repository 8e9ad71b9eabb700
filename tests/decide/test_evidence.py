"""Rows as evidence or as refused: their kind, what they are of, and the window they lie outside of."""

from __future__ import annotations

import pytest

from priorauth.decide import evidence
from priorauth.decide.evidence import Rows
from priorauth.engines.python.tree import evaluate
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.values import dates
from tests.asking import criterion, view


@pytest.mark.parametrize(
    ("given", "kind", "display"),
    [
        ("hba1c: [{on: 2026-10-02, value: 8 %, ref: Observation/a}]", "laboratory result", "HbA1c"),
        ("glucose_self_test: [{on: 2026-10-02, ref: Observation/a}]", "meter reading", "self-test of glucose"),
        ("body_weight: [{on: 2026-10-02, value: 70 kg, ref: Observation/w}]", "vital sign", "weight"),
        ("diabetes: [{from: 2020-01-01, ref: Condition/d}]", "diagnosis", "diabetes"),
        ("prescriber_visit: [{on: 2026-10-02, ref: Encounter/e}]", "visit", "visit to the prescriber"),
        ("motivated: [{is: yes, ref: QuestionnaireResponse/q}]", "form answer", "motivated"),
        ("hba1c: [{on: 2026-10-02, value: 8 %, ref: meter.csv}]", "record", "HbA1c"),
    ],
)
def test_a_row_is_named_by_the_kind_of_its_source_and_by_what_it_is_of(given: str, kind: str, display: str) -> None:
    of = view(given)
    (row,) = of.case.of(given.partition(":")[0])
    (shown,) = Rows(of).shown([row])
    assert (shown.kind, shown.display) == (kind, display)


def days(line: str) -> tuple[str | None, str | None] | None:
    test = criterion(line).test
    assert isinstance(test, Leaf)
    where = evidence.window(test.form, view())
    if where is None:
        return None
    first, last = evidence.bounds(where)
    return (None if first is None else dates.iso(first), None if last is None else dates.iso(last))


def test_a_window_is_open_at_its_start() -> None:
    assert days("latest hba1c within 12 months > 7.0 %") == ("2025-11-22", "2026-11-21")
    assert days("latest hba1c > 7.0 %") is None
    assert days("motivated") is None
    assert days("any intrathecal_trial_dose before request") == (None, "2026-11-21")


def test_rows_before_and_after_a_window_are_those_nearest_to_it() -> None:
    given = "hba1c: [" + ", ".join(f"{{on: 2025-{month:02}-01, value: 8 %}}" for month in range(1, 10)) + "]"
    of = view(given)
    found = evaluate(criterion("latest hba1c within 12 months > 7.0 %"), of)
    assert [one.date for one in Rows(of).outside(found)] == ["2025-07-01", "2025-08-01", "2025-09-01"]


def test_a_result_after_the_window_is_too_new() -> None:
    of = view("hba1c: [{on: 2026-12-24, value: 8 %}]")
    (refused,) = Rows(of).outside(evaluate(criterion("latest hba1c within 12 months > 7.0 %"), of))
    assert (refused.ground, refused.bound) == ("too new", "2026-11-21")


@pytest.mark.parametrize(
    ("day", "ground", "bound"),
    [
        ("2025-11-20", "too old", "2025-11-21"),
        ("2025-11-21", "too old", "2025-11-21"),  # the day from which the window counts lies outside of it
        ("2025-11-22", None, None),
        ("2026-11-21", None, None),
        ("2026-11-22", "too new", "2026-11-21"),
    ],
)
def test_a_paper_outside_its_window_says_on_which_side(day: str, ground: str | None, bound: str | None) -> None:
    of = view(f"clinical_notes_dated: {day}")
    found = Rows(of).outside(evaluate(criterion("documented clinical_notes_dated within 12 months"), of))
    assert [(one.ground, one.bound) for one in found] == ([] if ground is None else [(ground, bound)])


@pytest.mark.parametrize(("said", "grounds"), [("no", ["says no"]), ("yes", [])])
def test_that_there_is_no_paper_is_told_and_that_there_is_one_is_not(said: str, grounds: list[str]) -> None:
    of = view(f"clinical_notes_dated: 2020-01-01\nma_review_form_on_file: {said}")
    found = evaluate(criterion("documented clinical_notes_dated within 12 months"), of)
    where = evidence.window(f.Documented("ma_review_form_on_file", found.criterion.test.form.windows), of)  # type: ignore[union-attr]
    assert where is not None
    assert [one.ground for one in Rows(of)._papers(of.rows("ma_review_form_on_file", "all"), where)] == grounds  # noqa: SLF001
