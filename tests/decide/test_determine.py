"""Worked cases, and what the contract says of the whole: same bytes, many threads, one determination an item."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from priorauth import determine

CASES = Path(__file__).parent.parent / "cases"
FILES = sorted(CASES.glob("*/*.json"))
WORKED = [path for path in FILES if path.parent.name != "own"]


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def decided(case: Mapping[str, Any]) -> dict[str, Any]:
    judgments = case["judgments"]
    found = determine(case["bundle"], policy=case["policy"], as_of=case["as_of"], judgments=judgments)
    return found[0].as_json()


def statuses(criteria: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for part in criteria:
        if part["id"]:
            yield part["id"], part["status"]
        yield from statuses(part["parts"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_a_worked_case_comes_out_as_expected(path: Path) -> None:
    case = load(path)
    found, expect = decided(case), case["expect"]
    assert found["outcome"] == expect["outcome"], found["reasons"]
    for key in ("pathway", "decide_after"):
        if key in expect:
            assert found[key] == expect[key]
    seen = dict(statuses(found["criteria"]))
    assert {key: seen.get(key) for key in expect.get("status", {})} == expect.get("status", {})
    asked = {question["fact"] for question in found["questions"]}
    assert set(expect.get("questions_include", [])) <= asked
    assert not asked & set(expect.get("questions_exclude", []))


def test_there_are_worked_cases_of_every_payer() -> None:
    assert len(FILES) >= 16
    assert {path.parent.name for path in FILES} >= {"anthem", "caresource", "husky", "masshealth"}


def test_the_same_request_gives_the_same_bytes_from_many_threads() -> None:
    cases = [load(path) for path in WORKED]
    alone = [json.dumps(decided(case)) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda case: json.dumps(decided(case)), cases * 4))
    assert together == alone * 4


def test_the_order_of_the_bundle_does_not_matter() -> None:
    for path in WORKED:
        case = load(path)
        before = decided(case)
        claim, *rest = case["bundle"]["entry"]
        case["bundle"]["entry"] = [claim, *reversed(rest)]
        assert decided(case) == before, path


def test_parsed_and_raw_bundles_are_the_same_request() -> None:
    case = load(WORKED[0])
    raw = determine(json.dumps(case["bundle"]).encode())[0].as_json()
    assert raw == decided(case)


def test_a_plan_may_set_a_reading_in_its_payers_file(tmp_path: Path) -> None:
    folder = tmp_path / "masshealth"
    folder.mkdir()
    (folder / "payer.yaml").write_text(
        "payer: masshealth\nname: MassHealth\nplans: {masshealth-standard: {hba1c_age: 24 months}}\n", encoding="utf-8"
    )
    raw = (CASES.parent.parent / "examples" / "ask.json").read_bytes()
    plain, planned = determine(raw)[0], determine(raw, policies=(tmp_path,))[0]
    assert "hba1c" in [question.fact for question in plain.questions]
    assert "hba1c" not in [question.fact for question in planned.questions]
    readings = planned.receipt["readings"]
    assert isinstance(readings, dict)
    assert readings["hba1c_age"] == "24 months"
