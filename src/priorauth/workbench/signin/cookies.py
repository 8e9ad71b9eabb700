"""The two cookies: that of the session, and that which binds a form to a browser before anybody has signed in.

Over TLS they have the prefix ``__Host-``, so that a browser takes them from this very host alone. Only a request to
this machine itself may come without TLS; for any other host a browser refuses them, and nobody signs in in the clear.
"""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from priorauth.ledger.tokens import SECRET_BYTES
from priorauth.server.limits import LOOPBACK

SESSION: Final = "priorauth"
FORM: Final = "priorauth-form"
_PREFIX: Final = "__Host-"
_SHORTEST: Final = 40
_LONGEST: Final = 200


def read(request: Request, cookie: str) -> str | None:
    """Return the value of a cookie; None where there is none that could be ours."""
    value = request.cookies.get(_named(request, cookie), "")
    return value if _SHORTEST <= len(value) <= _LONGEST and value.isascii() else None


def put(request: Request, response: Response, cookie: str, value: str, *, lax: bool) -> None:
    """Let a browser keep a cookie until it is closed; ``lax``: it is sent too where another site leads here."""
    response.set_cookie(
        _named(request, cookie),
        value,
        path="/",
        secure=_apart(request),
        httponly=True,
        samesite="lax" if lax else "strict",
    )


def drop(request: Request, response: Response, cookie: str) -> None:
    """Let a browser forget a cookie."""
    response.delete_cookie(_named(request, cookie), path="/", secure=_apart(request), httponly=True)


def form_secret(request: Request) -> str:
    """Return the secret of the browser's cookie for forms, or a new one."""
    return read(request, FORM) or secrets.token_urlsafe(SECRET_BYTES)


def _apart(request: Request) -> bool:
    """Whether the request is to another machine than the browser's own, or came over TLS."""
    return request.scope.get("scheme") == "https" or hostname(request) not in LOOPBACK


def hostname(request: Request) -> str:
    """Return the name of the host that a request is for, without its port; empty where it names none."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _named(request: Request, cookie: str) -> str:
    return f"{_PREFIX}{cookie}" if _apart(request) else cookie
