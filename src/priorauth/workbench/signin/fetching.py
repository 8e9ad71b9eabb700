"""What is asked of another provider over HTTP: small JSON over TLS, within seconds, led to no other address.

Without TLS only this machine itself is asked.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import SplitResult, quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

import msgspec

from priorauth.fhir.limits import deeper_than
from priorauth.ledger.work import Refusal
from priorauth.server.limits import DEEPEST, LOOPBACK

SECONDS: Final = 5.0
"""How long an answer may take to begin, and each part of it."""
MOST: Final = 262_144
"""How many bytes it may have."""
Json = dict[str, Any]


class _Nowhere(HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""
        return


def get(address: str) -> Json:
    """Return the JSON object at an address; raises Refusal."""
    return _asked(Request(checked(address), headers={"Accept": "application/json"}))  # noqa: S310 - checked


def post(address: str, fields: Mapping[str, str], user: tuple[str, str] | None = None) -> Json:
    """Return the JSON object with which an address answers a form; ``user``: name and secret. Raises Refusal."""
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if user is not None:
        both = ":".join(quote(part, safe="") for part in user)
        headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
    return _asked(Request(checked(address), urlencode(fields).encode(), headers))  # noqa: S310 - checked


def checked(address: object) -> str:
    """Return an address that may be asked: over TLS, or of this machine; raises Refusal."""
    if isinstance(address, str) and address.isascii() and address.isprintable() and " " not in address:
        parts = _parts(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if safe and parts.hostname and "@" not in parts.netloc and not parts.fragment:
            return address
    raise Refusal("invalid", "the provider has an address that is not https")


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _asked(request: Request) -> Json:
    try:
        with _opener(request.host).open(request, timeout=SECONDS) as answer:
            body = answer.read(MOST + 1)
    except (URLError, HTTPException, OSError, ValueError):
        raise Refusal("not-known", f"{_host(request)} does not answer as expected") from None
    if len(body) > MOST:
        raise Refusal("not-known", f"{_host(request)} answers with more than {MOST:,} bytes")
    refusal = Refusal("not-known", f"{_host(request)} answers with something that is no object of JSON")
    if deeper_than(body, DEEPEST):  # some Pythons would read it
        raise refusal
    try:
        return msgspec.json.decode(body, type=Json)
    except (msgspec.MsgspecError, RecursionError):
        raise refusal from None


def _opener(host: str) -> OpenerDirector:
    here = urlsplit(f"//{host}").hostname in LOOPBACK
    return build_opener(_Nowhere, *((ProxyHandler({}),) if here else ()))


def _host(request: Request) -> str:
    return urlsplit(f"//{request.host}").hostname or "the provider"
