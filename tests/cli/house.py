"""A furnished ledger in a file, for commands that are run in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.ledger.schema import open_store
from priorauth.server import clock
from tests.ledger import house


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """The URL of a ledger with a plan, its people and one request that came just now."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    store = open_store(url)
    house.furnish(store)
    house.received(store, "review", now=clock.now())
    store.close()
    return url


def words(url: str, who: str | None = None, role: str | None = None) -> tuple[str, ...]:
    """The options that name a ledger and who acts."""
    return ("--db", url, *(() if who is None else ("--as", who, "--role", str(role))))
