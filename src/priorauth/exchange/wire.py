"""What goes over the wire: a body read within limits, a bare resource or one in Parameters, a fault as an
OperationOutcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from priorauth.errors import InputRefused
from priorauth.fhir.limits import checked, deeper_than

Json = dict[str, Any]
FHIR: Final = "application/fhir+json"
JSON: Final = "application/json"
DEEPEST: Final = 60
_MEDIA: Final = frozenset({FHIR, JSON, "text/json", ""})


class Fault(Exception):
    """Something that is not done, as an OperationOutcome. ``code`` is one of FHIR's issue types.

    ``at`` are FHIRPath expressions of the places that are wrong. What is said holds nothing of a body but names of
    elements, ids and codes.
    """

    def __init__(
        self,
        status: int,
        code: str,
        said: str,
        *at: str,
        headers: Mapping[str, str] | None = None,
        severity: str = "error",
    ) -> None:
        """Keep what is said."""
        super().__init__(said)
        self.status, self.code, self.said, self.at = status, code, said, at
        self.headers, self.severity = dict(headers or {}), severity

    def outcome(self) -> Json:
        """Return the OperationOutcome."""
        return outcome(issue(self.severity, self.code, self.said, *self.at))

    def answer(self) -> Response:
        """Return the answer that says it."""
        return answer(self.outcome(), self.status, self.headers)


def issue(severity: str, code: str, said: str, *at: str) -> Json:
    """Return an issue of an OperationOutcome."""
    made: Json = {"severity": severity, "code": code, "details": {"text": said}, "diagnostics": said}
    return {**made, "expression": list(at)} if at else made


def outcome(*issues: Json) -> Json:
    """Return an OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def answer(
    body: Json | bytes, status: int = 200, headers: Mapping[str, str] | None = None, media: str = FHIR
) -> Response:
    """Return an answer: a resource, or the bytes of one."""
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Response(data, status, {**(headers or {})}, media)


def media_of(request: Request) -> str:
    """Return the kind of a body, without its charset; raises Fault where it is none that is taken here."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in _MEDIA:
        raise Fault(415, "not-supported", f"expected Content-Type {FHIR} or {JSON}")
    return said


def parsed(data: bytes, *, most_bytes: int, name: str = "body") -> Json:
    """Return a body as JSON; raises Fault where it is none, too large, too deep, or has a key twice."""
    if len(data) > most_bytes:
        raise Fault(413, "too-long", f"expected at most {most_bytes:,} bytes")
    if deeper_than(data, DEEPEST):
        raise Fault(400, "structure", f"expected JSON nested at most {DEEPEST} deep")
    try:
        found = msgspec.json.decode(checked(data, name, max_bytes=most_bytes))
    except InputRefused as refused:
        raise Fault(400, "structure", str(refused)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Fault(400, "structure", "expected JSON") from None
    if not isinstance(found, dict):
        raise Fault(400, "structure", "expected a JSON object")
    return found


def resource_of(body: Json, *kinds: str) -> Json:
    """Return the resource of a body: the body itself, or what a Parameters holds as ``resource``; raises Fault."""
    kind = body.get("resourceType")
    if kind == "Parameters" and "Parameters" not in kinds:
        held: list[Json] = [
            one["resource"] for one in listed(body, "parameter") if isinstance(one.get("resource"), dict)
        ]
        if len(held) != 1:
            raise Fault(400, "structure", "expected one resource", "Parameters.parameter.resource")
        body, kind = held[0], held[0].get("resourceType")
    if kind not in kinds:
        raise Fault(400, "structure", f"expected {' or '.join(kinds)}", "resourceType")
    return body


def listed(value: object, name: str) -> list[Json]:
    """Return the objects of a list within an object; nothing where there is no such list."""
    held = value.get(name) if isinstance(value, dict) else None
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
