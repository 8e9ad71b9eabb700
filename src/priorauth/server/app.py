"""The one ASGI application: is it alive, is it ready, its figures, its pages, and the interface for programs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus

from anyio.to_thread import current_default_thread_limiter
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from priorauth.ledger import tables as t
from priorauth.ledger.schema import head, revision
from priorauth.ledger.tokens import holder, tenant_of
from priorauth.server import loops, pages
from priorauth.server.api.build import api
from priorauth.server.limits import Limits
from priorauth.server.outer import Outer
from priorauth.server.problem import Problem, plain
from priorauth.server.service import Service, reading

_THREADS = 12
"""How many requests read or write at once: a database has fewer connections than a machine has threads."""
_MEASURES = ("admin", "manager", "system")
"""Roles whose tokens read the figures."""


def application(service: Service, more: Sequence[BaseRoute] = ()) -> ASGIApp:
    """Return the application of a service, behind its limits; ``more`` are the pages on which people work."""
    made = Starlette(
        routes=[
            *more,
            Route("/", first),
            Route("/plain.css", style),
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/metrics", figures),
            Route("/api/v1/docs", described),
            Mount("/api/v1", api(service)),
        ],
        lifespan=running,
        exception_handlers={Problem: _problem, HTTPException: _http, Exception: _fault},
    )
    made.state.service = service
    return Outer(Limits(made, open_to_all=service.open, refuse=service.refuse), service)


@asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[None]:
    """Let the workers work while the application runs; at its end what has begun is finished."""
    service: Service = app.state.service
    current_default_thread_limiter().total_tokens = _THREADS
    stop = asyncio.Event()
    workers = loops.of(service) if service.workers else ()
    tasks = [asyncio.create_task(loops.work(service, one, stop), name=one.name) for one in workers]
    service.log.info("started", tenants=sorted(service.stores), open=service.open)
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        service.log.info("stopped")


async def alive(request: Request) -> Response:
    """Say that the server answers."""
    del request
    return JSONResponse({"alive": True})


async def ready(request: Request) -> Response:
    """Say whether the databases can be reached and are of this schema, and whether the workers live."""
    service: Service = request.app.state.service
    wrong = await run_in_threadpool(_wrong, service)
    return JSONResponse({"ready": not wrong, "wrong": wrong}, 503 if wrong else 200)


def _wrong(service: Service) -> list[str]:
    found = [f"worker {name}" for name in loops.dead(service)] if service.workers else []
    for tenant, store in service.stores.items():
        try:
            with reading():
                if revision(store) != head():
                    found.append(f"schema of {tenant}")
        except Problem:
            found.append(f"database of {tenant}")
    return found


async def figures(request: Request) -> Response:
    """Return what Prometheus reads, to whom may read it."""
    service: Service = request.app.state.service
    return await run_in_threadpool(_figures, service, request.headers.get("authorization", ""))


def _figures(service: Service, said: str) -> Response:
    with reading():
        if not service.open:
            scheme, _, token = said.partition(" ")
            store = service.stores.get(tenant_of(token.strip()) or "") if scheme.lower() == "bearer" else None
            found = None if store is None else holder(store, token.strip(), service.clock())
            if found is None or found.who.role not in _MEASURES:
                raise Problem("no-token", f"a token of one of: {', '.join(_MEASURES)}")
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def first(request: Request) -> Response:
    """Return the first page."""
    service: Service = request.app.state.service
    named = await run_in_threadpool(_titles, service) if service.open else {}
    return HTMLResponse(pages.first(anybody=service.open, tenants=named))


def _titles(service: Service) -> dict[str, str]:
    found: dict[str, str] = {}
    for tenant, store in service.stores.items():
        with reading(), store.reading(tenant) as connection:
            title = connection.execute(select(t.tenant.c.name).where(t.tenant.c.tenant == tenant)).scalar()
        found[tenant] = title or tenant
    return found


async def described(request: Request) -> Response:
    """Return the description of the interface as a page."""
    (mounted,) = (one.app for one in request.app.routes if isinstance(one, Mount))
    return HTMLResponse(pages.described(mounted.openapi()))  # type: ignore[attr-defined]


async def style(request: Request) -> Response:
    """Return the style sheet."""
    del request
    return Response(pages.style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


async def _problem(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)  # noqa: S101 - it is registered for this kind
    return fault.answer(request)


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101 - as above
    if pages.wanted(request.headers):
        title = HTTPStatus(fault.status_code).phrase
        return HTMLResponse(pages.trouble(title, fault.detail or title), fault.status_code, fault.headers)
    return plain(fault.status_code, fault.detail, request, fault.headers)


async def _fault(request: Request, fault: Exception) -> Response:
    del fault
    return Problem("fault", "the log says more").answer(request)
