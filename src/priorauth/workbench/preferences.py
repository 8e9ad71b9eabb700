"""What a person has set for herself: kept by name, changed one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.store import upsert
from priorauth.workbench.visit import Visit


def read(visit: Visit) -> Mapping[str, Any]:
    """Return what she has set, by name."""
    one = t.preference.c
    query = select(one.data).where(one.tenant == visit.session.tenant, one.person == visit.session.person)
    with visit.store.reading(visit.session.tenant) as connection:
        return dict(connection.execute(query).scalar() or {})


def write(visit: Visit, name: str, value: Any) -> None:  # noqa: ANN401 - JSON
    """Set one thing; what else she has set stays."""
    one = t.preference
    mine = select(one.c.data).where(one.c.tenant == visit.session.tenant, one.c.person == visit.session.person)
    with visit.store.writing(visit.session.tenant) as connection:
        data = {**(connection.execute(mine.with_for_update()).scalar() or {}), name: value}
        row = {"tenant": visit.session.tenant, "person": visit.session.person, "data": data}
        made = upsert(connection, one).on_conflict_do_update(
            index_elements=[one.c.tenant, one.c.person], set_={"data": data}
        )
        connection.execute(made, row)
