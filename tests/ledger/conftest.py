"""Both databases for every test of the ledger: SQLite in a file of its own, PostgreSQL on a throwaway server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect
from tests.parts import need
from tests.servers import MEMORY, Server, programs, server

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


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("migrated") / "ledger.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def template(postgresql: Server) -> str:
    """A database with the schema and nothing in it, by name."""
    url = postgresql.fresh()
    open_store(url).close()
    return url.rpartition("/")[2]


@pytest.fixture(params=DIALECTS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An open ledger with the schema and nothing in it, in memory: a test that asks what a disk keeps makes its own."""
    yield from opened(request)


@contextmanager
def copied(file: Path) -> Iterator[Store]:
    """Open a copy of a file in memory, gone afterwards."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        found = connect(f"sqlite:///{shutil.copy(file, Path(folder) / 'ledger.db')}")
        yield found
        found.close()


def opened(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Open a ledger of the dialect that a fixture was asked for."""
    if request.param == "sqlite":
        with copied(request.getfixturevalue("migrated")) as found:
            yield found
        return
    running: Server = request.getfixturevalue("postgresql")
    with running.like(request.getfixturevalue("template")) as url:
        found = connect(url)
        yield found
        found.close()


@pytest.fixture
def address(store: Store) -> str:
    """The URL of the open ledger."""
    return store.engine.url.render_as_string(hide_password=False)
