"""Sessions: a person at a browser, in one of her roles, until she leaves, does nothing for a while, or the day is over.

A session is known by a token that only the browser's cookie holds: ``pasession.<tenant>.<secret>``. The ledger keeps
the hash of the secret. Beginning and end are events of the tenant's chain.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.tokens import SECRET_BYTES, TENANT
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import csrf
from priorauth.workbench.signin.people import Person, Plan, person, plan
from priorauth.workbench.signin.told import tell

PREFIX: Final = "pasession"
MOST: Final = 20
"""How many sessions a person has at once; the oldest ends where there would be more."""
_BORNE: Final = re.compile(rf"{PREFIX}\.({TENANT.pattern})\.([A-Za-z0-9_-]{{43}})")
_ID: Final = 16
_DEVICE: Final = 200


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in. ``ends_at``: when it ends whatever she does; ``idle_at``: when, if she does nothing.

    ``strong_at``: when she gave her password or passkey again to sign something, None where that was not, or is used.
    """

    tenant: str
    id: str
    person: str
    name: str
    role: str
    roles: tuple[str, ...]
    organisation: str | None
    how: str
    begun_at: datetime
    seen_at: datetime
    idle_at: datetime
    ends_at: datetime
    strong_at: datetime | None
    csrf: str

    @property
    def who(self) -> Who:
        """Who acts, as the ledger has it."""
        return Who(self.tenant, self.person, self.role, self.organisation)

    def seconds_left(self, now: datetime) -> int:
        """Return in how many seconds it ends if she does nothing; never below 0."""
        return max(int((self.idle_at - now).total_seconds()), 0)


class Begun(NamedTuple):
    """A session that has begun, with the token that is told once, to the browser."""

    token: str
    session: Session


class Seat(Struct, frozen=True):
    """One of a person's sessions as she sees it listed: where it is, how it began, and when she was last seen there."""

    id: str
    role: str
    how: str
    device: str
    begun_at: datetime
    seen_at: datetime


def tenant_of(token: str) -> str | None:
    """Return the tenant that a token names; None where it is none of ours."""
    found = _BORNE.fullmatch(token)
    return found[1] if found else None


def begin(  # noqa: PLR0913 - a session has these parts
    store: Store,
    tenant: str,
    who: str,
    now: datetime,
    *,
    strong: bool,
    how: str = "password",
    role: str | None = None,
    device: str = "",
) -> Begun:
    """Begin a session of a person who has proved who she is; raises Refusal where she holds no role, or not that one.

    ``strong``: what she has proved it with just now counts for a signature too.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    sha256 = _hash(secret)
    with store.writing(tenant) as connection:
        of, she = _somebody(connection, tenant, who, now)
        if role is not None and role not in she.roles:
            raise Refusal("no-right", f"{who[:64]} does not hold the role {role[:40]} today")
        row = {
            "tenant": tenant,
            "session": sha256[:_ID],
            "sha256": sha256,
            "person": she.person,
            "role": role or she.roles[0],
            "how": how,
            "device": "".join(filter(str.isprintable, device))[:_DEVICE],
            "begun_at": now,
            "seen_at": now,
            "ends_at": now + timedelta(hours=of.number("session_hours")),
            "strong_at": now if strong else None,
        }
        _make_room(connection, tenant, she.person, now)
        connection.execute(insert(t.session), row)
        session = _session(row, of, she, secret)
        tell(connection, session.who, now, "signed-in", how=how, session=session.id)
    return Begun(f"{PREFIX}.{tenant}.{secret}", session)


def found(store: Store, token: str, now: datetime, *, touch: bool = True) -> Session | None:
    """Return the session of a token; None where there is none, it is over, or she no longer holds the role.

    ``touch``: she did something herself, so that it lasts on; a page that asks by itself does not count.
    """
    borne = _BORNE.fullmatch(token)
    if borne is None:
        return None
    tenant, secret = borne.groups()
    with store.reading(tenant) as connection:
        session = _read(connection, tenant, secret, now)
        if session is None:
            return None
        every = _plan(connection, tenant).number("session_touch_seconds")
    if touch and now - session.seen_at >= timedelta(seconds=every):
        return extend(store, session, now)
    return session


def extend(store: Store, session: Session, now: datetime) -> Session:
    """Let a session last on from now; its end by the hour stays."""
    one = t.session
    with store.writing(session.tenant) as connection:
        connection.execute(update(one).where(_mine(session), one.c.seen_at < now).values(seen_at=now))
        idle = _idle(_plan(connection, session.tenant), now, session.ends_at)
    return replace(session, seen_at=now, idle_at=idle)


def end(store: Store, session: Session, now: datetime) -> None:
    """End a session: she signs out."""
    with store.writing(session.tenant) as connection:
        if connection.execute(delete(t.session).where(_mine(session))).rowcount:
            tell(connection, session.who, now, "signed-out", session=session.id)


def end_one(store: Store, session: Session, other: str, now: datetime) -> bool:
    """End another session of the same person, by its id; return whether there was one."""
    one = t.session.c
    hers = and_(one.tenant == session.tenant, one.person == session.person, one.session == other)
    with store.writing(session.tenant) as connection:
        gone = bool(connection.execute(delete(t.session).where(hers)).rowcount)
        if gone:
            tell(connection, session.who, now, "signed-out", session=other)
    return gone


def end_all(store: Store, by: Who, who: str, now: datetime, *, but: str | None = None) -> int:
    """End every session of a person but one, named by its id; return how many ended."""
    with store.writing(by.tenant) as connection:
        return ended(connection, by, who, now, but=but)


def ended(connection: Connection, by: Who, who: str, now: datetime, *, but: str | None = None) -> int:
    """End every session of a person but one, in a transaction of the caller's; return how many ended."""
    one = t.session.c
    query = delete(t.session).where(one.tenant == by.tenant, one.person == who)
    gone = connection.execute(query if but is None else query.where(one.session != but)).rowcount
    if gone:
        tell(connection, by, now, "sessions-ended", person=who, count=gone)
    return gone


def seats(store: Store, session: Session, now: datetime) -> list[Seat]:
    """Return the sessions of the same person that are not over, the one last seen first."""
    one = t.session.c
    query = select(one.session, one.role, one.how, one.device, one.begun_at, one.seen_at, one.ends_at).where(
        one.tenant == session.tenant, one.person == session.person, one.ends_at > now
    )
    with store.reading(session.tenant) as connection:
        of = _plan(connection, session.tenant)
        rows = connection.execute(query.order_by(one.seen_at.desc(), one.session)).all()
    return [
        Seat(row.session, row.role, row.how, row.device, row.begun_at, row.seen_at)
        for row in rows
        if _idle(of, row.seen_at, row.ends_at) > now
    ]


def everybodys(store: Store, tenant: str, now: datetime) -> list[tuple[str, Seat]]:
    """Return the sessions of everybody that are not over, each with whose it is, the one last seen first."""
    one = t.session.c
    query = select(t.session).where(one.tenant == tenant, one.ends_at > now)
    with store.reading(tenant) as connection:
        of = _plan(connection, tenant)
        rows = connection.execute(query.order_by(one.seen_at.desc(), one.session)).all()
    return [
        (row.person, Seat(row.session, row.role, row.how, row.device, row.begun_at, row.seen_at))
        for row in rows
        if _idle(of, row.seen_at, row.ends_at) > now
    ]


def end_for(store: Store, by: Who, other: str, now: datetime) -> bool:
    """End a session of anybody, by its id, for an administrator; return whether there was one."""
    one = t.session.c
    with store.writing(by.tenant) as connection:
        whose = connection.execute(select(one.person).where(one.tenant == by.tenant, one.session == other)).scalar()
        if whose is None:
            return False
        connection.execute(delete(t.session).where(one.tenant == by.tenant, one.session == other))
        tell(connection, by, now, "sessions-ended", person=whose, count=1)
    return True


def switch_role(store: Store, session: Session, role: str, now: datetime) -> Session:
    """Let her act in another role that she holds; raises Refusal where she does not. What she confirmed is void."""
    with store.writing(session.tenant) as connection:
        _, she = _somebody(connection, session.tenant, session.person, now)
        if role not in she.roles:
            raise Refusal("no-right", f"{session.person} does not hold the role {role[:40]} today")
        if role == session.role:
            return session
        connection.execute(update(t.session).where(_mine(session)).values(role=role, strong_at=None))
        switched = replace(session, role=role, roles=she.roles, strong_at=None)
        tell(connection, switched.who, now, "role-switched", session=session.id, before=session.role)
    return switched


def confirm(store: Store, session: Session, now: datetime) -> Session:
    """Keep that she gave her password or passkey again just now, for one signature."""
    with store.writing(session.tenant) as connection:
        connection.execute(update(t.session).where(_mine(session)).values(strong_at=now))
    return replace(session, strong_at=now)


def confirmed(store: Store, session: Session, now: datetime) -> bool:
    """Use up a confirmation for a signature; return whether there was one that is young enough."""
    one = t.session.c
    with store.writing(session.tenant) as connection:
        since = now - timedelta(minutes=_plan(connection, session.tenant).number("sign_again_minutes"))
        fresh = and_(_mine(session), one.strong_at >= since, one.strong_at <= now)
        return bool(connection.execute(update(t.session).where(fresh).values(strong_at=None)).rowcount)


def _read(connection: Connection, tenant: str, secret: str, now: datetime) -> Session | None:
    one, sha256 = t.session.c, _hash(secret)
    mine = select(t.session).where(one.tenant == tenant, one.session == sha256[:_ID], one.sha256 == sha256)
    row = connection.execute(mine).mappings().first()
    of = plan(connection, tenant) if row is not None else None
    if row is None or of is None or _idle(of, row["seen_at"], row["ends_at"]) <= now:
        return None
    she = person(connection, of, row["person"], now)
    if she is None or row["role"] not in she.roles:
        return None
    return _session(dict(row), of, she, secret)


def _session(row: Mapping[str, Any], of: Plan, she: Person, secret: str) -> Session:
    kept = {name: row[name] for name in ("role", "how", "begun_at", "seen_at", "ends_at", "strong_at")}
    return Session(
        tenant=of.tenant,
        id=row["session"],
        person=she.person,
        name=she.name,
        roles=she.roles,
        organisation=she.organisation,
        idle_at=_idle(of, row["seen_at"], row["ends_at"]),
        csrf=csrf.of(secret),
        **kept,
    )


def _idle(of: Plan, seen_at: datetime, ends_at: datetime) -> datetime:
    return min(seen_at + timedelta(minutes=of.number("session_idle_minutes")), ends_at)


def _make_room(connection: Connection, tenant: str, who: str, now: datetime) -> None:
    """Take away what is over, and the oldest of a person's sessions where she has as many as she may."""
    one = t.session.c
    connection.execute(delete(t.session).where(one.tenant == tenant, one.ends_at <= now))
    hers = select(one.session).where(one.tenant == tenant, one.person == who)
    old = connection.execute(hers.order_by(one.seen_at.desc(), one.session).offset(MOST - 1)).scalars().all()
    connection.execute(delete(t.session).where(one.tenant == tenant, one.session.in_(old)))


def _somebody(connection: Connection, tenant: str, who: str, now: datetime) -> tuple[Plan, Person]:
    of = _plan(connection, tenant)
    she = person(connection, of, who, now)
    if she is None or not she.roles:
        raise Refusal("no-right", f"{who[:64]} holds no role today")
    return of, she


def _plan(connection: Connection, tenant: str) -> Plan:
    of = plan(connection, tenant)
    if of is None:
        raise Refusal("not-found", f"no tenant is named {tenant[:64]}")
    return of


def _mine(session: Session) -> ColumnElement[bool]:
    return and_(t.session.c.tenant == session.tenant, t.session.c.session == session.id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
