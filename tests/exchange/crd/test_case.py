"""The case that is made of an order: what a request for the same thing would say."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from priorauth.exchange.crd.case import Case, bundle, cases
from priorauth.exchange.crd.member import Cover
from priorauth.exchange.crd.orders import Order, orders
from priorauth.exchange.crd.pool import Pool
from priorauth.exchange.crd.request import Asked, read
from tests.exchange.crd.hooking import Json, example, hooked, order_of, resources

DAY = date(2026, 11, 20)
WINTER = {"start": "2026-12-01", "end": "2027-01-31"}


def opened(body: Json, hook: str = "order-sign") -> tuple[Asked, Pool, Case]:
    asked = read(body, hook)  # type: ignore[arg-type]
    pool = Pool()
    for one in (*asked.context.values(), *asked.prefetch.values()):
        pool.add(one)
    (order, *_) = orders(asked, pool)
    cover = Cover(pool.all("Coverage")[0])
    return asked, pool, cases(asked, order, cover, "plan", "clinic-ehr", "E0784", DAY)


def made(order: Json | None = None, hook: str = "order-sign", **changes: Any) -> list[Json]:
    """The resources of the case of an order, its Claim first."""
    body = hooked(example("ask"), hook, orders=None if order is None else [order])
    for path, value in changes.items():
        body["prefetch"][path] = value
    asked, pool, case = opened(body, hook)
    return resources(bundle(asked, case, [], pool, DAY))


def claim(**order: Any) -> Json:
    found = made({**order_of(example("ask")), **order})[0]
    assert found["resourceType"] == "Claim"
    return found


def test_a_claim_asks_for_what_was_ordered_on_the_day_the_call_came() -> None:
    found = claim()
    assert (found["use"], found["status"], found["created"]) == ("preauthorization", "active", "2026-11-20")
    assert found["item"][0]["productOrService"]["coding"][0]["code"] == "E0784"
    assert found["insurance"][0]["coverage"] == {"reference": "Coverage/coverage"}


@pytest.mark.parametrize(
    ("order", "quantity"),
    [
        ({"parameter": [{"code": {"text": "Quantity"}, "valueQuantity": {"value": 3}}]}, 3),
        ({"quantityQuantity": {"value": 10.0}}, 10),
        ({"dispenseRequest": {"quantity": {"value": 2}}}, 2),
        ({"quantityQuantity": {"value": 1.5}}, None), ({"quantityQuantity": {"value": 0}}, None),
        ({"quantityQuantity": {"value": True}}, None), ({"quantityQuantity": {"value": "many"}}, None),
        ({"quantityQuantity": {"value": 10**9}}, None),
    ],
)  # fmt: skip
def test_a_quantity_is_asked_for_where_a_whole_number_says_it(order: Json, quantity: int | None) -> None:
    found = claim(parameter=[], **order) if "parameter" not in order else claim(**order)
    assert found["item"][0].get("quantity", {}).get("value") == quantity


@pytest.mark.parametrize(
    ("order", "served"),
    [
        ({"occurrenceDateTime": "2026-12-01T10:00:00Z"}, {"servicedDate": "2026-12-01"}),
        ({"occurrencePeriod": WINTER}, {"servicedPeriod": WINTER}),
        ({"occurrenceTiming": {"repeat": {"boundsPeriod": WINTER}}}, {"servicedPeriod": WINTER}),
        ({"occurrencePeriod": {"end": "2027-01-31"}}, {}), ({"occurrenceDateTime": "2026"}, {}),
        ({"occurrenceDateTime": "2026-13-45"}, {}), ({"occurrenceTiming": "daily"}, {}),
    ],
)  # fmt: skip
def test_the_days_of_service_are_those_of_the_order(order: Json, served: Json) -> None:
    item = claim(**order)["item"][0]
    assert {key: part for key, part in item.items() if key.startswith("serviced")} == served


def test_the_reasons_of_an_order_are_the_diagnoses_of_the_claim() -> None:
    reason = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E10.65"}]}
    found = claim(
        reasonCode=[reason], reasonReference=[{"reference": "Condition/diabetes"}, {"reference": "Condition/none"}]
    )
    assert found["diagnosis"] == [
        {"sequence": 1, "diagnosisCodeableConcept": reason},
        {"sequence": 2, "diagnosisReference": {"reference": "Condition/diabetes"}},
    ]


@pytest.mark.parametrize(("order", "code"), [({}, "I"), ({"priorRequest": [{"reference": "DeviceRequest/0"}]}, "UNK")])
def test_an_order_that_follows_on_another_does_not_say_that_it_is_the_first(order: Json, code: str) -> None:
    kind = claim(**order)["item"][0]["extension"][0]
    assert kind["valueCodeableConcept"]["coding"][0]["code"] == code


@pytest.mark.parametrize(
    ("hook", "status"), [("order-sign", "active"), ("order-select", "draft"), ("order-dispatch", "active")]
)
def test_an_order_is_read_as_it_will_stand_when_it_is_signed(hook: str, status: str) -> None:
    order = {key: part for key, part in order_of(example("ask")).items() if key != "authoredOn"}
    found = made(order, hook)
    (read_as,) = [one for one in found if one["resourceType"] == "DeviceRequest" and one["id"] == order["id"]]
    assert read_as["status"] == status
    assert read_as.get("authoredOn") == ("2026-11-20" if hook == "order-sign" else None)


def test_what_is_of_another_patient_is_left_out_and_a_patient_who_was_not_brought_stands_with_her_id() -> None:
    chart = {"resourceType": "Observation", "id": "theirs", "subject": {"reference": "Patient/other"}}
    body_patient = {"resourceType": "Patient", "id": "other"}
    found = made(None, "order-sign", chart=chart, patient=body_patient)
    assert not any(one.get("id") in ("theirs", "other") for one in found)
    assert {"resourceType": "Patient", "id": "ask"} in found


def test_references_to_another_name_of_the_same_server_lead_to_what_is_here() -> None:
    body = hooked(example("ask"))
    for entry in body["prefetch"]["chart"]["entry"]:
        if "subject" in entry["resource"]:
            entry["resource"]["subject"] = {"reference": "https://alias.example/fhir/Patient/ask"}
    asked, pool, case = opened(body)
    found = resources(bundle(asked, case, [], pool, DAY))
    subjects = {one["subject"]["reference"] for one in found if "subject" in one}
    assert subjects == {"Patient/ask"}


def test_a_context_is_known_by_its_order_its_coverage_and_its_day() -> None:
    asked, pool, case = opened(hooked(example("ask")))
    (order,) = orders(asked, pool)
    tomorrow = cases(asked, order, case.cover, "plan", "clinic-ehr", "E0784", date(2026, 11, 21))
    other = cases(asked, order, Cover({**case.cover.resource, "id": "second"}), "plan", "clinic-ehr", "E0784", DAY)
    again = opened(copy.deepcopy(hooked(example("ask"))))[2]
    assert case.context == again.context
    assert tomorrow.identity == case.identity
    assert len({case.context, tomorrow.context, other.context}) == 3
    assert other.identity != case.identity


def beside(name: str, codes: tuple[str, ...], words: str) -> Order:
    resource = {"resourceType": "DeviceRequest", "id": name}
    return Order(resource, resource, codes, words)


def test_the_orders_beside_it_are_items_of_the_same_claim() -> None:
    asked, pool, case = opened(hooked(example("ask")))
    monitor = beside("cgm", ("A4239", "E2103"), "a monitor")
    pump = beside("pump", ("A4230", "E0784"), "a second pump")
    unsaid = beside("thing", (), "a thing")
    first, *others = resources(bundle(asked, case, [monitor, pump, unsaid], pool, DAY))[0]["item"]
    assert [one["code"] for one in first["productOrService"]["coding"]] == ["E0784"]
    codes = [[one["code"] for one in item["productOrService"].get("coding", [])] for item in others]
    assert codes == [["A4239", "E2103"], ["E0784", "A4230"], []]
    assert [item["sequence"] for item in others] == [2, 3, 4]
    assert others[2]["productOrService"] == {"text": "a thing"}
