"""What a script of a page asks for a passkey: to sign in with one, to add one, to give it again for a signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from priorauth.server.problem import Problem
from priorauth.server.service import Service, reading
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import cookies, csrf, entry, limits, me, passkeys, sessions
from priorauth.workbench.signin.people import Plan
from priorauth.workbench.signin.sent import TO, onward, ours
from priorauth.workbench.visit import Visit

Json = Mapping[str, Any]
_WRONG = "That passkey does not work here. Use your password, or ask your administrator for a link."


def asked_in(request: Request, said: Json) -> Response:
    """Return what the browser is asked to let somebody in by her passkey."""
    of, service = _plan(request, said), _service(request)
    bound = csrf.of(cookies.read(request, cookies.FORM) or "")
    with reading():
        found = passkeys.ask_proof(
            service.stores[of.tenant], of.tenant, passkeys.site(request), service.clock(), bound=bound
        )
    return JSONResponse(found)


def came_in(request: Request, said: Json) -> Response:
    """Let somebody in whose passkey answered."""
    of, service = _plan(request, said), _service(request)
    store, now = service.stores[of.tenant], service.clock()
    bound = csrf.of(cookies.read(request, cookies.FORM) or "")
    with reading():
        whence = limits.address(request, of)
        with store.writing(of.tenant) as connection:
            if limits.counted(connection, of, whence, now):
                raise Problem("too-many", "too many tries from your network: wait a quarter of an hour")
        who = passkeys.proved(store, of.tenant, passkeys.site(request), _answer(said), now, bound=bound)
        if who is None:
            raise Problem("no-right", _WRONG)
        with store.writing(of.tenant) as connection:
            limits.forgiven(connection, of, whence)
    to = onward(str(said.get(TO, "")))
    answer = entry.let_in(request, of, who, to, how="passkey")
    if answer.status_code != entry.SEE_OTHER:
        raise Problem("no-right", "You hold no role here today.")
    led = JSONResponse({"to": to})
    led.raw_headers += [(name, value) for name, value in answer.raw_headers if name == b"set-cookie"]
    return led


def asked_new(visit: Visit, said: Json) -> Response:
    """Return what the browser is asked to make a new passkey."""
    if not me.proves_again(visit, Form({"password": (str(said.get("password", "")),)})):
        raise Problem("no-right", "Type your password first: that is not it.")
    return JSONResponse(passkeys.ask_new(visit.store, visit.session, passkeys.site(visit.request), visit.now))


def added(visit: Visit, said: Json) -> Response:
    """Keep a new passkey."""
    title = str(said.get("title", ""))
    passkeys.add(visit.store, visit.session, passkeys.site(visit.request), _answer(said), visit.now, title=title)
    return JSONResponse({"to": f"{me.HERE}?said=passkey"})


def asked_again(visit: Visit, said: Json) -> Response:
    """Return what the browser is asked to prove who she is once more."""
    del said
    one = visit.session
    if not passkeys.listed(visit.store, one.tenant, one.person):
        raise Problem("invalid", "You have no passkey yet: add one on your own page.")
    at = passkeys.site(visit.request)
    return JSONResponse(passkeys.ask_proof(visit.store, one.tenant, at, visit.now, bound=one.id, person=one.person))


def proved_again(visit: Visit, said: Json) -> Response:
    """Keep that she proved who she is, for one signature."""
    one, at = visit.session, passkeys.site(visit.request)
    found = passkeys.proved(visit.store, one.tenant, at, _answer(said), visit.now, bound=one.id, person=one.person)
    if found is None:
        raise Problem("no-right", "That passkey is not yours, or it took too long: try again.")
    sessions.confirm(visit.store, one, visit.now)
    return JSONResponse({"confirmed": True})


def _plan(request: Request, said: Json) -> Plan:
    """Return the plan at which somebody signs in, where a page of ours asks; raises Problem."""
    if not ours(request, request.headers.get(csrf.HEADER, "")):
        raise Problem("no-right", "This page had become too old. Load it again.")
    plans = entry.served(_service(request))
    named = str(said.get("plan", "")) or (next(iter(plans)) if len(plans) == 1 else "")
    if named not in plans:
        raise Problem("invalid", "Type the name of your plan first.")
    return plans[named]


def _answer(said: Json) -> dict[str, Any]:
    found = said.get("credential")
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        raise Problem("invalid", "expected the answer of a passkey")
    return found


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service
