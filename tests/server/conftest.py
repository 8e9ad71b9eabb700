"""Both databases, as for the ledger, and a running application over each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from priorauth.ledger.store import Store
from tests.ledger.conftest import migrated, postgresql, store, template, url
from tests.ledger.house import furnish
from tests.server.running import Running, running

__all__ = ["migrated", "postgresql", "store", "template", "url"]


@pytest.fixture
def served(store: Store) -> Iterator[Running]:
    """The furnished plan, served to everybody."""
    furnish(store)
    with running(store) as found:
        yield found


@pytest.fixture
def closed(store: Store) -> Iterator[Running]:
    """The furnished plan, served to those who bear a token."""
    furnish(store)
    with running(store, open_to_all=False) as found:
        yield found
