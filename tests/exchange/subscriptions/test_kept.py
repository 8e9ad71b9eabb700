"""Subscriptions as they are kept: numbers are nobody else's, and whoever was slower changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from priorauth.exchange.subscriptions import kept
from priorauth.ledger.store import Store
from tests.exchange.house import both
from tests.exchange.subscriptions.wishes import notifying
from tests.ledger.house import NOW


@both
def test_a_message_keeps_its_number_and_the_next_has_the_next(store: Store) -> None:
    with notifying(store) as at:
        row = at.row(at.active())
        first = kept.numbered(store, row, 7, "26-0001", NOW, "a")
        again = kept.numbered(store, row, 7, "26-0001", NOW, "b")
        second = kept.numbered(store, row, 8, "26-0001", NOW, "c")
        assert [first, again, second] == [(1, 1), (1, 1), (2, 2)]
        assert kept.numbered(store, row, 7, "26-0001", NOW, "b") == (1, 2)
        told = kept.told(store, row, 8, "26-0001")
        assert told is not None
        assert told.result == "b"


@both
def test_two_at_once_are_not_given_one_number(store: Store) -> None:
    with notifying(store) as at:
        row = at.row(at.active())
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda n: kept.numbered(store, row, n, "26-0001", NOW, "a"), range(12)))
        assert sorted(one.event for one in found if one is not None) == list(range(1, 13))
        assert at.row(row["subscription"])["events"] == 12


@both
def test_a_status_is_given_to_the_edition_that_was_seen_alone(store: Store) -> None:
    with notifying(store) as at:
        row = at.row(at.subscribed())
        assert kept.stands(store, row, "active", NOW)
        assert not kept.stands(store, row, "error", NOW, "too late")
        assert at.row(row["subscription"])["status"] == "active"


def test_of_a_subscription_that_is_gone_nothing_is_numbered(store: Store) -> None:
    with notifying(store) as at:
        row = at.row(at.active())
        at.ask("DELETE", row["subscription"])
        assert kept.numbered(store, row, 7, "26-0001", NOW, "a") is None
        assert kept.of(store, row["tenant"], row["subscription"], NOW) is None
