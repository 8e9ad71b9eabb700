"""The shapes of answers and of what stands in headers and addresses, as FastAPI and OpenAPI know them."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final

import msgspec
from fastapi import Header, Path, Query
from starlette.responses import Response

from priorauth.ledger.columns import canonical
from priorauth.ledger.events import Who
from priorauth.ledger.work import Done
from priorauth.server.problem import MEDIA, Problem
from priorauth.server.reads import MOST

CaseNumber = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,32}$", description="The number of a case: `26-0117`.")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,150}$",
        description="Makes an act once only: the same key gives the first answer again.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^(\*|"[0-9]{1,9}")$',
        description='The version of the case that you saw, as its ETag has it: `"3"`. `*`: whatever it is.',
    ),
]
Most = Annotated[int, Query(ge=1, le=MOST, description="How many rows at most.")]
After = Annotated[str | None, Query(max_length=300, description="What `next` of the page before said.")]

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request": {"type": ["string", "null"], "description": "The id of the request, as the log has it."},
        "since": {
            "type": "array",
            "items": {"type": "object"},
            "description": "What happened since the version that you saw.",
        },
    },
}
PAGE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["rows", "next"],
    "properties": {
        "rows": {"type": "array", "items": {"type": "object"}},
        "next": {"type": ["string", "null"], "description": "Where the next page begins; null at the end."},
    },
}
_SAID: Final = {
    400: "not HTTP or no form, as it should be",
    401: "no token, or one that is not valid",
    403: "not for this role, or refused by the ledger itself",
    404: "no such thing, or none of yours",
    408: "the body did not come in time",
    409: "the case has changed, or its state does not admit the act",
    413: "too large",
    415: "a body of another kind",
    421: "not for this host",
    422: "cannot be used as it is",
    428: "If-Match is missing",
    429: "too many requests",
    503: "the database is busy or away: repeat with the same key",
}
_EVERY: Final = (401, 421, 422, 429, 503)
WRITES: Final = (400, 403, 404, 408, 409, 413, 415)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the answers of OpenAPI for the statuses by which something is refused."""
    shape = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _SAID[status], "content": shape} for status in sorted({*_EVERY, *statuses})}


def answers(said: str, *statuses: int, status: int = 200, schema: str | None = None) -> dict[int | str, dict[str, Any]]:
    """Return the answers of OpenAPI for an address that gives JSON."""
    shape: dict[str, Any] = {"type": "object"} if schema is None else {"$ref": f"#/components/schemas/{schema}"}
    return {status: {"description": said, "content": {"application/json": {"schema": shape}}}, **problems(*statuses)}


def as_json(value: object, status: int = 200, *, version: int | None = None, **headers: str) -> Response:
    """Return an answer in JSON; ``version`` is the ETag of a case."""
    tag = {} if version is None else {"ETag": f'"{version}"'}
    return Response(canonical(msgspec.to_builtins(value)), status, {**tag, **headers}, "application/json")


def done(found: Done, status: int = 200, **headers: str) -> Response:
    """Return the answer of an act."""
    plain = msgspec.to_builtins(found)
    plain.pop("result")
    return as_json(plain, status, version=found.version, **headers)


def seen_version(name: str, if_match: str | None, *, needed: bool, exact: bool) -> int | None:
    """Return the version that an act is made on; raises Problem where one is needed and none is said."""
    if if_match is None and needed:
        raise Problem("version", f'{name}: expected If-Match: "VERSION" of the case that you saw')
    if if_match == "*" and exact:
        raise Problem("version", f'{name}: expected If-Match: "VERSION"; nobody decides what she has not seen')
    return None if if_match in (None, "*") else int((if_match or "").strip('"'))


def own_key(who: Who, key: str | None) -> str | None:
    """Return a key as the ledger keeps it: the same key of two callers is two keys."""
    if key is None:
        return None
    return hashlib.sha256(canonical([who.person, who.role, who.organisation, who.behalf, key])).hexdigest()
