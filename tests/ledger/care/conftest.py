"""The fixtures of the ledger, and a plan that has lived a little."""

from __future__ import annotations

import pytest

from priorauth.ledger.store import Store
from tests.ledger.care.plan import lived


@pytest.fixture
def plan(store: Store) -> Store:
    """A ledger with some history, on either database."""
    lived(store)
    return store
