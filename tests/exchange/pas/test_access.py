"""Whose a request is: of who sent it and of her organisation, and of who orders or renders what it asks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas import access
from priorauth.exchange.pas.model import Answer
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.plan import OPEN, Partner
from priorauth.ledger.store import Store
from tests.exchange.calling import called
from tests.exchange.house import Exchange, exchanging
from tests.exchange.pas.inquiries import in_team, request
from tests.exchange.pas.sending import asking, case_of, send
from tests.ledger import house

ORDERER = "1777777770"
"""The NPI of somebody of the care team."""


def answer(exchange: Exchange) -> Answer:
    """What a request has come to that clinic-ehr sent, for the clinic."""
    found = standing(exchange.store, house.TENANT, case_of(send(exchange, asking("ask"))))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("client", "organisation", "own"),
    [
        ("clinic-ehr", "clinic", True),
        ("clinic-ehr", None, True),
        ("second-ehr", "clinic", True),
        ("second-ehr", "other-clinic", False),
        ("second-ehr", None, False),
    ],
)
def test_a_request_is_of_who_sent_it_and_of_who_speaks_for_the_same_organisation(
    exchange: Exchange, client: str, organisation: str | None, own: Any
) -> None:
    call = called(exchange, client, partner=Partner(organisation=organisation))
    assert access.is_own(call, answer(exchange)) is own


def test_a_request_of_no_organisation_is_not_of_a_partner_that_speaks_for_none(store: Store) -> None:
    with exchanging(store, {"partners": {"alone": {}, "another": {}}}) as exchange:
        found = standing(store, house.TENANT, case_of(send(exchange, asking("ask"), client="alone")))
        assert found is not None
        assert found.organisation is None
        assert access.is_own(called(exchange, "alone"), found)
        assert not access.is_own(called(exchange, "another"), found)


def test_where_the_server_asks_nobody_who_he_is_one_who_gave_no_name_may_be_anyone(exchange: Exchange) -> None:
    call = called(exchange, OPEN)
    assert call.service.open
    assert access.anyone(call)
    assert not access.anyone(called(exchange, "clinic-ehr"))
    call.service.open = False
    assert not access.anyone(call)


@pytest.mark.parametrize(
    ("client", "npis", "named", "may"),
    [
        ("other-ehr", (ORDERER,), {ORDERER}, True),
        ("other-ehr", (ORDERER, "1888888883"), {ORDERER, "1000000004"}, True),
        ("other-ehr", (), {ORDERER}, False),  # named, but nobody knows that he is of who calls
        ("other-ehr", (ORDERER,), set(), False),  # of who calls, but it was not he who asked
        ("other-ehr", ("1888888883",), {"1888888883"}, False),  # of who calls, but he does not order it
        (OPEN, (), {ORDERER}, True),  # nobody is asked who he is: his word is taken
        (OPEN, (), {"1888888883"}, False),
    ],
)
def test_a_provider_is_who_orders_or_renders_it_and_is_known_to_be_of_who_calls(
    exchange: Exchange, client: str, npis: tuple[str, ...], named: set[str], may: Any
) -> None:
    sent = SentBundle(json.dumps(in_team(request(), ORDERER)).encode(), "request")
    claim = sent.claim("Claim/request-approve")
    call = called(exchange, client, partner=Partner(npis=npis))
    assert access.provides(call, sent, claim, named) is may
