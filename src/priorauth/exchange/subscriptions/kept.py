"""Subscriptions as they are kept, and what each was told: short transactions over the tables of the border.

Whoever made a subscription sees and changes it, in the version in which she made it; for everybody else it is not
there. Of an event the number is kept before it is sent, so that it is the same at every attempt, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from priorauth.exchange.call import Call
from priorauth.exchange.subscriptions.resource import Status, Wish
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acting import HANDSHAKE, SUBSCRIPTION
from priorauth.ledger.store import Store
from priorauth.ledger.traffic import Row

MOST: Final = 200
"""How many subscriptions one partner may have."""
GIVEN_UP: Final = timedelta(days=30)
"""After so long a subscription that has failed is over: nothing is kept for it any more."""


def made(call: Call, named: str, wish: Wish) -> Row | None:
    """Keep a new subscription, and put out its handshake; None where the partner has as many as it may."""
    row = {
        "subscription": named, "client": call.client, "organisation": call.partner.organisation or "",
        "version": call.version, "base": call.base, "edition": 1, "events": 0, "made_at": call.now,
        **_wished(call, wish),
    }  # fmt: skip
    one = t.subscription
    with call.store.writing(call.tenant) as connection:
        mine = select(func.count()).where(one.c.tenant == call.tenant, one.c.client == call.client)
        if connection.execute(mine).scalar_one() >= MOST:
            return None
        connection.execute(insert(one).values({"tenant": call.tenant, **row}))
        _ask_for_hands(connection, call, named)
    return {"tenant": call.tenant, "error": None, **row}


def _wished(call: Call, wish: Wish) -> Row:
    status: Status = "requested" if wish.runs else "off"
    return {
        "status": status, "endpoint": wish.endpoint, "resource": wish.resource, "changed_at": call.now,
        "ends_at": wish.ends, "error": None,
    }  # fmt: skip


def _ask_for_hands(connection: Connection, call: Call, named: str) -> None:
    row = {"tenant": call.tenant, "receiver": f"{HANDSHAKE}:{named}", "kind": HANDSHAKE, "at": call.now}
    connection.execute(insert(t.outbox).values({**row, "next_at": call.now, "payload": {"subscription": named}}))


def mine(call: Call, named: str) -> Row | None:
    """Return a subscription of who calls, in the version of the call; None where there is none."""
    found = traffic.found(
        call.store, call.tenant, t.subscription, subscription=named, client=call.client, version=call.version
    )
    return _ended(found[0], call.now) if found else None


def _ended(row: Row, now: datetime) -> Row:
    over = row["ends_at"] is not None and row["ends_at"] <= now
    over = over or (row["status"] == "error" and row["changed_at"] + GIVEN_UP <= now)
    return {**row, "status": "off"} if over else row


def changed(call: Call, row: Row, wish: Wish) -> Row | None:
    """Let a subscription be as it is wished now; None where somebody was quicker. What waits for it stays."""
    values = {**_wished(call, wish), "base": call.base, "edition": row["edition"] + 1}
    one = t.subscription
    same = (
        one.c.tenant == call.tenant, one.c.subscription == row["subscription"], one.c.edition == row["edition"],
    )  # fmt: skip
    with call.store.writing(call.tenant) as connection:
        if not connection.execute(update(one).where(*same).values(values)).rowcount:
            return None
        if wish.runs:
            _ask_for_hands(connection, call, row["subscription"])
    return {**row, **values}


def gone(call: Call, row: Row) -> bool:
    """Take a subscription away, with what waits for it; whether it was still there, in this edition."""
    one, note, named = t.subscription, t.notification, row["subscription"]
    with call.store.writing(call.tenant) as connection:
        same = (one.c.tenant == call.tenant, one.c.subscription == named, one.c.edition == row["edition"])
        if not connection.execute(delete(one).where(*same)).rowcount:
            return False
        connection.execute(delete(note).where(note.c.tenant == call.tenant, note.c.subscription == named))
        _let(connection, call.tenant, _receivers(named), dropped_at=call.now, last_fault="the subscription was deleted")
    return True


def _let(connection: Connection, tenant: str, receivers: Collection[str], **values: Any) -> None:  # noqa: ANN401 - columns
    """Change the messages that have not left for receivers; one that is leaving at this moment is let go.

    It is not waited for: whoever delivers it may be waiting for the subscription that is changed here.
    """
    out = t.outbox
    left = (
        select(out.c.number)
        .where(out.c.tenant == tenant, out.c.receiver.in_(receivers))
        .where(out.c.delivered_at.is_(None), out.c.dropped_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    numbers = list(connection.execute(left).scalars())
    connection.execute(update(out).where(out.c.tenant == tenant, out.c.number.in_(numbers)).values(values))


def _receivers(named: str) -> tuple[str, str]:
    return f"{SUBSCRIPTION}:{named}", f"{HANDSHAKE}:{named}"


def of(store: Store, tenant: str, named: str, now: datetime) -> Row | None:
    """Return a subscription, whoever made it."""
    found = traffic.found(store, tenant, t.subscription, subscription=named)
    return _ended(found[0], now) if found else None


def stands(store: Store, row: Row, status: Status, now: datetime, error: str | None = None) -> bool:
    """Let a subscription have a status, where it is still the edition that was seen; whether it was.

    One that has become active is sent what waited for it, and what could not be delivered before.
    """
    one, tenant, named = t.subscription, row["tenant"], row["subscription"]
    values = {"status": status, "error": error, "edition": row["edition"] + 1, "changed_at": now}
    same = (one.c.tenant == tenant, one.c.subscription == named, one.c.edition == row["edition"])
    with store.writing(tenant) as connection:
        if not connection.execute(update(one).where(*same).values(values)).rowcount:
            return False
        if status == traffic.ACTIVE:
            _let(connection, tenant, _receivers(named)[:1], next_at=now, dead_at=None, attempts=0)
    return True


class Numbered(NamedTuple):
    """The number of an event, and how many a subscription has had."""

    event: int
    events: int


class Told(NamedTuple):
    """What a subscription was told last of a case: the hash of the result, and when it had become so."""

    at: datetime
    result: str


def told(store: Store, row: Row, message: int, case_no: str) -> Told | None:
    """Return what a subscription was told last of a case, by a message before this one."""
    one = t.notification
    query = (
        select(one.c.at, one.c.result)
        .where(one.c.tenant == row["tenant"], one.c.subscription == row["subscription"])
        .where(one.c.case_no == case_no, one.c.message < message)
        .order_by(one.c.event.desc())
        .limit(1)
    )
    with store.reading(row["tenant"]) as connection:
        found = connection.execute(query).first()
    return Told(*found) if found else None


def numbered(  # noqa: PLR0913, PLR0917 - what is told, of what, and when
    store: Store, row: Row, message: int, case_no: str, at: datetime, result: str
) -> Numbered | None:
    """Number an event, before it is sent; a message that was numbered before keeps its number.

    None where the subscription is gone.
    """
    one, note, named, tenant = t.subscription, t.notification, row["subscription"], row["tenant"]
    here = (note.c.tenant == tenant, note.c.subscription == named, note.c.message == message)
    with store.writing(tenant) as connection:
        locked = select(one.c.events).where(one.c.tenant == tenant, one.c.subscription == named).with_for_update()
        events = connection.execute(locked).scalar()
        if events is None:
            return None
        event = connection.execute(select(note.c.event).where(*here)).scalar()
        if event is not None:
            connection.execute(update(note).where(*here).values(result=result))
            return Numbered(event, events)
        connection.execute(
            update(one).where(one.c.tenant == tenant, one.c.subscription == named).values(events=events + 1)
        )
        said = {"event": events + 1, "message": message, "case_no": case_no, "at": at, "result": result}
        connection.execute(insert(note).values({"tenant": tenant, "subscription": named, **said}))
    return Numbered(events + 1, events + 1)
