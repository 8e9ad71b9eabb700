"""A comparison of two policies over the same members: who gains, who loses, and by which criterion."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.engines.sql.compile import Query, compile_policy
from priorauth.population import tables
from priorauth.population.compare import compare
from tests import asking
from tests.population.small import VOCABULARY, policy, step

MEMBERS = (
    "{hba1c: [{on: 2026-10-02, value: 7.5 %}], motivated: yes}",
    "{hba1c: [{on: 2026-10-02, value: 6.5 %}], motivated: yes}",
    "{hba1c: [{on: 2026-10-02, value: 5.5 %}], motivated: yes}",
)


def made(line: str, name: str = "A") -> Query:
    return compile_policy(policy(step(line, name, "HbA1c"), step("motivated", f"{name}.2")), VOCABULARY)


@pytest.fixture(params=[1, 3], ids=["three buckets", "one bucket"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    cases = [(f"Patient/{n}", asking.case(given)) for n, given in enumerate(MEMBERS)]
    tables.write_cases(tmp_path, cases, in_bucket=request.param)
    return tmp_path


def test_one_gains_one_loses_and_the_criterion_that_changed_is_named(folder: Path) -> None:
    one, two = made("latest hba1c > 7.0 %"), made("latest hba1c < 6.0 %")
    found = compare(folder, one, two, ("high", "low"))
    assert (found.members, found.both, found.gain, found.lose) == (3, 0, 1, 1)
    assert found.moved == (("approve", "clinical-review", 1), ("clinical-review", "approve", 1))
    assert found.gained_by == found.lost_by == (("A HbA1c", 1),)


def test_a_lower_limit_lets_one_more_in_and_nobody_out(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c > 6.0 %"), ("seven", "six"))
    assert (found.both, found.gain, found.lose) == (1, 1, 0)
    assert found.lost_by == ()


def test_policies_without_ids_in_common_name_what_is_not_met(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c < 6.0 %", "Z"), ("high", "low"))
    assert found.gained_by == (("A HbA1c is not met", 1),)
    assert found.lost_by == (("Z HbA1c is not met", 1),)


def test_the_json_bears_the_same_numbers(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c > 6.0 %"), ("seven", "six")).as_json()
    assert (found["policy"], found["against"], found["gain"]) == ("seven", "six", 1)
    assert found["gained_by"] == [{"reason": "A HbA1c", "members": 1}]


def test_the_commonest_reason_comes_first(tmp_path: Path) -> None:
    gains = "{hba1c: [{on: 2026-10-02, value: 6.5 %}], motivated: MOTIVATED, follows_diet_and_exercise: yes}"
    cases = [asking.case(gains.replace("MOTIVATED", said)) for said in ("yes", "yes", "no")]
    tables.write_cases(tmp_path, ((f"Patient/{n}", case) for n, case in enumerate(cases)), in_bucket=2)
    one, two = (
        compile_policy(policy(step(line, "A"), step(said, "B")), VOCABULARY)
        for line, said in (("latest hba1c > 7.0 %", "motivated"), ("latest hba1c > 6.0 %", "follows_diet_and_exercise"))
    )
    found = compare(tmp_path, one, two, ("one", "two"))
    assert [(reason.partition(" ")[0], count) for reason, count in found.gained_by] == [("A", 3), ("B", 1)]
    assert found.moved == (("clinical-review", "approve", 3),)
