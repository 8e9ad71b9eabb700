"""Who a call is from: a partner that has shown who it is; where the server is open, whoever asks."""

from __future__ import annotations

from typing import Final, NamedTuple

from starlette.requests import Request

from priorauth.exchange.call import ANYBODY, Operation
from priorauth.exchange.plan import OPEN, Partner, Plan
from priorauth.exchange.wire import Fault
from priorauth.server.service import Service

CLIENT: Final = "X-Client"
"""The header by which a request to an open server may name the partner for which it speaks."""


class Admitted(NamedTuple):
    """Who was let in: the name of the partner, and what the plan knows of it."""

    client: str
    partner: Partner


def admitted(request: Request, service: Service, tenant: str, plan: Plan, operation: Operation) -> Admitted:
    """Return who calls; raises Fault where nobody may be told that."""
    del tenant
    if operation.scope == ANYBODY:
        return Admitted(OPEN, Partner())
    if not service.open:
        raise Fault(401, "login", "expected a token", headers={"WWW-Authenticate": "Bearer"})
    named = request.headers.get(CLIENT, OPEN)
    if named != OPEN and named not in plan.partners:
        raise Fault(401, "login", f"{CLIENT}: no partner of that name")
    return Admitted(named, plan.partners.get(named, Partner()))
