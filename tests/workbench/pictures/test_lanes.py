"""What stands in a lane: the rows of a criterion with those of its steps, each once, with shape, days and ground."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from priorauth.decide.decided import Evidence
from priorauth.policy.catalog import open_catalog
from priorauth.values.dates import day
from priorauth.workbench.pictures.lanes import Days, Lane, days, lanes, open_now, rows
from tests.pages import walk
from tests.workbench.pictures import seen
from tests.workbench.pictures.test_windows import example


def found(name: str) -> dict[str | None, Lane]:
    made, policy, case = example(name)
    return {one.id: one for one in lanes(made, policy, open_catalog().vocabulary, case, every=True)}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (None, None),
        ("2026-10-06", Days(day("2026-10-06"), day("2026-10-06"))),
        ("2026-10-01..2026-10-31", Days(day("2026-10-01"), day("2026-10-31"))),
        ("2026-09-14..", Days(day("2026-09-14"), None)),
        ("..2026-09-14", Days(None, day("2026-09-14"))),
        ("by 2026-06-15..", Days(None, None)),
        ("by 2026-06-15..2026-07-01", Days(None, day("2026-07-01"))),
        ("2026-01-01..2026-12-31..", Days(day("2026-01-01"), None)),
        ("2026-01-01..2026-01-31..2026-03-01..2026-03-31", Days(day("2026-01-01"), day("2026-03-31"))),
    ],
)
def test_the_date_of_a_row_is_read_as_it_is_written(date: str | None, expected: Days | None) -> None:
    assert days(date) == expected


def test_each_kind_of_fact_has_its_shape() -> None:
    shapes = {mark.row.display: mark.shape for lane in found("conflict").values() for mark in lane.marks}
    assert shapes["self-test of glucose"] == "event"
    assert shapes["HbA1c"] == "value"
    assert shapes["glucose tests as stated"] == "regimen"


def test_a_gap_is_what_is_asked_about_and_a_whole_file_what_a_row_states() -> None:
    asked = found("ask")["II.A.T.5"]
    assert asked.gaps == (Days(day("2026-10-22"), day("2026-11-20")),)
    assert found("conflict")["II.A.T.5"].wholes == (Days(day("2026-09-21"), day("2026-11-20")),)


def test_the_figure_of_what_does_not_count_says_why() -> None:
    (mark,) = found("ask")["II.A.T.7"].marks
    assert (mark.figure, mark.ground) == ("8.7 %: too old", "too old")


@settings(max_examples=40)
@given(number_of=st.integers(0, len(seen.policies()) - 1), seed=st.integers(0, 10_000))
def test_every_row_of_a_determination_stands_in_a_lane(number_of: int, seed: int) -> None:
    policy = seen.policies()[number_of]
    made, case = seen.drawn(policy, seed)
    drawn = lanes(made, policy, open_catalog().vocabulary, case, every=True)
    listed = {mark.row for lane in drawn for mark in lane.marks}
    assert listed == {row for one, _ in walk(made.criteria) for row in (*one.evidence, *one.refused)}
    for lane in drawn:
        assert len(set(lane.marks)) == len(lane.marks)
        assert all(mark.ground is None for mark in lane.marks if isinstance(mark.row, Evidence))


def test_the_rows_of_a_criterion_are_its_own_and_those_of_its_steps_each_once() -> None:
    made, _, _ = example("conflict")
    (tests,) = (one for one, _ in walk(made.criteria) if one.id == "II.A.T.5")
    assert len(rows(tests)) == len(set(rows(tests))) > len(tests.evidence)


def test_a_statement_of_a_day_stands_on_that_day() -> None:
    papers = found("approve")["III.0.2"].marks
    signed = next(mark for mark in papers if mark.row.display == "signed prescription" and mark.shape == "statement")
    assert signed.days == Days(day(str(signed.row.value)), day(str(signed.row.value)))
    assert signed.row.date != signed.row.value


def test_what_is_shown_is_not_open_and_an_exclusion_that_applies_is() -> None:
    made, policy, case = example("conflict")
    assert [one.id for one in lanes(made, policy, open_catalog().vocabulary, case)] == ["II.A.T.5"]
    roots = [one for one in made.criteria if one.role == "exclusion"]
    applies = structs.replace(roots[0], status="met", decisive=True)
    assert open_now(applies, "exclusion")
    assert not open_now(applies, "criterion")
