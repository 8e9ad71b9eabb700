"""The application of ``/api/v1``: its addresses, its description, and what is said where something is not done."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response

import priorauth
from priorauth.errors import InputRefused
from priorauth.server.api import acts, bodies, cases, documents, runs, shapes
from priorauth.server.logs import place
from priorauth.server.problem import Problem, plain
from priorauth.server.service import Service

DESCRIPTION: Final = (
    "Prior authorization for infusion pumps: requests come in, are run against the payer's policy, and are worked on "
    "by people. Every address answers JSON; what is not done is said as problem details (RFC 9457). What is answered "
    "with 2xx is on disk. Send an Idempotency-Key with every act, and repeat the act with the same key where no answer "
    "came."
)
_BASE: Final = "/api/v1"


def api(service: Service) -> FastAPI:
    """Return the application."""
    made = FastAPI(
        title="priorauth",
        version=priorauth.__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    made.state.service = service
    for router in (cases.made, runs.made, documents.made, acts.router()):
        made.include_router(router)
    made.add_exception_handler(Problem, _problem)
    made.add_exception_handler(RequestValidationError, _unfit)
    made.add_exception_handler(InputRefused, _refused)
    made.add_exception_handler(HTTPException, _http)
    made.add_exception_handler(Exception, _fault)
    made.openapi = lambda: described(made)  # type: ignore[method-assign]
    return made


def described(made: FastAPI) -> dict[str, Any]:
    """Return the description of the interface (OpenAPI 3.1)."""
    if made.openapi_schema is None:
        found = get_openapi(
            title=made.title,
            version=made.version,
            description=made.description,
            routes=made.routes,
            servers=[{"url": _BASE}],
        )
        parts = found.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            parts.pop(name, None)
        parts |= {**bodies.schemas(), "Problem": shapes.PROBLEM, "Page": shapes.PAGE}
        parts["Done"]["properties"].pop("result", None)
        parts["Done"].pop("required", None)
        made.openapi_schema = found
    return made.openapi_schema


async def _problem(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Problem)  # noqa: S101 - it is registered for this kind
    return fault.answer(request)


async def _unfit(request: Request, fault: Exception) -> Response:
    """Say what is wrong with an address, a header or a query, by name and without its value."""
    assert isinstance(fault, RequestValidationError)  # noqa: S101 - as above
    said = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['type'].replace('_', ' ')}" for one in fault.errors())
    return Problem("invalid", said).answer(request)


async def _refused(request: Request, fault: Exception) -> Response:
    return Problem("invalid", str(fault)).answer(request)


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)  # noqa: S101 - as above
    return plain(fault.status_code, fault.detail, request, fault.headers)


async def _fault(request: Request, fault: Exception) -> Response:
    return Problem("fault", f"{type(fault).__name__} ({place(fault)}); the log says more").answer(request)
