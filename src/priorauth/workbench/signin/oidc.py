"""Signing in by another provider: OpenID Connect, the code flow with PKCE. It says who somebody is, never what she may.

A tenant's settings name the provider and how its people are found:

    oidc: {issuer: "https://login.example", client: "priorauth", secret_file: "/etc/priorauth/secret",
           title: "Sign in with Example Health", email: "yes", people: {"subject-1": "nina"}}

No secret stands in the settings, for they are kept in the ledger. Nonce and PKCE's verifier are made of the browser's
cookie and of the state, so that neither is kept anywhere. Roles come from the ledger alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from sqlalchemy import Connection, insert, select

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from priorauth.ledger.tokens import SECRET_BYTES
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import challenges, fetching
from priorauth.workbench.signin.people import Plan, everybody
from priorauth.workbench.signin.told import system, tell

BACK: Final = "/sign-in/oidc/back"
TITLE: Final = "Sign in with your organization"
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_SIGNED_BY: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_LEEWAY: Final = 60
"""By how many seconds the provider's clock may be another than ours."""
_YES: Final = (True, "yes", "true")
Json = dict[str, Any]


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A provider, as the settings of a tenant name it; ``people``: by subject, ``email``: by an address it verified."""

    issuer: str
    client: str
    secret_file: str | None = None
    title: str = TITLE
    email: bool | str = False
    people: dict[str, str] = {}


class Claims(msgspec.Struct, frozen=True):
    """What a provider says of somebody, after its signature and everything else was seen to hold."""

    issuer: str
    subject: str
    email: str | None


class Back(msgspec.Struct, frozen=True):
    """With what a browser comes back from the provider."""

    state: str
    code: str
    issuer: str | None = None


def provider(of: Plan) -> Provider | None:
    """Return the provider of a tenant; None where it has none. Raises Refusal where the settings make no sense."""
    said = of.settings.get("oidc")
    if said is None:
        return None
    try:
        return msgspec.convert(said, Provider)
    except msgspec.ValidationError as fault:
        raise Refusal("invalid", f"the setting oidc of {of.tenant}: {fault}") from None


def leave(store: Store, of: Plan, by: Provider, now: datetime, *, cookie: str, redirect: str, to: str) -> str:  # noqa: PLR0913 - what is asked
    """Return the address at the provider to which a browser is sent; ``cookie``: the secret that it bears."""
    known = discovered(by)
    state = f"{of.tenant}.{secrets.token_urlsafe(SECRET_BYTES)}"
    challenges.ask(store, of.tenant, "oidc", state, now, to=to, redirect=redirect, bound=_made("bound", cookie, state))
    asked = {
        "response_type": "code",
        "client_id": by.client,
        "redirect_uri": redirect,
        "scope": "openid email" if by.email in _YES else "openid",
        "state": state,
        "nonce": _made("nonce", cookie, state),
        "code_challenge": _hashed(_made("verifier", cookie, state)),
        "code_challenge_method": "S256",
    }
    there = fetching.checked(known.get("authorization_endpoint"))
    return f"{there}{'&' if '?' in there else '?'}{urlencode(asked)}"


def came_back(  # noqa: PLR0913 - a return has these parts
    store: Store, of: Plan, by: Provider, back: Back, now: datetime, *, cookie: str
) -> tuple[Claims, str]:
    """Return what the provider says, and where she was on her way to; raises Refusal where anything does not hold."""
    asked = challenges.take(store, of.tenant, "oidc", back.state, now)
    if asked is None or not hmac.compare_digest(asked.data["bound"], _made("bound", cookie, back.state)):
        raise Refusal("invalid", "it took too long, or was begun in another browser: try again")
    if back.issuer is not None and back.issuer != by.issuer:
        raise Refusal("invalid", "the answer is of another provider")
    known = discovered(by)
    fields = {
        "grant_type": "authorization_code",
        "code": back.code,
        "redirect_uri": asked.data["redirect"],
        "code_verifier": _made("verifier", cookie, back.state),
        "client_id": by.client,
    }
    secret = _secret(by)
    given = fetching.post(str(known.get("token_endpoint")), fields, None if secret is None else (by.client, secret))
    keys = fetching.get(str(known.get("jwks_uri")))
    return _claims(by, given, keys, _made("nonce", cookie, back.state), now), str(asked.data["to"])


def discovered(by: Provider) -> Json:
    """Return what the provider says of itself; raises Refusal where it is another."""
    found = fetching.get(f"{by.issuer.rstrip('/')}{_WELL_KNOWN}")
    if found.get("issuer") != by.issuer:
        raise Refusal("invalid", "the provider calls itself by another name than the settings do")
    return found


def _claims(by: Provider, given: Mapping[str, Any], keys: Json, nonce: str, now: datetime) -> Claims:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        token = jwt.decode(str(given.get("id_token")), KeySet.import_key_set(keys), algorithms=list(_SIGNED_BY))  # type: ignore[arg-type] # it is checked there
        wanted = {"iss": {"essential": True, "value": by.issuer}, "aud": {"essential": True, "value": by.client}}
        params = {"nonce": nonce, "client_id": by.client, "access_token": given.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        claims.validate(int(now.timestamp()), _LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Refusal("invalid", "what the provider says does not hold") from None
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT:
        raise Refusal("invalid", "the provider names nobody")
    verified = claims.get("email_verified") is True and isinstance(email, str)
    return Claims(by.issuer, subject, email if verified else None)


_SUBJECT: Final = 255


def person(connection: Connection, of: Plan, by: Provider, claims: Claims, now: datetime) -> str | None:
    """Return whom the claims name; None where nobody, or more than one. Who was named once is known by the subject."""
    one = t.identity.c
    key = hashlib.sha256(f"{claims.issuer} {claims.subject}".encode()).hexdigest()
    known = connection.execute(select(one.person).where(one.tenant == of.tenant, one.identity == key)).scalar()
    if known is not None:
        return str(known)
    here = everybody(connection, of, now)
    named = [one for one in here if one.person == by.people.get(claims.subject)]
    if not named and by.email in _YES and claims.email is not None:
        named = [one for one in here if str(one.details.get("email", "")).lower() == claims.email.lower()]
    if len(named) != 1:
        return None
    who = named[0].person
    row = {"tenant": of.tenant, "identity": key, "issuer": claims.issuer, "subject": claims.subject, "person": who}
    connection.execute(insert(t.identity), {**row, "made_at": now})
    tell(connection, system(of.tenant), now, "identity-bound", person=who, issuer=claims.issuer)
    return who


def _secret(by: Provider) -> str | None:
    if by.secret_file is None:
        return None
    try:
        return Path(by.secret_file).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise Refusal("not-known", "the secret of the provider cannot be read") from None


def _made(what: str, cookie: str, state: str) -> str:
    return _text(hmac.new(cookie.encode(), f"oidc {what} {state}".encode(), hashlib.sha256).digest())


def _hashed(verifier: str) -> str:
    return _text(hashlib.sha256(verifier.encode()).digest())


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
