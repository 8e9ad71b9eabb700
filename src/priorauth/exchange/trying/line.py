"""Asking a server over HTTP: one request, one answer, within limits; nothing is followed and nothing is kept."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

from priorauth.fhir.limits import deeper_than

MOST: Final = 20_000_000
"""How many bytes of an answer are read."""
SECONDS: Final = 30.0
DEEPEST: Final = 100
FHIR: Final = "application/fhir+json"
JSON: Final = "application/json"
_OK: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. ``status`` is 0 where it did not; then ``fault`` says why."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in small letters."""
    body: bytes = b""
    seconds: float = 0.0
    fault: str = ""
    json: Any = None
    """The body as JSON; None where it is none."""

    @property
    def ok(self) -> bool:
        """Whether it is one of 2xx."""
        return self.status in _OK

    @property
    def media(self) -> str:
        """The kind of the body, without its charset."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def resource(self) -> dict[str, Any]:
        """The body as an object of JSON; an empty one where it is none."""
        found = self.json
        return found if isinstance(found, dict) else {}

    def said(self) -> str:
        """Return in a few words what came."""
        if not self.status:
            return self.fault
        kind = self.resource.get("resourceType")
        held = f" with {str(kind)[:40]}" if kind else ""
        return f"{self.status}{held}{self._issue()}"

    def _issue(self) -> str:
        """Return what an OperationOutcome says first."""
        issues = self.resource.get("issue")
        first = issues[0] if isinstance(issues, list) and issues and isinstance(issues[0], dict) else {}
        details = first.get("details")
        text = (details.get("text") if isinstance(details, dict) else None) or first.get("diagnostics")
        return f": {str(text)[:200]}" if text else ""


def parsed(body: bytes) -> Any:  # noqa: ANN401 - whatever came
    """Return a body as JSON; None where it is none, or nests deeper than anything that is read."""
    if deeper_than(body, DEEPEST):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def ask(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Return the answer of an address; no redirect is followed."""
    begun = perf_counter()
    try:
        parts = urlsplit(address)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        there = _connection(parts.scheme, parts.hostname or "", parts.port, seconds)
    except (ValueError, OSError, HTTPException) as fault:
        return Answer(0, fault=f"cannot be asked: {type(fault).__name__}")
    try:
        there.request(method, target, body, {"Accept": f"{FHIR}, {JSON}", **(headers or {})})
        found = there.getresponse()
        data = found.read(MOST + 1)
        if len(data) > MOST:
            return Answer(0, fault=f"the answer has more than {MOST:,} bytes", seconds=perf_counter() - begun)
        if found.length:
            return Answer(0, fault="no answer: it ends before it is whole", seconds=perf_counter() - begun)
        named = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, named, data, perf_counter() - begun, json=parsed(data))
    except (OSError, HTTPException, ValueError) as fault:
        return Answer(0, fault=f"no answer: {type(fault).__name__}", seconds=perf_counter() - begun)
    finally:
        there.close()


def _connection(scheme: str, host: str, port: int | None, seconds: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=seconds)
