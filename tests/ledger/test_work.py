"""An act: whole or not at all, once for a key, never on an older version, never by who may not."""

from __future__ import annotations

from priorauth.ledger.acts.intake import Withdraw
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, NURSE, OTHER_CLINIC, done, furnish, received, refused


def test_an_act_on_an_older_version_is_refused_with_what_has_changed(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, RouteToDirector(case=case, version=1), NURSE)
    found = refused(store, RouteToDirector(case=case, version=1), NURSE)
    assert found.code == "stale"
    assert [one["what"] for one in found.since] == ["routed"]


def test_the_same_key_gives_the_first_answer_again(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    act = RouteToDirector(case=case, version=1, key="once")
    assert done(store, act, NURSE) == done(store, act, NURSE)
    assert refused(store, RouteToDirector(case=case, version=2, key="once"), NURSE).code == "key"


def test_another_clinics_case_is_not_there_for_her(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert refused(store, Withdraw(case=case), OTHER_CLINIC).code == "not-found"
    assert done(store, Withdraw(case=case), COORDINATOR).state == "withdrawn"
