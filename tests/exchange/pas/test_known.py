"""A partner finds its own cases by the numbers that it gives, and nobody else's."""

from __future__ import annotations

from typing import Any

from priorauth.exchange.call import Call
from priorauth.exchange.pas.known import before, clients
from priorauth.exchange.plan import Partner, Plan
from tests.exchange.house import Exchange
from tests.exchange.pas.sending import asking, case_of, send
from tests.ledger.house import NOW, TENANT


def called(exchange: Exchange, client: str, organisation: str | None = None) -> Call:
    more: dict[str, Any] = {"service": exchange.running.service, "settings": {}, "request": "r"}
    partner = Partner(organisation=organisation)
    return Call(
        store=exchange.store, tenant=TENANT, plan=Plan(), version="2.2", client=client, partner=partner,
        base="https://h/plan/2.2", now=NOW, **more,
    )  # fmt: skip


def test_its_own_cases_are_found_the_oldest_first_by_any_kind_of_number(exchange: Exchange) -> None:
    first, second = (case_of(send(exchange, asking("ask", serial=one))) for one in ("one", "two"))
    call = called(exchange, "clinic-ehr")
    names = ["urn:example:request|two", f"{first}-1", "urn:unknown|1"]
    assert clients(call, names) == [first, second]
    assert clients(call, names, "claim") == [second]
    assert clients(call, []) == []


def test_those_that_came_before_a_case_are_found(exchange: Exchange) -> None:
    first, second = (case_of(send(exchange, asking("ask", serial=one))) for one in ("one", "two"))
    names = [f"urn:example:request|{one}" for one in ("one", "two")]
    call = called(exchange, "clinic-ehr")
    assert (before(call, names, second), before(call, names, first), before(call, names, "26-9999")) == (
        [first],
        [],
        [],
    )


def test_a_system_that_speaks_for_the_same_organisation_finds_them_and_another_does_not(exchange: Exchange) -> None:
    number = case_of(send(exchange, asking("ask", serial="one")))
    assert clients(called(exchange, "second-ehr", "clinic"), ["urn:example:request|one"]) == [number]
    assert clients(called(exchange, "second-ehr", "other-clinic"), ["urn:example:request|one"]) == []
    assert clients(called(exchange, "second-ehr"), ["urn:example:request|one"]) == []
