"""The workbench over both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from priorauth.ledger.store import Store
from tests.ledger.conftest import address, migrated, postgresql, store, template, url
from tests.ledger.house import furnish
from tests.workbench.house import Desk, working

__all__ = ["address", "migrated", "postgresql", "store", "template", "url"]


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """The furnished plan, served to people who sign in."""
    furnish(store)
    with working(store, open_to_all=False) as found:
        yield found
