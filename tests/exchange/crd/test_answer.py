"""The action on an order: the resource as it came, with nothing changed but coverage information."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.crd import answer
from priorauth.exchange.crd.orders import Order
from tests.exchange.crd.hooking import URL, VERSIONS, Json, example, extensions, hooked, moment, order_of, parts
from tests.exchange.house import Exchange

SIGN = "/cds-services/order-sign-crd"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
OTHER = {"url": "https://clinic.example/own", "valueString": "kept"}


def information(coverage: str, covered: str = "covered", day: str = "2026-11-20") -> Json:
    return {
        "url": URL,
        "extension": [
            {"url": "coverage", "valueReference": {"reference": coverage}},
            {"url": "covered", "valueCode": covered},
            {"url": "date", "valueDate": day},
            {"url": "coverage-assertion-id", "valueString": f"of {day}"},
        ],
    }


def order(resource: Json) -> Order:
    return Order(resource, resource, (), "an order")


@pytest.mark.shall("CRD 2.2.1/resp-37")
@given(st.dictionaries(st.text(min_size=1, max_size=12).filter(lambda key: key != "extension"), VALUES, max_size=6))
def test_an_update_changes_nothing_but_coverage_information(drawn: dict[str, Any]) -> None:
    resource = {"resourceType": "DeviceRequest", "id": "1", **drawn, "extension": [OTHER]}
    before = copy.deepcopy(resource)
    made = answer.action(order(resource), [information("Coverage/1")])
    assert made is not None
    assert resource == before
    assert {key: part for key, part in made["resource"].items() if key != "extension"} == {
        key: part for key, part in before.items() if key != "extension"
    }
    assert made["resource"]["extension"] == [OTHER, information("Coverage/1")]


@pytest.mark.shall("CRD 2.2.1/resp-32", "CRD 2.0.1/265")
def test_what_stood_there_of_the_same_coverage_is_replaced_and_of_another_is_kept() -> None:
    before = [information("Coverage/1", "conditional"), OTHER, information("Coverage/2")]
    made = answer.action(
        order({"resourceType": "DeviceRequest", "extension": before}), [information("https://e.example/Coverage/1")]
    )
    assert made is not None
    assert [answer.covered(one) for one in made["resource"]["extension"]] == ["", "Coverage/2", "Coverage/1"]


@pytest.mark.shall("CRD 2.2.1/resp-35", "CRD 2.0.1/267")
def test_where_nothing_is_new_but_the_day_there_is_no_action() -> None:
    before = {"resourceType": "DeviceRequest", "extension": [information("Coverage/1")]}
    assert answer.action(order(before), [information("Coverage/1", day="2026-11-21")]) is None
    assert answer.action(order(before), [information("Coverage/1", "conditional")]) is not None


@pytest.mark.shall("CRD 2.2.1/resp-29", "CRD 2.2.1/resp-35", "CRD 2.0.1/267", "CRD 2.2.1/hook-16")
@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_that_bears_what_would_be_said_of_it_is_left_alone(exchange: Exchange, version: str) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    first = exchange.post(SIGN, hooked(bundle), version).json()
    signed = first["systemActions"][0]["resource"]
    again = exchange.post(SIGN, hooked(bundle, orders=[signed]), version).json()
    assert len(first["systemActions"]) == 1
    assert again["systemActions"] == []


@pytest.mark.shall(
    "CRD 2.2.1/resp-25", "CRD 2.2.1/resp-37", "CRD 2.2.1/resp-48", "CRD 2.2.1/resp-52", "CRD 2.0.1/279",
    "CDS Hooks/127", "CDS Hooks/128", "CDS Hooks/130", "CDS Hooks/132", "CRD 2.2.1/resp-47", "CRD 2.0.1/273",
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("hook", ["order-sign", "order-dispatch", "order-select", "appointment-book"])
def test_the_action_is_an_update_of_the_very_resource_that_came(exchange: Exchange, hook: str, version: str) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle, hook)
    body["context"].get("draftOrders", {}).get("entry", [{"resource": {}}])[0]["resource"]["unheard"] = {"of": 1.5}
    sent = {
        "order-dispatch": lambda: body["prefetch"]["order"]["entry"][0]["resource"],
        "appointment-book": lambda: body["context"]["appointments"]["entry"][0]["resource"],
    }.get(hook, lambda: body["context"]["draftOrders"]["entry"][0]["resource"])()
    found = exchange.post(f"/cds-services/{hook}-crd", body, version).json()
    (action,) = found["systemActions"]
    assert action["type"] == "update"
    assert action["description"]
    plain = {key: part for key, part in action["resource"].items() if key != "extension"}
    assert plain == {key: part for key, part in sent.items() if key != "extension"}
    assert not any("coverage" in str(card).lower() and "ext-coverage" in str(card) for card in found["cards"])


@pytest.mark.shall("CRD 2.2.1/resp-32", "CRD 2.0.1/264")
@pytest.mark.parametrize("version", VERSIONS)
def test_two_coverages_have_an_assertion_each(exchange: Exchange, version: str) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle)
    entries = body["prefetch"]["coverage"]["entry"]
    second = copy.deepcopy(next(one for one in entries if one["resource"]["resourceType"] == "Coverage"))
    second["resource"]["id"] = "second"
    entries.append(second)
    found = [parts(one) for one in extensions(exchange.post(SIGN, body, version).json())]
    assert [one["coverage"][0]["reference"] for one in found] == ["Coverage/coverage", "Coverage/second"]
    assert len({one["coverage-assertion-id"][0] for one in found}) == 2


@pytest.mark.shall("CRD 2.2.1/resp-29")
def test_each_order_of_a_call_has_an_action_of_its_own(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    first = order_of(bundle)
    second = {
        **copy.deepcopy(first),
        "id": "second",
        "codeCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]},
    }
    found = exchange.post(SIGN, hooked(bundle, orders=[first, second])).json()
    assert [one["resource"]["id"] for one in found["systemActions"]] == [first["id"], "second"]
    assert [parts(one)["covered"] for one in extensions(found)] == [["covered"], ["conditional"]]
