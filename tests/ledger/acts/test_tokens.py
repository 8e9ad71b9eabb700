"""Acts on tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from priorauth.ledger.acts.tokens import LONGEST, MakeToken, RevokeToken
from priorauth.ledger.store import Store
from priorauth.ledger.tokens import kept
from tests.ledger.house import ADMIN, DIRECTOR, NOW, NURSE, done, furnish, refused

KEPT = kept("s" * 43)


def _act(**other: Any) -> MakeToken:
    said = {
        "token": KEPT.token, "sha256": KEPT.sha256, "title": "a script", "person": "nina", "role": "nurse",
        "valid_until": NOW + timedelta(days=1),
    }  # fmt: skip
    return MakeToken(**{**said, **other})


def test_a_token_is_made_at_the_database_and_by_nobody_else_not_even_an_admin(store: Store) -> None:
    furnish(store)
    assert [refused(store, _act(), who).code for who in (ADMIN, NURSE, DIRECTOR)] == ["no-right"] * 3
    done(store, _act())


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"sha256": "s" * 43}, "invalid"),
        ({"valid_until": NOW}, "invalid"),
        ({"valid_until": NOW + LONGEST + timedelta(days=1)}, "invalid"),
        ({"person": None}, "invalid"),
        ({"role": "rule"}, "invalid"),
        ({"role": "system"}, "invalid"),
        ({"role": "director"}, "no-right"),
        ({"person": "nobody"}, "not-found"),
    ],
)
def test_a_token_for_nobody_or_for_a_role_that_she_does_not_hold_is_refused(
    store: Store, other: dict[str, Any], code: str
) -> None:
    furnish(store)
    assert refused(store, _act(**other)).code == code


def test_a_token_is_made_once_and_revoked_once(store: Store) -> None:
    furnish(store)
    done(store, _act())
    assert refused(store, _act()).code == "invalid"
    assert refused(store, RevokeToken(token=KEPT.token), NURSE).code == "no-right"
    done(store, RevokeToken(token=KEPT.token), ADMIN)
    assert refused(store, RevokeToken(token=KEPT.token), ADMIN).code == "invalid"
    assert refused(store, RevokeToken(token=KEPT.sha256), ADMIN).code == "not-found"


def test_a_program_has_a_token_of_the_system(store: Store) -> None:
    furnish(store)
    done(store, _act(person=None, role="system"))
