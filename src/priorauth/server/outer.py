"""What is outside of everything: an id for each request, the headers of each answer, one line of the log, the last
handler of faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Final
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from priorauth.server import logs
from priorauth.server.problem import Problem
from priorauth.server.service import Service
from priorauth.server.who import OPEN

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_TRANSPORT: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
_ANYBODY: Final = {OPEN: "anybody on this machine may do anything here"}


class Outer:
    """An ASGI application with all that every request has."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        """Keep the application."""
        self.app, self.service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = perf_counter(), 0
        state = scope.setdefault("state", {})
        state["request"] = named = uuid4().hex
        said: dict[str, object] = {}
        state["said"] = said
        headers = self._headers(scope, named)

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                found = MutableHeaders(scope=message)
                for name, value in headers.items():
                    found.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except Exception as fault:  # noqa: BLE001 - the last handler
            logs.fault(self.service.log, "fault", fault, request=named)
            if not status:
                await Problem("fault", f"request {named}: the log says more").answer()(scope, receive, sent)
        spent = perf_counter() - begun
        route = _route(scope)
        self.service.metrics.answers.labels(_method(scope), route, str(status)).observe(spent)
        said |= {"method": _method(scope), "route": route, "status": status, "ms": round(spent * 1000, 1)}
        self.service.log.info("request", request=named, **said)

    def _headers(self, scope: Scope, named: str) -> Mapping[str, str]:
        more = _TRANSPORT if scope.get("scheme") == "https" else {}
        return {**HEADERS, **more, **(_ANYBODY if self.service.open else {}), "Request-Id": named}


def _method(scope: Scope) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"


def _route(scope: Scope) -> str:
    """Return the pattern of the address that was asked for; the address itself may hold anything."""
    found = getattr(scope.get("route"), "path", None)
    if not isinstance(found, str) or "endpoint" not in scope:
        return "none"
    base: str = scope.get("root_path", "")
    return found if found.startswith(base) else f"{base}{found}"
