"""Accounts: a password set, tried and given again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from priorauth.ledger import tables as t
from priorauth.ledger.acts.setup import AddPerson
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import accounts, sessions
from tests.ledger.house import NOW, NURSE, SYSTEM, TENANT, done, furnish
from tests.workbench.signin.plan import OTHER, PASSWORD, told

MINUTE = timedelta(minutes=1)


def _tried(store: Store, who: str, password: str, after: timedelta = MINUTE * 0, whence: str | None = None) -> str:
    return accounts.tried(store, TENANT, who, password, whence=whence, now=NOW + after)


def test_a_password_is_right_after_it_was_set_and_the_one_before_is_not(store: Store) -> None:
    furnish(store)
    assert not accounts.has_password(store, TENANT, "nina")
    accounts.set_password(store, SYSTEM, "nina", PASSWORD, NOW)
    assert accounts.has_password(store, TENANT, "nina")
    assert [_tried(store, "nina", one) for one in (PASSWORD, OTHER)] == ["right", "wrong"]
    accounts.set_password(store, NURSE, "nina", OTHER, NOW)
    assert [_tried(store, "nina", one) for one in (PASSWORD, OTHER)] == ["wrong", "right"]
    assert [one["role"] for one in told(store, "password-set")] == ["system", "nurse"]
    assert [(one["person"], one["how"]) for one in told(store, "sign-in-failed")] == [("nina", "password")] * 2


def test_a_new_password_ends_every_session_but_her_own(store: Store) -> None:
    furnish(store)
    mine, other = (sessions.begin(store, TENANT, "nina", NOW, strong=False) for _ in range(2))
    accounts.set_password(store, NURSE, "nina", PASSWORD, NOW, but=mine.session.id)
    assert sessions.found(store, mine.token, NOW) is not None
    assert sessions.found(store, other.token, NOW) is None


def test_a_password_that_is_not_taken_or_nobodys_leaves_nothing(store: Store) -> None:
    furnish(store)
    for who, password, said in (("nina", "nina nurse 12", "not your name"), ("newt", PASSWORD, "nobody named newt")):
        with pytest.raises(Refusal, match=said):
            accounts.set_password(store, SYSTEM, who, password, NOW)
    with store.reading(TENANT) as connection:
        assert connection.execute(select(t.account)).all() == []


def test_nobody_is_let_in_by_a_name_alone(store: Store) -> None:
    furnish(store)
    for who in ("nina", "nobody", ""):
        assert _tried(store, who, "") == "wrong"
        assert _tried(store, who, PASSWORD) == "wrong"
    assert told(store, "sign-in-failed") == []


def test_who_left_is_not_let_in(store: Store) -> None:
    furnish(store)
    accounts.set_password(store, SYSTEM, "nina", PASSWORD, NOW)
    done(store, AddPerson(person="nina", title="Nina", active=False))
    assert _tried(store, "nina", PASSWORD) == "wrong"


def test_after_five_wrong_ones_the_right_one_waits_too_and_the_answer_is_the_same(store: Store) -> None:
    furnish(store, wrong_passwords=2)
    accounts.set_password(store, SYSTEM, "nina", PASSWORD, NOW)
    assert [_tried(store, "nina", one) for one in (OTHER, OTHER, PASSWORD)] == ["wrong"] * 3
    assert _tried(store, "nina", PASSWORD, 15 * MINUTE) == "right"
    assert [len(told(store, one)) for one in ("sign-in-failed", "password-locked")] == [2, 1]


def test_a_new_password_opens_what_was_locked(store: Store) -> None:
    furnish(store, wrong_passwords=1)
    accounts.set_password(store, SYSTEM, "nina", PASSWORD, NOW)
    assert _tried(store, "nina", OTHER) == "wrong"
    accounts.set_password(store, SYSTEM, "nina", OTHER, NOW)
    assert _tried(store, "nina", OTHER) == "right"


def test_an_address_that_tried_too_often_waits_whatever_it_tries(store: Store) -> None:
    furnish(store, tries_of_address=2)
    accounts.set_password(store, SYSTEM, "nina", PASSWORD, NOW)
    tries = [_tried(store, who, PASSWORD, whence="203.0.113.7") for who in ("a", "nina", "b", "nina")]
    assert tries == ["wrong", "right", "wrong", "wait"]
    assert _tried(store, "nina", PASSWORD, whence="203.0.113.8") == "right"


def test_what_was_kept_with_older_parameters_is_kept_anew_when_it_was_right(store: Store) -> None:
    furnish(store)
    accounts.set_password(store, SYSTEM, "nina", PASSWORD, NOW)
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    with store.writing(TENANT) as connection:
        connection.execute(update(t.account).values(password=weak))
    assert [_tried(store, "nina", one) for one in (OTHER, PASSWORD, PASSWORD)] == ["wrong", "right", "right"]
    with store.reading(TENANT) as connection:
        kept = connection.execute(select(t.account.c.password)).scalar_one()
    assert kept is not None
    assert "m=8,t=1," in kept


def test_given_again_it_counts_for_one_signature(store: Store) -> None:
    furnish(store)
    accounts.set_password(store, SYSTEM, "dora", PASSWORD, NOW)
    session = sessions.begin(store, TENANT, "dora", NOW, strong=False).session
    assert not accounts.again(store, session, OTHER, None, NOW)
    assert not sessions.confirmed(store, session, NOW)
    assert accounts.again(store, session, PASSWORD, None, NOW)
    assert [sessions.confirmed(store, session, NOW) for _ in range(2)] == [True, False]


def test_she_need_not_prove_again_what_she_proved_just_now(store: Store) -> None:
    furnish(store)
    session = sessions.begin(store, TENANT, "nina", NOW, strong=False).session
    assert accounts.fresh(session, NOW + 5 * MINUTE, 5)
    assert not accounts.fresh(session, NOW + 6 * MINUTE, 5)
    assert accounts.fresh(sessions.confirm(store, session, NOW + 6 * MINUTE), NOW + 6 * MINUTE, 5)
