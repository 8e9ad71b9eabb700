"""Calls of hooks, made of requests: what a clinic's system would have sent while the same thing was ordered."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from tests.ledger import house

Json = dict[str, Any]
URL = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
VERSIONS = ("2.0", "2.2")
FRAME = ("Patient", "Coverage", "Organization", "Practitioner", "PractitionerRole")
"""What a hook brings of itself; the rest is the chart."""


def example(name: str) -> Json:
    found: Json = json.loads(house.example(name))
    return found


def resources(bundle: Json) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"]]


def claim_of(bundle: Json) -> Json:
    return next(one for one in resources(bundle) if one["resourceType"] == "Claim")


def moment(bundle: Json) -> datetime:
    """When a request was made: noon of its day in the plan's zone."""
    return datetime.fromisoformat(f"{claim_of(bundle)['created'][:10]}T17:00:00").replace(tzinfo=UTC)


def searched(found: list[Json]) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in found]}


def collected(found: list[Json]) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in found]}


def serviced(order: Json) -> Json:
    """An order for a device as one for a service, which alone an appointment can be made for."""
    made = {key: part for key, part in order.items() if key not in ("codeCodeableConcept", "parameter")}
    made |= {"resourceType": "ServiceRequest", "status": "active", "code": order.get("codeCodeableConcept", {})}
    for one in order.get("parameter", ()):
        made["quantityQuantity"] = one["valueQuantity"]
    return made


def appointment(order: Json, patient: str) -> Json:
    """An appointment at which the pump is fitted."""
    performer = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PPRF"}]}
    return {
        "resourceType": "Appointment",
        "id": "fitting",
        "status": "proposed",
        "start": "2026-12-01T09:00:00Z",
        "end": "2026-12-01T10:00:00Z",
        "basedOn": [{"reference": f"ServiceRequest/{order['id']}"}],
        "participant": [
            {"actor": {"reference": f"Patient/{patient}"}, "status": "needs-action"},
            {"type": [performer], "actor": {"reference": "Practitioner/user"}, "status": "needs-action"},
        ],
    }


def order_of(bundle: Json, place: int = 0) -> Json:
    """The order for what an item of a request asks for."""
    claim = claim_of(bundle)
    item = claim["item"][place]
    concept = copy.deepcopy(item["productOrService"])
    codes = {one.get("code") for one in concept.get("coding", ())}
    for one in resources(bundle):
        coded = one.get("codeCodeableConcept", {}).get("coding", ())
        if one["resourceType"] == "DeviceRequest" and codes & {each.get("code") for each in coded}:
            made: Json = copy.deepcopy(one)
            break
    else:
        made = {
            "resourceType": "DeviceRequest",
            "id": f"ordered-{place}",
            "intent": "order",
            "codeCodeableConcept": concept,
            "subject": copy.deepcopy(claim["patient"]),
            "authoredOn": claim["created"][:10],
        }
    made["status"] = "draft"
    if "quantity" in item:
        kind = {"text": "quantity"}
        made["parameter"] = [{"code": kind, "valueQuantity": copy.deepcopy(item["quantity"])}]
    reasons = [
        one["diagnosisCodeableConcept"] for one in claim.get("diagnosis", ()) if "diagnosisCodeableConcept" in one
    ]
    if reasons:
        made["reasonCode"] = copy.deepcopy(reasons)
    return made


def hooked(
    bundle: Json,
    hook: str = "order-sign",
    *,
    brought: bool = True,
    extension: Json | None = None,
    orders: list[Json] | None = None,
) -> Json:
    """The call of a hook while a request is being ordered; ``brought``: whether it brings the whole chart."""
    drafts = [order_of(bundle)] if orders is None else orders
    names = {one["id"] for one in drafts}
    others = [
        copy.deepcopy(one) for one in resources(bundle) if one["resourceType"] != "Claim" and one.get("id") not in names
    ]
    patient = claim_of(bundle)["patient"]["reference"].rpartition("/")[2]
    context: Json = {"patientId": patient}
    if hook != "order-dispatch":
        context["userId"] = "Practitioner/user"
    prefetch: Json = {
        "patient": next(one for one in others if one["resourceType"] == "Patient" and one["id"] == patient),
        "coverage": searched([one for one in others if one["resourceType"] in ("Coverage", "Organization")]),
        "people": searched([one for one in others if one["resourceType"] in ("Practitioner", "PractitionerRole")]),
    }
    if hook == "order-dispatch":
        context["order"] = f"DeviceRequest/{drafts[0]['id']}"
        context["dispatchedOrders"] = [f"DeviceRequest/{one['id']}" for one in drafts]
        context["performer"] = "Organization/supplier"
        prefetch["order"] = searched([{**one, "status": "active"} for one in drafts])
    elif hook == "appointment-book":
        context["appointments"] = collected([appointment(drafts[0], patient)])
        prefetch["order"] = searched([serviced(one) for one in drafts])
    elif hook.startswith("encounter"):
        context["encounterId"] = "visit-1"
    else:
        context["draftOrders"] = collected(drafts)
        if hook == "order-select":
            context["selections"] = [f"DeviceRequest/{one['id']}" for one in drafts]
    if brought:
        prefetch["chart"] = searched([one for one in others if one["resourceType"] not in FRAME])
    made_body: Json = {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": prefetch,
    }
    if extension is not None:
        made_body["extension"] = {"davinci-crd.configuration": extension}
    return made_body


def extensions(answer: Json) -> list[Json]:
    """Every coverage information of an answer."""
    return [
        one
        for action in answer["systemActions"]
        for one in action["resource"].get("extension", ())
        if one["url"] == URL
    ]


def parts(extension: Json) -> dict[str, list[Any]]:
    """What an extension says, by its parts."""
    found: dict[str, list[Any]] = {}
    for one in extension["extension"]:
        value = next((part for key, part in one.items() if key.startswith("value")), one.get("extension"))
        found.setdefault(one["url"], []).append(value)
    return found


def said(answer: Json) -> dict[str, list[Any]]:
    """What the one coverage information of an answer says."""
    (one,) = extensions(answer)
    return parts(one)
