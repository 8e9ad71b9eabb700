"""What the ledger knows of an order, and a number that nobody asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.taken_back import Cancel
from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import VERSIONS, example, hooked, moment, said
from tests.exchange.house import Exchange, both, exchanging
from tests.ledger import house

SIGN = "/cds-services/order-sign-crd"


def answered(
    exchange: Exchange, name: str, hook: str = "order-sign", version: str = "2.2", **more: Any
) -> dict[str, list[Any]]:
    bundle = example(name)
    if not more.pop("later", False):
        exchange.running.clock.now = moment(bundle)
    return said(exchange.post(f"/cds-services/{hook}-crd", hooked(bundle, hook, **more), version).json())


@both
@pytest.mark.parametrize("version", VERSIONS)
def test_where_the_plan_gives_numbers_unasked_the_ledger_gives_one_and_the_same_order_has_the_same(
    store: Store, version: str
) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        first = answered(exchange, "approve", version=version)
        again = answered(exchange, "approve", version=version)
        (case,) = traffic.found(exchange.store, house.TENANT, t.cases)
        (approval,) = traffic.found(exchange.store, house.TENANT, t.approval)
    assert first["satisfied-pa-id"] == again["satisfied-pa-id"] == [approval["number"]]
    assert first["pa-needed"] == ["satisfied"]
    assert "doc-purpose" not in first
    assert case["organisation"] == "clinic"
    assert [one["url"] for one in first["detail"][0]][-3:] == ["code", "value", "qualification"]


def test_a_number_is_known_at_the_next_hook_and_on_the_next_day(store: Store) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        first = answered(exchange, "approve")
        exchange.running.clock.now += timedelta(days=3)
        later = answered(exchange, "approve", "order-select", later=True)
        assert len(traffic.found(exchange.store, house.TENANT, t.approval)) == 1
    assert later["satisfied-pa-id"] == first["satisfied-pa-id"]
    assert later["coverage-assertion-id"] != first["coverage-assertion-id"]


def test_a_number_whose_time_is_over_is_no_longer_said(store: Store) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        answered(exchange, "approve")
        exchange.running.clock.now += timedelta(days=200)
        later = answered(exchange, "approve", "order-select", later=True)
    assert later["pa-needed"] == ["auth-needed"]
    assert "satisfied-pa-id" not in later


def test_a_number_that_was_taken_back_is_no_longer_said(store: Store) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        answered(exchange, "approve")
        (case,) = traffic.found(exchange.store, house.TENANT, t.cases)
        exchange.running.clock.now += timedelta(days=2)
        house.done(exchange.store, Cancel(case=case["case_no"]), house.SYSTEM, exchange.running.clock.now)
        later = answered(exchange, "approve", "order-select", later=True)
    assert later["pa-needed"] == ["auth-needed"]
    assert "satisfied-pa-id" not in later


@pytest.mark.parametrize("hook", ["order-select"])
def test_a_hook_that_comes_before_signing_gives_no_number(store: Store, hook: str) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        assert "satisfied-pa-id" not in answered(exchange, "approve", hook)
        assert traffic.found(exchange.store, house.TENANT, t.cases) == []


def test_where_a_person_has_to_look_first_no_number_comes_by_itself(store: Store) -> None:
    with exchanging(store, {"unsolicited": True}, settings={"approve_by_rule": False}) as exchange:
        assert answered(exchange, "approve")["pa-needed"] == ["auth-needed"]
        assert traffic.found(exchange.store, house.TENANT, t.cases) == []


@pytest.mark.parametrize("name", ["ask", "conflict", "not-yet", "review"])
def test_no_number_comes_where_anything_is_open(store: Store, name: str) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        assert answered(exchange, name)["pa-needed"] == ["auth-needed"]
        assert traffic.found(exchange.store, house.TENANT, t.cases) == []


@pytest.mark.shall("CRD 2.2.1/found-11", "CRD 2.2.1/found-9", "CRD 2.0.1/24")
@pytest.mark.parametrize("version", VERSIONS)
def test_of_a_request_that_a_clinician_denied_it_is_said_that_it_was_decided(exchange: Exchange, version: str) -> None:
    first = answered(exchange, "conflict", version=version)
    (assertion,) = first["coverage-assertion-id"]
    case = house.received(exchange.store, "conflict", now=exchange.running.clock.now)
    traffic.trace(exchange.store, house.TENANT, case, [("trace", assertion, 1)])
    house.done(exchange.store, RouteToDirector(case=case), house.NURSE)
    act = DecideAdversely(case=case, reasons=(house.REASON,), licence=house.LICENCE)
    house.done(exchange.store, act, house.DIRECTOR)
    found = answered(exchange, "conflict", version=version, later=True)
    assert found["covered"] == ["covered"]
    assert found["pa-needed"] == ["auth-needed"]
    assert "has decided on this request" in found["reason"][0]["text"]
    assert "satisfied-pa-id" not in found


@pytest.mark.shall("CRD 2.2.1/found-11")
def test_what_was_said_of_an_order_before_leads_to_what_came_of_it(exchange: Exchange) -> None:
    bundle = example("approve")
    first = answered(exchange, "approve")
    case = house.received(exchange.store, "approve", now=exchange.running.clock.now)
    system = f"http://localhost/{house.TENANT}/trace"
    traffic.trace(exchange.store, house.TENANT, case, [("trace", f"{system}|{first['coverage-assertion-id'][0]}", 1)])
    exchange.running.clock.now = moment(bundle) + timedelta(days=2)
    signed = exchange.post(SIGN, hooked(bundle)).json()["systemActions"][0]["resource"]
    assert said({"systemActions": [{"resource": signed}]})["pa-needed"] == ["auth-needed"]
    for part in next(one for one in signed["extension"] if "ext-coverage" in one["url"])["extension"]:
        if part["url"] == "coverage-assertion-id":
            part["valueString"] = first["coverage-assertion-id"][0]
    again = hooked(bundle, orders=[signed])
    assert said(exchange.post(SIGN, again).json())["pa-needed"] == ["satisfied"]
    other = exchange.post(SIGN, again, client="other-ehr").json()
    assert "satisfied" not in str(other)


def test_a_number_that_nobody_asked_for_is_found_by_who_asks_for_it(store: Store) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        (number,) = answered(exchange, "approve")["satisfied-pa-id"]
        kinds = {row["kind"] for row in traffic.found(exchange.store, house.TENANT, t.traced)}
        assert traffic.cases_of(exchange.store, house.TENANT, number)
        assert {"authorization", "administration", "trace", "case", "member"} <= kinds


def test_a_partner_without_an_organisation_is_given_a_number_as_well(store: Store) -> None:
    bundle = example("approve")
    with exchanging(store, {"unsolicited": True}) as exchange:
        exchange.running.clock.now = moment(bundle)
        found = [said(exchange.post(SIGN, hooked(bundle), client=None).json()) for _ in range(2)]
    assert found[0]["satisfied-pa-id"] == found[1]["satisfied-pa-id"]
