"""The sweep: what time alone brings. Cases climb, missed clocks are recorded, approvals that end are told in time.

It decides nothing: what the law makes of a missed clock is offered to a person, and done by her.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from priorauth.ledger import acts  # noqa: F401 - what does the acts
from priorauth.ledger import tables as t
from priorauth.ledger.acts.queues import Climb, MissClock
from priorauth.ledger.allowed import defaults
from priorauth.ledger.events import Json, Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Act, Done, perform

_UNTIL_ENOUGH: Final = 1000
"""How many acts of one kind a sweep does at once; the next goes on."""


class Swept(Struct, frozen=True):
    """What a sweep did: how many cases climbed, clocks were recorded as missed, and clinics were reminded."""

    climbed: int
    missed: int
    reminded: int


def sweep(store: Store, tenant: str, now: datetime) -> Swept:
    """Do what time brings, up to a moment; several servers may sweep at once."""
    who = Who(tenant, None, "system")
    climbed = sum(_done(store, act, who, now) for act in list(_climbing(store, tenant, now)))
    missed = sum(_done(store, act, who, now) for act in list(_missing(store, tenant, now)))
    return Swept(climbed, missed, _reminded(store, tenant, now))


def _done(store: Store, act: Act, who: Who, now: datetime) -> bool:
    """Do an act; one that another server has done is refused, and that is well."""
    return isinstance(perform(store, act, who, now), Done)


def _climbing(store: Store, tenant: str, now: datetime) -> Iterator[Climb]:
    one = t.cases
    query = (
        select(one.c.case_no, one.c.version)
        .where(one.c.tenant == tenant, one.c.closed_at.is_(None), one.c.climbs_at <= now)
        .order_by(one.c.climbs_at, one.c.case_no)
        .limit(_UNTIL_ENOUGH)
    )
    with store.reading(tenant) as connection:
        for row in connection.execute(query):
            yield Climb(case=row.case_no, version=row.version)


def _missing(store: Store, tenant: str, now: datetime) -> Iterator[MissClock]:
    one, at = t.clock, t.cases
    query = (
        select(one.c.case_no, one.c.rule)
        .join(at, (at.c.tenant == one.c.tenant) & (at.c.case_no == one.c.case_no))
        .where(
            one.c.tenant == tenant,
            one.c.status.in_(("running", "stopped", "overdue")),
            one.c.due_at < now,
            one.c.missed_at.is_(None),
            at.c.closed_at.is_(None),
        )
        .order_by(one.c.due_at, one.c.case_no)
        .limit(_UNTIL_ENOUGH)
    )
    with store.reading(tenant) as connection:
        for row in connection.execute(query):
            yield MissClock(case=row.case_no, rule=row.rule)


def _reminded(store: Store, tenant: str, now: datetime) -> int:
    """Tell each clinic once of an approval that ends soon and was not asked for anew; return how many were told."""
    with store.reading(tenant) as connection:
        found = connection.execute(select(t.tenant).where(t.tenant.c.tenant == tenant)).mappings().first()
        if found is None:
            return 0
        days = timedelta(days=int(found["settings"].get("remind_days", defaults()["remind_days"])))
        today = now.date()
        one, at, key = t.approval, t.cases, t.idempotency
        anew, over = at.alias(), t.approval_end.c
        again = select(anew.c.base).where(
            anew.c.tenant == tenant, anew.c.base == one.c.case_no, anew.c.kind == "reauthorization"
        )
        ended = select(over.approval).where(over.tenant == tenant, over.approval == one.c.number)
        said = select(key.c.key).where(key.c.tenant == tenant, key.c.key == "reminded:" + one.c.number)
        query = (
            select(one, at.c.organisation)
            .join(at, (at.c.tenant == one.c.tenant) & (at.c.case_no == one.c.case_no))
            .where(one.c.tenant == tenant, one.c.valid_until >= today, one.c.valid_until <= today + days)
            .where(~again.exists(), ~ended.exists(), ~said.exists())
            .order_by(one.c.number)
            .limit(_UNTIL_ENOUGH)
        )
        rows = connection.execute(query).mappings().all()
    return sum(_tell(store, tenant, dict(row), now) for row in rows)


def _tell(store: Store, tenant: str, row: Json, now: datetime) -> bool:
    """Tell a clinic that an approval ends; whether it was not told before."""
    key = {"tenant": tenant, "key": f"reminded:{row['number']}", "act": "remind", "asked": "0" * 64}
    message = {
        "tenant": tenant,
        "receiver": f"organisation:{row['organisation']}",
        "kind": "approval-ends",
        "case_no": row["case_no"],
        "at": now,
        "next_at": now,
        "payload": {"case": row["case_no"], "approval": row["number"], "ends": row["valid_until"]},
    }
    try:
        with store.writing(tenant) as connection:
            connection.execute(insert(t.idempotency), {**key, "at": now, "answer": {}})
            connection.execute(insert(t.outbox), message)
    except IntegrityError:  # another server was first
        return False
    return True
