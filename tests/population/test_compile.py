"""A policy becomes one query: each leaf once, every status a column, one request date or each member's own."""

from __future__ import annotations

import re

from priorauth.population.compile import compile_policy
from tests import asking
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, step

HBA1C = "latest hba1c within 6 months > 7.0 %"


def test_a_line_that_stands_in_two_criteria_is_worked_out_once() -> None:
    query = compile_policy(policy(step(HBA1C, "A"), step("motivated", "B"), step(HBA1C, "C")), VOCABULARY)
    assert [block.name for block in query.blocks if block.name.startswith(("leaf_", "said"))] == ["leaf_01", "said"]
    assert list(query.statuses) == ["A", "B", "C"]
    assert query.text.count(f"-- {HBA1C}\n") == 1


def test_the_columns_that_are_promised_are_those_that_come() -> None:
    made = policy(step("motivated", "A.1 (b)", "Motivated"))
    (row,) = decided(made, [asking.case("motivated: yes")], VOCABULARY)
    query = compile_policy(made, VOCABULARY)
    assert sorted(row) == sorted(query.columns)
    assert row["A.1 (b)"] == "met"
    assert query.titles == {"A.1 (b)": "Motivated"}


def test_without_a_shared_date_the_window_counts_from_each_members_own() -> None:
    cases = [asking.case("hba1c: [{on: 2026-02-01, value: 8.1 %}]", day) for day in ("2026-07-31", "2026-08-01")]
    made = policy(step(HBA1C, "A"))
    own = decided(made, cases, VOCABULARY)
    shared = decided(made, cases, VOCABULARY, as_of=cases[0].as_of)
    assert [row["A"] for row in own] == ["met", "unknown"]
    assert [row["A"] for row in shared] == ["met", "met"]


def test_answers_and_record_that_settle_a_line_differently_are_a_conflict() -> None:
    line = "pump_trial lasts 3 months"
    given = "{pump_trial: [{from: 2026-08-01}, {from: 2026-08-01, until: 2026-08-10, source: answer}]}"
    (row,) = decided(policy(step(line, "A")), [asking.case(given)], VOCABULARY)
    assert (row["A"], row["outcome"]) == ("conflict", "clinical-review")


def test_a_clinicians_word_settles_a_criterion_that_facts_leave_open() -> None:
    cases = [asking.case(given) for given in ("{}", "{settle.A: yes}", "{settle.A: no}")]
    rows = decided(policy(step(HBA1C, "A")), cases, VOCABULARY)
    assert [row["A"] for row in rows] == ["unknown", "met", "not-met"]


def test_a_block_stands_in_a_stage_after_all_that_it_needs() -> None:
    query = compile_policy(policy(step(HBA1C, "A"), step(HBA1C.replace("7.0", "8.0"), "B")), VOCABULARY)
    order = [block.name for block in query.blocks]
    laid: list[str] = []
    for stage in query.stages:
        views = [block.name for block in stage if not block.kept]
        for block in stage:
            earlier = order[: order.index(block.name)]
            needed = {name for name in earlier if re.search(rf"\b{name}\b", block.text)}
            assert needed <= {*laid, *views}
        laid += [block.name for block in stage]
    assert sorted(laid) == sorted(order)
    leaves = [stage for stage in query.stages if any(block.name.startswith("leaf_") for block in stage)]
    assert [sum(block.name.startswith("leaf_") for block in stage) for stage in leaves] == [2]
