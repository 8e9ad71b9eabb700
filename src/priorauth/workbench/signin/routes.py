"""The addresses of signing in, and of what a person sets for herself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from priorauth.ledger.work import Refusal
from priorauth.server.problem import Problem
from priorauth.server.service import reading
from priorauth.workbench import render, troubles
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import ceremonies, csrf, elsewhere, entry, first, me, sent
from priorauth.workbench.signin.here import here
from priorauth.workbench.signin.sessions import Session
from priorauth.workbench.visit import Visit

Endpoint = Callable[[Request], Awaitable[Response]]
Json = Mapping[str, Any]


def routes() -> list[BaseRoute]:
    """Return the routes."""
    return [
        Route("/sign-in", page(entry.door), methods=["GET"]),
        Route("/sign-in", form(entry.came), methods=["POST"]),
        Route("/sign-in/link", page(first.opened), methods=["GET"]),
        Route("/sign-in/link", form(first.used), methods=["POST"]),
        Route("/sign-in/passkey/options", script(ceremonies.asked_in), methods=["POST"]),
        Route("/sign-in/passkey", script(ceremonies.came_in), methods=["POST"]),
        Route("/sign-in/oidc", page(elsewhere.leave), methods=["GET"]),
        Route("/sign-in/oidc/back", page(elsewhere.back), methods=["GET"]),
        Route("/sign-out", form(entry.leave), methods=["POST"]),
        Route("/session", page(entry.lasts), methods=["GET"]),
        Route("/session/extend", form(entry.extend), methods=["POST"]),
        Route("/me", page(_hers(lambda visit, _: me.shown(visit))), methods=["GET"]),
        Route("/me", form(_form(me.unscripted)), methods=["POST"]),
        Route("/me/role", form(_form(me.role)), methods=["POST"]),
        Route("/me/sessions/end", form(_form(me.end)), methods=["POST"]),
        Route("/me/password", form(_form(me.password)), methods=["POST"]),
        Route("/me/passkeys/remove", form(_form(me.remove)), methods=["POST"]),
        Route("/me/likes", form(_form(me.likes)), methods=["POST"]),
        Route("/me/passkeys/options", script(_script(ceremonies.asked_new)), methods=["POST"]),
        Route("/me/passkeys", script(_script(ceremonies.added)), methods=["POST"]),
        Route("/me/again/options", script(_script(ceremonies.asked_again)), methods=["POST"]),
        Route("/me/again", script(_script(ceremonies.proved_again)), methods=["POST"]),
    ]


def page(answer: Callable[[Request], Response]) -> Endpoint:
    """Return what answers a page; what is refused is said on one."""

    async def opened(request: Request) -> Response:
        try:
            return await run_in_threadpool(answer, request)
        except Problem as problem:
            return _trouble(problem)

    return opened


def form(answer: Callable[[Request, Form], Response]) -> Endpoint:
    """Return what answers a form; what is refused is said on a page."""

    async def came(request: Request) -> Response:
        try:
            return await run_in_threadpool(answer, request, await sent.form(request))
        except Problem as problem:
            return _trouble(problem)

    return came


def script(answer: Callable[[Request, Json], Response]) -> Endpoint:
    """Return what answers a script of a page, in JSON; what is refused is a problem."""

    async def asked(request: Request) -> Response:
        try:
            said = msgspec.json.decode(await sent.body(request), type=dict[str, Any])
        except (msgspec.MsgspecError, RecursionError):
            raise Problem("invalid", "expected an object of JSON") from None
        return await run_in_threadpool(_asked, request, said)

    def _asked(request: Request, said: Json) -> Response:
        try:
            return answer(request, said)
        except Refusal as refusal:
            raise Problem.of(refusal.refused) from None

    return asked


def _hers(answer: Callable[[Visit, Form], Response]) -> Callable[[Request], Response]:
    """Return what answers a page of somebody who has signed in; who has not is led to where she does."""

    def opened(request: Request) -> Response:
        session = here(request)
        if session is None:
            return entry.to_door(request)
        visit = _visit(request, session)
        return troubles.answered(visit, partial(answer, visit, Form()))

    return opened


def _form(answer: Callable[[Visit, Form], Response]) -> Callable[[Request, Form], Response]:
    """Return what answers a form of somebody who has signed in."""

    def came(request: Request, found: Form) -> Response:
        session = here(request)
        if session is None:
            return troubles.ended(request, found)
        visit = _visit(request, session)
        if not csrf.from_here(request):
            return troubles.foreign(visit)
        if not csrf.same(found.said(csrf.FIELD), session.csrf):
            return troubles.confirm(visit, found)
        return troubles.answered(visit, partial(answer, visit, found), found)

    return came


def _script(answer: Callable[[Visit, Json], Response]) -> Callable[[Request, Json], Response]:
    """Return what answers a script on a page of somebody who has signed in."""

    def asked(request: Request, said: Json) -> Response:
        session = here(request)
        if session is None:
            raise Problem("no-token", "You were signed out. Sign in again.")
        if not csrf.from_here(request) or not csrf.same(request.headers.get(csrf.HEADER), session.csrf):
            raise Problem("no-right", "This page had become too old. Load it again.")
        with reading():
            return answer(_visit(request, session), said)

    return asked


def _visit(request: Request, session: Session) -> Visit:
    request.scope.get("state", {}).get("said", {}).update(
        tenant=session.tenant, person=session.person, role=session.role
    )
    return Visit(request, request.app.state.service, session, "me")


def _trouble(problem: Problem) -> Response:
    answer = render.plain("not-done.html", problem.status, says=problem.detail)
    answer.headers.update(problem.headers)
    return answer
