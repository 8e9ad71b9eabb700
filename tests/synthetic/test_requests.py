"""Synthetic requests: claims with what belongs to them, for pumps of each kind."""

from __future__ import annotations

from priorauth.facts import vocabulary
from priorauth.synthetic import requests
from tests.pens import pen, read


def test_every_request_asks_for_one_pump_under_the_members_coverage() -> None:
    found = read(requests.requests(pen(800))["Claim"])
    assert len(found) > 50
    for claim in found:
        member = claim["patient"]["reference"].removeprefix("Patient/")
        assert claim["insurance"][0]["coverage"]["reference"] == f"Coverage/{member}-c"
        assert len(claim["item"]) == 1
        assert "2026-08-20" < claim["created"] <= "2026-11-20"


def test_every_answer_is_to_a_fact_of_the_vocabulary() -> None:
    known = vocabulary.load()
    forms = read(requests.requests(pen(800))["QuestionnaireResponse"])
    asked = {item["linkId"] for form in forms for item in form["item"]}
    assert {"request_kind", "motivated", "insulin_injections"} <= asked
    assert [name for name in asked if name not in known] == []


def test_forms_and_notes_are_missing_from_some_requests() -> None:
    found = {kind: len(read(lines)) for kind, lines in requests.requests(pen(800)).items()}
    assert found["QuestionnaireResponse"] < found["Claim"]
    assert found["DocumentReference"] < found["Claim"]


def test_a_first_request_is_certified_as_initial_and_a_continued_one_as_a_renewal() -> None:
    made = requests.requests(pen(800))
    kinds = {
        form["subject"]["reference"]: item["answer"][0]["valueCoding"]["code"]
        for form in read(made["QuestionnaireResponse"])
        for item in form["item"]
        if item["linkId"] == "request_kind"
    }
    certified: dict[str, set[str | None]] = {}
    for claim in read(made["Claim"]):
        if (kind := kinds.get(claim["patient"]["reference"])) is not None:
            told = claim["item"][0].get("extension", [])
            code = told[0]["valueCodeableConcept"]["coding"][0]["code"] if told else None
            certified.setdefault(kind, set()).add(code)
    assert certified["initial"] == {"I"}
    assert certified["continued"] == {"R"}
    assert set().union(*(codes for kind, codes in certified.items() if kind not in ("initial", "continued"))) == {None}


def test_an_adult_is_able_to_operate_the_pump_and_of_a_child_somebody_else_is() -> None:
    drawn = pen(800)
    seen = {True: 0, False: 0}
    for form in read(requests.requests(drawn)["QuestionnaireResponse"]):
        asked = {item["linkId"] for item in form["item"]}
        adult = bool(drawn.cohort.age[int(form["subject"]["reference"].rpartition("m")[2])] >= 18)
        seen[adult] += bool(asked & {"able_to_operate_pump", "caregiver_able_to_operate_pump"})
        assert ("caregiver_able_to_operate_pump" if adult else "able_to_operate_pump") not in asked
    assert min(seen.values()) > 3, seen
