"""One plan for the tests of a module, each of which sends its own requests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.ledger.store import connect
from tests.ledger.house import furnish
from tests.workbench.house import Desk, working


@pytest.fixture(scope="module")
def day(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A furnished plan whose criteria a nurse looks at before anything is approved, served to people who sign in."""
    copied = shutil.copy(migrated, tmp_path_factory.mktemp("day") / "ledger.db")
    store = connect(f"sqlite:///{copied}")
    furnish(store, approve_by_rule=False)
    with working(store, open_to_all=False) as found:
        yield found
    store.close()
