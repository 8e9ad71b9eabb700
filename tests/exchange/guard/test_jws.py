"""A token taken apart, and believed where an expected key has signed it."""

from __future__ import annotations

import pytest
from joserfc.jwk import ECKey

from priorauth.exchange.guard import jws
from priorauth.exchange.guard.keys import keys
from tests.exchange.guard.partner import Speaker, jwks, key, signed
from tests.ledger.house import NOW

EHR = Speaker()
ES384 = ("ES384",)


def test_a_token_is_read_before_anything_of_it_is_believed() -> None:
    found = jws.unread(EHR.assertion(NOW), ES384)
    assert (found.header["kid"], found.claims["iss"]) == ("one", "clinic-ehr")


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c.d", "a.b.c", "é.b.c", "x" * (jws.MOST + 1), "=.=.="])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(jws.NotBelieved):
        jws.unread(text, ES384)


def test_a_key_in_the_header_is_not_read() -> None:
    stranger = key("ES384", "stranger")
    said = EHR.header(kid="stranger", jwk=stranger.as_dict(private=False), x5c=["MIIB"], x5u="https://evil.example/a")
    found = jws.unread(signed(said, EHR.claims(NOW), stranger), ES384)
    with pytest.raises(jws.NotBelieved, match="no registered key"):
        jws.believed(found, keys(jwks(key())))


def test_a_key_signs_with_its_own_algorithms_alone() -> None:
    found = jws.unread(EHR.assertion(NOW), ES384)
    (own,) = keys(jwks(key()))
    with pytest.raises(jws.NotBelieved, match="no registered key"):
        jws.believed(found, [own._replace(algorithms=("ES256",))])


def test_a_token_that_is_too_long_is_not_looked_at_whoever_signed_it() -> None:
    for size, taken in ((jws.MOST // 2, True), (jws.MOST, False)):
        text = EHR.assertion(NOW, more="x" * size)
        if taken:
            assert jws.believed(jws.unread(text, ES384), keys(jwks(key())))
            continue
        with pytest.raises(jws.NotBelieved, match="at most"):
            jws.unread(text, ES384)


def test_of_two_keys_of_one_name_the_one_that_signed_is_found() -> None:
    old, new = (ECKey.generate_key("P-384", {"kid": "same", "alg": "ES384"}) for _ in range(2))
    for one in (old, new):
        found = jws.unread(Speaker(key=one).assertion(NOW), ES384)
        assert jws.believed(found, keys(jwks(old, new))).key.thumbprint == one.thumbprint()


def test_a_header_that_names_a_long_address_of_keys_is_read() -> None:
    long = f"https://ehr.example/{'a' * 900}"
    found = jws.unread(EHR.assertion(NOW, header={"jku": long}), ES384)
    assert jws.believed(found, keys(jwks(key()))).header["jku"] == long
