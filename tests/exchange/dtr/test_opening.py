"""What a form is opened by: what CRD left of an order, or a case of which more is asked; found by who was told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from priorauth.exchange.dtr.opening import LONGEST, REQUEST, Opening, bundle_of, opening_of
from priorauth.ledger import runs, traffic
from priorauth.ledger import tables as t
from priorauth.ledger.acts import intake
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.words import Judge
from tests.exchange.calling import called
from tests.exchange.dtr.desk import CONTEXT, context, missing
from tests.exchange.house import Exchange, both
from tests.exchange.pas.sending import asking, case_of, of_kind, rich, send
from tests.ledger import house


def told(exchange: Exchange) -> tuple[str, str]:
    """Send a request of which more is asked; return its case and the id by which its form is asked for."""
    made = send(exchange, rich(asking("ask")))
    name = of_kind(made, "CommunicationRequest")[0]["identifier"][0]["value"]
    return case_of(made), str(name)


def forget(exchange: Exchange) -> None:
    """Let the contexts go, as they do when their time is over."""
    with exchange.store.writing(house.TENANT) as connection:
        connection.execute(delete(t.context))


def opening(exchange: Exchange, name: str, **more: Any) -> Opening:
    found = opening_of(called(exchange, **more), name)
    assert found is not None
    return found


# ---- by an order


@both
def test_an_order_of_which_crd_was_asked_opens_a_form_with_what_crd_left_of_it(exchange: Exchange) -> None:
    context(exchange, missing(), identity="an-order")
    found = opening(exchange, CONTEXT)
    assert (found.name, found.sequence, found.requested, found.words) == (CONTEXT, None, False, ())
    assert (found.data["order"], found.data["identity"]) == ("DeviceRequest/order-pump", "an-order")
    assert bundle_of(found) == missing()


def test_who_was_not_told_of_an_order_does_not_find_it(exchange: Exchange) -> None:
    context(exchange, missing())
    assert opening_of(called(exchange, "other-ehr"), CONTEXT) is None
    assert opening_of(called(exchange), "another") is None
    assert opening_of(called(exchange), "") is None


def test_when_its_time_is_over_nothing_is_opened_by_an_order(exchange: Exchange) -> None:
    context(exchange, missing())
    over = exchange.running.clock.now + timedelta(days=90)
    assert opening_of(called(exchange, now=over - timedelta(seconds=1)), CONTEXT) is not None
    assert opening_of(called(exchange, now=over), CONTEXT) is None


def test_no_more_of_a_name_is_looked_for_than_a_name_may_have(exchange: Exchange) -> None:
    context(exchange, missing(), name="n" * LONGEST)
    assert opening(exchange, "n" * 1_000).name == "n" * LONGEST


# ---- by a request


@both
def test_a_request_of_which_more_is_asked_opens_a_form_as_the_case_stands(exchange: Exchange) -> None:
    _, name = told(exchange)
    found = opening(exchange, name)
    assert (found.sequence, found.requested, found.data["hook"]) == (1, True, REQUEST)
    assert (found.data["patient"], found.data["coverage"]) == ("Patient/ask", "Coverage/coverage")
    assert found.data["order"] == "DeviceRequest/order"
    assert bundle_of(found)["entry"][0]["resource"]["resourceType"] == "Claim"


def test_what_was_filed_and_what_a_clinician_said_since_belongs_to_it(exchange: Exchange) -> None:
    case, name = told(exchange)
    later = {"resourceType": "Observation", "id": "later", "status": "final", "code": {"text": "a result"}}
    file = File(title="lab.json", media=runs.FHIR, content=json.dumps(later).encode(), kind="resources")
    house.done(exchange.store, FileDocument(case=case, file=file), house.COORDINATOR)
    house.done(exchange.store, RouteToDirector(case=case), house.NURSE)
    house.done(exchange.store, Judge(case=case, fact="hba1c_exception_granted", value=False, why="so"), house.DIRECTOR)
    found = opening(exchange, name)
    assert "later" in [entry["resource"]["id"] for entry in bundle_of(found)["entry"]]
    assert any(b"hba1c_exception_granted" in one for one in found.words)


def test_after_its_context_is_gone_it_is_found_by_the_trace_of_its_item_while_somebody_may_still_be_asked(
    exchange: Exchange,
) -> None:
    case, name = told(exchange)
    forget(exchange)
    found = opening(exchange, name)
    assert (found.sequence, found.data["patient"], found.data["order"]) == (1, "Patient/ask", None)
    assert (found.data["coverage"], found.data["hook"]) == ("Coverage/coverage", REQUEST)
    numbers = {row["value"]: row["kind"] for row in traffic.found(exchange.store, house.TENANT, t.traced, case_no=case)}
    others = [value for value, kind in numbers.items() if kind != "trace"]
    assert others
    assert [opening_of(called(exchange), one) for one in others] == [None] * len(others)


@pytest.mark.parametrize("gone", [False, True], ids=["by its context", "by its trace"])
def test_another_client_finds_no_request_of_this_one(exchange: Exchange, gone: Any) -> None:
    _, name = told(exchange)
    if gone:
        forget(exchange)
    assert opening_of(called(exchange), name) is not None
    assert opening_of(called(exchange, "other-ehr"), name) is None


@pytest.mark.parametrize("gone", [False, True], ids=["by its context", "by its trace"])
def test_of_a_request_that_was_taken_back_nobody_is_asked_any_more(exchange: Exchange, gone: Any) -> None:
    case, name = told(exchange)
    if gone:
        forget(exchange)
    house.done(exchange.store, intake.Withdraw(case=case), house.COORDINATOR)
    assert opening_of(called(exchange), name) is None
