"""Synthetic requests: claims with what belongs to them, for pumps of each kind."""

from __future__ import annotations

from priorauth.facts import vocabulary
from priorauth.population import synthesize_requests
from tests.pens import pen, read


def test_every_request_asks_for_one_pump_under_the_members_coverage() -> None:
    found = read(synthesize_requests.requests(pen(800))["Claim"])
    assert len(found) > 50
    for claim in found:
        member = claim["patient"]["reference"].removeprefix("Patient/")
        assert claim["insurance"][0]["coverage"]["reference"] == f"Coverage/{member}-c"
        assert len(claim["item"]) == 1
        assert "2026-08-20" < claim["created"] <= "2026-11-20"


def test_every_answer_is_to_a_fact_of_the_vocabulary() -> None:
    known = vocabulary.load()
    forms = read(synthesize_requests.requests(pen(800))["QuestionnaireResponse"])
    asked = {item["linkId"] for form in forms for item in form["item"]}
    assert {"request_kind", "motivated", "insulin_injections"} <= asked
    assert [name for name in asked if name not in known] == []


def test_forms_and_notes_are_missing_from_some_requests() -> None:
    found = {kind: len(read(lines)) for kind, lines in synthesize_requests.requests(pen(800)).items()}
    assert found["QuestionnaireResponse"] < found["Claim"]
    assert found["DocumentReference"] < found["Claim"]
