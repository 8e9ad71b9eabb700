"""What became of cards: kept beside the calls of the hooks, for whoever looks after the policies."""

from __future__ import annotations

import uuid
from typing import Final

from priorauth.exchange.call import Call, Told
from priorauth.exchange.crd.discovery import SUFFIX, hook_of
from priorauth.exchange.wire import JSON, Fault, Json, listed
from priorauth.ledger import tables as t
from priorauth.ledger import traffic

_OUTCOMES: Final = frozenset({"accepted", "overridden"})
_NAMESPACE: Final = uuid.UUID("0b5b1f6a-6a6b-5f0e-9a53-6f0a1d9f1b7e")
MOST: Final = 200


def feedback(call: Call) -> Told:
    """Keep what became of cards; raises Fault where it is no feedback."""
    service = f"{hook_of(call.path['service'], call.plan)}{SUFFIX}"
    given = call.body.get("feedback")
    found = listed(call.body, "feedback")
    if not isinstance(given, list) or len(found) != len(given) or not found:
        raise Fault(400, "structure", "expected feedback: a list of objects", "feedback")
    if len(found) > MOST:
        raise Fault(413, "too-long", f"expected at most {MOST} of them", "feedback")
    for place, one in enumerate(found):
        _checked(one, f"feedback[{place}]")
    with call.store.writing(call.tenant) as connection:
        for place, one in enumerate(found):
            row = {
                "feedback": str(uuid.uuid5(_NAMESPACE, f"{call.tenant}\n{call.request}\n{place}")),
                "client": call.client,
                "version": call.version,
                "service": service,
                "at": call.now,
                "data": one,
            }
            traffic.put(connection, call.tenant, t.feedback, row)
    return Told(b"{}", media=JSON)


def _checked(one: Json, at: str) -> None:
    if not isinstance(one.get("card"), str) or not one["card"]:
        raise Fault(400, "required", f"expected {at}.card", f"{at}.card")
    if not isinstance(one.get("outcome"), str) or one["outcome"] not in _OUTCOMES:
        raise Fault(400, "value", f"expected {at}.outcome: accepted or overridden", f"{at}.outcome")
    if not isinstance(one.get("outcomeTimestamp"), str):
        raise Fault(400, "required", f"expected {at}.outcomeTimestamp", f"{at}.outcomeTimestamp")
