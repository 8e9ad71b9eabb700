"""Challenges: what is asked of a passkey or of another provider, kept here, answered once and within a few minutes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import delete, func, insert, select

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin.people import plan

Kind = Literal["passkey-new", "passkey-in", "passkey-again", "oidc"]
MOST: Final = 10_000
"""How many a tenant has open at once."""


class Asked(NamedTuple):
    """A challenge as it is taken up: of whom it was asked, where that is known, and what was kept with it."""

    person: str | None
    data: dict[str, Any]


def ask(  # noqa: PLR0913 - a challenge has these parts
    store: Store,
    tenant: str,
    kind: Kind,
    value: str,
    now: datetime,
    *,
    person: str | None = None,
    **data: Any,  # noqa: ANN401 - JSON
) -> None:
    """Keep a challenge; ``value`` is chance, of which only the hash is kept. Raises Refusal where too many are open."""
    one = t.challenge
    with store.writing(tenant) as connection:
        of = plan(connection, tenant)
        if of is None:
            raise Refusal("not-found", f"no tenant is named {tenant[:64]}")
        connection.execute(delete(one).where(one.c.tenant == tenant, one.c.ends_at <= now))
        if connection.execute(select(func.count()).where(one.c.tenant == tenant)).scalar_one() >= MOST:
            raise Refusal("invalid", "too many are signing in at this moment; try again in a few minutes")
        row = {"tenant": tenant, "challenge": _hash(value), "kind": kind, "person": person, "data": data}
        ends = now + timedelta(minutes=of.number("challenge_minutes"))
        connection.execute(insert(one), {**row, "made_at": now, "ends_at": ends})


def take(store: Store, tenant: str, kind: Kind, value: str, now: datetime) -> Asked | None:
    """Take a challenge up, once; None where there is none of that kind, it was taken up before, or it is too late."""
    one = t.challenge
    mine = (one.c.tenant == tenant, one.c.challenge == _hash(value), one.c.kind == kind)
    with store.writing(tenant) as connection:
        row = connection.execute(delete(one).where(*mine).returning(one.c.person, one.c.data, one.c.ends_at)).first()
    return None if row is None or row.ends_at <= now else Asked(row.person, dict(row.data))


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
