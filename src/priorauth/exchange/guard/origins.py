"""Pages of other sites that may call from a browser: those that the plan lists, and for what everybody may know, all.

No cookie lets anybody in here, so that a page can do no more than its own token lets it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from priorauth.exchange.plan import Plan

_SHOWN: Final = "ETag, Location, Retry-After, WWW-Authenticate"
_SENT: Final = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, Prefer"
_SECONDS: Final = 600


def headers(origin: str | None, plan: Plan, *, told_to_all: bool) -> dict[str, str]:
    """Return the headers by which a browser lets a page of an origin read an answer; none where it may not."""
    if origin is None:
        return {}
    if told_to_all:
        return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _SHOWN}
    if origin not in plan.origins:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _SHOWN, "Vary": "Origin"}


def preflight(request: Request, plan: Plan, methods: Iterable[str], *, told_to_all: bool) -> Response:
    """Return the answer to a browser that asks what a page may send: 204, or 403 where it may send nothing."""
    allowed = headers(request.headers.get("origin"), plan, told_to_all=told_to_all)
    if "Access-Control-Allow-Origin" not in allowed:
        return Response(status_code=403, headers=allowed)
    sent = {"Access-Control-Allow-Methods": ", ".join(sorted(methods)), "Access-Control-Allow-Headers": _SENT}
    return Response(status_code=204, headers={**allowed, **sent, "Access-Control-Max-Age": str(_SECONDS)})
