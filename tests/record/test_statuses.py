"""Every status and class that FHIR R4 lets a resource have, with what the row comes to that its reader makes of it.

Kept by hand after the required value sets of FHIR R4 (hl7.org/fhir/R4/valueset-*.html) and the ActEncounterCode of HL7
v3: "counts" settles its fact, "mention" speaks of it and settles nothing, "out" is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from priorauth.facts.rows import ground_of
from tests.record.building import (
    Json,
    concept,
    condition,
    day,
    device_order,
    form,
    item,
    observation,
    order,
    quantity,
    ref,
    rows,
    status,
    times,
    yes,
)
from tests.record.readers.test_approvals import response
from tests.record.readers.test_episodes import encounter

PATIENT = ref("Patient/pat-1")
COUNTS, MENTION, OUT = "counts", "mention", "out"


def allergy(**more: Any) -> Json:
    return {"resourceType": "AllergyIntolerance", "id": "a-1", "patient": PATIENT,
            "code": concept("rxnorm:51428"), "clinicalStatus": status("active"),
            "verificationStatus": status("confirmed"), **more}  # fmt: skip


def coded(where: str) -> Callable[[str], Json]:
    return lambda code: {where: status(code)}


def plain(where: str) -> Callable[[str], Json]:
    return lambda code: {where: code}


def taken(**more: Any) -> Json:
    return {"resourceType": "MedicationStatement", "id": "ms-1", "subject": PATIENT, "status": "active",
            "medicationCodeableConcept": concept("rxnorm:51428"), "effectivePeriod": {"start": "2026-01-10"},
            **more}  # fmt: skip


def paper(**more: Any) -> Json:
    return {"resourceType": "DocumentReference", "id": "d-1", "status": "current", "subject": PATIENT,
            "date": "2026-05-01T10:00:00Z", "type": concept("loinc:11506-3"), **more}  # fmt: skip


def implant(**more: Any) -> Json:
    return {"resourceType": "Device", "id": "dev-1", "status": "active", "patient": PATIENT,
            "type": concept("snomed:14106009"), **more}  # fmt: skip


def lesson(**more: Any) -> Json:
    return {"resourceType": "ServiceRequest", "id": "s-1", "status": "active", "intent": "order", "subject": PATIENT,
            "authoredOn": "2026-05-01", "code": concept("hcpcs:G0108"), **more}  # fmt: skip


def hinting(kind: str, **more: Any) -> Json:
    whose = "patient" if kind == "EpisodeOfCare" else "subject"
    return {"resourceType": kind, "id": "h-1", "status": "active", whose: PATIENT, **more}


HEMODIALYSIS = concept("snomed:302497006")

# What is read: a resource, how a code is put in, the fact, and every code with what the row comes to.
Reader = tuple[Callable[..., Json], Callable[[str], Json], str, dict[str, str]]
# fmt: off
REQUEST_STATUS = {
    "draft": OUT, "active": COUNTS, "on-hold": MENTION, "revoked": OUT, "completed": COUNTS, "entered-in-error": OUT,
    "unknown": MENTION, "": MENTION,
}
REQUEST_INTENT = {
    "proposal": OUT, "plan": OUT, "directive": OUT, "option": OUT, "order": COUNTS, "original-order": COUNTS,
    "reflex-order": COUNTS, "filler-order": COUNTS, "instance-order": COUNTS,
}
# fmt: on

READERS: dict[str, Reader] = {
    "AllergyIntolerance.verificationStatus": (
        allergy, coded("verificationStatus"), "allergy_to_infusion_drug",
        {"confirmed": COUNTS, "unconfirmed": MENTION, "presumed": MENTION, "refuted": OUT, "entered-in-error": OUT,
         "likely": MENTION},
    ),
    "AllergyIntolerance.clinicalStatus": (
        allergy, coded("clinicalStatus"), "allergy_to_infusion_drug",
        {"active": COUNTS, "inactive": MENTION, "resolved": MENTION, "remission": MENTION},
    ),
    "ClaimResponse.status": (
        response, plain("status"), "prior_approval_on",
        {"active": COUNTS, "cancelled": OUT, "draft": OUT, "entered-in-error": OUT, "Active": MENTION},
    ),
    "ClaimResponse.outcome": (
        response, plain("outcome"), "prior_approval_on",
        {"complete": COUNTS, "queued": OUT, "error": OUT, "partial": OUT, "": OUT},
    ),
    "Condition.verificationStatus": (
        lambda **more: condition("icd10:E10.9", **more), coded("verificationStatus"), "type_1_diabetes",
        {"confirmed": COUNTS, "unconfirmed": MENTION, "provisional": MENTION, "differential": MENTION, "refuted": OUT,
         "entered-in-error": OUT, "unknown": MENTION},
    ),
    "Condition.clinicalStatus": (
        lambda **more: condition("icd10:E10.9", **more), coded("clinicalStatus"), "type_1_diabetes",
        {"active": COUNTS, "recurrence": COUNTS, "relapse": COUNTS, "inactive": COUNTS, "remission": COUNTS,
         "resolved": COUNTS, "unknown": MENTION},
    ),
    "Device.status": (
        implant, plain("status"), "other_programmable_implant",
        {"active": COUNTS, "inactive": OUT, "entered-in-error": OUT, "unknown": MENTION, "": MENTION},
    ),
    "DeviceRequest.status": (
        device_order, plain("status"), "prescription_signed_on", REQUEST_STATUS,
    ),
    "DeviceRequest.intent": (
        device_order, plain("intent"), "prescription_signed_on", REQUEST_INTENT,
    ),
    "ServiceRequest.status": (
        lesson, plain("status"), "education_order_signed_on", REQUEST_STATUS,
    ),
    "ServiceRequest.intent": (
        lesson, plain("intent"), "education_order_signed_on", REQUEST_INTENT,
    ),
    "DocumentReference.status": (
        paper, plain("status"), "clinical_notes_dated",
        {"current": COUNTS, "superseded": OUT, "entered-in-error": OUT, "": MENTION},
    ),
    "DocumentReference.docStatus": (
        paper, plain("docStatus"), "clinical_notes_dated",
        {"preliminary": OUT, "final": COUNTS, "amended": COUNTS, "entered-in-error": OUT, "": COUNTS},
    ),
    "Encounter.status": (
        lambda **more: encounter(reasonCode=[concept("icd10:E10.10")], **more), plain("status"),
        "diabetes_hospital_stay",
        {"planned": OUT, "arrived": COUNTS, "triaged": COUNTS, "in-progress": COUNTS, "onleave": COUNTS,
         "finished": COUNTS, "cancelled": OUT, "entered-in-error": OUT, "unknown": MENTION, "": MENTION},
    ),
    "Encounter.class of an event": (
        lambda **more: encounter(reasonCode=[concept("icd10:E10.10")], **more), lambda code: {"class": {"code": code}},
        "ketoacidosis",
        {"AMB": OUT, "EMER": COUNTS, "FLD": OUT, "HH": OUT, "IMP": COUNTS, "ACUTE": COUNTS, "NONAC": COUNTS,
         "OBSENC": COUNTS, "PRENC": OUT, "SS": COUNTS, "VR": OUT},
    ),
    "Encounter.class of a stay": (
        lambda **more: encounter(reasonCode=[concept("icd10:E10.10")], **more), lambda code: {"class": {"code": code}},
        "diabetes_hospital_stay",
        {"AMB": OUT, "EMER": OUT, "FLD": OUT, "HH": OUT, "IMP": COUNTS, "ACUTE": COUNTS, "NONAC": COUNTS,
         "OBSENC": OUT, "PRENC": OUT, "SS": OUT, "VR": OUT},
    ),
    "MedicationRequest.status": (
        lambda **more: order("rxnorm:51428", repeat=times(3), **more), plain("status"), "insulin_treatment",
        {"active": COUNTS, "on-hold": MENTION, "cancelled": OUT, "completed": COUNTS, "entered-in-error": OUT,
         "stopped": COUNTS, "draft": OUT, "unknown": MENTION, "": MENTION},
    ),
    "MedicationRequest.intent": (
        lambda **more: order("rxnorm:51428", repeat=times(3), **more), plain("intent"), "insulin_treatment",
        {"proposal": OUT, "plan": OUT, "order": COUNTS, "original-order": COUNTS, "reflex-order": COUNTS,
         "filler-order": COUNTS, "instance-order": COUNTS, "option": OUT},
    ),
    "MedicationStatement.status": (
        taken, plain("status"), "insulin_treatment",
        {"active": COUNTS, "completed": COUNTS, "entered-in-error": OUT, "intended": OUT, "stopped": COUNTS,
         "on-hold": MENTION, "unknown": MENTION, "not-taken": OUT, "": MENTION},
    ),
    "Observation.status of a result": (
        lambda **more: observation("loinc:4548-4", quantity(7.4, "%"), **more), plain("status"), "hba1c",
        {"registered": MENTION, "preliminary": COUNTS, "final": COUNTS, "amended": COUNTS, "corrected": COUNTS,
         "cancelled": OUT, "entered-in-error": OUT, "unknown": MENTION, "": MENTION},
    ),
    "Observation.status of a reading": (
        lambda **more: observation("loinc:41653-7", quantity(110, "mg/dL"), "2026-06-01T08:00:00Z", **more),
        plain("status"), "glucose_self_test",
        {"registered": MENTION, "preliminary": COUNTS, "final": COUNTS, "amended": COUNTS, "corrected": COUNTS,
         "cancelled": OUT, "entered-in-error": OUT, "unknown": MENTION, "": MENTION},
    ),
    "QuestionnaireResponse.status": (
        lambda **more: form(item("motivated", yes()), **more), plain("status"), "motivated",
        {"in-progress": MENTION, "completed": COUNTS, "amended": COUNTS, "entered-in-error": OUT, "stopped": MENTION,
         "": MENTION},
    ),
    "Procedure.status": (
        lambda **more: hinting("Procedure", code=HEMODIALYSIS, **more), plain("status"), "end_stage_renal_disease",
        {"preparation": OUT, "in-progress": MENTION, "not-done": OUT, "on-hold": MENTION, "stopped": MENTION,
         "completed": MENTION, "entered-in-error": OUT, "unknown": MENTION},
    ),
    "EpisodeOfCare.status": (
        lambda **more: hinting("EpisodeOfCare", type=[HEMODIALYSIS], **more), plain("status"),
        "end_stage_renal_disease",
        {"planned": OUT, "waitlist": OUT, "active": MENTION, "onhold": MENTION, "finished": MENTION, "cancelled": OUT,
         "entered-in-error": OUT},
    ),
    "Flag.status": (
        lambda **more: hinting("Flag", code=HEMODIALYSIS, **more), plain("status"), "end_stage_renal_disease",
        {"active": MENTION, "inactive": MENTION, "entered-in-error": OUT},
    ),
    "DiagnosticReport.status": (
        lambda **more: hinting("DiagnosticReport", code=concept("loinc:4548-4"), effectiveDateTime="2026-05", **more),
        plain("status"), "hba1c",
        {"registered": OUT, "partial": MENTION, "preliminary": MENTION, "final": MENTION, "amended": MENTION,
         "corrected": MENTION, "appended": MENTION, "cancelled": OUT, "entered-in-error": OUT, "unknown": MENTION},
    ),
}  # fmt: skip


def cases() -> Iterator[tuple[str, str, str]]:
    for name, (_, _, _, codes) in READERS.items():
        yield from ((name, code, meant) for code, meant in codes.items())


def comes_to(fact: str, found: tuple[Any, ...]) -> str:
    """Say what rows of a fact come to: a no that something makes certain does not belong to the resource."""
    own = [row for row in found if getattr(row, "low", None) != 0 or getattr(row, "high", None) != 0]
    if not own:
        return OUT
    (row,) = own if len(own) == 1 else [one for one in own if ground_of(one) is None] or own[:1]
    maybe = fact == "allergy_to_infusion_drug" and row.low != row.high
    return MENTION if maybe or ground_of(row) is not None else COUNTS


@pytest.mark.parametrize(("reader", "code", "meant"), list(cases()))
def test_every_code_of_a_status_makes_the_row_that_the_table_names(reader: str, code: str, meant: str) -> None:
    made, put, fact, _ = READERS[reader]
    assert comes_to(fact, rows(fact, made(**put(code)))) == meant


@pytest.mark.parametrize("code", ["inactive", "remission", "resolved"])
def test_a_diagnosis_that_is_over_has_ended_by_the_day_of_the_request(code: str) -> None:
    (row,) = rows("type_1_diabetes", condition("icd10:E10.9", clinicalStatus=status(code)))
    assert (row.end_first, row.end_last) == (day("2020-03-04"), day("2026-06-15"))


@pytest.mark.parametrize("code", ["active", "recurrence", "relapse"])
def test_a_diagnosis_that_is_not_over_goes_on(code: str) -> None:
    (row,) = rows("type_1_diabetes", condition("icd10:E10.9", clinicalStatus=status(code)))
    assert row.ongoing


def test_a_period_that_may_go_on_goes_on_as_far_as_its_row_says() -> None:
    summary = observation(
        "loinc:104636-6", quantity(7, "d"), None, effectivePeriod={"start": "2026-05-01", "end": "2026-05-14"}
    )
    (row,) = rows("cgm_use", summary)
    assert row.end_first == day("2026-05-14")
    assert row.ongoing
