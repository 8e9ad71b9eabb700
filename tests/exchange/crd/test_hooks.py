"""A hook from end to end: what is answered on orders, in both versions, and what is kept of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from priorauth.exchange.crd import coverage
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from tests.exchange.crd.hooking import HCPCS, VERSIONS, Json, example, extensions, hooked, moment, order_of, said
from tests.exchange.house import Exchange, both
from tests.ledger import house

SIGN = "/cds-services/order-sign-crd"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_of_which_something_is_open_needs_authorization_and_names_the_form(
    exchange: Exchange, version: str
) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    answer = exchange.post(SIGN, hooked(bundle), version).json()
    found = said(answer)
    assert found["covered"] == ["covered"]
    assert found["pa-needed"] == ["auth-needed"]
    assert found["doc-needed"]
    assert found["doc-purpose"] == ["withpa"]
    assert any("still open" in one["text"] for one in found["reason"])
    assert found["questionnaire"][0].endswith("/Questionnaire/masshealth.insulin-pumps.adaptive|2016-01-01-1")


@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_of_which_all_is_shown_still_needs_authorization_where_the_plan_gives_no_numbers_unasked(
    exchange: Exchange, version: str
) -> None:
    bundle = example("approve")
    exchange.running.clock.now = moment(bundle)
    found = said(exchange.post(SIGN, hooked(bundle), version).json())
    assert found["pa-needed"] == ["auth-needed"]
    assert [one["text"] for one in found["reason"]] == ["all that the policy asks is on file"]
    assert "satisfied-pa-id" not in found


@pytest.mark.shall("CRD 2.2.1/found-37", "CRD 2.2.1/found-11", "CRD 2.0.1/76")
@both
def test_a_call_is_kept_with_its_answer_and_its_receipts_and_leaves_a_context(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = json.dumps(hooked(bundle)).encode()
    answer = exchange.post(SIGN, body)
    (kept,) = traffic.found(exchange.store, house.TENANT, t.hook_call)
    assert (kept["hook"], kept["client"], kept["status"]) == ("order-sign", "clinic-ehr", 200)
    assert kept["request"] == body
    assert kept["answer"] == answer.content
    (assertion,) = said(answer.json())["coverage-assertion-id"]
    assert kept["receipts"][assertion]["sha256"]
    (context,) = traffic.found(exchange.store, house.TENANT, t.context, context=assertion)
    assert (context["policy"], context["product"]) == ("masshealth/insulin-pumps", "E0784")
    assert json.loads(context["bundle"])["entry"][0]["resource"]["resourceType"] == "Claim"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("hook", ["order-sign", "order-select", "order-dispatch", "appointment-book"])
@pytest.mark.parametrize("name", ["approve", "ask", "conflict", "not-yet", "review", "replacement", "medicare"])
def test_whatever_is_said_keeps_the_rules_of_its_version(
    exchange: Exchange, name: str, hook: str, version: str
) -> None:
    bundle = example(name)
    exchange.running.clock.now = moment(bundle)
    answer = exchange.post(f"/cds-services/{hook}-crd", hooked(bundle, hook), version)
    assert answer.status_code == 200, answer.text
    found = extensions(answer.json())
    assert len(found) == 1
    assert coverage.broken(found[0], version) == []  # type: ignore[arg-type]


@pytest.mark.shall("CRD 2.2.1/found-37", "CRD 2.0.1/76")
def test_a_call_that_is_refused_is_kept_as_well(exchange: Exchange) -> None:
    body = json.dumps({"hook": "order-sign"}).encode()
    answer = exchange.post(SIGN, body)
    (kept,) = traffic.found(exchange.store, house.TENANT, t.hook_call)
    assert (kept["status"], kept["request"], kept["answer"]) == (400, body, answer.content)


@pytest.mark.shall("CRD 2.2.1/sec-5", "CRD 2.2.1/sec-6", "CRD 2.0.1/93", "CRD 2.0.1/94")
def test_nothing_of_a_call_is_kept_but_its_log_and_the_context_of_its_forms_and_both_go(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    before = filled(exchange)
    exchange.post(SIGN, hooked(bundle))
    after = filled(exchange)
    assert {name for name in after if after[name] != before[name]} == {"hook_call", "context"}
    over = moment(bundle) + timedelta(days=4000)
    traffic.purge(exchange.store, house.TENANT, {"hook_call": over, "context": over})
    assert filled(exchange) == before


def filled(exchange: Exchange) -> dict[str, int]:
    """How many rows each table has."""
    with exchange.store.reading(house.TENANT) as connection:
        return {
            one.name: connection.execute(select(func.count()).select_from(one)).scalar_one()
            for one in t.METADATA.sorted_tables
        }


def test_orders_that_go_with_one_stand_in_its_case_and_others_do_not(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    pump = order_of(bundle)
    others = [
        {**pump, "id": name, element: {"coding": [{"system": system, "code": code}]}, "resourceType": kind}
        for name, kind, element, system, code in (
            ("monitor", "DeviceRequest", "codeCodeableConcept", HCPCS, "E2103"),
            ("thing", "DeviceRequest", "codeCodeableConcept", "http://snomed.info/sct", "1"),
            ("supply", "DeviceRequest", "codeCodeableConcept", HCPCS, "A4230"),
            ("visit", "ServiceRequest", "code", "http://snomed.info/sct", "1"),
        )
    ]
    exchange.post(SIGN, hooked(bundle, orders=[pump, *others]))
    kept = [row["bundle"] for row in traffic.found(exchange.store, house.TENANT, t.context)]
    claims = [json.loads(one)["entry"][0]["resource"]["item"] for one in kept]
    ordered = {items[0]["productOrService"].get("text", _code(items[0])): items for items in claims}
    assert [_code(item) for item in ordered["E0784"][1:]] == ["E2103", ""]
    assert [_code(item) for item in ordered["E2103"][1:]] == ["E0784", ""]


def _code(item: Json) -> str:
    return str(next((one["code"] for one in item["productOrService"].get("coding", ())), ""))
