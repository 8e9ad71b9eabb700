"""Doors of a plan, closed and open, over one SQLite file; for what stands in SQL both databases, empty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from priorauth.ledger.store import Store, connect
from priorauth.workbench.signin import accounts, passwords
from tests.ledger.conftest import store
from tests.ledger.house import NOW, SYSTEM, furnish
from tests.workbench.house import working
from tests.workbench.signin.door import Door
from tests.workbench.signin.plan import PASSWORD

__all__ = ["store"]


@pytest.fixture(autouse=True, scope="session")
def cheap() -> Iterator[None]:
    """Let a hash cost nothing; what it costs is tested with the passwords."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def furnished(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a furnished plan; nina and dora have passwords."""
    file = Path(shutil.copy(migrated, tmp_path_factory.mktemp("furnished") / "plan.db"))
    store = connect(f"sqlite:///{file}")
    furnish(store)
    for who in ("nina", "dora"):
        accounts.set_password(store, SYSTEM, who, PASSWORD, NOW)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


@pytest.fixture
def plan(furnished: Path, tmp_path: Path) -> Iterator[Store]:
    """A plan of its own, as furnished."""
    found = connect(f"sqlite:///{shutil.copy(furnished, tmp_path / 'plan.db')}")
    yield found
    found.close()


@pytest.fixture
def door(plan: Store) -> Iterator[Door]:
    """A browser before a closed server."""
    with working(plan, open_to_all=False) as desk:
        yield Door(desk.running)


@pytest.fixture
def open_door(plan: Store) -> Iterator[Door]:
    """A browser before an open one."""
    with working(plan, open_to_all=True) as desk:
        yield Door(desk.running)
