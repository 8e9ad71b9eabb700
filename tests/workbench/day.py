"""The working day of the demo, served: for tests of every page, pictures, and counts of clicks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.server.demo import people, story
from priorauth.workbench.drafts import draft
from tests.workbench.house import Desk, working

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
WHO = {
    "coordinator": "carla", "prescriber": "paul", "supplier": "sofia", "nurse": "nadia", "director": "marsh",
    "appeals": "amato", "analyst": "ana", "manager": "mara", "admin": "adam",
}  # fmt: skip


@contextmanager
def working_day(folder: Path, requests: int = 80) -> Iterator[Desk]:
    """Tell the demo into a new SQLite file of a folder, and let the workbench run over it at ten in the morning."""
    store = open_store(f"sqlite:///{folder / 'ledger.db'}")
    story.fill(store, people.TENANT, requests, NOW)
    typed = {"family": "Rivera", "payer": "masshealth", "product": "E0784", "kind": "initial"}
    draft.keep(store, people.who("carla"), draft.Draft(id="begun", fields=typed), "Rivera, E0784", NOW)
    with working(store, tenant=people.TENANT, open_to_all=False) as found:
        found.now = NOW
        yield found
    store.close()


def cases(store: Store, *states: str, **where: str) -> list[str]:
    """Return the open cases of some states, the one due first before the others."""
    one = t.cases.c
    query = select(one.case_no).where(one.tenant == people.TENANT, one.state.in_(states))
    for name, value in where.items():
        query = query.where(one[name] == value)
    with store.reading(people.TENANT) as connection:
        return list(connection.execute(query.order_by(one.due_at, one.case_no)).scalars())
