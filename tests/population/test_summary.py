"""The summary in words: every number of a run made by hand stands where a reader looks for it."""

from __future__ import annotations

import duckdb
import pytest

from priorauth.engines.sql.compile import compile_policy
from priorauth.population import run
from priorauth.population.compare import Comparison
from priorauth.population.summary import compared, page
from tests.population.small import VOCABULARY, policy, step

QUERY = compile_policy(
    policy(step("motivated", "A", "Motivated"), step("able_to_operate_pump", "B", "Able")), VOCABULARY
)
ROWS = (
    ("approve", "", "met", "met"),
    ("clinical-review", "", "not-met", "met"),
    ("request-information", "able_to_operate_pump", "met", "unknown"),
)


@pytest.fixture
def found() -> run.Summary:
    connection = duckdb.connect()
    connection.execute('CREATE TABLE rows (pathway TEXT, outcome TEXT, questions TEXT, "A" TEXT, "B" TEXT)')
    connection.executemany("INSERT INTO rows VALUES ('p', ?, ?, ?, ?)", ROWS)
    return run.summary_of(connection, QUERY, "rows")


def test_the_funnel_counts_who_is_left_and_who_misses_one_step_alone(found: run.Summary) -> None:
    steps = {step_.criterion: (step_.counts["met"], step_.left, step_.alone) for step_ in found.steps}
    assert steps == {"A": (2, 2, 1), "B": (2, 1, 1)}


def test_the_page_shows_outcomes_the_funnel_and_what_is_asked_most(found: run.Summary) -> None:
    lines = [line.split() for line in page(found).splitlines()]
    assert lines[0][-2:] == ["3", "members"]
    assert ["clinical-review", "1", "33.3", "%"] in lines
    assert ["A", "2", "1", "0", "0", "2", "1", "Motivated"] in lines
    assert ["B", "2", "0", "1", "0", "1", "1", "Able"] in lines
    assert lines[-1] == ["able_to_operate_pump", "1"]


def test_nobody_is_no_share_of_nobody() -> None:
    text = page(run.Summary(QUERY.policy, outcomes={"approve": 0}))
    assert text.splitlines()[0].endswith(": 0 members")
    assert "%" not in text


def test_numbers_stand_to_the_right_in_columns(found: run.Summary) -> None:
    found.asked = {"short": 1_234, "a_longer_name": 7}
    assert page(found).endswith("asked most\n  short          1,234\n  a_longer_name      7\n")


def test_a_comparison_without_losers_says_nothing_of_losing() -> None:
    moved = (("clinical-review", "approve", 2),)
    text = compared(Comparison("one", "two", 5, 1, 2, 0, moved, (("A Motivated", 2),), ()))
    assert text.startswith("5 members: one against two\n")
    assert "  clinical-review -> approve  2\n" in text
    assert text.endswith("\n  A Motivated  2\n")
    assert "who loses" not in text
