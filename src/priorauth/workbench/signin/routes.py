"""The addresses of signing in, and of what a person sets for herself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import entry, sent

Endpoint = Callable[[Request], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Return the routes."""
    return [
        Route("/sign-in", page(entry.door), methods=["GET"]),
        Route("/sign-in", form(entry.came), methods=["POST"]),
        Route("/sign-out", form(entry.leave), methods=["POST"]),
        Route("/session", page(entry.lasts), methods=["GET"]),
        Route("/session/extend", form(entry.extend), methods=["POST"]),
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


def _trouble(problem: Problem) -> Response:
    answer = render.plain("not-done.html", problem.status, says=problem.detail)
    answer.headers.update(problem.headers)
    return answer
