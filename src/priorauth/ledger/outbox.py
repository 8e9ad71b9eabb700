"""The outbox: what leaves the house is delivered at least once, to each receiver in order, until people say otherwise.

A message is a row that was written with the act that caused it. A worker takes the oldest message of a receiver,
delivers it, and records that; where it ends between the two, the message is delivered again, under the same id. What
fails waits (``data/outbox.yaml``) and holds back what follows it for the same receiver; after so many attempts it is a
dead letter, holds nothing back, and is sent again or dropped by an act.

On PostgreSQL any number of workers may run: a receiver is locked by the one that delivers to it (an advisory lock of
the transaction, and the row itself with SKIP LOCKED). On SQLite one worker of a file runs at a time, held by a lock
beside the file; delivery itself holds no lock of the database. Both locks go with the process that held them. A worker
works tenant by tenant, in each one's name: row-level security holds for it as for everybody, and it is given the list.
Numbers are given as acts write, so that of one case the order is that of its acts; of two cases whose acts ran side by
side, the one that ended first may leave first.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct, convert
from sqlalchemy import Connection, func, select, text, update

from priorauth.ledger import tables as t
from priorauth.ledger.columns import canonical
from priorauth.ledger.events import Json, Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.values.strict_yaml import read_file

AT_ONCE: Final = 50
"""How many messages of one receiver are delivered before the next receiver has its turn."""
READERS: Final = frozenset({"manager", "admin", "system"})
"""Who sees what waits and what is dead."""
_LONGEST_FAULT: Final = 200


class Message(Struct, frozen=True, kw_only=True):
    """What is delivered. ``id`` is the same at every attempt: a receiver that keeps it sees nothing twice."""

    id: str
    tenant: str
    number: int
    receiver: str
    kind: str
    case: str | None
    at: datetime
    payload: dict[str, Any]
    attempt: int

    @property
    def body(self) -> bytes:
        """The message as JSON, the same bytes at every attempt."""
        named = ("id", "tenant", "kind", "case", "at", "payload")
        return canonical({name: getattr(self, name) for name in named})


Deliver = Callable[[Message], None]
"""Delivers a message, or raises; :class:`NotDelivered` says why in words that may be kept."""
Clock = Callable[[], datetime]


class NotDelivered(Exception):
    """A message was not taken; the text says why, and nothing of the message."""


class Unlisted(NotDelivered):
    """The settings of the tenant list no way to this receiver; the message waits, and that is no attempt."""


class Needless(NotDelivered):
    """There is nothing to deliver: the message is dropped, with the reason."""


class Waits(Struct, frozen=True):
    """How long a message waits, and when it is a dead letter; ``kinds``: the same for a kind of receiver."""

    attempts: int
    waits: tuple[int, ...]
    unlisted: int
    kinds: dict[str, Waits] = {}

    def of(self, receiver: str) -> Waits:
        """Return how long messages of a receiver wait."""
        return self.kinds.get(receiver.partition(":")[0], self)

    def after(self, attempt: int) -> timedelta:
        """Return how long a message waits after an attempt, counted from 1."""
        return timedelta(seconds=self.waits[min(attempt, len(self.waits)) - 1])


@cache
def waits() -> Waits:
    """Return the table of waits."""
    return convert(read_file(Path(__file__).with_name("data") / "outbox.yaml"), Waits, strict=False)


class Passed(NamedTuple):
    """What a worker did in one pass."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0
    needless: int = 0


class Line(Struct, frozen=True, kw_only=True):
    """A message as people see it, without what it says."""

    number: int
    receiver: str
    kind: str
    case: str | None
    at: datetime
    attempts: int
    next_at: datetime
    delivered_at: datetime | None
    dead_at: datetime | None
    dropped_at: datetime | None
    last_fault: str | None


Stand = Literal["waiting", "dead", "dropped", "delivered"]
_SHOWN: Final = {
    "waiting": text(t.WAITING),
    "dead": text("dead_at IS NOT NULL AND dropped_at IS NULL AND delivered_at IS NULL"),
    "dropped": text("dropped_at IS NOT NULL"),
    "delivered": text("delivered_at IS NOT NULL"),
}


def listed(store: Store, who: Who, stand: Stand, *, after: int = 0, most: int = 100) -> tuple[Line, ...]:
    """Return messages in the order of their numbers, from after a number; raises Refusal to who may not see them."""
    if who.role not in READERS:
        raise Refusal("no-right", f"the outbox: not for the role {who.role}; it is for: {', '.join(sorted(READERS))}")
    one = t.outbox
    query = (
        select(one).where(one.c.tenant == who.tenant, one.c.number > after, _SHOWN[stand]).order_by(one.c.number)
    ).limit(most)
    with store.reading(who.tenant) as connection:
        found = connection.execute(query).mappings().all()
    names = [name for name in Line.__struct_fields__ if name != "case"]
    return tuple(Line(case=row["case_no"], **{name: row[name] for name in names}) for row in found)


def work_off(store: Store, tenant: str, deliver: Deliver, clock: Clock) -> Passed:
    """Deliver what is due of a tenant, to each receiver in order, until nothing is due that this worker may take."""
    done = Passed()
    with _alone(store) as may:
        more = may
        while more:
            more = False
            for receiver in _due(store, tenant, clock()):
                for _ in range(AT_ONCE):
                    found = _one(store, tenant, receiver, deliver, clock)
                    if found is None:
                        break
                    more = more or bool(found.delivered or found.needless)
                    done = Passed(*(a + b for a, b in zip(done, found, strict=True)))
    return done


@contextmanager
def _alone(store: Store) -> Iterator[bool]:
    """Return whether this worker may work: on SQLite one at a time, for as long as its process lives."""
    if store.dialect != "sqlite":
        yield True
        return
    with Path(f"{store.name}.outbox-lock").open("ab") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _due(store: Store, tenant: str, now: datetime) -> list[str]:
    """Return the receivers whose oldest waiting message is due."""
    one, other = t.outbox, t.outbox.alias()
    first = (
        select(func.min(one.c.number).label("number"))
        .where(one.c.tenant == tenant, text(t.WAITING))
        .group_by(one.c.receiver)
        .subquery()
    )
    query = (
        select(other.c.receiver)
        .join(first, other.c.number == first.c.number)
        .where(other.c.tenant == tenant, other.c.next_at <= now)
        .order_by(other.c.next_at, other.c.number)
    )
    with store.reading(tenant) as connection:
        return list(connection.execute(query).scalars())


def _one(store: Store, tenant: str, receiver: str, deliver: Deliver, clock: Clock) -> Passed | None:
    """Deliver the oldest message of a receiver; None where it is not due, or another worker has the receiver."""
    if store.dialect == "sqlite":
        with store.reading(tenant) as connection:
            row = _oldest(connection, tenant, receiver, clock())
        if row is None:
            return None
        values = _tried(row, deliver, clock)
        with store.writing(tenant) as connection:
            return _recorded(connection, row, values)
    with store.writing(tenant) as connection:
        if not connection.execute(select(func.pg_try_advisory_xact_lock(_lock(tenant, receiver)))).scalar_one():
            return None
        row = _oldest(connection, tenant, receiver, clock())
        return None if row is None else _recorded(connection, row, _tried(row, deliver, clock))


def _lock(tenant: str, receiver: str) -> int:
    """Return the number of a receiver's lock."""
    digest = hashlib.sha256(canonical(["outbox", tenant, receiver])).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _oldest(connection: Connection, tenant: str, receiver: str, now: datetime) -> Json | None:
    """Return the oldest message that waits for a receiver, if it is due; on PostgreSQL its row is locked."""
    one = t.outbox
    query = (
        select(one)
        .where(one.c.tenant == tenant, one.c.receiver == receiver, text(t.WAITING))
        .order_by(one.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None or row["next_at"] > now else dict(row)


def message(row: Json) -> Message:
    """Return the message of a row."""
    return Message(
        id=f"{row['tenant']}-{row['number']}",
        tenant=row["tenant"],
        number=row["number"],
        receiver=row["receiver"],
        kind=row["kind"],
        case=row["case_no"],
        at=row["at"],
        payload=row["payload"],
        attempt=row["attempts"] + 1,
    )


def _tried(row: Json, deliver: Deliver, clock: Clock) -> Json:
    """Deliver a message; return what its row says afterwards."""
    try:
        deliver(message(row))
    except Needless as fault:
        return {"dropped_at": clock(), "last_fault": _said(fault)}
    except Unlisted as fault:
        return {"next_at": clock() + timedelta(seconds=waits().unlisted), "last_fault": _said(fault)}
    except Exception as fault:  # noqa: BLE001 - whatever a delivery raises, the message was not delivered
        attempt, now, its = row["attempts"] + 1, clock(), waits().of(row["receiver"])
        dead = {"dead_at": now} if attempt >= its.attempts else {}
        return {"attempts": attempt, "next_at": now + its.after(attempt), "last_fault": _said(fault), **dead}
    return {"attempts": row["attempts"] + 1, "delivered_at": clock(), "last_fault": None}


def _said(fault: Exception) -> str:
    """Return what may be kept of a fault: its own words where they are ours, else its kind."""
    return str(fault)[:_LONGEST_FAULT] if isinstance(fault, NotDelivered) else type(fault).__name__


def _recorded(connection: Connection, row: Json, values: Json) -> Passed:
    one = t.outbox
    connection.execute(update(one).where(one.c.tenant == row["tenant"], one.c.number == row["number"]).values(values))
    if "delivered_at" in values:
        return Passed(delivered=1)
    if "dropped_at" in values:
        return Passed(needless=1)
    return Passed(failed=1, dead=int("dead_at" in values))
