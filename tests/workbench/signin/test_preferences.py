"""What a person likes of the pages."""

from __future__ import annotations

from priorauth.ledger.store import Store
from priorauth.workbench.signin import preferences
from priorauth.workbench.signin.preferences import Preferences
from tests.ledger.house import TENANT, furnish


def test_it_is_kept_for_her_alone_and_can_be_changed(store: Store) -> None:
    furnish(store)
    assert preferences.of(store, TENANT, "nina") == Preferences("comfortable", keys=True)
    for wanted in (Preferences("compact"), Preferences("comfortable", keys=False)):
        preferences.keep(store, TENANT, "nina", wanted)
        assert preferences.of(store, TENANT, "nina") == wanted
    assert preferences.of(store, TENANT, "dora") == Preferences()
