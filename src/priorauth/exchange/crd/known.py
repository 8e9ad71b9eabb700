"""What the ledger knows of an order: an authorization that holds, a decision of a clinician; and an authorization that
nobody asked for, where the plan gives one.

Numbers come from the ledger alone, by the rule that approves: the case is received there as any request is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from priorauth.exchange.call import Call
from priorauth.exchange.crd.case import Case
from priorauth.exchange.crd.meaning import Approved, Known
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.traffic import Row
from priorauth.server.problem import Problem

ORDER: Final = "order"
"""The kind of number by which a case is known for an order."""
_ADVERSE: Final = frozenset({"adverse", "part"})


def today(call: Call) -> date:
    """Return the day of a call in the plan's zone."""
    with call.store.reading(call.tenant) as connection:
        zone = connection.execute(select(t.tenant.c.zone).where(t.tenant.c.tenant == call.tenant)).scalar()
    return local(call.now, zone or "UTC")


def local(now: datetime, zone: str) -> date:
    """Return the day of a moment in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def known(call: Call, cases: Sequence[Case], day: date) -> dict[str, Known]:
    """Return by identity what the ledger knows of orders; nothing of those that it does not know."""
    meant = {
        value: case.identity
        for case in cases
        for value in (f"{call.base}/trace|{case.context}", case.context, case.identity)
    }
    one = t.traced
    query = (
        select(one.c.value, one.c.case_no, one.c.item)
        .where(one.c.tenant == call.tenant, one.c.value.in_(sorted(meant)))
        .order_by(one.c.case_no.desc())
    )
    found: dict[str, Known] = {}
    with call.store.reading(call.tenant) as connection:
        for row in connection.execute(query).mappings() if meant else ():
            identity = meant[row["value"]]
            if identity not in found and (told := _of_case(connection, call.tenant, dict(row), day)) is not None:
                found[identity] = told
    return found


def _of_case(connection: Connection, tenant: str, traced: Row, day: date) -> Known | None:
    case, item = traced["case_no"], traced["item"]
    own = {"case_no": case} if not item else {"case_no": case, "item": item}
    for row in traffic.rows(connection, tenant, t.approval, **own):
        ended = traffic.rows(connection, tenant, t.approval_end, approval=row["number"])
        over = row["valid_until"] is not None and row["valid_until"] < day
        if not over and not any(one["ends"] <= day for one in ended):
            return Known(Approved(row["number"], row["quantity"], row["valid_from"], row["valid_until"]))
    decided = [one for one in traffic.rows(connection, tenant, t.decision, **own) if one["kind"] in _ADVERSE]
    return Known(decided=decided[-1]["on_day"]) if decided else None


def authorized(call: Call, case: Case, bundle: bytes, rows: str, day: date) -> Known | None:
    """Receive a case whose every criterion is shown, and return the authorization that the rule gives; None else."""
    act = Receive(bundle=bundle, key=f"crd:{case.context}:{rows[:16]}")
    try:
        done = call.service.do(act, call.who)
    except Problem:
        return None
    numbers = done.more.get("approvals") or ()
    if done.case is None:
        return None
    named = [(ORDER, case.identity, 1), ("trace", case.context, 1)]
    traffic.trace(call.store, call.tenant, done.case, [*named, *(("authorization", one, 1) for one in numbers)])
    with call.store.reading(call.tenant) as connection:
        return _of_case(connection, call.tenant, {"case_no": done.case, "item": 1}, day)
