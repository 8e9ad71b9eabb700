"""The workbench as routes of the server: every page and form of ``data/pages.yaml``, and the files of pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from priorauth.server.problem import Problem
from priorauth.server.service import Service
from priorauth.workbench import forms, pages, render, rights, troubles
from priorauth.workbench.signin import csrf
from priorauth.workbench.signin import routes as signin
from priorauth.workbench.signin.here import here
from priorauth.workbench.signin.sent import SIGN_IN, TO
from priorauth.workbench.visit import ANYBODY, FORMS, PAGES, FormAnswer, Visit, from_our_page
from priorauth.workbench.visit import Answer as PageAnswer

Endpoint = Callable[[Request], Awaitable[Response]]
_SEE_OTHER: Final = 303
_SHARED: Final = frozenset({"/metrics"})
"""Addresses at which programs ask for something else."""
_KEEP: Final = "public, max-age=31536000, immutable"

pages.load()


def routes() -> list[BaseRoute]:
    """Return every route; an address of the table without an answer, or an answer without an address, is a fault."""
    found = rights.table()
    assert set(found.pages) == set(PAGES), set(found.pages) ^ set(PAGES)  # noqa: S101 - a fault of the program
    assert set(found.forms) == set(FORMS), set(found.forms) ^ set(FORMS)  # noqa: S101 - as above
    made: list[BaseRoute] = [Route("/static/{sha}/{name}", _static), *signin.routes()]
    made += [_Page(one.at, _page(name, PAGES[name]), methods=["GET"]) for name, one in found.pages.items()]
    made += [Route(one.at, _form(name, FORMS[name]), methods=["POST"]) for name, one in found.forms.items()]
    return made


class _Page(Route):
    """A page, for people: a program that asks at the same address (Prometheus at ``/metrics``) gets what is its own."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether this page answers: to a browser, which bears cookies or wants HTML."""
        said = dict(scope.get("headers", ()))
        if self.path in _SHARED and b"cookie" not in said and b"text/html" not in said.get(b"accept", b""):
            return Match.NONE, {}
        return super().matches(scope)


def _page(name: str, answer: PageAnswer) -> Endpoint:
    async def opened(request: Request) -> Response:
        return await run_in_threadpool(_opened, request, name, answer)

    return opened


def _form(name: str, answer: FormAnswer) -> Endpoint:
    async def sent(request: Request) -> Response:
        try:
            found = await forms.read(request)
        except Problem as problem:
            return await run_in_threadpool(troubles.unread, request, problem)
        return await run_in_threadpool(_sent, request, name, answer, found)

    return sent


def _opened(request: Request, name: str, answer: PageAnswer) -> Response:
    service: Service = request.app.state.service
    try:
        session = here(request)
    except Problem as problem:
        return troubles.away(request, problem)
    if session is None and name in ANYBODY:
        return ANYBODY[name]()
    if session is None:
        to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{SIGN_IN}?{TO}={quote(to, safe='/')}", _SEE_OTHER)
    right = rights.may_open(rights.table().pages[name], session.role)
    visit = Visit(request, service, session, name, reads=right == "read")
    if right is None:
        return troubles.answered(visit, partial(troubles.no_right, visit, name))
    return troubles.answered(visit, partial(answer, visit))


def _sent(request: Request, name: str, answer: FormAnswer, form: forms.Form) -> Response:
    service: Service = request.app.state.service
    try:
        session = here(request)
    except Problem as problem:
        return troubles.away(request, problem, form)
    if session is None:
        return troubles.ended(request, form)
    visit = Visit(request, service, session, name)
    make = partial(answer, visit, form)
    if not csrf.from_here(request):
        make = partial(troubles.foreign, visit)
    elif not from_our_page(session, form):
        make = partial(troubles.confirm, visit, form)
    elif not rights.may_send(rights.table().forms[name], session.role):
        make = partial(troubles.no_right, visit, name)
    return troubles.answered(visit, make, form)


async def _static(request: Request) -> Response:
    """Return a file of pages; ``no-store`` stands with what is not kept, as with every answer."""
    name = request.path_params["name"]
    if name not in render.files():
        return PlainTextResponse("There is no such file.", 404)
    sha, content = render.files()[name]
    media = render.MEDIA[PurePosixPath(name).suffix]
    # The address of another version is not kept: its content would stand for that one's as long as a browser keeps it.
    headers = {"Cache-Control": _KEEP} if request.path_params["sha"] == sha else {}
    return Response(content, media_type=media, headers=headers)
