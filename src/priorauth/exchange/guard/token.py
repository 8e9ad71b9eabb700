"""The token endpoint: client credentials against a signed assertion (SMART Backend Services, RFC 6749 and 7523)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

import msgspec

from priorauth.exchange.call import Call, Told
from priorauth.exchange.guard import access, assertion, scopes
from priorauth.exchange.guard.admit import once, same
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.kept import Guard
from priorauth.exchange.guard.refused import NotAdmitted
from priorauth.exchange.wire import JSON

PATH: Final = "/oauth/token"
GRANT: Final = "client_credentials"
FORM: Final = "application/x-www-form-urlencoded"
MOST: Final = 65_536
_MOST_FIELDS: Final = 20
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token(call: Call) -> Told:
    """Return an access token, or in the words of RFC 6749 why there is none."""
    try:
        client, said = _given(call)
    except NotAdmitted as refused:
        headers = dict(_NOT_KEPT)
        if refused.wait:
            headers["Retry-After"] = str(math.ceil(refused.wait))
        return _told({"error": refused.code, "error_description": refused.why}, refused.status, headers)
    return _told(said, 200, _NOT_KEPT, client)


def _told(said: Mapping[str, Any], status: int, headers: Mapping[str, str], client: str | None = None) -> Told:
    return Told(msgspec.json.encode(said), status, headers, JSON, client)


def _given(call: Call) -> tuple[str, dict[str, Any]]:
    """Return who asks, and what is said to it; raises NotAdmitted."""
    fields = form(call.raw, call.headers.get("content-type", ""))
    if "grant_type" not in fields:
        raise NotAdmitted("invalid_request", "grant_type: expected client_credentials")
    if fields["grant_type"] != GRANT:
        raise NotAdmitted("unsupported_grant_type", "grant_type: expected client_credentials")
    if fields.get("client_assertion_type") != assertion.TYPE:
        raise NotAdmitted("invalid_request", f"client_assertion_type: expected {assertion.TYPE}")
    if not fields.get("client_assertion"):
        raise NotAdmitted("invalid_request", "client_assertion: expected a signed token")
    guard = call.service.one(Guard)
    try:
        found = _asserted(call, guard, fields)
    except NotBelieved as fault:
        wait = call.service.buckets.take(f"nobody {call.origin}")
        raise NotAdmitted("slow_down" if wait else "invalid_client", str(fault), wait=wait) from None
    guard.paced(call.tenant, found.client, found.partner)
    asked = fields.get("scope", "")
    given = scopes.granted(asked, found.partner.scopes) if len(asked) <= scopes.MOST else ()
    if not given:
        raise NotAdmitted("invalid_scope", f"scope: expected some of {' '.join(scopes.supported())}")
    said = access.Access(found.client, given, found.key, call.certificate)
    key = guard.own(call.store, call.tenant, call.now).signs()
    return found.client, {
        "access_token": access.issued(said, call.base, key, call.now, uuid4().hex),
        "token_type": "bearer",
        "expires_in": int(access.LASTS.total_seconds()),
        "scope": " ".join(given),
    }


def _asserted(call: Call, guard: Guard, fields: Mapping[str, str]) -> assertion.Asserted:
    """Return who asks; raises NotBelieved."""
    if call.plan.base is None and not call.service.open:
        raise NotBelieved("the plan names no base: for whom a token is cannot be seen")
    audiences = (f"{call.base}{PATH}", *call.plan.audiences)
    found = assertion.asserted(
        fields["client_assertion"], call.plan.partners, guard.ring, audiences, call.now, fields.get("client_id")
    )
    same(found.partner, call.certificate)
    once(call.store, call.tenant, found.client, found.once, call.now)
    return found


def form(raw: bytes, media: str) -> dict[str, str]:
    """Return the fields of a form, each of which may be there once; raises NotAdmitted."""
    if media.partition(";")[0].strip().lower() != FORM:
        raise NotAdmitted("invalid_request", f"expected Content-Type {FORM}")
    if len(raw) > MOST:
        raise NotAdmitted("invalid_request", f"expected at most {MOST:,} bytes")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise NotAdmitted("invalid_request", "expected a form of at most 20 fields") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotAdmitted("invalid_request", "expected each field once")
    return found
