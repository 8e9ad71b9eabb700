"""What a server keeps: its own keys, which all on a database share, and keys of partners fetched meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest
from msgspec.json import encode

from priorauth.exchange.guard import kept, signing
from priorauth.exchange.guard.kept import AFTER, BEFORE, LOOKED, OLD, Guard
from priorauth.exchange.guard.keys import Keyring
from priorauth.exchange.guard.refused import NotAdmitted
from priorauth.exchange.outward import Unreachable
from priorauth.exchange.plan import Partner
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.exchange.guard.partner import Door, Speaker, guarding, jwks, key, partners
from tests.exchange.house import both
from tests.ledger.house import NOW, TENANT, furnish

SECOND = timedelta(seconds=1)


def kids(guard: Guard, store: Store, later: timedelta = timedelta(0)) -> list[str]:
    """The key that signs, and the others that are published."""
    found = guard.own(store, TENANT, NOW + later)
    assert found.signs().kid == found.published()[0].kid
    return [one.kid for one in found.published()]


@both
def test_servers_on_one_database_have_the_same_key(store: Store) -> None:
    furnish(store)
    first = kids(Guard(), store)
    assert kids(Guard(), store) == first
    assert len(first) == 1


@both
def test_a_new_key_is_made_after_ninety_days_published_before_it_signs_and_the_old_one_after_it(store: Store) -> None:
    furnish(store)
    (old,) = kids(Guard(), store)
    assert kids(Guard(), store, OLD - SECOND) == [old]
    now, new = kids(Guard(), store, OLD)
    assert now == old
    assert kids(Guard(), store, OLD + BEFORE - SECOND) == [old, new]
    assert kids(Guard(), store, OLD + BEFORE) == [new, old]
    assert kids(Guard(), store, OLD + BEFORE + AFTER - SECOND) == [new, old]
    assert kids(Guard(), store, OLD + BEFORE + AFTER) == [new]
    assert kids(Guard(), store, OLD * 2)[0] == new
    assert len(traffic.signing_keys(store, TENANT)) == 2


def test_a_server_that_has_looked_looks_again_before_a_new_key_signs(store: Store) -> None:
    furnish(store)
    slow = Guard()
    kids(slow, store)
    before = kids(slow, store, OLD - SECOND)
    made = kids(Guard(), store, OLD)
    assert len(made) == 2
    assert kids(slow, store, OLD) == before
    assert kids(slow, store, OLD + LOOKED) == made
    assert LOOKED < BEFORE


def test_keys_of_the_environment_come_first_and_nothing_is_made(store: Store) -> None:
    furnish(store)
    own = signing.Fixed((signing.made(),))
    assert kids(Guard(own), store) == [own.signs().kid]
    assert traffic.signing_keys(store, TENANT) == []


def test_a_token_of_before_the_change_of_keys_is_good_after_it(door: Door) -> None:
    door.token()
    door.wait(days=90, seconds=-1)
    before = door.token()
    door.wait(minutes=3)
    after = door.token()
    assert [door.submit(one).status_code for one in (before, after)] == [200, 200]
    door.wait(minutes=1)
    assert [door.submit(one).status_code for one in (before, after)] == [200, 200]


def test_who_asks_more_often_than_was_agreed_waits() -> None:
    guard, slow = Guard(), Partner(rate=0.5, burst=1)
    guard.paced("a", "one", slow)
    with pytest.raises(NotAdmitted) as refused:
        guard.paced("a", "one", slow)
    assert 1 < refused.value.wait <= 2
    guard.paced("b", "one", slow)
    guard.paced("a", "two", slow)


def test_keys_are_fetched_in_the_background_and_a_fault_is_a_line_of_the_log(store: Store) -> None:
    said: dict[str, bytes | Exception] = {
        "https://ehr.example/jwks": encode(jwks(key("ES384", "new"))),
        "https://gone.example/jwks": Unreachable("gone.example could not be reached"),
    }

    async def ask(address: str, _: Collection[str]) -> bytes:
        found = said[address]
        if isinstance(found, Exception):
            raise found
        return found

    listed = partners(jwks=None, jwks_uri="https://ehr.example/jwks")
    listed["other-ehr"] = {"jwks_uri": "https://gone.example/jwks"}
    with guarding(store, {"partners": listed}) as door:
        door.running.service.kept[Guard] = Guard(ring=Keyring(ask))
        new = Speaker(key=key("ES384", "new"))
        assert "try again" in door.ask(door.form(new)).text
        (worker,) = kept.workers()
        worker.round(door.running.service)
        assert door.submit(door.token(new)).status_code == 200
        (line,) = (one for one in door.running.lines() if one.get("event") == kept.KEYS)
        assert (line["client"], line["why"]) == ("other-ehr", "gone.example could not be reached")


def test_a_plan_whose_setting_makes_no_sense_stops_nobody_elses_keys(store: Store) -> None:
    with guarding(store, {"nonsense": 1}) as door:
        kept.fetch(door.running.service)
