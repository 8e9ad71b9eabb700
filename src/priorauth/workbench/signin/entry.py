"""The pages by which somebody comes in and leaves: sign in, sign out, and how long the session still lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from priorauth.ledger.work import Refusal
from priorauth.server.service import Service, reading
from priorauth.workbench import render, troubles, words
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import accounts, cookies, csrf, limits, oidc, people, sessions
from priorauth.workbench.signin.devices import device
from priorauth.workbench.signin.here import here
from priorauth.workbench.signin.people import Person, Plan
from priorauth.workbench.signin.sent import START, TO, onward, ours
from priorauth.workbench.visit import Visit

SEE_OTHER: Final = 303
_WRONG: Final = "The name or the password is wrong. After several wrong passwords in a row you have to wait a while."
_WAIT: Final = "There were too many tries from your network. Wait a quarter of an hour, then try again."
OLD: Final = "This page had become too old. Try again."
_LEFT: Final = "You are signed out."


def door(request: Request) -> Response:
    """Show the page on which one signs in; somebody who has is led on."""
    to = onward(request.query_params.get(TO, START))
    if here(request, touch=False) is not None:
        return RedirectResponse(to, SEE_OTHER)
    said = _LEFT if "left" in request.query_params else ""
    return shown(request, request.query_params.get("plan", ""), to, said=said)


def to_door(request: Request) -> Response:
    """Lead somebody who has not signed in to where she does, and from there back to this page."""
    here_ = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?{TO}={quote(onward(here_), safe='/')}", SEE_OTHER)


def shown(  # noqa: PLR0913 - what a page says
    request: Request, plan: str, to: str, *, said: str = "", wrong: str = "", person: str = "", status: int = 200
) -> Response:
    """Return the page on which one signs in, with the cookie that binds its form to this browser."""
    service: Service = request.app.state.service
    plans = served(service)
    chosen = plans.get(plan) or (next(iter(plans.values())) if len(plans) == 1 or service.open else None)
    secret = cookies.form_secret(request)
    form = Form({"person": (person,), "plan": (plan,)}, wrong={"person": wrong} if wrong else {})
    answer = render.plain(
        "sign-in.html",
        status,
        csrf=csrf.of(secret),
        to=to,
        said=said,
        form=form,
        chosen=chosen,
        plans=plans if service.open else {},
        one=len(plans) == 1,
        roles=by_role(_everybody(service, chosen)) if service.open and chosen else {},
        elsewhere="" if chosen is None else elsewhere(chosen),
        titles={role: title[0].upper() + title[1:] for role, title in words.ROLE.items()},
        open_to_all=service.open,
    )
    cookies.put(request, answer, cookies.FORM, secret, lax=True)
    return answer


def came(request: Request, form: Form) -> Response:
    """Let somebody in who proves who she is; where the server is open, whoever she says."""
    service: Service = request.app.state.service
    plans = served(service)
    plan, to = form.said("plan") or (next(iter(plans)) if len(plans) == 1 else ""), onward(form.said(TO))
    who = form.said("person").strip()
    if not ours(request, form.said(csrf.FIELD)):
        return shown(request, plan, to, wrong=OLD, person=who, status=403)
    of = plans.get(plan)
    if service.open and of is not None:
        return let_in(request, of, who, to, how="open", role=form.said("role") or None)
    if of is None:  # the same work and the same answer as for a wrong name
        accounts.nobody(form.said("password"))
        return shown(request, plan, to, wrong=_WRONG, person=who, status=401)
    now = service.clock()
    with reading():
        whence = limits.address(request, of)
        store, password = service.stores[of.tenant], form.said("password")
        tried = accounts.tried(store, of.tenant, who, password, whence=whence, now=now)
    if tried != "right":
        wrong, status = (_WAIT, 429) if tried == "wait" else (_WRONG, 401)
        return shown(request, plan, to, wrong=wrong, person=who, status=status)
    return let_in(request, of, who, to, how="password")


def let_in(  # noqa: PLR0913 - a session begins with these
    request: Request, of: Plan, who: str, to: str, *, how: str, role: str | None = None
) -> Response:
    """Begin the session of somebody who has proved who she is, and send her on."""
    service: Service = request.app.state.service
    store, now = service.stores[of.tenant], service.clock()
    before = here(request, touch=False)
    try:
        with reading():
            if before is not None:
                sessions.end(service.stores[before.tenant], before, now)
            there = device(request.headers.get("user-agent", ""))
            begun = sessions.begin(store, of.tenant, who, now, strong=False, how=how, role=role, device=there)
    except Refusal as refusal:
        return shown(request, of.tenant, to, wrong=f"You cannot sign in: {refusal}.", person=who, status=403)
    said = request.scope.get("state", {}).get("said", {})
    said.update(tenant=of.tenant, person=begun.session.person, role=begun.session.role)
    answer = RedirectResponse(to, SEE_OTHER)
    cookies.put(request, answer, cookies.SESSION, begun.token, lax="oidc" in of.settings)
    cookies.drop(request, answer, cookies.FORM)
    return answer


def leave(request: Request, form: Form) -> Response:
    """End the session, and let the browser forget it."""
    service: Service = request.app.state.service
    session = here(request)
    if session is not None:
        visit = Visit(request, service, session, "sign-out")
        if not csrf.from_here(request) or not csrf.same(form.said(csrf.FIELD), session.csrf):
            return troubles.foreign(visit)
        with reading():
            sessions.end(visit.store, session, visit.now)
    answer = RedirectResponse("/sign-in?left", SEE_OTHER)
    cookies.drop(request, answer, cookies.SESSION)
    return answer


def lasts(request: Request) -> Response:
    """Say in how many seconds the session ends if she does nothing; asking does not make it last."""
    service: Service = request.app.state.service
    session = here(request, touch=False)
    if session is None:
        return JSONResponse({"seconds": 0}, 401)
    return JSONResponse({"seconds": session.seconds_left(service.clock())})


def extend(request: Request, form: Form) -> Response:
    """Let the session last on."""
    service: Service = request.app.state.service
    session = here(request, touch=False)
    if session is None:
        return troubles.ended(request, form)
    if not csrf.from_here(request) or not csrf.same(form.said(csrf.FIELD), session.csrf):
        return troubles.foreign(Visit(request, service, session, "session"))
    now = service.clock()
    with reading():
        longer = sessions.extend(service.stores[session.tenant], session, now)
    if request.headers.get("sec-fetch-mode", "navigate") == "navigate":
        return RedirectResponse(START, SEE_OTHER)
    return JSONResponse({"seconds": longer.seconds_left(now)})


def served(service: Service) -> dict[str, Plan]:
    """Return the plans that are served, by tenant."""
    found: dict[str, Plan] = {}
    for tenant, store in service.stores.items():
        with reading(), store.reading(tenant) as connection:
            one = people.plan(connection, tenant)
        if one is not None:
            found[tenant] = one
    return found


def elsewhere(of: Plan) -> str:
    """Return what the button says that leads to the provider of a plan; empty where there is none."""
    try:
        by = oidc.provider(of)
    except Refusal:
        return ""
    return "" if by is None else by.title


def by_role(everybody: Iterable[Person]) -> dict[str, list[Person]]:
    """Return people by the name of each role that they hold, in the order in which roles are listed."""
    found: dict[str, Any] = {title: [] for title in words.ROLE}
    for one in everybody:
        for role in one.roles:
            found[role].append(one)
    return {role: some for role, some in found.items() if some}


def _everybody(service: Service, of: Plan) -> list[Person]:
    with reading(), service.stores[of.tenant].reading(of.tenant) as connection:
        return people.everybody(connection, of, service.clock())
