"""Tokens as scripts bear them: ``patoken.<tenant>.<secret>``. A token is known by the hash of its secret alone."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, select

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store

TENANT: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""How a tenant is named, where its name stands in tokens, files and addresses."""
SECRET_BYTES: Final = 32
PREFIX: Final = "patoken"
"""What a token begins with, so that one that was left lying about is known for what it is."""
_BORNE: Final = re.compile(rf"{PREFIX}\.({TENANT.pattern})\.([A-Za-z0-9_-]{{43}})")
_ID: Final = 16


class Kept(NamedTuple):
    """What is kept of a secret: the id of the token, and the hash."""

    token: str
    sha256: str


class Holder(NamedTuple):
    """Who bears a token."""

    token: str
    who: Who


def borne(tenant: str, secret: str) -> str:
    """Return a token as it is borne; ``secret`` is SECRET_BYTES of chance in URL-safe base64 without padding."""
    return f"{PREFIX}.{tenant}.{secret}"


def kept(secret: str) -> Kept:
    """Return what is kept of a secret."""
    sha256 = hashlib.sha256(secret.encode()).hexdigest()
    return Kept(sha256[:_ID], sha256)


def tenant_of(token: str) -> str | None:
    """Return the tenant that a token names; None where it is none of ours."""
    found = _BORNE.fullmatch(token)
    return found[1] if found else None


def holder(store: Store, token: str, now: datetime) -> Holder | None:
    """Return who bears a token; None where it is unknown, revoked or over, or its person has left."""
    found = _BORNE.fullmatch(token)
    if found is None:
        return None
    tenant, secret = found.groups()
    one, at = t.token, t.person
    query = (
        select(one, at.c.active)
        .join(at, and_(at.c.tenant == one.c.tenant, at.c.person == one.c.person), isouter=True)
        .where(one.c.tenant == tenant, one.c.token == kept(secret).token, one.c.sha256 == kept(secret).sha256)
    )
    with store.reading(tenant) as connection:
        row = connection.execute(query).mappings().first()
    if row is None or row["revoked_at"] is not None or row["valid_until"] <= now:
        return None
    if row["person"] is not None and not row["active"]:
        return None
    return Holder(row["token"], Who(tenant, row["person"], row["role"], row["organisation"]))


def listed(store: Store, tenant: str) -> list[dict[str, Any]]:
    """Return the tokens of a tenant, the newest first, without their hashes."""
    one = t.token
    shown = [column for column in one.c if column.name not in ("tenant", "sha256")]
    query = select(*shown).where(one.c.tenant == tenant).order_by(one.c.made_at.desc(), one.c.token)
    with store.reading(tenant) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
