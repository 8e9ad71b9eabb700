"""The state made anew from the events is the state that was there."""

from __future__ import annotations

from priorauth.ledger import rebuild
from priorauth.ledger.care.verify import verify
from priorauth.ledger.store import Store
from tests.ledger.care.plan import lived
from tests.ledger.care.test_verify import altered
from tests.ledger.house import TENANT


def differences(store: Store) -> list[str]:
    with store.reading(TENANT) as connection:
        return list(rebuild.differences(connection, TENANT))


def test_the_state_is_what_the_events_leave_before_and_after(store: Store) -> None:
    lived(store)
    assert differences(store) == []
    assert rebuild.rebuild(store, TENANT) == verify(store, TENANT).counts["event"]
    assert differences(store) == []


def test_state_that_was_altered_is_named_and_mended(store: Store) -> None:
    lived(store)
    altered(
        store,
        """UPDATE "cases" SET priority = 'expedited', queue = NULL WHERE case_no = '26-0004'""",
        """DELETE FROM "may_sign" """,
        """INSERT INTO "above" (tenant, person, above) VALUES ('plan', 'nina', 'dora')""",
    )
    assert differences(store) == [
        "above nina/dora: is there, and no event leaves it",
        "may_sign */MD/*: is not there, and the events leave it",
        "cases 26-0004: priority, queue: not as the events leave it",
    ]
    rebuild.rebuild(store, TENANT)
    assert differences(store) == []
