"""Passwords of tests, and what the chain of a plan tells."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from tests.ledger.house import TENANT

PASSWORD = "seven green kettles"  # noqa: S105 - a test's
OTHER = "eight amber ladles"


def told(store: Store, *kinds: str) -> list[dict[str, Any]]:
    """Give the events of the plan's chain of some kinds: what, who, and what is said."""
    one = t.event.c
    query = select(one.what, one.person, one.role, one.data).where(
        one.tenant == TENANT, one.case_no == "", one.what.in_(kinds)
    )
    with store.reading(TENANT) as connection:
        rows = connection.execute(query.order_by(one.number)).all()
    return [{"what": row.what, "person": row.person, "role": row.role, **row.data["say"]} for row in rows]
