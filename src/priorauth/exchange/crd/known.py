"""What the ledger knows of an order: an authorization that holds, a decision of a clinician; and an authorization that
nobody asked for, where the plan gives one.

Numbers come from the ledger alone, by the rule that approves: the case is received there as any request is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from priorauth.exchange.call import Call
from priorauth.exchange.crd import answer
from priorauth.exchange.crd.case import Case
from priorauth.exchange.crd.meaning import Approved, Known
from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas.codes import trace_system
from priorauth.exchange.pas.request import members
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.traffic import Row
from priorauth.server.problem import Problem

ORDER: Final = "order"
"""The kind of number by which a case is known for an order."""
_KINDS: Final = (ORDER, "trace")
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
    """Return by identity what the ledger knows of orders of the partner; nothing of those that it does not know."""
    meant: dict[str, set[str]] = {}
    for case in cases:
        for value in _values(call, case):
            meant.setdefault(traffic.as_kept(value), set()).add(case.identity)
    one = t.traced
    query = (
        select(one.c.value, one.c.case_no, one.c.item)
        .where(one.c.tenant == call.tenant, one.c.kind.in_(_KINDS), one.c.value.in_(sorted(meant)))
        .order_by(one.c.case_no.desc())
    )
    found: dict[str, Known] = {}
    with call.store.reading(call.tenant) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()] if meant else []
        own = set(_own(connection, call, {str(row["case_no"]) for row in rows}))
        for row in rows:
            told = _of_case(connection, call.tenant, row, day) if row["case_no"] in own else None
            if told is not None:
                found = {**dict.fromkeys(meant[row["value"]], told), **found}
    return found


def _values(call: Call, case: Case) -> Iterator[str]:
    """Yield by what a case of an order may be known: the order, what was said of it now and before."""
    yield case.identity
    for named in (case.context, *answer.assertions(case.order)):
        yield named
        yield f"{trace_system(call.base)}|{named}"


def _own(connection: Connection, call: Call, cases: set[str]) -> Iterator[str]:
    """Yield which cases are of the partner that calls: it sent them, or it speaks for their organisation."""
    one = t.cases.c
    query = select(one.case_no, one.about, one.organisation).where(
        one.tenant == call.tenant, one.case_no.in_(sorted(cases))
    )
    mine = call.partner.organisation
    for row in connection.execute(query) if cases else ():
        if row.about.get("client") == call.client or (mine is not None and row.organisation == mine):
            yield row.case_no


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
    act = Receive(bundle=bundle, key=f"crd:{case.context}:{rows[:16]}", client=call.client)
    try:
        done = call.service.do(act, call.who)
    except Problem:
        return None
    if done.case is None:
        return None
    numbers = done.more.get("approvals") or ()
    traffic.trace(call.store, call.tenant, done.case, _numbers(case, bundle, done.case, numbers))
    with call.store.reading(call.tenant) as connection:
        return _of_case(connection, call.tenant, {"case_no": done.case, "item": 1}, day)


def _numbers(case: Case, bundle: bytes, case_no: str, numbers: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Yield by what the case is known from then on, to whoever asks for it as for any other request."""
    yield ORDER, case.identity, 1
    yield "trace", case.context, 1
    yield "case", case_no, 0
    yield "administration", f"{case_no}-1", 1
    for number in numbers:
        yield "authorization", number, 1
    sent = SentBundle(bundle, "hook")
    for member in members(sent, next(sent.all("Claim"))):
        yield "member", member, 0
