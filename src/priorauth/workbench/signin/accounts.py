"""Accounts: the password of a person set, tried to sign in, and given again to sign something."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, and_, select, update

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store, upsert
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import limits, passwords, sessions
from priorauth.workbench.signin.people import Plan, person, plan
from priorauth.workbench.signin.sessions import Session
from priorauth.workbench.signin.told import system, tell

Tried = Literal["right", "wrong", "wait"]


def set_password(  # noqa: PLR0913 - who sets whose to what, when
    store: Store, by: Who, who: str, password: str, now: datetime, *, but: str | None = None
) -> None:
    """Set the password of a person and end her sessions but one; raises Refusal where it is not taken.

    ``by``: who sets it: she herself, or the system at the command line.
    """
    with store.writing(by.tenant) as connection:
        of = _plan(connection, by.tenant)
        _taken(connection, of, who, password, now)
    kept = passwords.hashed(password)  # outside of a transaction: it takes long
    with store.writing(by.tenant) as connection:
        keep(connection, by, who, kept, now)
        sessions.ended(connection, by, who, now, but=but)


def _taken(connection: Connection, of: Plan, who: str, password: str, now: datetime) -> None:
    she = person(connection, of, who, now)
    if she is None:
        raise Refusal("not-found", f"nobody named {who[:64]} works here")
    if said := passwords.wrong(password, (she.person, she.name)):
        raise Refusal("invalid", said)


def keep(connection: Connection, by: Who, who: str, kept: str, now: datetime) -> None:
    """Keep the hash of a new password, in a transaction of the caller's."""
    row = {"tenant": by.tenant, "person": who, "password": kept, "changed_at": now}
    new = {"password": kept, "changed_at": now, "failed": 0, "locked_until": None}
    added = upsert(connection, t.account).values({**row, "failed": 0})
    key = [t.account.c.tenant, t.account.c.person]
    connection.execute(added.on_conflict_do_update(index_elements=key, set_=new))
    tell(connection, by, now, "password-set", person=who)


def tried(  # noqa: PLR0913 - a try has these parts
    store: Store, tenant: str, who: str, password: str, *, whence: str | None, now: datetime
) -> Tried:
    """Try a password. A wrong name, a wrong password and one that is locked are one answer and the same work.

    ``whence``: the address, as :func:`limits.address` has it. ``wait``: that address has tried too often.
    """
    one = t.account.c
    with store.writing(tenant) as connection:
        of = _plan(connection, tenant)
        if limits.counted(connection, of, whence, now):
            return "wait"
        she = person(connection, of, who, now)
        kept: str | None = None
        if she is not None and not limits.locked(connection, of, she.person, now):
            query = select(one.password).where(one.tenant == tenant, one.person == she.person)
            kept = connection.execute(query).scalar()
    right = passwords.right(kept, password)
    with store.writing(tenant) as connection:
        if kept is None or she is None:  # nobody of whom there is something to tell, or she has been told of
            return "wrong"
        if not right:
            tell(connection, system(tenant), now, "sign-in-failed", person=she.person, how="password")
            return "wrong"
        limits.opened(connection, of, she.person)
        limits.forgiven(connection, of, whence)
        if passwords.stale(kept):
            mine = and_(one.tenant == tenant, one.person == she.person, one.password == kept)
            connection.execute(update(t.account).where(mine).values(password=passwords.hashed(password)))
    return "right"


def nobody(password: str) -> None:
    """Do the work of a password of which nothing is known."""
    passwords.right(None, password)


def again(store: Store, session: Session, password: str, whence: str | None, now: datetime) -> bool:
    """Take her password again, to sign something; return whether it was right, and is now confirmed for a signature."""
    if tried(store, session.tenant, session.person, password, whence=whence, now=now) != "right":
        return False
    sessions.confirm(store, session, now)
    return True


def fresh(session: Session, now: datetime, minutes: int) -> bool:
    """Whether she proved who she is so short a time ago that nothing more is asked to change how she signs in."""
    since = now - timedelta(minutes=minutes)
    return session.begun_at >= since or (session.strong_at is not None and session.strong_at >= since)


def has_password(store: Store, tenant: str, who: str) -> bool:
    """Whether a person has a password."""
    one = t.account.c
    query = select(one.password).where(one.tenant == tenant, one.person == who, one.password.is_not(None))
    with store.reading(tenant) as connection:
        return connection.execute(query).first() is not None


def _plan(connection: Connection, tenant: str) -> Plan:
    of = plan(connection, tenant)
    if of is None:
        raise Refusal("not-found", f"no tenant is named {tenant[:64]}")
    return of
