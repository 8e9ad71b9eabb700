"""A policy becomes one query: each leaf once, every status a column, one request date or each member's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from priorauth.engines.sql.compile import compile_policy
from priorauth.errors import PopulationError
from priorauth.population import compare, duck, run, tables
from tests import asking
from tests.population.held import decided, held
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


def test_what_is_not_kept_stands_before_what_needs_it_and_before_nothing_else() -> None:
    query = compile_policy(policy(step(HBA1C, "A"), step("motivated", "B")), VOCABULARY)
    steps = dict(query.steps)
    assert list(steps) == [block.name for block in query.blocks if block.kept]
    assert ["hba1c_rows AS" in steps[name] for name in ("leaf_01", "said")] == [True, False]
    assert ["found_0 AS" in text for text in (steps["found_0"], query.closing)] == [True, False]


def test_each_step_names_those_that_nothing_reads_after_it() -> None:
    query = compile_policy(policy(step(HBA1C, "A"), step("motivated", "B")), VOCABULARY, evidence=True)
    assert list(query.read) == [name for name, _ in query.steps[::-1]]
    over: set[str] = set()
    for name, text in query.steps:
        assert not over & set(re.findall(r"\w+", text))
        over |= set(query.read[name])
    assert not over & set(re.findall(r"\w+", query.closing))
    assert query.read["found_0"] == ("said",)


HOSTILE = [
    "q\" FROM weighed_2 f JOIN member m ON m.member = f.member; COPY (SELECT 1) TO 'pwned.csv'; SELECT 1 AS \"z",
    "a'; DROP TABLE member; --",
    "x\n; SELECT 1",
    "$name ${columns}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_policy_becomes_sql(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such names are refused when a policy is loaded; here they are put in behind the loader's back."""
    monkeypatch.chdir(tmp_path)
    made = policy(step("any:\n- motivated\n- when: diabetes\n  only when: insulin_treatment", name, name))
    made = replace(made, pathways=(replace(made.pathways[0], id=name, title=name),))
    query = compile_policy(made, VOCABULARY, evidence=True)
    assert list(query.statuses) == [name]
    connection = duck.in_memory(held([asking.case("motivated: yes")]), threads=1)
    duck.run_into(connection, query, "decided")
    found = connection.execute("SELECT * FROM decided")
    assert name in [column[0] for column in found.description]
    counted = run.summary_of(connection, query, "decided")
    assert [(one.pathway, one.criterion, one.counts["met"]) for one in counted.steps] == [(name, name, 1)]
    tables.write_cases(tmp_path / "in", [("Patient/0", asking.case("motivated: yes"))])
    assert compare.compare(tmp_path / "in", query, query, ("a", "b")).members == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("names", [("A.1", "a-1"), ("outcome", "B"), ("Patient", "B")])
def test_criteria_whose_columns_would_be_one_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(PopulationError, match=r"^t\.yaml:\d+: the id \S+ is a column of (A\.1|the result itself)$"):
        compile_policy(policy(step("motivated", names[0]), step("diabetes", names[1])), VOCABULARY)
