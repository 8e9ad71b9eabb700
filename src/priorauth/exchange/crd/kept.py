"""What is kept of a call: the call with its answer and its receipts, and a context for each order that was answered.

By a context forms can be opened and a request can be sent later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from priorauth.exchange.call import Call
from priorauth.exchange.crd.held import Held, Item
from priorauth.ledger import tables as t
from priorauth.ledger import traffic


def keep(call: Call, name: str, held: Held | None, status: int, body: bytes, begun: float) -> None:  # noqa: PLR0913, PLR0917 - a row
    """Keep the call, and the contexts of the orders that were answered, in one transaction."""
    items = [] if held is None or status != 200 else [one for one in held.items if one.made and one.said]  # noqa: PLR2004 - answered
    receipts = {one.case.context: one.made.receipt for one in items if one.made is not None}
    row: dict[str, Any] = {
        "call": call.request,
        "client": call.client,
        "version": call.version,
        "hook": name,
        "at": call.now,
        "status": status,
        "request": call.raw,
        "answer": body,
        "receipts": receipts,
        "microseconds": int((call.service.tick() - begun) * 1_000_000),
    }
    with call.store.writing(call.tenant) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        for one in items:
            if held is not None:
                traffic.put(connection, call.tenant, t.context, _context(held, one))
        connection.execute(insert(t.hook_call), {"tenant": call.tenant, **row})


def _context(held: Held, item: Item) -> dict[str, Any]:
    assert item.made is not None and item.said is not None  # noqa: S101, PT018 - as its caller sees to
    call, case = held.call, item.case
    ends: datetime = call.now + timedelta(days=call.plan.context_days)
    return {
        "context": case.context,
        "client": call.client,
        "version": call.version,
        "member": item.made.request.member,
        "policy": item.made.policy.id if item.made.policy else None,
        "product": case.product,
        "data": {
            "order": case.order.name,
            "coverage": case.cover.reference.get("reference"),
            "patient": f"Patient/{held.asked.patient}",
            "hook": held.asked.hook,
            "rows": item.rows,
            "pathway": item.made.pathway,
            "outcome": item.made.outcome,
            "identity": case.identity,
            "number": item.said.number,
            "questionnaires": list(item.said.questionnaires),
        },
        "bundle": item.bundle,
        "made_at": call.now,
        "ends_at": ends,
    }
