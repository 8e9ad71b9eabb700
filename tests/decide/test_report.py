"""A determination says why: exclusions, misses and hand-offs by paragraph, and what was read into the text."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth import determine
from priorauth.decide.determination import Determination

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
OWN = Path(__file__).parent.parent / "cases" / "own"


def found(name: str) -> Determination:
    return determine((EXAMPLES / f"{name}.json").read_bytes())[0]


def test_a_miss_is_named_by_its_deepest_paragraph() -> None:
    assert [reason.criterion for reason in found("review").reasons] == ["D.I.A.1", "D.I.A.2", "D.I.F"]


def test_nothing_is_asked_where_a_person_decides() -> None:
    assert found("review").questions == ()
    assert found("conflict").questions == ()


def test_an_approval_names_each_criterion_met() -> None:
    reasons = {reason.criterion: reason.text for reason in found("approve").reasons}
    assert "8.4 %" in reasons["II.A.T.7"]
    assert "II.A.T.9" in reasons


def test_an_exception_that_is_possible_is_said() -> None:
    assert any("exception possible" in reason.text for reason in found("ask").reasons if reason.criterion == "II.A.T.7")


def test_a_text_that_its_payer_may_have_replaced_is_said() -> None:
    assert any("superseded-candidate" in note for note in found("approve").notes)


def test_roles_part_criteria_from_exclusions_and_documents() -> None:
    roles = {part.id: part.role for part in found("approve").criteria}
    assert (roles["II.A.T.7"], roles["II.B.4"], roles["III.0.2"]) == ("criterion", "exclusion", "document")


def test_a_child_missing_a_criterion_is_told_of_epsdt() -> None:
    bundle = json.loads((EXAMPLES / "approve.json").read_text("utf-8"))
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            resource["birthDate"] = "2012-05-05"
        if resource["resourceType"] == "QuestionnaireResponse":
            next(item for item in resource["item"] if item["linkId"] == "motivated")["answer"][0]["valueBoolean"] = (
                False
            )
    young = determine(bundle)[0]
    assert young.outcome == "clinical-review"
    assert any("EPSDT" in reason.text for reason in young.reasons)


def test_a_child_who_needs_an_exception_is_told_of_epsdt_and_an_adult_is_not() -> None:
    bundle = json.loads((EXAMPLES / "approve.json").read_text("utf-8"))
    for entry in bundle["entry"]:
        if entry["resource"]["id"] == "a1c-3":
            entry["resource"]["valueQuantity"]["value"] = 6.5
    adult = determine(bundle)[0]
    next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")["birthDate"] = (
        "2012-05-05"
    )
    child = determine(bundle)[0]
    assert adult.outcome == child.outcome == "clinical-review"
    assert not any("EPSDT" in reason.text for reason in adult.reasons)
    assert any("EPSDT" in reason.text for reason in child.reasons)


def test_a_hand_off_that_a_clinician_has_answered_is_no_longer_shown() -> None:
    def shown(name: str) -> tuple[str, list[str]]:
        case = json.loads((OWN / f"{name}.json").read_text("utf-8"))
        made = determine(case["bundle"], judgments=case["judgments"])[0]
        return made.outcome, [part.status for part in made.criteria if part.role == "hand-off"]

    assert shown("caresource-albuminuria-301") == ("clinical-review", ["met"])
    assert shown("caresource-albuminuria-301-judged") == ("approve", [])
