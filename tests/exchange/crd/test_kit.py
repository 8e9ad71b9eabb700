"""The calls that outsiders send: every one of them is answered, in both versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.exchange.crd import coverage
from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import VERSIONS, Json, example, extensions, hooked, order_of
from tests.exchange.house import exchanging

SENT = json.loads((Path(__file__).parents[2] / "data" / "kits" / "crd-2.0.1-requests.json").read_text("utf-8"))
BODIES = [one for key, bodies in SENT.items() if key.endswith("_request_bodies") for one in bodies]
HOOKS = ["order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start", "encounter-discharge"]
ABOUT = {"appointment-book": {"Appointment"}}
ORDERS = {
    "DeviceRequest",
    "ServiceRequest",
    "MedicationRequest",
    "NutritionOrder",
    "CommunicationRequest",
    "VisionPrescription",
}


@pytest.mark.shall(
    "CDS Hooks/74", "CDS Hooks/75", "CRD 2.0.1/164", "CRD 2.0.1/167", "CRD 2.2.1/resp-14", "CRD 2.2.1/hook-26"
)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("place", range(len(BODIES)))
def test_each_call_of_the_kit_is_answered(store: Store, place: int, version: str) -> None:
    body = BODIES[place]
    with exchanging(store, {"hooks": HOOKS}) as exchange:
        answer = exchange.post(f"/cds-services/{body['hook']}-crd", body, version)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    found: Json = answer.json()
    assert isinstance(found["cards"], list)
    primary = body["hook"] in ("order-sign", "order-dispatch", "appointment-book")
    assert bool(found["systemActions"]) is primary
    for action in found["systemActions"]:
        assert action["resource"]["resourceType"] in ABOUT.get(body["hook"], ORDERS)
    for one in extensions(found):
        assert coverage.broken(one, version) == []  # type: ignore[arg-type]


@pytest.mark.shall(
    "CRD 2.0.1/153", "CRD 2.0.1/184", "CRD 2.0.1/207", "CRD 2.0.1/226", "CRD 2.0.1/272", "CRD 2.0.1/274",
    "CRD 2.0.1/275", "CRD 2.0.1/276", "CRD 2.0.1/277", "CRD 2.2.1/hook-4", "CRD 2.2.1/hook-16",
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", sorted(ORDERS))
def test_an_order_of_every_kind_is_answered_when_it_is_signed(store: Store, kind: str, version: str) -> None:
    coded = {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}
    elements: dict[str, Json] = {
        "DeviceRequest": {"codeCodeableConcept": coded}, "ServiceRequest": {"code": coded},
        "MedicationRequest": {"medicationCodeableConcept": coded},
    }  # fmt: skip
    order = {key: part for key, part in order_of(example("ask")).items() if key != "codeCodeableConcept"}
    order = {**order, "resourceType": kind, **elements.get(kind, {})}
    with exchanging(store) as exchange:
        found = exchange.post("/cds-services/order-sign-crd", hooked(example("ask"), orders=[order]), version).json()
    (action,) = found["systemActions"]
    assert action["resource"]["resourceType"] == kind
    assert len(extensions(found)) == 1
