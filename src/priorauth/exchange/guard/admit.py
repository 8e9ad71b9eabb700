"""Who a call is from: a partner that has shown who it is; where the server is open, whoever asks.

A call has to come over TLS. A partner that lists certificates comes with one of them each time. A hook is called with a
signed token of its client, or with such a certificate alone; all else with an access token of this plan whose scopes
allow it. Who comes too often waits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from starlette.requests import Request

from priorauth.exchange.addresses import base_of
from priorauth.exchange.call import ANYBODY, Operation
from priorauth.exchange.guard import access, hooks, proxy, scopes
from priorauth.exchange.guard.claims import Once
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.kept import Guard
from priorauth.exchange.guard.keys import NoKeys
from priorauth.exchange.guard.refused import NotAdmitted
from priorauth.exchange.plan import OPEN, Partner, Plan
from priorauth.exchange.wire import Fault
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from priorauth.server.service import Service

CLIENT: Final = "X-Client"
"""The header by which a request to an open server may name the partner for which it speaks."""
CODES: Final[Mapping[int, str]] = {400: "invalid", 401: "login", 403: "forbidden", 429: "throttled"}
HOOK: Final = "cds"
_BEARER: Final = "bearer"


class Admitted(NamedTuple):
    """Who was let in: the name of the partner, what the plan knows of it, and the certificate with which it came."""

    client: str
    partner: Partner
    certificate: str | None = None


class Asked(NamedTuple):
    """What is asked of the guard: a plan of a server, the call, and with which certificate it came."""

    guard: Guard
    store: Store
    tenant: str
    plan: Plan
    base: str
    now: datetime
    token: str
    certificate: str | None


def admitted(request: Request, service: Service, tenant: str, plan: Plan, operation: Operation) -> Admitted:
    """Return who calls; raises Fault where nobody may be told that."""
    if service.open:
        return _named(request, plan, operation)
    came, through = proxy.Asking.of(request), proxy.Proxy.of(plan)
    if not proxy.secure(came, through):
        raise Fault(403, "security", "expected TLS: to a proxy that the plan lists")
    guard, now = service.one(Guard), service.clock()
    base = base_of(request, plan, tenant, None)
    try:
        with_what = proxy.certificate(came, through, now)
        if operation.scope == ANYBODY:
            return Admitted(OPEN, Partner(), with_what)
        token = _token(request.headers.get("authorization", ""))
        asked = Asked(guard, service.stores[tenant], tenant, plan, base, now, token, with_what)
        found = _hook(asked, service_of(request, base)) if operation.kind == HOOK else _access(asked, operation)
        guard.paced(tenant, found.client, found.partner)
    except NotBelieved as fault:
        raise _fault(_slowed(service, came, through, NotAdmitted("invalid_token", str(fault))), base) from None
    except NotAdmitted as refused:
        raise _fault(_slowed(service, came, through, refused), base) from None
    return found


def _named(request: Request, plan: Plan, operation: Operation) -> Admitted:
    """Return for whom a request to an open server speaks."""
    named = OPEN if operation.scope == ANYBODY else request.headers.get(CLIENT, OPEN)
    if named != OPEN and named not in plan.partners:
        raise Fault(401, "login", f"{CLIENT}: no partner of that name")
    return Admitted(named, plan.partners.get(named, Partner()))


def _token(said: str) -> str:
    """Return the token that a header bears; nothing where it bears none."""
    scheme, _, token = said.partition(" ")
    return token.strip() if scheme.lower() == _BEARER else ""


def service_of(request: Request, base: str) -> str:
    """Return the address of the service that is called, as the plan says it."""
    return f"{base}{request.url.path.removeprefix('/' + request.path_params['tenant'])}"


def _hook(asked: Asked, address: str) -> Admitted:
    """Return who calls a hook: by its signed token, or where none came by its certificate."""
    if not asked.token:
        return _certified(asked)
    called = hooks.called(asked.token, asked.plan.partners, asked.guard.ring, address, _based(asked).now)
    same(called.partner, asked.certificate)
    once(asked.store, asked.tenant, called.client, called.once, asked.now)
    return Admitted(called.client, called.partner, asked.certificate)


def _certified(asked: Asked) -> Admitted:
    for client, partner in asked.plan.partners.items():
        if asked.certificate is not None and asked.certificate in thumbprints(partner):
            return Admitted(client, partner, asked.certificate)
    raise NotAdmitted(
        "invalid_token", "expected Authorization: Bearer and a token, or a certificate that is registered"
    )


def _access(asked: Asked, operation: Operation) -> Admitted:
    """Return who bears an access token of this plan that allows an operation."""
    if not asked.token:
        raise NotAdmitted("invalid_token", "expected Authorization: Bearer and an access token")
    own = asked.guard.own(asked.store, asked.tenant, asked.now).published()
    found = access.read(asked.token, _based(asked).base, own, asked.now)
    partner = asked.plan.partners.get(found.client)
    if partner is None:
        raise NotBelieved("the partner is registered no longer")
    if found.certificate is not None and found.certificate != asked.certificate:
        raise NotBelieved("the token is bound to another certificate")
    same(partner, asked.certificate)
    if not still(asked.guard, partner, found.key, asked.now):
        raise NotBelieved("the key by which the token was asked for is registered no longer")
    if not scopes.allows(found.scopes, operation.scope):
        enough = " ".join(f"system/{one}" for one in scopes.wanted().get(operation.scope, ()))
        raise NotAdmitted("insufficient_scope", "the scopes of the token do not allow it", scope=enough)
    return Admitted(found.client, partner, asked.certificate)


def _based(asked: Asked) -> Asked:
    """Return what is asked where the plan names its own address: what a request says of it is no proof of anything."""
    if asked.plan.base is None:
        raise NotBelieved("the plan names no base: for whom a token is cannot be seen")
    return asked


def still(guard: Guard, partner: Partner, key: str, now: datetime) -> bool:
    """Whether a partner still has a key, by its thumbprint; where none are known yet, nothing is held against it."""
    try:
        held = guard.ring.of(partner, now)
    except NoKeys:
        return False
    return held is None or any(one.thumbprint == key for one in held)


def thumbprints(partner: Partner) -> frozenset[str]:
    """Return the thumbprints of the certificates that a partner lists."""
    return frozenset(found for one in partner.certificates if (found := proxy.registered(one)) is not None)


def same(partner: Partner, certificate: str | None) -> None:
    """Refuse a partner that lists certificates and comes with none of them; raises NotBelieved."""
    if partner.certificates and certificate not in thumbprints(partner):
        raise NotBelieved("expected a certificate that is registered for this partner")


def once(store: Store, tenant: str, client: str, named: Once, now: datetime) -> None:
    """Refuse a token that was used before, on this server or on another; raises NotBelieved."""
    if traffic.seen(store, tenant, client, named.jti, named.ends, now):
        raise NotBelieved("jti: the token was used before")


def _slowed(service: Service, came: proxy.Asking, through: proxy.Proxy, refused: NotAdmitted) -> NotAdmitted:
    """Return why somebody is not let in; who guesses too often is told to wait."""
    if refused.status != 401:  # noqa: PLR2004 - whoever is known has a rate of its own
        return refused
    wait = service.buckets.take(f"nobody {proxy.origin(came, through)}")
    return NotAdmitted("slow_down", "ask more slowly", wait=wait) if wait else refused


def _fault(refused: NotAdmitted, base: str) -> Fault:
    """Return what is answered, with a challenge as RFC 6750 has it."""
    headers: dict[str, str] = {}
    if refused.wait:
        headers["Retry-After"] = str(math.ceil(refused.wait))
    else:
        scope = f', scope="{refused.scope}"' if refused.scope else ""
        headers["WWW-Authenticate"] = (
            f'Bearer realm="{base}", error="{refused.code}", error_description="{refused.why}"{scope}'
        )
    return Fault(refused.status, CODES[refused.status], refused.why, headers=headers)
