"""What crosses the border: a token is used once, whoever asks; keys that sign are kept once, whoever makes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.ledger.house import NOW, TENANT, furnish

LATER = NOW + timedelta(minutes=5)


def test_a_token_is_used_once_by_its_issuer_and_is_forgotten_when_it_is_over(store: Store) -> None:
    furnish(store)
    assert [traffic.seen(store, TENANT, "a", "1", LATER, NOW) for _ in range(3)] == [False, True, True]
    assert not traffic.seen(store, TENANT, "b", "1", LATER, NOW)
    assert not traffic.seen(store, TENANT, "a", "2", LATER, NOW)
    assert len(traffic.found(store, TENANT, t.used_token)) == 3
    assert not traffic.seen(store, TENANT, "c", "3", LATER + timedelta(hours=1), LATER)
    assert len(traffic.found(store, TENANT, t.used_token)) == 1


def test_of_many_who_use_a_token_at_once_one_is_the_first(store: Store) -> None:
    furnish(store)
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda _: traffic.seen(store, TENANT, "a", "1", LATER, NOW), range(16)))
    assert sorted(used) == [False, *[True] * 15]


def test_a_row_that_is_not_as_it_was_said_to_be_is_not_changed(store: Store) -> None:
    furnish(store)
    traffic.seen(store, TENANT, "a", "1", LATER, NOW)
    (row,) = traffic.found(store, TENANT, t.used_token)
    assert traffic.change(store, TENANT, t.used_token, {"used": row["used"]}, {"ends_at": NOW}, ends_at=LATER)
    assert not traffic.change(store, TENANT, t.used_token, {"used": row["used"]}, {"ends_at": NOW}, ends_at=LATER)


def test_of_two_keys_of_a_number_the_first_is_kept_and_of_older_ones_the_last(store: Store) -> None:
    furnish(store)
    for number, name in ((1, "a"), (1, "b"), (2, "c"), (3, "d")):
        traffic.keep_signing_key(store, TENANT, number, {"kid": name}, NOW)
        if number == 1:
            assert [row["key"]["kid"] for row in traffic.signing_keys(store, TENANT)] == ["a"]
    assert [row["key"]["kid"] for row in traffic.signing_keys(store, TENANT)] == ["c", "d"]


def test_an_ask_is_known_by_its_operation_its_version_and_its_bytes() -> None:
    keys = {traffic.key_of(*one) for one in (("a", "2.0", b"{}"), ("b", "2.0", b"{}"), ("a", "2.2", b"{}"))}
    assert len(keys) == 3
    assert traffic.key_of("a", "2.0", b"{}") in keys
    assert traffic.key_of("a", "2.0", b"{ }") not in keys


def test_what_a_client_was_answered_is_found_by_that_client_alone(store: Store) -> None:
    furnish(store)
    row = {"sha256": "0" * 64, "operation": "a", "version": "2.2", "at": NOW, "case_no": None, "status": 200}
    traffic.keep(store, TENANT, t.ask, {**row, "client": "one", "answer": b"first"})
    assert traffic.answered(store, TENANT, "one", "0" * 64) == (200, b"first", None)
    assert traffic.answered(store, TENANT, "two", "0" * 64) is None


def test_a_context_is_kept_until_it_ends(store: Store) -> None:
    furnish(store)
    row: dict[str, Any] = {
        "client": "one", "version": "2.2", "member": "one", "policy": None, "product": None, "data": {},
        "bundle": b"{}", "made_at": NOW - timedelta(days=90),
    }  # fmt: skip
    for name, ends in (("over", NOW), ("open", LATER + timedelta(days=1))):
        traffic.keep(store, TENANT, t.context, {**row, "context": name, "ends_at": ends})
    assert traffic.purge(store, TENANT, {"context": LATER}) == {"context": 1}
    assert [one["context"] for one in traffic.found(store, TENANT, t.context)] == ["open"]
