"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from priorauth.workbench.signin import passwords
from tests.workbench.signin.plan import OTHER, PASSWORD


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("eleven char", "at least 12 characters"),
        ("x" * 5 + "\u00fcberlang" * 40, "at most 256 characters"),
        ("PasswordPassword", "Many people use"),
        ("qwertyuiop123", "Many people use"),
        ("aaaabbbbccccdddd", "Many people use"),
        ("Nina Nurse 2026", "not your name"),
        ("priorauth-123!", "not your name"),
    ],
)
def test_what_is_short_or_chosen_by_many_or_her_name_is_not_taken(password: str, said: str) -> None:
    assert said in str(passwords.wrong(password, ("nina", "Nina Nurse")))


@pytest.mark.parametrize("password", [PASSWORD, OTHER, "пароль длинный и свой", "twelve chars", "q!7Zr9 #kLm2"])
def test_any_characters_will_do_and_none_is_needed(password: str) -> None:
    assert passwords.wrong(password, ("nina", "Nina Nurse")) is None


def test_the_list_of_common_ones_holds_only_those_that_are_long_enough_to_be_tried() -> None:
    assert all(len(one) >= passwords.SHORTEST and one == one.lower() for one in passwords.common())


def test_a_password_is_right_however_it_was_composed_and_another_is_not() -> None:
    kept = passwords.hashed("fünf grüne Kessel")
    assert kept.startswith("$argon2id$")
    assert passwords.right(kept, "fu\u0308nf gru\u0308ne Kessel")
    assert not passwords.right(kept, "funf grune Kessel")
    assert not passwords.right(kept, "")


def test_nothing_is_right_where_nothing_is_kept_or_it_cannot_be_read() -> None:
    for kept in (None, "", "$argon2id$nonsense"):
        assert not passwords.right(kept, PASSWORD)


def test_a_hash_costs_three_passes_over_64_mebibytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.right(kept, PASSWORD)


def test_what_was_kept_with_other_parameters_is_to_be_kept_anew() -> None:
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert passwords.right(weak, PASSWORD)
    assert passwords.stale(weak)
    assert not passwords.stale(passwords.hashed(PASSWORD))
