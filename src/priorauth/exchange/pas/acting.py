"""Acts of the ledger for a partner: done, or refused with a Fault."""

from __future__ import annotations

from priorauth.errors import InputRefused
from priorauth.exchange.call import Call
from priorauth.exchange.pas.request import Asked, Malformed
from priorauth.exchange.wire import Fault
from priorauth.ledger import runs
from priorauth.ledger.acts.intake import first
from priorauth.ledger.work import HANDLERS, Act, Done, Refused
from priorauth.server.service import done

STATUS = {"key": (409, "conflict"), "state": (409, "conflict"), "stale": (409, "conflict")}


def act(call: Call, wanted: Act, asked: Asked) -> Done:
    """Do an act for a partner; raises Fault where it is refused, Malformed where the request cannot be read."""
    found = done(call.store, wanted, call.who, call.now)
    result = "done" if isinstance(found, Done) else found.code
    call.service.metrics.acts.labels(HANDLERS[type(wanted)][0], result).inc()
    if isinstance(found, Done):
        return found
    raise refusal(call, found, asked)


def refusal(call: Call, found: Refused, asked: Asked) -> Fault:
    """Return what a refusal of the ledger means to a partner."""
    if found.code == "not-known":
        return Fault(503, "transient", "the database is busy or away: send it again", headers={"Retry-After": "2"})
    if found.code == "invalid":
        return unread(call, asked) or Fault(400, "invalid", found.reason)
    status, code = STATUS.get(found.code, (422, "business-rule"))
    return Fault(status, code, found.reason)


def unread(call: Call, asked: Asked) -> Malformed | None:
    """Return every fault for which a request cannot be read; None where it can."""
    try:
        runs.ran(first(asked.data), call.settings, ("request", "words"))
    except InputRefused as refused:
        return Malformed([("invalid", one.message, one.place or "Bundle") for one in refused.faults])
    return None
