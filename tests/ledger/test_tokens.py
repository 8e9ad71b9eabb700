"""Tokens as scripts bear them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import text

from priorauth.ledger import tokens
from priorauth.ledger.acts.setup import AddPerson
from priorauth.ledger.acts.tokens import MakeToken, RevokeToken
from priorauth.ledger.store import Store
from tests.ledger.house import ADMIN, NOW, TENANT, done, furnish

SECRET = secrets.token_urlsafe(tokens.SECRET_BYTES)


def _made(store: Store) -> str:
    furnish(store)
    kept = tokens.kept(SECRET)
    until = NOW + timedelta(days=1)
    act = MakeToken(
        token=kept.token, sha256=kept.sha256, title="a script", person="cora", role="coordinator", valid_until=until
    )
    done(store, act)
    return tokens.borne(TENANT, SECRET)


def test_whoever_bears_a_token_is_the_person_in_her_role_and_organisation(store: Store) -> None:
    found = tokens.holder(store, _made(store), NOW)
    assert found is not None
    assert (found.who.person, found.who.role, found.who.organisation) == ("cora", "coordinator", "clinic")


def test_a_token_is_valid_until_its_moment_and_not_in_it(store: Store) -> None:
    token = _made(store)
    assert tokens.holder(store, token, NOW + timedelta(days=1, microseconds=-1)) is not None
    assert tokens.holder(store, token, NOW + timedelta(days=1)) is None


def test_a_token_that_was_taken_back_or_whose_person_has_left_is_nobodys(store: Store) -> None:
    token = _made(store)
    done(store, AddPerson(person="cora", title="Cora", organisation="clinic", active=False))
    assert tokens.holder(store, token, NOW) is None
    done(store, AddPerson(person="cora", title="Cora", organisation="clinic"))
    assert tokens.holder(store, token, NOW) is not None
    done(store, RevokeToken(token=tokens.kept(SECRET).token), ADMIN)
    assert tokens.holder(store, token, NOW) is None


def test_a_token_is_known_by_its_whole_hash(store: Store) -> None:
    token = _made(store)
    with store.writing(TENANT) as connection:
        connection.execute(text("UPDATE token SET sha256 = :other"), {"other": tokens.kept(SECRET).token + "0" * 48})
    assert tokens.holder(store, token, NOW) is None


def test_a_secret_that_is_another_or_none_is_nobodys(store: Store) -> None:
    _made(store)
    other = tokens.borne(TENANT, secrets.token_urlsafe(tokens.SECRET_BYTES))
    for token in (other, "", "patoken.plan.", f"patoken..{SECRET}", SECRET, f"patoken.plan.{SECRET}="):
        assert tokens.holder(store, token, NOW) is None


def test_the_secret_is_nowhere_in_the_database(store: Store) -> None:
    _made(store)
    with store.reading(TENANT) as connection:
        for table in ("token", "event", "idempotency"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert SECRET not in str(rows)
    (row,) = tokens.listed(store, TENANT)
    assert "sha256" not in row
    assert row["title"] == "a script"


def test_the_tenant_of_a_token_is_told_by_the_token() -> None:
    assert tokens.tenant_of(tokens.borne("north_1", SECRET)) == "north_1"
    assert tokens.tenant_of(f"bearer.north.{SECRET}") is None
