"""The addresses by which a browser goes to another provider, and comes back from it."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from priorauth.ledger.tokens import TENANT
from priorauth.ledger.work import Refusal
from priorauth.server.limits import LOOPBACK
from priorauth.server.service import Service, reading
from priorauth.workbench.signin import cookies, csrf, entry, limits, oidc
from priorauth.workbench.signin.people import Plan
from priorauth.workbench.signin.sent import START, TO, onward
from priorauth.workbench.signin.told import system, tell

_NOBODY: Final = "Your organization knows you, and nobody of that name works here. Ask your administrator."
_AGAIN: Final = "You were not signed in. Try again."
_WAIT: Final = "There were too many tries from your network. Wait a quarter of an hour, then try again."


def leave(request: Request) -> Response:
    """Send a browser to the provider of a plan.

    A link leads here and no form: a browser that may send forms to this site alone follows none to another.
    """
    service: Service = request.app.state.service
    plan, to = request.query_params.get("plan", ""), onward(request.query_params.get(TO, START))
    of = entry.served(service).get(plan)
    cookie = cookies.read(request, cookies.FORM)
    if of is None or cookie is None or not csrf.from_here(request):
        return entry.shown(request, plan, to, wrong=entry.OLD, status=403)
    now, store = service.clock(), service.stores[of.tenant]
    try:
        with reading():
            if _held_back(service, of, request):
                return entry.shown(request, of.tenant, to, wrong=_WAIT, status=429)
        by = oidc.provider(of)
        if by is None:
            return entry.shown(request, of.tenant, to, wrong=_AGAIN, status=404)
        there = oidc.leave(store, of, by, now, cookie=cookie, redirect=_back(request), to=to)
    except Refusal as refusal:
        return entry.shown(request, of.tenant, to, wrong=f"{_AGAIN} The reason: {refusal}.", status=502)
    return RedirectResponse(there, entry.SEE_OTHER)


def back(request: Request) -> Response:
    """Let somebody in whom the provider of her plan names."""
    service: Service = request.app.state.service
    said = request.query_params
    tenant = said.get("state", "").partition(".")[0]
    of = entry.served(service).get(tenant) if TENANT.fullmatch(tenant) else None
    cookie = cookies.read(request, cookies.FORM)
    if of is None or cookie is None or "code" not in said:
        return entry.shown(request, tenant, START, wrong=_AGAIN, status=400)
    now, store = service.clock(), service.stores[of.tenant]
    came = oidc.Back(said["state"], said["code"], said.get("iss"))
    try:
        by = oidc.provider(of)
        if by is None:
            return entry.shown(request, tenant, START, wrong=_AGAIN, status=404)
        claims, to = oidc.came_back(store, of, by, came, now, cookie=cookie)
        with reading(), store.writing(of.tenant) as connection:
            who = oidc.person(connection, of, by, claims, now)
            if who is None:
                tell(connection, system(of.tenant), now, "sign-in-failed", person=None, how="oidc")
            else:
                limits.forgiven(connection, of, limits.address(request, of))
    except Refusal as refusal:
        return entry.shown(request, of.tenant, START, wrong=f"{_AGAIN} The reason: {refusal}.", status=403)
    if who is None:
        return entry.shown(request, of.tenant, to, wrong=_NOBODY, status=403)
    return entry.let_in(request, of, who, to, how="oidc")


def _held_back(service: Service, of: Plan, request: Request) -> bool:
    with service.stores[of.tenant].writing(of.tenant) as connection:
        return bool(limits.counted(connection, of, limits.address(request, of), service.clock()))


def _back(request: Request) -> str:
    """Return the address to which the provider sends the browser back: over TLS, but for this machine itself."""
    host = request.headers.get("host", "")
    scheme = request.url.scheme if cookies.hostname(request) in LOOPBACK else "https"
    return f"{scheme}://{host}{oidc.BACK}"
