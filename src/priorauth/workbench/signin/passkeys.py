"""Passkeys (WebAuthn): added to an account, used to sign in without a name, and used again to sign something.

The authenticator has to verify the person (fingerprint, face, PIN), so that a passkey is two factors in one. What is
kept is its public key.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import webauthn
from sqlalchemy import and_, delete, func, insert, select, update
from starlette.requests import Request
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.server.limits import LOOPBACK
from priorauth.workbench.signin import challenges
from priorauth.workbench.signin.cookies import hostname
from priorauth.workbench.signin.sessions import Session
from priorauth.workbench.signin.told import system, tell

MOST: Final = 20
"""How many a person has."""
_TITLE: Final = 60
_BYTES: Final = 64
_ASKED: Final = 120_000
"""For how many milliseconds the browser asks its person."""
_TRANSPORTS: Final = frozenset(one.value for one in AuthenticatorTransport)
Json = dict[str, Any]


class Site(NamedTuple):
    """For whom a passkey is: the name of the host, and whence its pages come."""

    host: str
    origins: tuple[str, ...]


class Passkey(NamedTuple):
    """A passkey as its person sees it listed."""

    id: str
    title: str
    synced: bool
    made_at: datetime
    used_at: datetime | None


def site(request: Request) -> Site:
    """Return for whom a passkey is that is asked for by a page; without TLS, this machine alone."""
    host = request.headers.get("host", "")
    name = hostname(request)
    return Site(name, (f"https://{host}", *((f"http://{host}",) if name in LOOPBACK else ())))


def ask_new(store: Store, session: Session, at: Site, now: datetime) -> Json:
    """Return what the browser is asked to make a new passkey."""
    value = secrets.token_bytes(_BYTES)
    options = webauthn.generate_registration_options(
        rp_id=at.host,
        rp_name="priorauth",
        user_name=session.person,
        user_display_name=session.name,
        user_id=hashlib.sha256(f"{session.tenant} {session.person}".encode()).digest(),
        challenge=value,
        timeout=_ASKED,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_hers(store, session.tenant, session.person),
    )
    challenge = bytes_to_base64url(value)
    challenges.ask(store, session.tenant, "passkey-new", challenge, now, person=session.person, bound=session.id)
    return _json(webauthn.options_to_json(options))


def add(  # noqa: PLR0913 - a passkey has these parts
    store: Store, session: Session, at: Site, answer: Mapping[str, Any], now: datetime, *, title: str
) -> None:
    """Keep a new passkey; raises Refusal where the answer is not to what was asked."""
    value = _challenge(answer)
    asked = challenges.take(store, session.tenant, "passkey-new", value, now)
    if asked is None or (asked.person, asked.data.get("bound")) != (session.person, session.id):
        raise Refusal("invalid", "it took too long, or was asked elsewhere: try again")
    try:
        found = webauthn.verify_registration_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(value),
            expected_rp_id=at.host,
            expected_origin=list(at.origins),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise Refusal("invalid", "the passkey gave an answer that does not hold: try again") from None
    credential = bytes_to_base64url(found.credential_id)
    one = t.passkey
    row: Json = {
        "tenant": session.tenant,
        "passkey": _id(credential),
        "credential": credential,
        "person": session.person,
        "title": "".join(filter(str.isprintable, title)).strip()[:_TITLE] or "passkey",
        "public_key": bytes_to_base64url(found.credential_public_key),
        "counter": found.sign_count,
        "transports": _transports(answer),
        "synced": found.credential_backed_up,
        "made_at": now,
        "used_at": None,
    }
    with store.writing(session.tenant) as connection:
        mine = and_(one.c.tenant == session.tenant, one.c.person == session.person)
        if connection.execute(select(func.count()).where(mine)).scalar_one() >= MOST:
            raise Refusal("invalid", f"a person has at most {MOST} passkeys: remove one first")
        same = and_(one.c.tenant == session.tenant, one.c.passkey == row["passkey"])
        if connection.execute(select(one.c.passkey).where(same)).first():
            raise Refusal("invalid", "this passkey is kept already")
        connection.execute(insert(one), row)
        tell(connection, session.who, now, "passkey-added", person=session.person, passkey=_short(row["passkey"]))


def ask_proof(  # noqa: PLR0913 - what is asked of whom
    store: Store, tenant: str, at: Site, now: datetime, *, bound: str, person: str | None = None
) -> Json:
    """Return what the browser is asked to prove who somebody is: anybody, who signs in, or a person, who signs.

    ``bound``: what the same browser has to bear when it answers.
    """
    value = secrets.token_bytes(_BYTES)
    options = webauthn.generate_authentication_options(
        rp_id=at.host,
        challenge=value,
        timeout=_ASKED,
        allow_credentials=None if person is None else _hers(store, tenant, person),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    kind: challenges.Kind = "passkey-in" if person is None else "passkey-again"
    challenges.ask(store, tenant, kind, bytes_to_base64url(value), now, person=person, bound=bound)
    return _json(webauthn.options_to_json(options))


def proved(  # noqa: PLR0913 - a proof has these parts
    store: Store,
    tenant: str,
    at: Site,
    answer: Mapping[str, Any],
    now: datetime,
    *,
    bound: str,
    person: str | None = None,
) -> str | None:
    """Return the person whose passkey gave the answer; None where it does not hold, or is not ``person``'s."""
    value, one = _challenge(answer), t.passkey
    kind: challenges.Kind = "passkey-in" if person is None else "passkey-again"
    asked = challenges.take(store, tenant, kind, value, now)
    if asked is None or (asked.person, asked.data.get("bound")) != (person, bound):
        return None
    same = and_(one.c.tenant == tenant, one.c.passkey == _id(str(answer.get("id", ""))))
    with store.reading(tenant) as connection:
        row = connection.execute(select(one).where(same)).mappings().first()
    if row is None or (person is not None and row["person"] != person):
        return None
    try:
        found = webauthn.verify_authentication_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(value),
            expected_rp_id=at.host,
            expected_origin=list(at.origins),
            credential_public_key=base64url_to_bytes(row["public_key"]),
            credential_current_sign_count=row["counter"],
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        with store.writing(tenant) as connection:
            tell(connection, system(tenant), now, "sign-in-failed", person=row["person"], how="passkey")
        return None
    used = {"counter": found.new_sign_count, "used_at": now, "synced": found.credential_backed_up}
    with store.writing(tenant) as connection:  # a counter that another answer has moved on is a copy's
        unmoved = and_(same, one.c.counter == row["counter"])
        moved = connection.execute(update(one).where(unmoved).values(used)).rowcount
    return str(row["person"]) if moved else None


def listed(store: Store, tenant: str, person: str) -> list[Passkey]:
    """Return the passkeys of a person, the oldest first."""
    one = t.passkey.c
    query = select(one.passkey, one.title, one.synced, one.made_at, one.used_at).where(
        one.tenant == tenant, one.person == person
    )
    with store.reading(tenant) as connection:
        return [Passkey(*row) for row in connection.execute(query.order_by(one.made_at, one.passkey))]


def remove(store: Store, session: Session, passkey: str, now: datetime) -> bool:
    """Take one of her passkeys away; return whether there was one."""
    one = t.passkey.c
    mine = and_(one.tenant == session.tenant, one.person == session.person, one.passkey == passkey)
    with store.writing(session.tenant) as connection:
        gone = bool(connection.execute(delete(t.passkey).where(mine)).rowcount)
        if gone:
            tell(connection, session.who, now, "passkey-removed", person=session.person, passkey=_short(passkey))
    return gone


def _hers(store: Store, tenant: str, person: str) -> list[PublicKeyCredentialDescriptor]:
    one = t.passkey.c
    query = select(one.credential, one.transports).where(one.tenant == tenant, one.person == person)
    with store.reading(tenant) as connection:
        return [
            PublicKeyCredentialDescriptor(
                id=base64url_to_bytes(row.credential),
                transports=[AuthenticatorTransport(name) for name in row.transports],
            )
            for row in connection.execute(query.order_by(one.made_at, one.passkey))
        ]


def _challenge(answer: Mapping[str, Any]) -> str:
    """Return the challenge that an answer says it is to; empty where it says none."""
    try:
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return str(said["challenge"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""


def _transports(answer: Mapping[str, Any]) -> list[str]:
    said = answer.get("response", {}).get("transports", ())
    return sorted({one for one in said if isinstance(one, str)} & _TRANSPORTS) if isinstance(said, list) else []


def _json(text: str) -> Json:
    found: Json = json.loads(text)
    return found


def _id(credential: str) -> str:
    return hashlib.sha256(credential.encode()).hexdigest()


def _short(passkey: str) -> str:
    return passkey[:16]
