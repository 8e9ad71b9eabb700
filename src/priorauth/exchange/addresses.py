"""Under which address a plan is served: as the plan says it, or else as the request does."""

from __future__ import annotations

from starlette.requests import Request

from priorauth.exchange.plan import Plan, Version


def base_of(request: Request, plan: Plan, tenant: str, version: Version | None) -> str:
    """Return the address of a plan in a version, or of the plan itself."""
    host = (plan.base or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")
    return f"{host}/{tenant}" if version is None else f"{host}/{tenant}/{version}"
