"""The outcome in SQL is that of the one table, for every combination of signs."""

from __future__ import annotations

from itertools import product
from typing import get_args

import duckdb

from priorauth.engines.sql.outcome import Plan
from priorauth.policy.outcome import TABLE, Sign, outcome
from tests import asking
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, step

SIGNS: tuple[Sign, ...] = get_args(Sign)


def test_every_combination_of_signs_has_the_outcome_that_python_gives() -> None:
    made = policy(step("motivated", "one"))
    text = Plan.of(made, made.pathways, (), VOCABULARY).outcome()
    columns = ", ".join(f"(n >> {place}) % 2 = 1 AS sign_{sign}" for place, sign in enumerate(SIGNS))
    query = f"SELECT {text} FROM (SELECT n, {columns} FROM range({2 ** len(SIGNS)}) AS all_of(n)) ORDER BY n"
    found = [name for (name,) in duckdb.execute(query).fetchall()]
    signs = (dict(zip(SIGNS, reversed(bits), strict=True)) for bits in product((False, True), repeat=len(SIGNS)))
    assert found == [outcome(held) for held in signs]
    assert set(found) == {name for name, _ in TABLE}


def test_who_meets_all_is_approved_who_fails_is_reviewed_and_who_is_silent_is_asked() -> None:
    cases = [asking.case(given) for given in ("motivated: yes", "motivated: no", "{}")]
    rows = decided(policy(step("motivated", "one")), cases, VOCABULARY)
    assert [row["outcome"] for row in rows] == ["approve", "clinical-review", "request-information"]
    assert [row["questions"] for row in rows] == ["", "", "motivated"]


def test_nothing_is_asked_of_a_member_who_fails_another_step() -> None:
    steps = policy(step("motivated", "one"), step("able_to_operate_pump", "two"))
    (row,) = decided(steps, [asking.case("motivated: no")], VOCABULARY)
    assert (row["outcome"], row["two"], row["questions"]) == ("clinical-review", "unknown", "")
