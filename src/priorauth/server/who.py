"""Who asks: she who bears a token; where the server is open, whom the request names, or else the system itself."""

from __future__ import annotations

import math
import re
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.allowed import rights
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.tokens import holder, tenant_of
from priorauth.server.problem import Problem
from priorauth.server.service import Service, reading

OPEN: Final = "Priorauth-Open"
"""The header of every answer of a server that asks nobody for a token."""
_ID: Final = re.compile(r"[\w.@-]{1,64}")
_BEARER: Final = HTTPBearer(auto_error=False, description="A token of `priorauth ledger token create`.")


class Caller(NamedTuple):
    """Who asks, of which ledger, and in which service."""

    who: Who
    store: Store
    service: Service


def caller(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None
) -> Caller:
    """Return who asks; raises Problem where nobody may be told that."""
    service: Service = request.app.state.service
    behalf = _named(request, "X-Behalf")
    token = None
    with reading():
        if bearer is not None:
            token, who = _bearer(request, service, bearer.credentials)
        elif service.open:
            who = _said(request, service)
        else:
            _at_most(service, f"nobody {_host(request)}")
            raise Problem("no-token", "Authorization: Bearer TOKEN", headers={"WWW-Authenticate": "Bearer"})
    who = who._replace(behalf=behalf)
    _at_most(service, token or f"open {_host(request)}")
    said = request.scope.get("state", {}).get("said", {})
    said.update(tenant=who.tenant, person=who.person, role=who.role, token=token)
    return Caller(who, service.stores[who.tenant], service)


Asking = Annotated[Caller, Depends(caller)]


def _bearer(request: Request, service: Service, token: str) -> tuple[str, Who]:
    tenant = tenant_of(token)
    store = service.stores.get(tenant or "")
    found = None if store is None else holder(store, token, service.clock())
    if found is None:
        _at_most(service, f"nobody {_host(request)}")
        error = 'Bearer error="invalid_token"'
        raise Problem("no-token", "the token is unknown, revoked or over", headers={"WWW-Authenticate": error})
    return found.token, found.who


def _said(request: Request, service: Service) -> Who:
    """Return whom a request to an open server names: ``X-Tenant``, ``X-Person``, ``X-Role``, ``X-Organisation``."""
    tenant = _named(request, "X-Tenant") or next(iter(service.stores))
    if tenant not in service.stores:
        raise Problem("not-found", "no tenant of that name is served here")
    person, role = _named(request, "X-Person"), _named(request, "X-Role")
    organisation = _named(request, "X-Organisation")
    if person is None:
        if role not in (None, "system"):
            raise Problem("invalid", f"X-Role: {role}: expected X-Person too")
        return Who(tenant, None, "system", organisation)
    if role is None:
        raise Problem("invalid", "X-Person: expected X-Role too")
    if role not in rights().roles or role in ("rule", "system"):
        raise Problem("invalid", "X-Role: no person holds that role")
    return Who(tenant, person, role, organisation or _home(service.stores[tenant], tenant, person))


def _home(store: Store, tenant: str, person: str) -> str | None:
    """Return the organisation of a person."""
    query = select(t.person.c.organisation).where(t.person.c.tenant == tenant, t.person.c.person == person)
    with store.reading(tenant) as connection:
        found: str | None = connection.execute(query).scalar()
    return found


def _named(request: Request, header: str) -> str | None:
    value = request.headers.get(header)
    if value is not None and not _ID.fullmatch(value):
        raise Problem("invalid", f"{header}: expected an id")
    return value


def _at_most(service: Service, whose: str) -> None:
    if wait := service.buckets.take(whose):
        raise Problem("too-many", "ask more slowly", headers={"Retry-After": str(math.ceil(wait))})


def _host(request: Request) -> str:
    return request.client.host if request.client else "unknown"
