"""Builds the example requests in this folder: seven invented patients, whole FHIR R4 Bundles as a clinic sends them.

Run ``python examples/build.py`` to write them again; a test holds that the files are what this script makes.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Resource = dict[str, Any]
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
UCUM = "http://unitsofmeasure.org"
TERMS = "http://terminology.hl7.org/CodeSystem"
BASE = "https://clinic.example.org/fhir"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
X12 = "https://codesystem.x12.org/005010"
PLACE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"


def coded(system: str, code: str, display: str | None = None) -> Resource:
    coding = {"system": system, "code": code}
    return {"coding": [coding | {"display": display} if display else coding]}


class Request:
    """One request: the Claim, the member, the coverage, and whatever else the chart holds."""

    def __init__(self, name: str, payer: str, created: str, born: str, sex: str) -> None:
        self.name, self.created, self.member = name, dt.date.fromisoformat(created), f"Patient/{name}"
        self.entries: list[Resource] = []
        self.answers: list[Resource] = []
        self.payer = payer
        self.member_id = {
            "type": coded(f"{TERMS}/v2-0203", "MB"),
            "system": "urn:example:member",
            "value": f"M-{name}",
        }
        self.add(
            "Patient",
            name,
            {
                "meta": {"profile": [f"{PAS}/profile-beneficiary"]},
                "identifier": [self.member_id],
                "name": [{"family": "Synthetic", "given": [name.title()]}],
                "gender": sex,
                "birthDate": born,
            },
        )
        self.add(
            "Organization",
            "payer",
            {
                "meta": {"profile": [f"{PAS}/profile-insurer"]},
                "identifier": [{"system": "urn:priorauth:payer", "value": payer}],
                "active": True,
                "name": payer,
            },
        )
        self.add(
            "Organization",
            "supplier",
            {
                "meta": {"profile": [f"{PAS}/profile-requestor"]},
                "identifier": [{"system": "urn:example:supplier", "value": "S-1"}],
                "active": True,
                "name": "Synthetic Diabetes Supply",
            },
        )
        self.add(
            "Practitioner",
            "endocrinologist",
            {
                "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}],
                "name": [{"family": "Synthetic", "given": ["Endocrinologist"]}],
            },
        )

    def add(self, kind: str, name: str, body: Resource) -> None:
        self.entries.append(
            {"fullUrl": f"{BASE}/{kind}/{name}", "resource": {"resourceType": kind, "id": name, **body}}
        )

    # ---- the chart

    def condition(self, name: str, code: str, onset: str, display: str) -> None:
        self.add(
            "Condition",
            name,
            {
                "clinicalStatus": coded(f"{TERMS}/condition-clinical", "active"),
                "verificationStatus": coded(f"{TERMS}/condition-ver-status", "confirmed"),
                "code": coded(ICD10, code, display),
                "subject": {"reference": self.member},
                "onsetDateTime": onset,
            },
        )

    def lab(self, name: str, code: str, day: str, value: float, unit: str, **more: Any) -> None:
        self.add(
            "Observation",
            name,
            {
                "status": "final",
                "code": coded(LOINC, code),
                "subject": {"reference": self.member},
                "effectiveDateTime": f"{day}T08:15:00-05:00",
                "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
                **more,
            },
        )

    def insulin(self, name: str, code: str, display: str, since: str, times: int) -> None:
        timing = {"repeat": {"boundsPeriod": {"start": since}, "frequency": times, "period": 1, "periodUnit": "d"}}
        self.add(
            "MedicationRequest",
            name,
            {
                "status": "active",
                "intent": "order",
                "medicationCodeableConcept": coded(RXNORM, code, display),
                "subject": {"reference": self.member},
                "authoredOn": since,
                "requester": {"reference": "Practitioner/endocrinologist"},
                "dosageInstruction": [{"route": coded(SNOMED, "34206005", "Subcutaneous route"), "timing": timing}],
            },
        )

    def injections(self, since: str) -> None:
        self.insulin("aspart", "51428", "insulin aspart", since, 3)
        self.insulin("glargine", "274783", "insulin glargine", since, 1)

    def visits(self, days: Iterable[str]) -> None:
        for place, day in enumerate(days, 1):
            self.add(
                "Encounter",
                f"visit-{place}",
                {
                    "status": "finished",
                    "class": {"system": f"{TERMS}/v3-ActCode", "code": "AMB"},
                    "subject": {"reference": self.member},
                    "period": {"start": f"{day}T10:00:00-05:00", "end": f"{day}T10:30:00-05:00"},
                    "participant": [{"individual": {"reference": "Practitioner/endocrinologist"}}],
                },
            )

    def note(self, day: str) -> None:
        self.add(
            "DocumentReference",
            f"note-{day}",
            {
                "status": "current",
                "docStatus": "final",
                "type": coded(LOINC, "11506-3", "Progress note"),
                "subject": {"reference": self.member},
                "date": f"{day}T11:00:00-05:00",
                "content": [{"attachment": {"contentType": "application/pdf", "title": "Progress note"}}],
            },
        )

    def meter(self, until: str, days: int, per_day: tuple[tuple[str, int], ...]) -> None:
        """Add fingersticks: so many days up to a day, each at the times and values given, with a small daily swing."""
        last = dt.date.fromisoformat(until)
        for back in range(days):
            day = last - dt.timedelta(days=back)
            for turn, (clock, value) in enumerate(per_day):
                reading = value + (back * 7 + turn * 11) % 23 - 11
                self.add(
                    "Observation",
                    f"smbg-{day:%m%d}-{turn + 1}",
                    {
                        "status": "final",
                        "code": coded(LOINC, "41653-7", "Glucose in capillary blood by glucometer"),
                        "subject": {"reference": self.member},
                        "effectiveDateTime": f"{day}T{clock}:00-05:00",
                        "valueQuantity": {"value": reading, "unit": "mg/dL", "system": UCUM, "code": "mg/dL"},
                    },
                )

    # ---- the form

    def say(self, **facts: Any) -> None:
        """Answer facts: a bool, a code, a date in ISO form, or a list of dates."""
        for fact, value in facts.items():
            self.answers.append(
                {"linkId": fact, "answer": [_answer(one) for one in (value if isinstance(value, list) else [value])]}
            )

    def over(self, fact: str, since: str, value: Any = None, until: str | None = None) -> None:
        """Answer a regimen or a condition over a period."""
        parts = [{"linkId": f"{fact}.from", "answer": [{"valueDate": since}]}]
        if value is not None:
            parts.insert(0, {"linkId": f"{fact}.value", "answer": [_answer(value)]})
        if until:
            parts.append({"linkId": f"{fact}.until", "answer": [{"valueDate": until}]})
        self.answers.append({"linkId": fact, "item": parts})

    def whole(self, fact: str, since: str, until: str) -> None:
        """State that what is on file of a fact is complete."""
        for part, day in (("from", since), ("until", until)):
            self.answers.append({"linkId": f"{fact}.complete_{part}", "answer": [{"valueDate": day}]})

    # ---- the Bundle

    def bundle(self, product: str, diagnosis: str, plan: str, certification: str = "I") -> Resource:
        asked = {
            "url": f"{PAS}/extension-serviceItemRequestType",
            "valueCodeableConcept": coded(f"{X12}/1525", "HS"),
        }
        kind = {
            "url": f"{PAS}/extension-certificationType",
            "valueCodeableConcept": coded(f"{X12}/1322", certification),
        }
        claim = {
            "resourceType": "Claim",
            "id": f"request-{self.name}",
            "meta": {"profile": [f"{PAS}/profile-claim"]},
            "status": "active",
            "use": "preauthorization",
            "identifier": [{"system": "urn:example:request", "value": f"request-{self.name}"}],
            "type": coded(f"{TERMS}/claim-type", "professional"),
            "patient": {"reference": self.member},
            "created": self.created.isoformat(),
            "insurer": {"reference": "Organization/payer"},
            "provider": {"reference": "Organization/supplier"},
            "priority": coded(f"{TERMS}/processpriority", "normal"),
            "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage"}}],
            "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": coded(ICD10, diagnosis)}],
            "item": [
                {
                    "sequence": 1,
                    "extension": [asked, kind],
                    "category": coded(f"{X12}/1365", "12"),
                    "productOrService": coded(HCPCS, product),
                    "locationCodeableConcept": coded(PLACE, "12"),
                    "quantity": {"value": 1},
                }
            ],
        }
        self.add(
            "Coverage",
            "coverage",
            {
                "meta": {"profile": [f"{PAS}/profile-coverage"]},
                "identifier": [self.member_id],
                "status": "active",
                "subscriber": {"reference": self.member},
                "subscriberId": self.member_id["value"],
                "beneficiary": {"reference": self.member},
                "relationship": coded(f"{TERMS}/subscriber-relationship", "self"),
                "payor": [{"reference": "Organization/payer"}],
                "period": {"start": "2009-01-01"},
                "class": [{"type": coded(f"{TERMS}/coverage-class", "plan"), "value": plan, "name": plan}],
            },
        )
        self.add(
            "DeviceRequest",
            "order",
            {
                "status": "active",
                "intent": "order",
                "codeCodeableConcept": coded(HCPCS, product),
                "subject": {"reference": self.member},
                "authoredOn": (self.created - dt.timedelta(days=8)).isoformat(),
                "requester": {"reference": "Practitioner/endocrinologist"},
            },
        )
        self.add(
            "QuestionnaireResponse",
            "form",
            {
                "status": "completed",
                "subject": {"reference": self.member},
                "authored": f"{self.created}T09:30:00-05:00",
                "author": {"reference": "Practitioner/endocrinologist"},
                "item": self.answers,
            },
        )
        first = {"fullUrl": f"{BASE}/Claim/{claim['id']}", "resource": claim}
        return {
            "resourceType": "Bundle",
            "id": self.name,
            "meta": {"profile": [f"{PAS}/profile-pas-request-bundle"]},
            "type": "collection",
            "identifier": {"system": "urn:example:bundle", "value": self.name},
            "timestamp": f"{self.created}T09:45:00-05:00",
            "entry": [first, *self.entries],
        }


def _answer(value: Any) -> Resource:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int | float):
        return {"valueDecimal": value}
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return {"valueCoding": {"code": value}}
    return {"valueDate": value}


FIVE_A_DAY = (("06:40", 168), ("11:50", 152), ("15:10", 139), ("18:20", 171), ("21:45", 158))
TWO_A_DAY = (("06:40", 168), ("18:20", 171))


def _first_masshealth(name: str, born: str, sex: str) -> Request:
    """A first request under MassHealth with everything but the HbA1c and the log."""
    request = Request(name, "masshealth", "2026-11-20", born, sex)
    request.condition("diabetes", "E10.65", "2012-05-08", "Type 1 diabetes mellitus with hyperglycemia")
    request.condition("retinopathy", "E10.3293", "2024-09-17", "Type 1 diabetes with mild nonproliferative retinopathy")
    request.injections("2025-06-10")
    request.visits(("2026-02-12", "2026-05-14", "2026-08-13", "2026-11-06"))
    request.note("2026-11-06")
    request.say(request_kind="initial", motivated=True, able_to_operate_pump=True, follows_diet_and_exercise=True)
    request.over("frequent_dose_self_adjustment", "2025-06-10")
    request.say(recurring_hypoglycemia=True, injections_ineffective=True, prescription_complete=True)
    request.say(letter_of_medical_necessity_signed_on="2026-11-12", prescription_signed_on="2026-11-12")
    return request


def approve() -> Resource:
    """Type 1 diabetes, four injections, five tests a day in the log, HbA1c 8.4 %: everything proven."""
    request = _first_masshealth("approve", "1987-03-14", "female")
    for place, (day, value) in enumerate((("2026-02-10", 8.9), ("2026-06-16", 8.6), ("2026-10-06", 8.4)), 1):
        request.lab(f"a1c-{place}", "4548-4", day, value, "%")
    request.meter("2026-11-20", 31, FIVE_A_DAY)
    return request.bundle("E0784", "E10.65", "masshealth-standard")


def ask() -> Resource:
    """The same request, with the HbA1c sixteen months old and no log: two things to ask, no more."""
    request = _first_masshealth("ask", "1999-06-19", "female")
    request.lab("a1c-1", "4548-4", "2025-07-15", 8.7, "%")
    return request.bundle("E0784", "E10.65", "masshealth-standard")


def conflict() -> Resource:
    """The form says five tests a day, the whole meter download shows two: a person has to look."""
    request = _first_masshealth("conflict", "1991-01-30", "male")
    request.lab("a1c-1", "4548-4", "2026-10-06", 8.4, "%")
    request.over("glucose_tests_per_day", "2026-01-15", 5)
    request.meter("2026-11-20", 60, TWO_A_DAY)
    request.whole("glucose_self_test", "2026-09-21", "2026-11-20")
    return request.bundle("E0784", "E10.65", "masshealth-standard")


def not_yet() -> Resource:
    """Continued use asked two months into the three-month trial: nothing is missing but time."""
    request = Request("not-yet", "masshealth", "2026-11-20", "1968-11-05", "male")
    request.condition("diabetes", "E10.65", "2012-05-08", "Type 1 diabetes mellitus with hyperglycemia")
    request.say(request_kind="continued", motivated=True, able_to_operate_pump=True, follows_diet_and_exercise=True)
    request.say(
        pump_skill_demonstrated=True, trial_outcome="ongoing", trial_compliance=True, major_adverse_reaction=False
    )
    request.over("pump_trial", "2026-09-14")
    request.say(prior_approval_on="2026-09-01", works_with_pump_team=True)
    request.over("current_authorization", "2026-09-01", until="2026-12-31")
    request.over("glucose_tests_per_day", "2026-01-15", 5)
    request.lab("a1c-1", "4548-4", "2026-08-20", 8.9, "%")
    request.lab("a1c-2", "4548-4", "2026-11-10", 7.8, "%")
    request.say(hypoglycemia=["2026-06-20", "2026-07-04", "2026-07-19", "2026-08-02", "2026-08-27", "2026-10-03"])
    request.whole("hypoglycemia", "2026-01-01", "2026-11-20")
    request.say(prescriber_visit=["2026-08-27", "2026-10-08", "2026-11-12"])
    request.whole("prescriber_visit", "2026-01-01", "2026-11-20")
    request.note("2026-11-12")
    request.say(
        prescription_complete=True,
        letter_of_medical_necessity_signed_on="2026-11-12",
        prescription_signed_on="2026-11-12",
    )
    return request.bundle("E0784", "E10.65", "masshealth-standard", "R")


def review() -> Resource:
    """Type 2 diabetes without insulin under CareSource: the criteria cannot be met, so a clinician decides."""
    request = Request("review", "caresource", "2026-06-15", "1971-12-01", "male")
    request.condition("diabetes", "E11.65", "2017-03-08", "Type 2 diabetes mellitus with hyperglycemia")
    request.lab("a1c-1", "4548-4", "2026-05-26", 8.6, "%")
    request.say(request_kind="initial", coverage_state="OH", line_of_business="marketplace")
    request.say(prescription_signed_on="2026-06-09", supplies_order_signed_on="2026-06-09", expert_pump_team=True)
    request.say(
        diabetes_education_completed="2026-02-15", education_provider_credential="certified", able_to_operate_pump=True
    )
    request.over("insulin_injections", "2023-12-28", 0)
    for fact in ("insulin_treatment", "type_1_diabetes"):
        request.answers.append(
            {"linkId": fact, "item": [{"linkId": f"{fact}.value", "answer": [{"valueBoolean": False}]}]}
        )
    request.note("2026-05-26")
    return request.bundle("E0784", "E11.65", "caresource-ohio-marketplace")


def replacement() -> Resource:
    """A five-year-old pump out of warranty that failed and cannot be repaired, under Anthem's guideline."""
    request = Request("replacement", "anthem", "2016-05-02", "1972-03-03", "male")
    request.condition("diabetes", "E10.65", "2008-10-06", "Type 1 diabetes mellitus with hyperglycemia")
    request.condition("pump", "Z96.41", "2011-01-10", "Presence of insulin pump")
    request.lab("a1c-1", "4548-4", "2016-04-12", 7.4, "%")
    request.say(request_kind="replacement", replacement_reason="malfunction", current_pump_works=False)
    request.say(current_pump_repairable=False, warranty_ends_on="2015-01-09", able_to_operate_pump=True)
    request.over("insulin_pump_use", "2011-01-10", True)
    request.note("2016-04-12")
    return request.bundle("E0784", "E10.65", "anthem-ppo")


def medicare() -> Resource:
    """UnitedHealthcare Medicare Advantage: low C-peptide and glucose of one draw, under the national rule."""
    request = Request("medicare", "uhc-medicare-advantage", "2026-10-16", "1955-08-22", "female")
    request.condition("diabetes", "E10.65", "1994-02-01", "Type 1 diabetes mellitus with hyperglycemia")
    limits = [{"low": {"value": 0.8, "unit": "ng/mL", "system": UCUM, "code": "ng/mL"}}]
    request.lab("c-peptide", "13037-7", "2024-03-05", 0.3, "ng/mL", referenceRange=limits)
    request.lab("glucose", "1558-6", "2024-03-05", 148, "mg/dL")
    request.lab("a1c-1", "4548-4", "2026-09-22", 8.3, "%")
    request.injections("2025-02-10")
    request.over("frequent_dose_self_adjustment", "2025-02-10")
    request.meter("2026-10-16", 64, FIVE_A_DAY)
    request.visits(("2026-04-14", "2026-07-08", "2026-09-26"))
    request.say(request_kind="initial", care_setting="home", diabetes_education_completed="2019-05-20")
    request.say(manages_several_pump_patients=True, works_with_pump_team=True, drug_given_by_pump=True)
    request.over("diabetes", "1994-02-01", True)
    request.note("2026-09-26")
    return request.bundle("E0784", "E10.65", "uhc-medicare-advantage-hmo")


EXAMPLES = (approve, ask, conflict, not_yet, review, replacement, medicare)


def files() -> dict[str, str]:
    """Give the text of every example by file name."""
    made = {}
    for build in EXAMPLES:
        name = build.__name__.replace("_", "-")
        made[f"{name}.json"] = json.dumps(build(), indent=1, ensure_ascii=False) + "\n"
    return made


if __name__ == "__main__":
    for file, text in files().items():
        (HERE / file).write_text(text, encoding="utf-8")
        print(file, file=sys.stderr)
