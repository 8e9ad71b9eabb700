"""Both databases for every test of the ledger: SQLite in a file of its own, PostgreSQL on a throwaway server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from tests.parts import need
from tests.servers import Server, programs, server

DIALECTS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    need(programs(), "PostgreSQL's server: apt install postgresql")
    with server() as running:
        yield running


@pytest.fixture(params=DIALECTS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    running: Server = request.getfixturevalue("postgresql")
    return running.fresh()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()
