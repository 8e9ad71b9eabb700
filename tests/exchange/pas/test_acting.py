"""A refusal of the ledger reaches a partner as a fault of its own kind."""

from __future__ import annotations

import json

import pytest

from priorauth.exchange.pas import request as asks
from priorauth.exchange.pas.acting import act, refusal
from priorauth.exchange.plan import Plan
from priorauth.exchange.wire import Fault
from priorauth.ledger.acts.taken_back import Cancel
from priorauth.ledger.work import Code, Refused
from tests.exchange.house import Exchange
from tests.exchange.pas.sending import asking, claim
from tests.exchange.pas.test_known import called


def asked(**of_claim: object) -> asks.Asked:
    bundle = asking("ask")
    claim(bundle).update(of_claim)
    return asks.read(bundle, json.dumps(bundle).encode(), Plan(), "2.2")


@pytest.mark.shall("PAS 2.0.1/114")
@pytest.mark.parametrize(
    ("code", "status"),
    [("not-known", 503), ("key", 409), ("state", 409), ("stale", 409), ("invalid", 400), ("no-right", 422)],
)
def test_a_refusal_has_its_status(exchange: Exchange, code: Code, status: int) -> None:
    fault = refusal(called(exchange, "clinic-ehr"), Refused(code=code, reason="why"), asked())
    assert fault.status == status
    assert ("Retry-After" in fault.headers) == (status == 503)


def test_a_request_that_cannot_be_read_tells_every_place(exchange: Exchange) -> None:
    unread = asked(created="20", item=[{"sequence": 1, "productOrService": {}, "quantity": {"value": -1}}])
    fault = refusal(called(exchange, "clinic-ehr"), Refused(code="invalid", reason="why"), unread)
    places = [one["expression"][0] for one in fault.outcome()["issue"]]
    assert places[0] == "Claim/request-ask: created"
    assert len(places) > 1


def test_an_act_that_is_refused_raises_the_fault_and_is_counted(exchange: Exchange) -> None:
    with pytest.raises(Fault, match="no case"):
        act(called(exchange, "clinic-ehr"), Cancel(case="26-9999"), asked())
    assert 'result="not-found"' in exchange.running.client.get("/metrics").text
