"""The exchange over SQLite, and over both databases where a test says so: ``@both`` of :mod:`tests.exchange.house`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from priorauth.ledger.store import Store
from tests.exchange.house import Exchange, exchanging
from tests.ledger.conftest import migrated, opened, postgresql, template, url

__all__ = ["migrated", "postgresql", "template", "url"]


@pytest.fixture(params=("sqlite",))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An open ledger with the schema and nothing in it."""
    yield from opened(request)


@pytest.fixture
def exchange(store: Store) -> Iterator[Exchange]:
    """The furnished plan, its exchange served to everybody."""
    with exchanging(store) as found:
        yield found
