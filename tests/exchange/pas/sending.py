"""Requests as clinics send them, and what is read of an answer: for the tests of PAS."""

from __future__ import annotations

import copy
import json
from typing import Any

import httpx2

from priorauth.exchange.pas.codes import PAS, TEMP, coded
from tests.exchange.house import Exchange
from tests.ledger.house import example

Json = dict[str, Any]
SUBMIT = "/fhir/Claim/$submit"
BASE = "https://clinic.example.org/fhir"
X12 = "https://codesystem.x12.org/005010"
TRACE = {"system": "urn:example:trace", "value": "T-1"}


def asking(name: str = "ask", *, items: int = 1, quantity: int | None = None, serial: str | None = None) -> Json:
    """Return an example as a Bundle; with so many items alike, a quantity of each, and a name of its own."""
    bundle: Json = json.loads(example(name))
    bundle["identifier"] = {"system": "urn:example:bundle", "value": serial or name}
    claim = bundle["entry"][0]["resource"]
    first = claim["item"][0]
    if quantity is not None:
        first["quantity"] = {"value": quantity, "unit": "each"}
    claim["item"] = [{**copy.deepcopy(first), "sequence": place} for place in range(1, items + 1)]
    if serial is not None:
        named(bundle, serial)
    return bundle


def named(bundle: Json, serial: str) -> Json:
    """Give the claim of a Bundle another id, identifier and URL."""
    entry = bundle["entry"][0]
    entry["resource"] |= {"id": serial, "identifier": [{"system": "urn:example:request", "value": serial}]}
    entry["fullUrl"] = f"{BASE}/Claim/{serial}"
    return bundle


def claim(bundle: Json) -> Json:
    """Return the claim of a Bundle."""
    found: Json = bundle["entry"][0]["resource"]
    return found


def item(bundle: Json, sequence: int = 1) -> Json:
    """Return an item of the claim of a Bundle."""
    return next(one for one in claim(bundle)["item"] if one["sequence"] == sequence)


def extended(name: str, kind: str, value: object) -> Json:
    return {"url": f"{PAS}/extension-{name}", f"value{kind}": value}


def rich(bundle: Json) -> Json:
    """State of every item all that a response gives back."""
    made = claim(bundle)
    made["careTeam"] = [
        {
            "extension": [extended("careTeamClaimScope", "Boolean", value=False)],
            "sequence": 1,
            "provider": {"reference": "Organization/supplier"},
        }
    ]
    made["supportingInfo"] = [
        {"sequence": 1, "category": coded(TEMP, "admissionDates"), "timingDate": "2026-12-01"},
        {"sequence": 2, "category": coded(TEMP, "dischargeDates"), "timingDate": "2026-12-04"},
    ]
    made["extension"] = [
        {
            "url": f"{PAS}/extension-TransmissionIdentifiers",
            "extension": [
                {"url": "applicationSenderCode", "valueString": "CLINIC"},
                {"url": "applicationReceiverCode", "valueString": "PLAN"},
            ],
        }
    ]
    made["identifier"][0]["extension"] = [
        extended("identifierSubDepartment", "String", "north"),
        extended("identifierJurisdiction", "CodeableConcept", coded("https://www.usps.com/", "MA")),
    ]
    for one in made["item"]:
        kept = [each for each in one.get("extension", []) if "itemTraceNumber" not in each["url"]]
        one["extension"] = [
            *kept,
            extended("itemTraceNumber", "Identifier", {**TRACE, "value": f"T-{one['sequence']}"}),
            extended("authorizationNumber", "String", "OLD-1"),
            extended("epsdtIndicator", "Boolean", value=True),
            extended(
                "nursingHomeResidentialStatus", "CodeableConcept", coded("https://codesystem.x12.org/005010/1345", "2")
            ),
            extended("nursingHomeLevelOfCare", "CodeableConcept", coded("https://codesystem.x12.org/005010/1337", "2")),
            extended("productOrServiceCodeEnd", "CodeableConcept", coded("urn:example:codes", "E0785")),
            extended("revenueUnitRateLimit", "Decimal", 100),
            extended("requestedService", "Reference", {"reference": "DeviceRequest/order"}),
            extended("communicatedDiagnosis", "CodeableConcept", coded("http://hl7.org/fhir/sid/icd-10-cm", "E10.65")),
        ]
        one |= {
            "careTeamSequence": [1],
            "diagnosisSequence": [1],
            "informationSequence": [1, 2],
            "servicedPeriod": {"start": "2026-12-01", "end": "2027-11-30"},
            "revenue": coded("https://www.nubc.org/CodeSystem/RevenueCodes", "0290"),
            "category": coded(f"{X12}/1365", "12"),
            "modifier": [coded("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "NU")],
            "unitPrice": {"value": 4000, "currency": "USD"},
            "locationCodeableConcept": coded("https://www.cms.gov/Medicare/Coding/place-of-service-codes", "12"),
        }
        one.pop("servicedDate", None)
    return bundle


def following(bundle: Json, serial: str, *changed: int, cancelled: tuple[int, ...] = (), whole: bool = False) -> Json:
    """Return the update of a request: its claim follows on that of ``bundle``, which is in the Bundle beside it."""
    made = copy.deepcopy(bundle)
    prior = copy.deepcopy(made["entry"][0])
    prior["resource"].pop("related", None)
    made["entry"] = [one for one in made["entry"] if one["resource"]["resourceType"] != "Claim"]
    made["entry"] = [copy.deepcopy(bundle["entry"][0]), prior, *made["entry"]]
    named(made, serial)
    made["identifier"] = {"system": "urn:example:bundle", "value": serial}
    new = claim(made)
    prior_kind = coded("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior")
    new["related"] = [{"claim": {"reference": prior["fullUrl"]}, "relationship": prior_kind}]
    cancel = extended("certificationType", "CodeableConcept", coded(f"{X12}/1322", "3"))
    if whole:
        new["extension"] = [*new.get("extension", []), cancel]
    for one in new["item"]:
        if one["sequence"] in (*changed, *cancelled):
            one.setdefault("extension", []).append(extended("infoChanged", "Code", "changed"))
        if one["sequence"] in cancelled:
            one["modifierExtension"] = [{"url": f"{PAS}/modifierextension-infoCancelled", "valueBoolean": True}]
            kept = [each for each in one["extension"] if "certificationType" not in each["url"]]
            one["extension"] = [*kept, cancel]
    return made


# ---- what came back


def send(exchange: Exchange, bundle: Json, version: str = "2.2", **more: Any) -> Json:
    """Send a request that is answered; return the response Bundle."""
    found = exchange.post(SUBMIT, bundle, version, **more)
    assert found.status_code == 200, found.text
    made: Json = found.json()
    assert made["resourceType"] == "Bundle", made
    return made


def response(made: Json) -> Json:
    """Return the ClaimResponse of an answer: the first entry."""
    first: Json = made["entry"][0]["resource"]
    assert first["resourceType"] == "ClaimResponse"
    return first


def action(adjudicated: Json) -> str:
    """Return the review action of an item."""
    (review,) = adjudicated["adjudication"][0]["extension"]
    code = next(one for one in review["extension"] if one["url"].endswith("reviewActionCode"))
    found: str = code["valueCodeableConcept"]["coding"][0]["code"]
    return found


def actions(made: Json) -> dict[int, str]:
    """Return the review action of each item by sequence."""
    return {one["itemSequence"]: action(one) for one in response(made).get("item", [])}


def case_of(made: Json) -> str:
    """Return the number of the case."""
    return str(response(made)["id"])


def notes(made: Json) -> list[str]:
    return [one["text"] for one in response(made).get("processNote", [])]


def reviewed(made: Json) -> bool | None:
    """Return whether the answer says that a person has looked; None where it does not say."""
    for one in response(made).get("extension", []):
        if one["url"].endswith("claimResponseReviewer"):
            return bool(one["extension"][0]["valueBoolean"])
    return None


def of_kind(made: Json, kind: str) -> list[Json]:
    return [one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == kind]


def refused(found: httpx2.Response) -> list[tuple[str, list[str]]]:
    """Return the issues of a refusal: code, and where."""
    body = found.json()
    assert body["resourceType"] == "OperationOutcome", body
    return [(one["code"], one.get("expression", [])) for one in body["issue"]]
