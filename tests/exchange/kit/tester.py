"""What a tester sends: the kits' own bodies, and the same with a pump and a chart in them, so that they can be decided.

The kits send home health and oxygen. What a payer of pumps has to say of those is little; so each of their requests is
also sent with the product, the diagnosis and the chart of one of our examples, and everything else as the kit has it.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[3]
KITS: Final = ROOT / "tests" / "data" / "kits"
BASE: Final = "http://davinci-pas.org/fhir/"
PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
TEMPORARY: Final = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
REPORTS: Final = "https://codesystem.x12.org/005010/755"
NAMED: Final = 12
"""So many resources of a chart a claim names; it takes the validator minutes to try each profile on hundreds."""
PUMP: Final = "E0784"
DAY: Final = "2026-11-20"
_PARTIES: Final = frozenset({"Claim", "Patient", "Organization", "Coverage"})

Json = dict[str, Any]


@cache
def _file(name: str) -> str:
    return (KITS / f"{name}.json").read_text("utf-8")


def inputs(kit: str, version: str) -> Json:
    """Return the inputs of a kit: ``pas`` 2.0.1 or 2.2.1, ``crd`` and ``dtr`` 2.0.1."""
    found: Json = json.loads(_file(f"{kit}-{version}-requests"))
    return found


def example(name: str) -> Json:
    """Return one of our examples."""
    found: Json = json.loads((ROOT / "examples" / f"{name}.json").read_text("utf-8"))
    return found


def entries(bundle: Json, kind: str) -> list[Json]:
    """Return the resources of a kind in a Bundle."""
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def with_pump(sent: Json, name: str, mark: str, items: int | None = None, **changes: Any) -> Json:
    """Return a kit's request with the product and the chart of an example; ``mark`` is its number and its member's.

    ``items``: how many items are kept, all where nothing is said. ``changes``: elements of every item, as ``quantity``.
    """
    made: Json = copy.deepcopy(sent)
    entries(made, "Claim")[0]["item"] = entries(made, "Claim")[0]["item"][:items]
    chart = example(name)
    made["identifier"]["value"] = mark
    made["timestamp"] = f"{DAY}T09:45:00-05:00"
    for claim in entries(made, "Claim"):
        _claim(claim, entries(chart, "Claim")[0], mark, changes)
    _parties(made, chart, mark)
    _without(made)
    added = _chart(made, chart)
    claim = entries(made, "Claim")[0]
    told = {
        "category": {"coding": [{"system": TEMPORARY, "code": "additionalInformation"}]},
        "extension": [
            {
                "url": f"{PAS}extension-documentInformation",
                "extension": [
                    {"url": "reportTypeCode", "valueCodeableConcept": {"coding": [{"system": REPORTS, "code": "EB"}]}}
                ],
            }
        ],
    }
    claim["supportingInfo"] = [one for one in claim.get("supportingInfo", []) if one["sequence"] < 99] + [
        {"sequence": 100 + place, **told, "valueReference": {"reference": reference}}
        for place, reference in enumerate(added[:NAMED])
    ]
    return made


def _claim(claim: Json, model: Json, mark: str, changes: Json) -> None:
    claim["identifier"][0]["value"] = mark
    claim["created"] = DAY
    for one in claim.get("diagnosis", [])[:1]:
        one["diagnosisCodeableConcept"] = model["diagnosis"][0]["diagnosisCodeableConcept"]
    for item in claim["item"]:
        code = {"coding": [{"system": HCPCS, "code": PUMP}]}
        item["productOrService"] = code
        item["category"] = {"coding": [{"system": "https://codesystem.x12.org/005010/1365", "code": "12"}]}
        item["quantity"] = {"value": 1}
        item["modifier"] = [{"coding": [{"system": HCPCS, "code": "NU"}]}]
        if "servicedDate" in item:
            item["servicedDate"] = DAY
        if "servicedPeriod" in item:
            item["servicedPeriod"] = {"start": DAY, "end": "2026-12-20"}
        for one in item.get("extension", []):
            if one["url"] == f"{PAS}extension-productOrServiceCodeEnd":
                one["valueCodeableConcept"] = code
        item.update(copy.deepcopy(changes))


def _parties(made: Json, chart: Json, mark: str) -> None:
    patient, model = entries(made, "Patient")[0], entries(chart, "Patient")[0]
    patient["birthDate"], patient["gender"] = model["birthDate"], model.get("gender", "unknown")
    patient["identifier"][0]["value"] = mark
    for cover in entries(made, "Coverage"):
        cover["subscriberId"] = mark
        if "period" in cover:
            cover["period"] = {"start": "2026-01-01", "end": "2027-12-31"}
        for one in cover.get("identifier", []):
            one["value"] = mark
        cover["class"] = copy.deepcopy(entries(chart, "Coverage")[0]["class"])
    payer = next(one for one in entries(chart, "Organization") if one["id"] == "payer")
    insurer = next(one for one in entries(made, "Organization") if one["id"] == "InsurerExample")
    insurer["identifier"] += payer["identifier"]


def _chart(made: Json, chart: Json) -> list[str]:
    """Add an example's chart to a request, of the request's own patient; return the references to it."""
    names = {f"Patient/{entries(chart, 'Patient')[0]['id']}": f"Patient/{entries(made, 'Patient')[0]['id']}"}
    names |= {"Organization/payer": "Organization/InsurerExample", "Organization/supplier": "Organization/UMOExample"}
    names |= {f"Coverage/{entries(chart, 'Coverage')[0]['id']}": f"Coverage/{entries(made, 'Coverage')[0]['id']}"}
    added = []
    for entry in chart["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] in _PARTIES:
            continue
        _renamed(resource, names)
        _complete(resource)
        place = f"{resource['resourceType']}/{resource['id']}"
        made["entry"].append({"fullUrl": f"{BASE}{place}", "resource": resource})
        if resource["resourceType"] not in {"Practitioner", "Encounter"}:
            added.append(place)
    return added


def _without(made: Json) -> None:
    """Leave out what of the kit's own does not fit the profiles: its summary, what CRD said of its order."""
    summary = "DocumentReference/episode-summary"
    made["entry"] = [one for one in made["entry"] if one["fullUrl"] != f"{BASE}{summary}"]
    for claim in entries(made, "Claim"):
        named = [
            one for one in claim.get("supportingInfo", []) if one.get("valueReference", {}).get("reference") != summary
        ]
        claim["supportingInfo"] = named
        for item in claim["item"]:
            item.pop("informationSequence", None)
    for kind in ("ServiceRequest", "DeviceRequest"):
        for order in entries(made, kind):
            order.pop("extension", None)


def _complete(resource: Json) -> None:
    """Give a resource what US Core demands of it beside."""
    category = {
        "Condition": ("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item"),
        "Observation": ("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory"),
        "DocumentReference": (
            "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "clinical-note",
        ),
    }.get(resource["resourceType"])
    if category is not None:
        resource.setdefault("category", [{"coding": [dict(zip(("system", "code"), category, strict=True))]}])
    if resource["resourceType"] == "DocumentReference":
        for content in resource["content"]:
            content["attachment"].setdefault("data", "bm90ZQ==")
    if resource["resourceType"] == "Encounter":
        resource.setdefault("type", [{"coding": [{"system": "http://snomed.info/sct", "code": "185349003"}]}])
    if resource["resourceType"] == "QuestionnaireResponse":
        resource.setdefault("questionnaire", f"{BASE}Questionnaire/{resource['id']}")


def _renamed(value: Any, names: dict[str, str]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            value["reference"] = names.get(value["reference"], value["reference"])
        for part in value.values():
            _renamed(part, names)
    elif isinstance(value, list):
        for part in value:
            _renamed(part, names)
