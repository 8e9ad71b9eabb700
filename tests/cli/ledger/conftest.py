"""A ledger in a file with some history, made once; each test has a copy of its own, in the folder where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from priorauth.ledger.schema import open_store
from tests.ledger.care.plan import lived
from tests.ledger.conftest import postgresql

__all__ = ["postgresql"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "priorauth.db"
    store = open_store(f"sqlite:///{path}")
    lived(store)
    store.close()
    return path


@pytest.fixture
def ledger(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, where ``--db`` looks for it when nothing is said."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(made, tmp_path / "priorauth.db"))
