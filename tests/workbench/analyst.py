"""A furnished plan with a policy analyst and a manager, for tests of the pages of policies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from priorauth.ledger.acts import setup
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from tests.ledger.house import FIRST, TENANT, done, furnish
from tests.workbench.house import Desk, working

ANALYST = Who(TENANT, "ana", "analyst")
MANAGER = Who(TENANT, "mara", "manager")
POLICY = "/p/masshealth/insulin-pumps"
READING = f"{POLICY}/readings/testing_window"
TRY = f"{POLICY}/whatif?reading=testing_window&value=90+days"
NEW = {"value": "90 days", "first": "2026-11-26", "why": "as agreed"}


@contextmanager
def analysed(migrated: Path, folder: Path) -> Iterator[Desk]:
    """Let the plan be served to people who sign in."""
    store = connect(f"sqlite:///{shutil.copy(migrated, folder / 'ledger.db')}")
    furnish(store)
    for who in (ANALYST, MANAGER):
        done(store, setup.AddPerson(person=str(who.person), title=str(who.person).title()))
        done(store, setup.GrantRole(person=str(who.person), role=who.role, valid_from=FIRST))
    with working(store, open_to_all=False) as found:
        yield found
    store.close()
