"""Our own tokens: what they say, until when, and that no other is taken for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt

from priorauth.exchange.guard import access, signing
from priorauth.exchange.guard.jws import NotBelieved
from tests.exchange.guard.partner import BASE
from tests.ledger.house import NOW

KEY = signing.made()
OWN = signing.Fixed((KEY,)).published()
SAID = access.Access("clinic-ehr", ("system/Claim.c", "system/Claim.r"), "thumbprint", None)


def read(text: str, base: str = BASE, later: timedelta = timedelta(0)) -> access.Access:
    return access.read(text, base, OWN, NOW + later)


@pytest.mark.parametrize("bound", [None, "the thumbprint of a certificate"])
def test_what_is_issued_is_read_again(bound: str | None) -> None:
    said = SAID._replace(certificate=bound)
    assert read(access.issued(said, BASE, KEY, NOW, "one")) == said


def test_it_is_good_for_five_minutes_to_the_second() -> None:
    found = access.issued(SAID, BASE, KEY, NOW, "one")
    assert read(found, later=access.LASTS - timedelta(seconds=1)) == SAID
    with pytest.raises(NotBelieved, match="expired"):
        read(found, later=access.LASTS)
    with pytest.raises(NotBelieved, match="another address"):
        read(found, base="https://api.plan.example/other")


def test_a_letter_that_is_another_makes_it_none() -> None:
    found = access.issued(SAID, BASE, KEY, NOW, "one")
    for place, letter in enumerate(found):
        with pytest.raises(NotBelieved):
            read(f"{found[:place]}{'A' if letter != 'A' else 'B'}{found[place + 1 :]}")


def _claims(**lies: Any) -> dict[str, Any]:
    found = jwt.decode(access.issued(SAID, BASE, KEY, NOW, "one"), KEY, algorithms=["ES256"]).claims
    return {name: value for name, value in {**found, **lies}.items() if value is not None}


@pytest.mark.parametrize(
    "lies",
    [{"iss": "x"}, {"iss": None}, {"aud": None}, {"exp": None}, {"jti": None}, {"client_id": None}, {"key": None},
     {"cnf": {}}, {"cnf": "x"}, {"cnf": {"x5t#S256": 1}}],
)  # fmt: skip
def test_a_token_that_lacks_something_is_refused_though_we_signed_it(lies: dict[str, Any]) -> None:
    header = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}
    with pytest.raises(NotBelieved):
        read(jwt.encode(header, _claims(**lies), KEY))
    assert read(jwt.encode(header, _claims(), KEY)) == SAID


def test_a_token_of_another_kind_or_of_another_key_is_none() -> None:
    for header, by in (({"typ": "JWT"}, KEY), ({}, signing.made()), ({"kid": "x"}, KEY)):
        said = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt", **header}
        with pytest.raises(NotBelieved):
            read(jwt.encode(said, _claims(), by))
