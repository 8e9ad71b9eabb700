"""The grid holds both sides of every edge that a line has, in days, numbers and periods."""

from __future__ import annotations

from itertools import pairwise

import pytest

from priorauth.engines.solver.grid import NEVER, Script, forms_of
from priorauth.values.dates import LAST_DAY, day, iso, years_between
from priorauth.values.truth import MET, NOT_MET
from tests.asking import ask, criterion
from tests.assurance.one_line import AS_OF, grid


def test_the_cells_of_a_fact_do_not_overlap_and_leave_no_day_out() -> None:
    laid = grid(
        "count of severe_hypoglycemia within 6 months >= 2", "days with severe_hypoglycemia within 3 months >= 3"
    )
    cells = laid.cells("severe_hypoglycemia")
    assert cells[-1].last == AS_OF
    assert all(one.last + 1 == two.first for one, two in pairwise(cells))
    assert {day("2026-05-20"), day("2026-05-21"), day("2026-08-20"), day("2026-08-21")} <= {
        cell.first for cell in cells if cell.days == 1
    }


def test_a_threshold_has_numbers_on_both_sides_of_which_one_is_met() -> None:
    numbers = grid("latest hba1c > 7.0 %").numbers("hba1c")
    given = "hba1c: [{{on: 2026-11-01, value: {} %}}]"
    verdicts = {number: ask("latest hba1c > 7.0 %", given.format(number / 10), iso(AS_OF)).truth for number in numbers}
    assert verdicts == {70: NOT_MET, 71: MET}


def test_births_stand_on_both_sides_of_an_age() -> None:
    ages = {years_between(birth, AS_OF) for birth in grid("age < 21 years").dates("birth_date")}
    assert {20, 21} <= ages


def test_a_period_of_three_months_can_be_just_long_enough_and_a_day_too_short() -> None:
    scripts = grid("pump_trial lasts 3 months").scripts("pump_trial")
    starts = {one.start for one in scripts if one is not None and one.end == LAST_DAY}
    assert {day("2026-08-20"), day("2026-08-21")} <= starts
    assert None in scripts


@pytest.mark.parametrize(("on", "value"), [(9, None), (10, 3), (20, 3), (21, None)])
def test_a_regimen_says_nothing_of_the_days_outside_it(on: int, value: int | None) -> None:
    assert Script(10, 20, 3).on(on, condition=False) == value


def test_a_condition_that_has_ended_is_absent_and_one_never_begun_too() -> None:
    assert Script(10, 20, 1).on(21, condition=True) == 0
    assert Script(NEVER, NEVER, 0).on(21, condition=True) == 0
    assert Script(10, 20, 1).on(9, condition=True) == 0
    assert Script(10, 20, 1).on(9, condition=False) is None


def test_a_line_that_stands_twice_is_one_form() -> None:
    tree = criterion("{all: [motivated, diabetes, {any: [motivated, age >= 18 years]}]}")
    assert len(forms_of([tree])) == 3
