"""Inputs as real systems and hostile hands send them, each one change away from a request that is approved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from priorauth import determine
from priorauth.decide.determination import Determination
from priorauth.errors import InputRefused

HERE = Path(__file__).parent
CASES = [path for path in sorted(HERE.glob("*.json")) if not path.name.startswith(("fhir-", "ingest-"))]
"""What comes out as FHIR, and what goes into a population, is held where those are tested."""
RAW: dict[str, dict[str, Any]] = {
    name: case["expect"]
    for name, case in json.loads((HERE / "raw" / "expect.json").read_bytes()).items()
    if not name.startswith("format-")
}


def statuses(criteria: list[dict[str, Any]]) -> Iterator[tuple[str | None, str]]:
    for one in criteria:
        yield one["id"], one["status"]
        yield from statuses(one["parts"])


def check(expect: dict[str, Any], found: list[Determination]) -> None:
    """Hold what came out to what is expected of it."""
    made = [one.as_json() for one in found]
    if "mentions" in expect:
        assert expect["mentions"] in json.dumps(made)
        return
    outcomes = [one.outcome for one in found]
    if "outcome" in expect:
        assert outcomes[0] == expect["outcome"], found[0].reasons
    if "outcome_in" in expect:
        assert outcomes[0] in expect["outcome_in"], found[0].reasons
    if "not_outcome" in expect:
        assert expect["not_outcome"] not in outcomes
    assert {"outcome", "outcome_in", "not_outcome"} & set(expect)
    status: dict[str | None, str] = {}
    for name, verdict in statuses(made[0]["criteria"]):
        status.setdefault(name, verdict)
    assert {name: status.get(name) for name in expect.get("status", {})} == expect.get("status", {})
    asked = {question.fact for question in found[0].questions}
    assert asked.isdisjoint(expect.get("questions_exclude", ()))
    assert asked >= set(expect.get("questions_include", ()))


def decide(expect: dict[str, Any], bundle: bytes, **options: Any) -> None:
    try:
        found = determine(bundle, **options)
    except InputRefused as refused:
        if not (expect.get("or_refused") or expect.get("exit") == 2):
            pytest.fail(str(refused))
        return
    assert "exit" not in expect
    check(expect, found)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_edge_case_comes_out_as_it_must(path: Path) -> None:
    case = json.loads(path.read_bytes())
    decide(case["expect"], json.dumps(case["bundle"]).encode(), as_of=case.get("as_of"))


@pytest.mark.parametrize("name", sorted(RAW))
def test_a_raw_edge_case_comes_out_as_it_must(name: str) -> None:
    judgments = HERE / "raw" / f"{name}.judgments.json"
    options = {"judgments": judgments.read_bytes()} if judgments.exists() else {}
    decide(RAW[name], (HERE / "raw" / f"{name}.json").read_bytes(), **options)
