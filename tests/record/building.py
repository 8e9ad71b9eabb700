"""Small FHIR Bundles for tests: one adult with one pump request of 2026-06-15, to which resources are added."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from priorauth.facts import vocabulary
from priorauth.facts.rows import Row
from priorauth.record.read import CaseFile, Request, read_bundle
from priorauth.values import dates, units

VOCABULARY = vocabulary.load()
UNITS = units.load()
REQUESTED = "2026-06-15"
Json = dict[str, Any]

SYSTEMS = {
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd9": "http://hl7.org/fhir/sid/icd-9-cm",
    "snomed": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
    "hcpcs": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "mdc": "urn:iso:std:iso:11073:10101",
    "timing": "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
}


def day(text: str) -> int:
    return dates.day(text)


def concept(*codes: str) -> Json:
    """`system:code` each, as one CodeableConcept."""
    pairs = [code.split(":", 1) for code in codes]
    return {"coding": [{"system": SYSTEMS.get(system, system), "code": code} for system, code in pairs]}


def ref(reference: str) -> Json:
    return {"reference": reference}


def quantity(value: float | str, unit: str, comparator: str | None = None) -> Json:
    made: Json = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return made if comparator is None else {**made, "comparator": comparator}


def base(product: str = "E0784") -> list[Json]:
    """Claim, patient, coverage, payer, supplier and prescriber."""
    return [
        {
            "resourceType": "Claim", "id": "clm-1", "status": "active", "use": "preauthorization",
            "identifier": [{"system": "urn:example:request", "value": "R-1"}],
            "patient": ref("Patient/pat-1"), "created": REQUESTED, "provider": ref("Organization/dme-1"),
            "priority": {"coding": [{"code": "normal"}]},
            "insurance": [{"sequence": 1, "focal": True, "coverage": ref("Coverage/cov-1")}],
            "item": [{"sequence": 1, "productOrService": concept(f"hcpcs:{product}")}],
        },
        {"resourceType": "Patient", "id": "pat-1", "gender": "female", "birthDate": "1980-05-01",
         "identifier": [{"system": "urn:example:member", "value": "M-1"}]},
        {"resourceType": "Coverage", "id": "cov-1", "status": "active", "beneficiary": ref("Patient/pat-1"),
         "payor": [ref("Organization/payer-1")], "period": {"start": "2025-01-01"}},
        {"resourceType": "Organization", "id": "payer-1", "name": "MassHealth",
         "identifier": [{"system": "urn:priorauth:payer", "value": "masshealth"}]},
        {"resourceType": "Organization", "id": "dme-1", "name": "Supplier"},
        {"resourceType": "Organization", "id": "clinic-1", "name": "Clinic"},
        {"resourceType": "Practitioner", "id": "doc-1", "name": [{"family": "Doe"}]},
    ]  # fmt: skip


def bundle(*resources: Json, **changes: Json) -> Json:
    """A Bundle of the base and more; `Claim={...}` changes elements of a base resource."""
    listed = copy.deepcopy(base())
    for kind, elements in changes.items():
        for resource in listed:
            if resource["resourceType"] == kind:
                resource.update(copy.deepcopy(elements))
                break
    entries = [*listed, *copy.deepcopy(list(resources))]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": url(resource), "resource": resource} for resource in entries],
    }


def url(resource: Json) -> str:
    return f"https://ehr.example.org/fhir/{resource['resourceType']}/{resource.get('id', '')}"


def read(*resources: Json, judgments: Json | None = None, **changes: Json) -> CaseFile:
    return read_any(bundle(*resources, **changes), judgments)


def read_any(source: bytes | Mapping[str, object], judgments: bytes | Mapping[str, object] | None = None) -> CaseFile:
    return read_bundle(source, vocabulary=VOCABULARY, units=UNITS, judgments=judgments)


def request(*resources: Json, **changes: Json) -> Request:
    return read(*resources, **changes).requests[0]


def rows(fact: str, *resources: Json, **changes: Json) -> tuple[Any, ...]:
    """The rows of one fact; typed loosely, as each test knows which shape it asks for."""
    return request(*resources, **changes).rows.get(fact, ())


def all_rows(case: CaseFile) -> list[Row]:
    return [row for made in case.requests for listed in made.rows.values() for row in listed]


def observation(code: str, value: Json | None = None, when: str | None = "2026-06-01", **more: Any) -> Json:
    made: Json = {
        "resourceType": "Observation", "id": "obs-1", "status": "final", "code": concept(code),
        "subject": ref("Patient/pat-1"),
    }  # fmt: skip
    if value is not None:
        made["valueQuantity"] = value
    if when is not None:
        made["effectiveDateTime"] = when
    return {**made, **more}


def meter(at: str, value: int, tag: str | None = None, **more: Any) -> Json:
    """A capillary reading; `tag` is `system:code` of the meal."""
    made = observation("loinc:41653-7", quantity(value, "mg/dL"), at, id=f"m-{at}-{value}", **more)
    if tag is not None:
        made["component"] = [{"code": concept("mdc:8417864"), "valueCodeableConcept": concept(tag)}]
    return made


def sensor(at: str, value: int, tag: str | None = None) -> Json:
    made = meter(at, value, tag)
    return {**made, "id": f"s-{at}", "code": concept("loinc:99504-3")}


def condition(code: str, onset: str | None = "2020-03-04", **more: Any) -> Json:
    made: Json = {
        "resourceType": "Condition", "id": "cond-1", "subject": ref("Patient/pat-1"), "code": concept(code),
        "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
    }  # fmt: skip
    if onset is not None:
        made["onsetDateTime"] = onset
    return {**made, **more}


def status(code: str) -> Json:
    return {"coding": [{"code": code}]}


def order(drug: str, start: str = "2026-01-10", repeat: Json | None = None, **more: Any) -> Json:
    """A prescription with a subcutaneous route; `repeat` is its timing."""
    dosage: Json = {"route": concept("snomed:34206005")}
    if repeat is not None:
        dosage["timing"] = {"repeat": repeat}
    made: Json = {
        "resourceType": "MedicationRequest", "id": f"rx-{drug}-{start}", "status": "active", "intent": "order",
        "medicationCodeableConcept": concept(drug), "subject": ref("Patient/pat-1"), "authoredOn": start,
        "dosageInstruction": [dosage],
    }  # fmt: skip
    return {**made, **more}


def times(frequency: int) -> Json:
    return {"frequency": frequency, "period": 1, "periodUnit": "d"}


def device_order(product: str = "E0784", on: str = "2026-06-09", **more: Any) -> Json:
    made: Json = {
        "resourceType": "DeviceRequest", "id": f"order-{product}", "status": "active", "intent": "order",
        "codeCodeableConcept": concept(f"hcpcs:{product}"), "subject": ref("Patient/pat-1"), "authoredOn": on,
        "requester": ref("Practitioner/doc-1"),
    }  # fmt: skip
    return {**made, **more}


def form(*items: Json, authored: str | None = "2026-06-14", **more: Any) -> Json:
    made: Json = {
        "resourceType": "QuestionnaireResponse", "id": "qr-1", "status": "completed",
        "subject": ref("Patient/pat-1"), "item": list(items),
    }  # fmt: skip
    if authored is not None:
        made["authored"] = authored
    return {**made, **more}


def item(link: str, *answers: Json, parts: Iterable[Json] = ()) -> Json:
    made: Json = {"linkId": link}
    if answers:
        made["answer"] = list(answers)
    if listed := list(parts):
        made["item"] = listed
    return made


def yes(value: bool = True) -> Json:  # noqa: FBT001, FBT002  # reads as yes(), yes(False)
    return {"valueBoolean": value}


def on(text: str) -> Json:
    return {"valueDate": text}
