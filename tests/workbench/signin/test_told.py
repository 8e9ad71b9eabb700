"""What is told of signing in."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger.care.verify import verify
from priorauth.ledger.store import Store
from priorauth.workbench.signin.told import system, tell
from tests.ledger.house import NOW, NURSE, SYSTEM, TENANT, furnish
from tests.workbench.signin.plan import told


def test_it_is_an_event_of_the_plans_chain_and_no_earlier_than_the_one_before(store: Store) -> None:
    furnish(store)
    with store.writing(TENANT) as connection:
        tell(connection, NURSE, NOW + timedelta(hours=1), "signed-in", how="password")
        tell(connection, system(TENANT), NOW, "signed-out")
    assert told(store, "signed-in", "signed-out") == [
        {"what": "signed-in", "person": "nina", "role": "nurse", "how": "password"},
        {"what": "signed-out", "person": None, "role": "system"},
    ]
    assert verify(store, TENANT).faults == ()
    assert system(TENANT) == SYSTEM
