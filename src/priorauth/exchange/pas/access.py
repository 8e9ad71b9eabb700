"""Whose a request is: that of who sent it, of her organisation, and of who orders or renders what it asks."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from priorauth.exchange.call import Call
from priorauth.exchange.echo import Sent, SentBundle
from priorauth.exchange.pas import inquiry
from priorauth.exchange.pas.model import Answer
from priorauth.exchange.plan import OPEN


def is_own(call: Call, answer: Answer) -> bool:
    """Whether who calls sent a request, or speaks for the organisation that did."""
    mine = call.partner.organisation
    return answer.client == call.client or (mine is not None and answer.organisation == mine)


def anyone(call: Call) -> bool:
    """Whether the server asks nobody who he is, and he did not say it either."""
    return call.client == OPEN and call.service.open


def provides(call: Call, request: SentBundle, claim: Sent, named: AbstractSet[str]) -> bool:
    """Whether one of the NPIs named orders or renders what is asked, and is known to be of who calls."""
    allowed = named if anyone(call) else named & set(call.partner.npis)
    return bool(allowed & set(inquiry.providers(request, claim)))
