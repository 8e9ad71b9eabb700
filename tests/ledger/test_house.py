"""The plan of the tests is the one that its acts leave, on either database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.care.verify import verify
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from tests.ledger.house import TENANT, furnish, set_up

SETTINGS = {"approve_by_rule": False, "letters": {"phone": "1-800-555-0100"}}


def held(store: Store) -> dict[str, list[Any]]:
    with store.reading(TENANT) as connection:
        return {one.name: list(connection.execute(select(one))) for one in t.METADATA.sorted_tables}


def test_a_furnished_plan_is_the_one_that_its_acts_leave(store: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    furnish(store, **SETTINGS)
    set_up(other, **SETTINGS)
    assert {name: set(map(str, rows)) for name, rows in held(store).items()} == {
        name: set(map(str, rows)) for name, rows in held(other).items()
    }
    other.close()


def test_its_chain_holds_and_it_is_whole(store: Store) -> None:
    furnish(store)
    with store.reading(TENANT) as connection:
        assert events.broken(connection.execute(select(t.event).order_by(t.event.c.number)).all()) is None
    assert verify(store, TENANT).faults == ()
