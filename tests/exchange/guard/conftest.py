"""A closed plan, on SQLite or on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from priorauth.ledger.store import Store
from tests.exchange.conftest import migrated, postgresql, store, template, url
from tests.exchange.guard.partner import Door, guarding

__all__ = ["migrated", "postgresql", "store", "template", "url"]


@pytest.fixture
def door(store: Store) -> Iterator[Door]:
    """A closed plan before which partners stand."""
    with guarding(store) as found:
        yield found
