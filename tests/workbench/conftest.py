"""The workbench over SQLite, and over both databases where SQL of its own is asked.

What the ledger reads and writes is tested on both databases with the ledger. A test of SQL that stands in this room
says so: ``@both``, or in the conftest of its folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.ledger.store import Store
from tests.ledger.conftest import address, copied, migrated, opened, postgresql, template, url
from tests.ledger.house import furnish
from tests.workbench.house import Desk, working

__all__ = ["address", "migrated", "postgresql", "template", "url"]


@pytest.fixture(params=("sqlite",))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An open ledger with the schema and nothing in it."""
    yield from opened(request)


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """The furnished plan, served to people who sign in."""
    furnish(store)
    with working(store, open_to_all=False) as found:
        yield found


@pytest.fixture(scope="module")
def day(migrated: Path) -> Iterator[Desk]:
    """One plan for the tests of a module, each of which sends its own requests; a nurse looks before it is approved."""
    with copied(migrated) as found:
        furnish(found, approve_by_rule=False)
        with working(found, open_to_all=False) as desk:
            yield desk
