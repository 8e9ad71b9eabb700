"""What is told of signing in: events of the tenant's chain, without secrets, from which it is known who was here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.work import Work, tenant_chain


def tell(connection: Connection, who: Who, now: datetime, what: str, **say: Any) -> None:  # noqa: ANN401 - JSON
    """Add an event to the chain of the tenant, in the transaction of what it tells of."""
    row = connection.execute(select(t.tenant).where(t.tenant.c.tenant == who.tenant)).mappings().one()
    nowhere = {"case_no": events.NO_CASE, "received": events.NO_DAY, "version": 0}
    work = Work(connection, who, now, dict(row), nowhere, events.Chain(0, events.FIRST))
    tenant_chain(work)
    work.event(what, **say)
    work.pending.send()


def system(tenant: str) -> Who:
    """Return who tells of somebody who has not proved who she is."""
    return Who(tenant, None, "system")
