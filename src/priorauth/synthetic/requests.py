"""Synthetic requests for pumps: the Claim, the order, the questionnaire with its answers, and clinical notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np

from priorauth.synthetic.cohort import ADULT, PAYERS, PUMP, TYPE_1, shares
from priorauth.synthetic.members import SUPPLIERS
from priorauth.synthetic.pen import DOCTORS, Pen
from priorauth.synthetic.shapes import HCPCS, ICD, LOINC
from priorauth.values.dates import iso

KINDS: Final = ("initial", "continued", "replacement", "upgrade", "repair")
_ON_PUMP: Final = (0.1, 0.35, 0.55)
PRODUCTS: Final = ("E0784", "E0787", "A9274", "E0783")
_CERTIFIED: Final = {"initial": "I", "continued": "R"}
_PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-certificationType"
_STATES: Final = ("MA", "OH", "other", "CT", "other")
_PROGRAMS: Final = ("medicaid", "marketplace", "commercial", "husky-a", "medicare-advantage")
_YES_OR_NO: Final = (
    "motivated", "follows_diet_and_exercise", "recurring_hypoglycemia", "injections_ineffective",
    "works_with_pump_team",
    "expert_pump_team", "manages_several_pump_patients", "prescription_complete", "ma_review_form_on_file",
    "pa1_form_on_file", "prescriber_treats_member", "dawn_phenomenon",
)  # fmt: skip
_CONTINUED: Final = ("pump_use_successful", "pump_skill_demonstrated", "trial_compliance")
_ON_DATES: Final = (
    "prescription_signed_on", "letter_of_medical_necessity_signed_on", "clinical_notes_dated",
    "supplies_order_signed_on", "education_order_signed_on", "diabetes_education_completed",
)  # fmt: skip
_SIX_MONTHS: Final = 183


def requests(pen: Pen) -> dict[str, bytes]:
    """Write what comes with the requests of a cohort: lines by resource type."""
    lines: dict[str, list[bytes]] = {}
    for who in np.nonzero(pen.cohort.requests)[0]:
        for resource in _request(pen, int(who)):
            lines.setdefault(resource["resourceType"], []).append(msgspec.json.encode(resource))
    return {kind: b"\n".join(found) + b"\n" for kind, found in lines.items()}


def _request(pen: Pen, who: int) -> Iterator[dict[str, Any]]:
    cohort, numbers, rng = pen.cohort, pen.numbers, pen.rng
    on_pump = int(cohort.regimen[who]) == PUMP
    kinds = _ON_PUMP if on_pump else numbers.many("requests.kinds")
    kind = KINDS[int(shares(rng, kinds, 1)[0])]
    product = PRODUCTS[int(shares(rng, numbers.many("requests.products"), 1)[0])]
    day = cohort.as_of - int(rng.integers(0, int(numbers.one("requests.days_ago"))))
    member = f"m{int(cohort.number[who]):08}"
    doctor = int(cohort.number[who]) * 7919 % DOCTORS
    author = {"reference": f"Practitioner/d{doctor:04}"}
    subject = {"reference": f"Patient/{member}"}
    yield _claim(pen, who, member, kind, product, day)
    if kind != "repair":
        yield {
            "resourceType": "DeviceRequest", "id": f"{member}-o", "status": "active", "intent": "order",
            "codeCodeableConcept": {"coding": [{"system": HCPCS, "code": product}]}, "subject": subject,
            "authoredOn": iso(day - int(rng.integers(1, 60))), "requester": author,
        }  # fmt: skip
    if rng.random() >= numbers.one("requests.form_missing"):
        yield {
            "resourceType": "QuestionnaireResponse", "id": f"{member}-q", "status": "completed", "subject": subject,
            "authored": f"{iso(day)}T14:30:00-05:00", "author": author,
            "item": list(_answers(pen, who, kind, day)),
        }  # fmt: skip
    if rng.random() < numbers.one("requests.notes_share"):
        seen = iso(day - int(rng.integers(1, 150)))
        yield {
            "resourceType": "DocumentReference", "id": f"{member}-n", "status": "current", "docStatus": "final",
            "type": {"coding": [{"system": LOINC, "code": "11506-3", "display": "Progress note"}]},
            "subject": subject, "date": f"{seen}T11:05:00-05:00", "author": [author],
            "content": [{"attachment": {"contentType": "application/pdf", "url": f"Binary/{member}-n"}}],
        }  # fmt: skip


def _claim(  # noqa: PLR0913, PLR0917  # a request in all its parts
    pen: Pen, who: int, member: str, kind: str, product: str, day: int
) -> dict[str, Any]:
    cohort = pen.cohort
    code = "E10.65" if int(cohort.kind[who]) == TYPE_1 else "E11.65"
    item: dict[str, Any] = {
        "sequence": 1,
        "productOrService": {"coding": [{"system": HCPCS, "code": product}]},
        "quantity": {"value": 1},
    }
    if kind in _CERTIFIED:
        coding = {"system": "https://codesystem.x12.org/005010/1322", "code": _CERTIFIED[kind]}
        item["extension"] = [{"url": _PAS, "valueCodeableConcept": {"coding": [coding]}}]
    urgency = "stat" if pen.chance("requests.urgent", 1)[0] else "normal"
    return {
        "resourceType": "Claim",
        "id": f"{member}-a",
        "identifier": [{"system": "urn:example:request", "value": f"{member}-a"}],
        "status": "active",
        "use": "preauthorization",
        "patient": {"reference": f"Patient/{member}"},
        "created": iso(day),
        "insurer": {"reference": f"Organization/payer-{PAYERS[int(cohort.payer[who])]}"},
        "provider": {"reference": f"Organization/s{int(cohort.number[who]) % SUPPLIERS:02}"},
        "priority": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/processpriority", "code": urgency}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": f"Coverage/{member}-c"}}],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"system": ICD, "code": code}]}}],
        "item": [item],
    }


def _answers(pen: Pen, who: int, kind: str, day: int) -> Iterator[dict[str, Any]]:
    """Yield the answers: each is there or not, and yes more often for a member of high adherence."""
    cohort, rng, numbers = pen.cohort, pen.rng, pen.numbers
    there, payer = numbers.one("requests.answered"), int(cohort.payer[who])
    yes = float(np.clip(numbers.one("requests.answered_yes") + 0.05 * cohort.adherence[who], 0.1, 0.995))
    yield _coded("request_kind", kind)
    choices = [
        ("coverage_state", _STATES[payer]),
        ("coverage_program", _PROGRAMS[payer]),
        ("plan_type", "payer-direct"),
    ]
    yield from (_coded(name, value) for name, value in choices if rng.random() < there)
    adult = float(cohort.age[who]) >= ADULT
    able = "able_to_operate_pump" if adult else "caregiver_able_to_operate_pump"
    asked = [*_YES_OR_NO, able, *(_CONTINUED if kind == "continued" else ())]
    for name, has, holds in zip(asked, rng.random(len(asked)), rng.random(len(asked)), strict=True):
        if has < there:
            yield {"linkId": name, "answer": [{"valueBoolean": bool(holds < yes)}]}
    for name, has, back in zip(_ON_DATES, rng.random(len(_ON_DATES)), rng.exponential(40, len(_ON_DATES)), strict=True):
        if has < there:
            yield {"linkId": name, "answer": [{"valueDate": iso(day - 1 - int(back))}]}
    yield _coded("education_provider_credential", "certified")
    since = iso(min(day, max(int(cohort.regimen_since[who]), day - 4 * _SIX_MONTHS)))
    if rng.random() < there:
        yield _group("frequent_dose_self_adjustment", since, {"valueBoolean": bool(rng.random() < yes)})
    if rng.random() < there:
        tests = int(np.clip(round(4.6 + float(cohort.adherence[who])), 1, 10))
        yield _group("glucose_tests_per_day", since, {"valueDecimal": tests})
    if rng.random() < there:
        yield _group("insulin_injections", since, {"valueDecimal": int(rng.integers(2, 6))})


def _coded(name: str, value: str) -> dict[str, Any]:
    return {"linkId": name, "answer": [{"valueCoding": {"code": value}}]}


def _group(name: str, since: str, value: dict[str, Any]) -> dict[str, Any]:
    return {
        "linkId": name,
        "item": [
            {"linkId": f"{name}.value", "answer": [value]},
            {"linkId": f"{name}.from", "answer": [{"valueDate": since}]},
        ],
    }
