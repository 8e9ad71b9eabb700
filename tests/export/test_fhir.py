"""The PAS response: the contract's action codes, the request echoed, nothing that a clock or chance could change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from priorauth import determine
from priorauth.decide.outcome import Outcome
from priorauth.export.fhir import ACTION, response

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
CODES: dict[Outcome, str] = {
    "approve": "A1",
    "not-required": "NA",
    "not-applicable": "CT",
    "other-criteria": "CT",
    "request-information": "A4",
    "clinical-review": "A4",
    "not-yet": "A4",
}


def answered(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    bundle = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return bundle, response(determine(bundle), bundle)


def test_the_action_codes_are_those_of_the_contract_and_none_denies() -> None:
    assert ACTION == CODES
    assert "A3" not in ACTION.values()


@pytest.mark.parametrize(("name", "code"), [("approve", "A1"), ("ask", "A4"), ("review", "A4"), ("not-yet", "A4")])
def test_each_item_carries_its_review_action(name: str, code: str) -> None:
    _, made = answered(name)
    claim_response = made["entry"][0]["resource"]
    assert claim_response["resourceType"] == "ClaimResponse"
    action = claim_response["item"][0]["adjudication"][0]["extension"][0]["extension"][0]
    assert action["valueCodeableConcept"]["coding"][0]["code"] == code


def test_the_parties_are_echoed_with_their_full_urls() -> None:
    bundle, made = answered("approve")
    sent = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    echoed = made["entry"][1:]
    assert {entry["resource"]["resourceType"] for entry in echoed} == {"Patient", "Organization"}
    assert all(sent[entry["fullUrl"]] == entry["resource"] for entry in echoed)


def test_questions_stand_in_the_process_notes() -> None:
    _, made = answered("ask")
    notes = [note["text"] for note in made["entry"][0]["resource"]["processNote"]]
    assert any("HbA1c" in note and "II.A.T.7" in note for note in notes)


def test_the_same_request_gives_the_same_response() -> None:
    assert json.dumps(answered("medicare")[1]) == json.dumps(answered("medicare")[1])
