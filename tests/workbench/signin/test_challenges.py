"""Challenges: answered once, in time, and for what they were asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import challenges
from tests.ledger.house import NOW, TENANT, furnish

MINUTE = timedelta(minutes=1)


def test_a_challenge_is_taken_up_once_with_what_was_kept(store: Store) -> None:
    furnish(store)
    challenges.ask(store, TENANT, "passkey-new", "chance", NOW, person="nina", bound="here")
    assert challenges.take(store, TENANT, "passkey-in", "chance", NOW) is None
    assert challenges.take(store, TENANT, "passkey-new", "another", NOW) is None
    assert challenges.take(store, TENANT, "passkey-new", "chance", NOW) == ("nina", {"bound": "here"})
    assert challenges.take(store, TENANT, "passkey-new", "chance", NOW) is None


def test_after_five_minutes_it_is_too_late(store: Store) -> None:
    furnish(store)
    for value in ("one", "two"):
        challenges.ask(store, TENANT, "oidc", value, NOW)
    assert challenges.take(store, TENANT, "oidc", "one", NOW + 5 * MINUTE - timedelta(seconds=1)) is not None
    assert challenges.take(store, TENANT, "oidc", "two", NOW + 5 * MINUTE) is None


def test_the_challenge_itself_is_not_kept_and_what_is_over_goes(store: Store) -> None:
    furnish(store)
    challenges.ask(store, TENANT, "oidc", "chance", NOW)
    with store.reading(TENANT) as connection:
        assert "chance" not in str(connection.exec_driver_sql("SELECT * FROM challenge").all())
    challenges.ask(store, TENANT, "oidc", "later", NOW + 6 * MINUTE)
    with store.reading(TENANT) as connection:
        assert len(connection.exec_driver_sql("SELECT * FROM challenge").all()) == 1


def test_no_more_are_open_than_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(store)
    monkeypatch.setattr(challenges, "MOST", 2)
    for value in ("one", "two"):
        challenges.ask(store, TENANT, "oidc", value, NOW)
    with pytest.raises(Refusal, match="too many"):
        challenges.ask(store, TENANT, "oidc", "three", NOW)
    with pytest.raises(Refusal, match="no tenant"):
        challenges.ask(store, "other", "oidc", "three", NOW)
