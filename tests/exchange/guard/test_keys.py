"""Keys of partners: what is read of a set, and when a set is fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import ECKey, OctKey
from joserfc.util import int_to_base64
from msgspec.json import encode

from priorauth.exchange.guard.keys import AGAIN, FRESH, MOST_KEYS, STALE, Keyring, NoKeys, keys, named_hosts
from priorauth.exchange.outward import Unreachable
from priorauth.exchange.plan import Partner
from tests.exchange.guard.partner import ALGORITHMS, jwks, key
from tests.ledger.house import NOW

SMALL = int_to_base64(rsa.generate_private_key(65_537, 1024).public_key().public_numbers().n)  # noqa: S505 - that is its point
"""The modulus of a key of RSA that is too short."""
AT = "https://ehr.example/jwks"


def public(one: Any, **more: Any) -> dict[str, Any]:
    return {name: value for name, value in {**one.as_dict(private=False), **more}.items() if value is not None}


def test_of_a_set_the_keys_that_can_be_used_here_are_read() -> None:
    found = keys(jwks(*(key(alg, alg) for alg in ALGORITHMS)))
    assert [(one.kid, one.algorithms) for one in found] == [(alg, (alg,)) for alg in ALGORITHMS]


@pytest.mark.parametrize(
    "said",
    [
        public(key(), kid=None),
        public(key(), kid=7),
        public(key(), use="enc"),
        public(key(), key_ops=["encrypt"], use=None),
        public(key(), alg="ES256"),
        public(key(), x="AA"),
        public(key(), crv="P-999"),
        public(key(), kty="oct", k="c2VjcmV0"),
        public(ECKey.generate_key("P-521", {"kid": "a"})),
        {"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "a", "n": SMALL, "e": "AQAB"},
        "a key",
        {},
        {"kty": "RSA", "kid": "a"},
        {"kty": "LMS", "kid": "a"},
    ],
)
def test_a_key_that_cannot_be_used_here_is_passed_over(said: Any) -> None:
    assert keys({"keys": [said, public(key("ES384", "good"))]})[0].kid == "good"


@pytest.mark.parametrize("said", [None, [], {}, {"keys": {}}, {"keys": [{}] * (MOST_KEYS + 1)}, "keys"])
def test_what_is_no_set_is_refused(said: object) -> None:
    with pytest.raises(NoKeys, match="JWK Set"):
        keys(said)


def test_a_private_key_in_a_set_is_a_fault_of_the_whole_set() -> None:
    with pytest.raises(NoKeys, match="private"):
        keys({"keys": [public(key()), key("ES384", "b").as_dict(private=True)]})
    with pytest.raises(NoKeys, match="private"):
        keys({"keys": [key("RS384", "c").as_dict(private=True)]})
    assert keys({"keys": [OctKey.generate_key(256, {"kid": "x"}).as_dict(private=True)]}) == ()


class Elsewhere:
    """What stands at the address of keys: it answers, or does not."""

    def __init__(self, *said: object) -> None:
        self.said, self.asked = list(said), 0

    async def __call__(self, address: str, private: Collection[str]) -> bytes:
        assert (address, set(private)) == (AT, {"ehr.example"})
        self.asked += 1
        said = self.said.pop(0) if len(self.said) > 1 else self.said[0]
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, bytes) else encode(said)


PARTNER = Partner(jwks_uri=AT, ehr=("https://ehr.example/fhir",))


def refreshed(ring: Keyring, later: timedelta = timedelta(0)) -> dict[str, str]:
    return asyncio.run(ring.refresh({"a": PARTNER}, NOW + later))


def kids(ring: Keyring, later: timedelta = timedelta(0)) -> list[str] | None:
    found = ring.of(PARTNER, NOW + later)
    return None if found is None else [one.kid for one in found]


def test_a_set_is_fetched_once_in_ten_minutes_and_used_meanwhile() -> None:
    there = Elsewhere(jwks(key()), jwks(key(), key("ES384", "two")))
    ring = Keyring(there)
    assert kids(ring) is None
    assert refreshed(ring) == {}
    assert refreshed(ring, FRESH - timedelta(seconds=1)) == {}
    assert (there.asked, kids(ring)) == (1, ["one"])
    refreshed(ring, FRESH)
    assert (there.asked, kids(ring, FRESH)) == (2, ["one", "two"])


def test_a_key_that_is_not_known_makes_the_next_fetch_come_sooner_and_at_most_once_a_minute() -> None:
    there = Elsewhere(jwks(key()))
    ring = Keyring(there)
    refreshed(ring)
    ring.sooner(PARTNER)
    refreshed(ring, AGAIN - timedelta(seconds=1))
    assert there.asked == 1
    refreshed(ring, AGAIN)
    assert there.asked == 2
    refreshed(ring, AGAIN * 2)
    assert there.asked == 2


@pytest.mark.parametrize(
    "fault",
    [Unreachable("gone"), b"no JSON", b"[]", b'{"keys":' + b"[" * 2000, {"keys": [key().as_dict(private=True)]}],
)
def test_where_the_address_does_not_answer_the_old_keys_are_used_for_a_day(fault: object) -> None:
    there = Elsewhere(jwks(key()), fault)
    ring = Keyring(there)
    refreshed(ring)
    (said,) = refreshed(ring, FRESH).values()
    assert "\n" not in said
    assert kids(ring, STALE) == ["one"]
    assert kids(ring, STALE + timedelta(seconds=1)) is None


def test_an_address_that_never_answered_is_asked_again_after_a_minute() -> None:
    there = Elsewhere(Unreachable("gone"))
    ring = Keyring(there)
    assert refreshed(ring) == {"a": "gone"}
    refreshed(ring, AGAIN - timedelta(seconds=1))
    refreshed(ring, AGAIN)
    assert (there.asked, kids(ring)) == (2, None)


def test_registered_keys_stand_beside_those_that_are_fetched() -> None:
    ring = Keyring(Elsewhere(jwks(key("ES384", "two"))))
    both = Partner(jwks_uri=AT, jwks=jwks(key()), ehr=PARTNER.ehr)
    assert [one.kid for one in ring.of(both, NOW) or ()] == ["one"]
    asyncio.run(ring.refresh({"a": both}, NOW))
    assert [one.kid for one in ring.of(both, NOW) or ()] == ["one", "two"]
    assert ring.of(Partner(), NOW) is None
    assert not ring.due(Partner(), NOW)


def test_the_hosts_that_the_settings_list_may_be_private() -> None:
    assert named_hosts(Partner(ehr=("https://a.example/fhir",), endpoints=("http://b:80/", "nonsense"))) == {
        "a.example",
        "b",
    }
