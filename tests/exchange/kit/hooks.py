"""The hooks that the CRD suite calls: as the kit has them, and with a pump in the order's place."""

from __future__ import annotations

import copy
from typing import Any, Final

from tests.exchange.kit import tester
from tests.exchange.kit.ehr import Ehr
from tests.exchange.kit.tester import HCPCS, Json, entries

HOOKS: Final = (
    *("appointment-book", "encounter-start", "encounter-discharge", "order-select", "order-dispatch", "order-sign"),
)
PATIENT: Final = "pat015"
COVER: Final = "cov015"
_PUMP: Final = {"coding": [{"system": HCPCS, "code": tester.PUMP}]}


def charts(ehr: Ehr) -> None:
    """Fill the clinic's server: with the kit's patient, cover and orders, and the chart of an example."""
    bodies = [one for hook in HOOKS for one in of_kit(hook, ehr.url)]
    for body in bodies:
        for held in body.get("prefetch", {}).values():
            ehr.hold(*(entries_of(held) if held["resourceType"] == "Bundle" else [held]))
        for draft in body["context"].get("draftOrders", {}).get("entry", []):
            ehr.hold(draft["resource"])
    ehr.hold(
        {
            "resourceType": "Organization",
            "id": "org1234",
            "active": True,
            "name": "A Plan",
            "identifier": [
                {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"},
                {"system": "urn:priorauth:payer", "value": "masshealth"},
            ],
        }
    )
    ehr.hold(pump(), service())
    chart = tester.example("ask")
    was = f"Patient/{entries(chart, 'Patient')[0]['id']}"
    for one in chart["entry"]:
        if one["resource"]["resourceType"] not in {"Claim", "Patient", "Organization", "Coverage"}:
            resource = copy.deepcopy(one["resource"])
            _renamed(resource, was, f"Patient/{PATIENT}")
            ehr.hold(resource)


def entries_of(bundle: Json) -> list[Json]:
    return [one["resource"] for one in bundle.get("entry", [])]


def _renamed(value: Any, was: str, now: str) -> None:
    if isinstance(value, dict):
        if value.get("reference") == was:
            value["reference"] = now
        for part in value.values():
            _renamed(part, was, now)
    elif isinstance(value, list):
        for part in value:
            _renamed(part, was, now)


def of_kit(hook: str, ehr: str) -> list[Json]:
    """Return the kit's bodies for a hook, to be answered with this FHIR server beside."""
    listed: list[Json] = copy.deepcopy(tester.inputs("crd", "2.0.1")[f"{hook.replace('-', '_')}_request_bodies"])
    for body in listed:
        body["fhirServer"] = ehr
    return listed


def pump() -> Json:
    """Return the kit's order of a bed as one for a pump."""
    kit = tester.inputs("crd", "2.0.1")["order_sign_request_bodies"][0]
    order: Json = copy.deepcopy(kit["context"]["draftOrders"]["entry"][0]["resource"])
    order |= {"id": "pump", "codeCodeableConcept": _PUMP, "authoredOn": "2026-11-20"}
    return order


def service() -> Json:
    """Return the same as a service, which an appointment may be for."""
    kept = ("id", "identifier", "status", "subject", "authoredOn", "requester", "insurance")
    order = pump()
    return {"resourceType": "ServiceRequest", "intent": "order", "code": _PUMP, **{name: order[name] for name in kept}}


def with_pump(hook: str, ehr: str) -> Json:
    """Return a body for a hook with a pump in it, or of an appointment for one."""
    body = of_kit(hook, ehr)[-1]
    context: Json = body["context"]
    drafts = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": pump()}]}
    if hook in {"order-sign", "order-select"}:
        context["draftOrders"] = drafts
    if hook == "order-select":
        context["selections"] = ["DeviceRequest/pump"]
    if hook == "order-dispatch":
        context["order"] = "DeviceRequest/pump"
        body["prefetch"]["order"] = pump()
    if hook == "appointment-book":
        booked = context["appointments"]["entry"][:1]
        booked[0]["resource"]["basedOn"] = [{"reference": "ServiceRequest/pump"}]
        context["appointments"]["entry"] = booked
    for cover in entries_of(body.get("prefetch", {}).get("coverage") or {}):
        payer = {"system": "urn:priorauth:payer", "value": "masshealth"}
        cover["payor"] = [{"reference": "Organization/org1234", "identifier": payer, "display": "A Plan"}]
        cover["class"] = copy.deepcopy(entries(tester.example("ask"), "Coverage")[0]["class"])
    body["hookInstance"] = "5d1f7f4e-0f3c-4c5b-9d7c-0c6a6a7d2f11"
    return body


def bodies(hook: str, ehr: str) -> list[Json]:
    """Return what is sent to a hook, one body after another; to ``any-hook`` that of the kit."""
    if hook == "any-hook":
        return [{**copy.deepcopy(tester.inputs("crd", "2.0.1")["any_hook_request_body"]), "fhirServer": ehr}]
    return [*of_kit(hook, ehr), with_pump(hook, ehr)]
