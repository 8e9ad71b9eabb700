"""Links by which a person signs in for the first time, or when she has lost her password: used once, for a day.

A link is made at the command line or by an administrator, and handed over by another way than this program.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.tokens import SECRET_BYTES, TENANT
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import accounts, passwords
from priorauth.workbench.signin.people import Person, person, plan
from priorauth.workbench.signin.told import tell

PREFIX: Final = "palink"
PATH: Final = "/sign-in/link"
_BORNE: Final = re.compile(rf"{PREFIX}\.({TENANT.pattern})\.([A-Za-z0-9_-]{{43}})")
_ID: Final = 16


class Made(NamedTuple):
    """A link that was made: its token, which is told once, and until when it is good."""

    token: str
    ends_at: datetime


def make(store: Store, by: Who, who: str, now: datetime) -> Made:
    """Make a link for a person; those that were made for her before are void. Raises Refusal where she is not here."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    sha256 = _hash(secret)
    one = t.link
    with store.writing(by.tenant) as connection:
        of = plan(connection, by.tenant)
        she = None if of is None else person(connection, of, who, now)
        if of is None or she is None:
            raise Refusal("not-found", f"nobody named {who[:64]} works here")
        ends = now + timedelta(hours=of.number("link_hours"))
        connection.execute(delete(one).where(one.c.tenant == by.tenant, one.c.person == who))
        row = {"tenant": by.tenant, "link": sha256[:_ID], "sha256": sha256, "person": she.person, "used_at": None}
        connection.execute(insert(one), {**row, "made_at": now, "ends_at": ends})
        tell(connection, by, now, "link-made", person=she.person, link=sha256[:_ID], until=ends)
    return Made(f"{PREFIX}.{by.tenant}.{secret}", ends)


def tenant_of(token: str) -> str | None:
    """Return the tenant that a link names; None where it is none of ours."""
    found = _BORNE.fullmatch(token)
    return found[1] if found else None


def whose(store: Store, token: str, now: datetime) -> Person | None:
    """Return whose link it is; None where it is none, was used, is too old, or she has left."""
    borne = _BORNE.fullmatch(token)
    if borne is None:
        return None
    with store.reading(borne[1]) as connection:
        return _whose(connection, borne[1], borne[2], now)


def use(store: Store, token: str, password: str | None, now: datetime) -> Person | None:
    """Use a link up, and set the password where one is given; None where it is not good.

    Raises Refusal where the password is not taken; the link is then good as before.
    """
    borne = _BORNE.fullmatch(token)
    if borne is None:
        return None
    tenant, secret = borne.groups()
    before = whose(store, token, now)
    if (
        before is not None
        and password is not None
        and (said := passwords.wrong(password, (before.person, before.name)))
    ):
        raise Refusal("invalid", said)
    kept = None if password is None or before is None else passwords.hashed(password)
    with store.writing(tenant) as connection:
        she = _whose(connection, tenant, secret, now)
        if (
            she is None
            or not connection.execute(update(t.link).where(_fresh(tenant, secret, now)).values(used_at=now)).rowcount
        ):
            return None
        by = Who(tenant, she.person, she.roles[0] if she.roles else "system", she.organisation)
        tell(connection, by, now, "link-used", person=she.person, link=_hash(secret)[:_ID])
        if kept is not None:
            accounts.keep(connection, by, she.person, kept, now)
    return she


def _whose(connection: Connection, tenant: str, secret: str, now: datetime) -> Person | None:
    row = connection.execute(select(t.link.c.person).where(_fresh(tenant, secret, now))).first()
    of = plan(connection, tenant)
    return None if row is None or of is None else person(connection, of, row.person, now)


def _fresh(tenant: str, secret: str, now: datetime) -> ColumnElement[bool]:
    one, sha256 = t.link.c, _hash(secret)
    good = and_(one.used_at.is_(None), one.ends_at > now)
    return and_(one.tenant == tenant, one.link == sha256[:_ID], one.sha256 == sha256, good)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
