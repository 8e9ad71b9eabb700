"""The shape of a call: what is refused with which status, and what is let be."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.exchange.crd.hooking import VERSIONS, Json, example, hooked, moment, order_of, said
from tests.exchange.house import Exchange

SIGN = "/cds-services/order-sign-crd"


def refused(exchange: Exchange, body: Any, version: str = "2.2", hook: str = "order-sign") -> tuple[int, str]:
    """The status of a refusal and the place that it names."""
    answer = exchange.post(f"/cds-services/{hook}-crd", body, version)
    found = answer.json()
    assert found["resourceType"] == "OperationOutcome", answer.text
    return answer.status_code, found["issue"][0].get("expression", [""])[0]


def without(body: Json, *path: Any) -> Json:
    made = copy.deepcopy(body)
    held = made
    for part in path[:-1]:
        held = held[part]
    del held[path[-1]]
    return made


def put(body: Json, value: Any, *path: Any) -> Json:
    made = copy.deepcopy(body)
    held = made
    for part in path[:-1]:
        held = held[part]
    held[path[-1]] = value
    return made


BODY = hooked(example("ask"))


@pytest.mark.shall(
    "CRD 2.2.1/hook-9", "CRD 2.2.1/hook-10", "CRD 2.2.1/hook-13", "CRD 2.0.1/158", "CRD 2.0.1/162", "CDS Hooks/1"
)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b'{"hook": "order-sign", "hook": "order-sign"}', b"{" * 100, b"\xff\xfe"],
)
def test_what_is_no_json_object_is_a_bad_request_with_an_outcome(exchange: Exchange, body: bytes, version: str) -> None:
    assert refused(exchange, body, version)[0] == 400


@pytest.mark.shall("CRD 2.2.1/hook-9", "CRD 2.2.1/hook-13", "CRD 2.0.1/162", "CRD 2.0.1/168")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "path",
    [
        ("hook",), ("hookInstance",), ("context",), ("context", "userId"), ("context", "patientId"),
        ("context", "draftOrders"), ("context", "draftOrders", "resourceType"),
        ("context", "draftOrders", "entry", 0, "resource"),
        ("context", "draftOrders", "entry", 0, "resource", "resourceType"),
    ],
)  # fmt: skip
def test_what_cds_hooks_demands_and_is_not_there_is_a_bad_request(
    exchange: Exchange, path: tuple[Any, ...], version: str
) -> None:
    status, place = refused(exchange, without(BODY, *path), version)
    assert status == 400
    assert place


@pytest.mark.parametrize(
    ("hook", "name"),
    [
        ("order-select", "selections"), ("order-select", "draftOrders"), ("appointment-book", "appointments"),
        ("encounter-start", "encounterId"), ("order-dispatch", "patientId"),
    ],
)  # fmt: skip
def test_each_hook_has_its_own_context(exchange: Exchange, hook: str, name: str) -> None:
    body = hooked(example("ask"), hook)
    assert refused(exchange, without(body, "context", name), hook=hook) == (400, f"context.{name}")


def test_an_order_that_is_sent_out_is_named_in_either_way(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle, "order-dispatch")
    path = "/cds-services/order-dispatch-crd"
    for name in ("order", "dispatchedOrders"):
        assert said(exchange.post(path, without(body, "context", name)).json())["covered"] == ["covered"]
    neither = without(without(body, "context", "order"), "context", "dispatchedOrders")
    assert refused(exchange, neither, hook="order-dispatch")[0] == 400


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("order-select", ("hook",)), (7, ("hookInstance",)), ("", ("hookInstance",)), ([], ("context",)),
        ({"resourceType": "Patient"}, ("context", "draftOrders")), ({}, ("context", "draftOrders", "entry")),
        ([7], ("context", "draftOrders", "entry")), ("all", ("prefetch",)), ("text", ("prefetch", "patient")),
        ([], ("prefetch", "patient")), (7, ("fhirServer",)), ("token", ("fhirAuthorization",)), ("x", ("extension",)),
    ],
)  # fmt: skip
def test_what_is_of_another_type_is_a_bad_request(exchange: Exchange, value: Any, path: tuple[str, ...]) -> None:
    assert refused(exchange, put(BODY, value, *path))[0] == 400


def test_a_token_wants_a_server_and_a_server_that_stands_alone_is_let_be(exchange: Exchange) -> None:
    access = {"access_token": "t", "token_type": "Bearer"}
    assert refused(exchange, {**BODY, "fhirAuthorization": access}) == (400, "fhirServer")
    assert (
        refused(exchange, {**BODY, "fhirServer": "https://e.example", "fhirAuthorization": {"token_type": "Bearer"}})[0]
        == 400
    )
    assert exchange.post(SIGN, {**BODY, "fhirServer": "https://e.example"}).status_code == 200


@pytest.mark.shall("CRD 2.2.1/hook-13", "CRD 2.0.1/163")
@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_of_another_patient_breaks_a_rule_of_crd(exchange: Exchange, version: str) -> None:
    order = {**order_of(example("ask")), "subject": {"reference": "Patient/somebody-else"}}
    status, place = refused(exchange, hooked(example("ask"), orders=[order]), version)
    assert (status, place) == (422, "DeviceRequest.subject")


def test_an_appointment_of_another_patient_breaks_a_rule_of_crd(exchange: Exchange) -> None:
    body = hooked(example("ask"), "appointment-book")
    made = body["context"]["appointments"]["entry"][0]["resource"]
    made["participant"][0]["actor"] = {"reference": "Patient/somebody-else"}
    assert refused(exchange, body, hook="appointment-book")[0] == 422


def test_more_orders_than_a_call_may_hold_are_refused(exchange: Exchange) -> None:
    orders = [{**order_of(example("ask")), "id": f"o-{place}"} for place in range(51)]
    assert refused(exchange, hooked(example("ask"), orders=orders))[0] == 422


@pytest.mark.shall("CRD 2.2.1/hook-23", "CRD 2.2.1/found-33", "CRD 2.0.1/169", "CRD 2.2.1/conf-7", "CRD 2.2.1/conf-8")
@pytest.mark.parametrize("version", VERSIONS)
def test_what_nobody_here_knows_is_let_be(exchange: Exchange, version: str) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    plain = exchange.post(SIGN, hooked(bundle), version).json()
    body = hooked(bundle)
    body["context"]["weather"] = {"sunny": [1, 2]}
    body["unheard"] = {"of": True}
    body["prefetch"]["unheard"] = {"resourceType": "Unheard", "id": "1", "of": [None]}
    body["prefetch"]["patient"]["favourite"] = "blue"
    assert said(exchange.post(SIGN, body, version).json()) == said(plain)


@pytest.mark.shall("CRD 2.2.1/found-34", "CRD 2.0.1/63", "CRD 2.2.1/conf-12")
@pytest.mark.parametrize(
    "gone", [None, {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}, "absent"]
)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_prefetch_of_null_or_of_a_fault_is_as_if_it_were_not_there(
    exchange: Exchange, gone: Any, version: str
) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle)
    for key in ("patient", "people", "chart"):
        if gone == "absent":
            del body["prefetch"][key]
        else:
            body["prefetch"][key] = gone
    found = said(exchange.post(SIGN, body, version).json())
    assert found["pa-needed"] == ["auth-needed"]


@pytest.mark.shall("CRD 2.2.1/hook-9")
def test_a_service_that_is_not_served_is_not_found(exchange: Exchange) -> None:
    assert refused(exchange, BODY, hook="encounter-discharge")[0] == 404
    assert refused(exchange, BODY, hook="medication-prescribe")[0] == 404


def test_nothing_of_a_body_that_is_refused_stands_in_the_log(exchange: Exchange) -> None:
    body = put(BODY, "Secretname", "context", "draftOrders", "entry", 0, "resource", "subject", "reference")
    exchange.post(SIGN, put(body, "Secretname", "prefetch", "patient"))
    assert "Secretname" not in json.dumps(exchange.running.lines())
