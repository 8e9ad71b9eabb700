"""What is said where something is not done: problem details for HTTP (RFC 9457), as ``application/problem+json``."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from priorauth.ledger.work import Code, Refused

MEDIA: Final = "application/problem+json"
TYPE: Final = "urn:priorauth:problem:"
_RETRY_SECONDS: Final = 2
_TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "no-right": (403, "You may not do that"),
    "not-found": (404, "There is no such thing"),
    "state": (409, "The case is in a state in which that cannot be done"),
    "stale": (409, "The case has changed since the version that you saw"),
    "invalid": (422, "The request cannot be used"),
    "refused": (403, "The ledger refuses it, whoever asks"),
    "key": (422, "The key was used for another act"),
    "not-known": (503, "It is not known whether it was done"),
    "busy": (503, "The database is busy or away"),
    "no-token": (401, "Expected a token"),
    "version": (428, "Expected the version that you saw"),
    "too-large": (413, "The request is too large"),
    "too-slow": (408, "The request did not come in time"),
    "too-many": (429, "Too many requests"),
    "media": (415, "The body is of another kind than is taken here"),
    "host": (421, "This server is not for that host"),
    "fault": (500, "A fault of the server"),
}


class Problem(Exception):
    """Something that is not done; ``more`` stands beside the detail, ``headers`` with the answer."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - JSON
    ) -> None:
        """Keep what is said."""
        super().__init__(detail)
        self.kind, self.detail, self.more = kind, detail, more
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The status of the answer."""
        return _TITLES[self.kind][0]

    @property
    def title(self) -> str:
        """What kind of problem it is, in a sentence."""
        return _TITLES[self.kind][1]

    @classmethod
    def of(cls, refused: Refused) -> Problem:
        """Return the problem that a refused act is."""
        code: Code = refused.code
        since = {"since": list(refused.since)} if refused.since else {}
        retry = {"Retry-After": str(_RETRY_SECONDS)} if code == "not-known" else {}
        return cls(code, refused.reason, headers=retry, **since)

    def answer(self, request: Request | None = None) -> Response:
        """Return the answer that says it."""
        return said(self.status, self.kind, self.title, self.detail, self.more, self.headers, request)


def said(  # noqa: PLR0913, PLR0917 - a problem has these parts
    status: int,
    kind: str,
    title: str,
    detail: str,
    more: Mapping[str, Any],
    headers: Mapping[str, str],
    request: Request | None,
) -> Response:
    """Return an answer in the shape of RFC 9457."""
    named = {} if request is None else {"request": request.scope.get("state", {}).get("request")}
    body = {"type": f"{TYPE}{kind}", "title": title, "status": status, "detail": detail, **more, **named}
    return Response(msgspec.json.encode(body), status, {**headers}, MEDIA)


def plain(status: int, detail: str | None, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer for a status that the framework gives: no such address, method, form."""
    phrase = HTTPStatus(status).phrase
    return said(status, f"http-{status}", phrase, detail or phrase, {}, headers or {}, request)
