"""How the server is reached, and by whom: tokens, and what it says of itself."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.session import OLD_SCOPES, NotApplicable, Session
from priorauth.exchange.trying.shapes import objects, text, texts

_HOUR: Final = 3600
_REFUSED: Final = (400, 401)
_LOCAL: Final = ("http://127.0.0.1", "http://localhost", "http://[::1]", "https://")


@check("smart.configuration")
def _configuration(s: Session) -> str | None:
    _ = s.signing
    found = s.smart.resource
    wrong = [] if s.smart.ok and found else [s.smart.said()]
    if not text(found, "token_endpoint").startswith(_LOCAL):
        wrong.append("no token_endpoint over https")
    if "client_credentials" not in texts(found, "grant_types_supported"):
        wrong.append("no client_credentials")
    if "private_key_jwt" not in texts(found, "token_endpoint_auth_methods_supported"):
        wrong.append("no private_key_jwt")
    if not {"RS384", "ES384"} & set(texts(found, "token_endpoint_auth_signing_alg_values_supported")):
        wrong.append("neither RS384 nor ES384")
    return ", ".join(wrong)


@check("smart.token")
def _token(s: Session) -> str | None:
    return _given(s.granted)


def _given(found: Answer) -> str | None:
    body = found.resource
    lasts = body.get("expires_in")
    if found.status != 200 or not text(body, "access_token"):  # noqa: PLR2004 - RFC 6749
        return found.said() + f" {text(body, 'error')}"
    if text(body, "token_type").lower() != "bearer":
        return f"token_type {text(body, 'token_type')}"
    if not isinstance(lasts, int | float) or not 0 < lasts <= _HOUR:
        return f"expires_in {lasts}"
    return None if "no-store" in found.headers.get("cache-control", "") else "no Cache-Control no-store"


@check("smart.old-scopes")
def _old_scopes(s: Session) -> str | None:
    found = s.asked(s.signing.assertion(text(s.smart.resource, "token_endpoint"), s.now()), OLD_SCOPES)
    return _given(found)


def _refused(found: Answer) -> str | None:
    if found.status not in _REFUSED or "access_token" in found.resource:
        return found.said()
    return None if text(found.resource, "error") else f"{found.status} without error"


@check("smart.audience")
def _audience(s: Session) -> str | None:
    return _refused(s.asked(s.signing.assertion("https://elsewhere.example/token", s.now())))


@check("smart.expired")
def _expired(s: Session) -> str | None:
    now = s.now()
    at = text(s.smart.resource, "token_endpoint")
    return _refused(s.asked(s.signing.assertion(at, now, exp=now - 900, iat=now - 1200)))


@check("smart.signature")
def _signature(s: Session) -> str | None:
    at = text(s.smart.resource, "token_endpoint")
    own, now = s.signing, s.now()
    said = {"iss": own.name, "sub": own.name, "aud": at, "exp": now + 240, "iat": now, "jti": uuid4().hex}
    return _refused(s.asked(own.signed(said, own.stranger())))


@check("smart.replay")
def _replay(s: Session) -> str | None:
    said = s.signing.assertion(text(s.smart.resource, "token_endpoint"), s.now())
    if (first := s.asked(said)).status != 200:  # noqa: PLR2004 - as above
        raise NotApplicable(f"the first use: {first.said()}")
    return _refused(s.asked(said))


@check("smart.grant")
def _grant(s: Session) -> str | None:
    at = text(s.smart.resource, "token_endpoint")
    found = s.asked(s.signing.assertion(at, s.now()), grant_type="password")
    return None if found.status == 400 and text(found.resource, "error") else found.said()  # noqa: PLR2004 - as above


@check("smart.needed")
def _needed(s: Session) -> str | None:
    _ = s.signing
    found = s.operation("Claim/$submit", s.request, token=False)
    return None if found.status == 401 else found.said()  # noqa: PLR2004 - RFC 6750


@check("smart.wrong")
def _wrong(s: Session) -> str | None:
    _ = s.signing
    found = s.operation("Claim/$submit", s.request, token=False, headers={"Authorization": "Bearer nobody-gave-this"})
    return None if found.status == 401 else found.said()  # noqa: PLR2004 - RFC 6750


@check("metadata.read")
def _metadata(s: Session) -> str | None:
    found = s.once("metadata", lambda: s.get(f"{s.fhir}/metadata", token=False))
    if not found.ok or text(found.resource, "resourceType") != "CapabilityStatement":
        return str(found.said())
    version = text(found.resource, "fhirVersion")
    return None if version == "4.0.1" else f"fhirVersion {version}"


@check("metadata.serves")
def _serves(s: Session) -> str | None:
    found = s.once("metadata", lambda: s.get(f"{s.fhir}/metadata", token=False))
    if not found.ok:
        raise NotApplicable("there is no CapabilityStatement")
    rest = objects(found.resource, "rest")
    named = {one.lstrip("$") for server in rest for one in texts(server, "resource", "operation", "name")}
    named |= {one.lstrip("$") for server in rest for one in texts(server, "operation", "name")}
    defined = texts(found.resource, "rest", "resource", "operation", "definition")
    lacking = [
        one
        for one in ("submit", "inquire")
        if not any(one in name.lower() for name in named) and not any(one in each.lower() for each in defined)
    ]
    if "Subscription" not in texts(found.resource, "rest", "resource", "type"):
        lacking.append("Subscription")
    return f"it does not name {', '.join(lacking)}" if lacking else None
