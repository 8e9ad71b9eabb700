"""A policy that is not shipped decides requests from a folder of its own: written by the docs, without Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from priorauth import determine

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "policies"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
PATIENT = {"reference": "Patient/p"}
Json = dict[str, Any]


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def answers(*true: str) -> Json:
    return {
        "resourceType": "QuestionnaireResponse", "id": "answers", "status": "completed", "subject": PATIENT,
        "authored": "2026-11-20", "author": {"reference": "Practitioner/doc"},
        "item": [{"linkId": fact, "answer": [{"valueBoolean": True}]} for fact in true],
    }  # fmt: skip


def bundle(*more: Json, product: str = "E2103") -> Json:
    """A request for a glucose monitor by a prescriber who ordered it and saw the member."""
    order = concept(HCPCS, product)
    resources: list[Json] = [
        {
            "resourceType": "Claim", "id": "c", "status": "active", "use": "preauthorization", "patient": PATIENT,
            "created": "2026-11-20", "provider": {"reference": "Organization/dme"},
            "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/v"}}],
            "item": [{"sequence": 1, "productOrService": order, "quantity": {"value": 1}}],
        },
        {"resourceType": "Patient", "id": "p", "birthDate": "1950-05-05", "gender": "female"},
        {
            "resourceType": "Coverage", "id": "v", "status": "active", "beneficiary": PATIENT,
            "payor": [{"reference": "Organization/payer"}], "period": {"start": "2020-01-01"},
        },
        {"resourceType": "Organization", "id": "payer", "name": "Noridian Healthcare Solutions"},
        {"resourceType": "Organization", "id": "dme", "name": "A supplier"},
        {"resourceType": "Practitioner", "id": "doc"},
        {
            "resourceType": "DeviceRequest", "id": "o", "status": "active", "intent": "order", "subject": PATIENT,
            "codeCodeableConcept": order, "authoredOn": "2026-11-10", "requester": {"reference": "Practitioner/doc"},
        },
        {
            "resourceType": "Encounter", "id": "e", "status": "finished", "subject": PATIENT,
            "period": {"start": "2026-10-01T10:00:00-05:00", "end": "2026-10-01T10:30:00-05:00"},
            "participant": [{"individual": {"reference": "Practitioner/doc"}}],
        },
        {
            "resourceType": "Condition", "id": "d", "subject": PATIENT, "onsetDateTime": "2015-01-01",
            "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
            "code": concept("http://hl7.org/fhir/sid/icd-10-cm", "E11.9"),
        },
        *more,
    ]  # fmt: skip
    entries = [
        {"fullUrl": f"https://x.example/{one['resourceType']}/{one['id']}", "resource": one} for one in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


ON_INSULIN: Json = {
    "resourceType": "Condition", "id": "i", "subject": PATIENT, "onsetDateTime": "2018-01-01",
    "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
    "code": concept("http://hl7.org/fhir/sid/icd-10-cm", "Z79.4"),
}  # fmt: skip
STATED = ("cgm_training_sufficient", "cgm_used_as_labeled", "visit_evaluated_glucose_control")


def test_a_member_on_insulin_with_every_criterion_proven_is_approved() -> None:
    (found,) = determine(bundle(ON_INSULIN, answers(*STATED)), policies=(FIXTURES,))
    assert found.policy is not None
    assert (found.policy.id, found.outcome) == ("medicare-dme/glucose-monitors", "approve")
    assert found.grants == {"months": 6}


def test_a_member_whose_hypoglycemia_is_not_on_file_is_asked_for_it_and_for_the_training() -> None:
    (found,) = determine(bundle(answers(*STATED[1:])), policies=(FIXTURES,))
    assert found.outcome == "request-information"
    asked = {question.fact for question in found.questions}
    assert {"cgm_training_sufficient", "hypoglycemia", "severe_hypoglycemia", "insulin_treatment"} <= asked
    assert "visit_evaluated_glucose_control" not in asked


def test_without_the_folder_no_policy_is_known_for_the_payer() -> None:
    (found,) = determine(bundle(ON_INSULIN, answers(*STATED)))
    assert (found.policy, found.outcome) == (None, "not-applicable")


def test_the_supplies_of_a_pump_sensor_carry_the_note_of_the_policy() -> None:
    (found,) = determine(bundle(ON_INSULIN, answers(*STATED), product="A4238"), policies=(FIXTURES,))
    assert "S.1: Supplies of a monitor that is part of an insulin pump also need the pump to be covered." in found.notes
