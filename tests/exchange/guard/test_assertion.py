"""An assertion that is changed anywhere is none: every single change, and two thousand at random."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from priorauth.exchange.guard.assertion import Asserted, asserted
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.keys import Keyring
from priorauth.exchange.plan import plan_of
from tests.exchange.guard.partner import TOKEN, Speaker, at, key, partners, signed
from tests.ledger.house import NOW

RING = Keyring()
KNOWN = plan_of({"exchange": {"partners": partners()}}).partners
EHR = Speaker()
GOOD = EHR.assertion(NOW)
CHANGES = 2_000
LETTERS = string.ascii_letters + string.digits + "-_"


def believed(text: str, **more: Any) -> Asserted:
    return asserted(text, KNOWN, RING, (TOKEN,), NOW, **more)


def test_who_signs_with_a_registered_key_is_believed() -> None:
    found = believed(GOOD, client="clinic-ehr")
    assert (found.client, found.partner.organisation) == ("clinic-ehr", "clinic")
    assert found.key == key().thumbprint()
    assert found.once.jti.startswith("jti-")
    assert NOW < found.once.ends <= NOW + timedelta(minutes=6)


@pytest.mark.shall("DTR 2.2.0/spec-120", "CDS Hooks/201")
def test_a_letter_that_is_another_makes_it_unbelieved() -> None:
    for place, other in product(range(len(GOOD)), "AB.=é"):
        changed = f"{GOOD[:place]}{other}{GOOD[place + 1 :]}"
        if changed != GOOD:
            with pytest.raises(NotBelieved):
                believed(changed)


def _changed(draw: Callable[[st.SearchStrategy[Any]], Any], text: str) -> str:
    """Change a text in one way of many."""
    place, other = draw(st.integers(0, len(text) - 1)), draw(st.sampled_from(LETTERS))
    match draw(st.integers(0, 5)):
        case 0:
            return f"{text[:place]}{other}{text[place + 1 :]}"
        case 1:
            return f"{text[:place]}{text[place + 1 :]}"
        case 2:
            return f"{text[:place]}{other}{text[place:]}"
        case 3:
            return text[:place]
        case 4:
            parts = text.split(".")
            return ".".join(draw(st.permutations(parts)))
        case _:
            return f"{text}{draw(st.text(max_size=20))}"


@st.composite
def mutations(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    text = GOOD
    for _ in range(draw(st.integers(1, 3))):
        text = _changed(draw, text) or "."
    return text


@pytest.mark.shall("DTR 2.2.0/spec-120")
@settings(max_examples=CHANGES, deadline=None)
@given(mutations())
def test_an_assertion_that_was_changed_is_refused_in_one_line(text: str) -> None:
    if text == GOOD:
        return
    with pytest.raises(NotBelieved) as fault:
        believed(text)
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 200


def one_change() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each single thing that an assertion may say wrongly, signed as it should be: in its header, its claims."""
    header: dict[str, Any]
    claims: dict[str, Any]
    for header in (
        {"alg": "none"}, {"alg": "HS384"}, {"alg": "RS384"}, {"alg": "ES256"}, {"alg": None}, {"alg": 7}, {"kid": None},
        {"kid": "other"}, {"kid": ["one"]}, {"typ": "at+jwt"}, {"typ": 1}, {"crit": ["b64"], "b64": False},
        {"b64": True}, {"jku": "https://evil.example/jwks"}, {"jku": None, "crit": []},
    ):  # fmt: skip
        yield header, {}
    late, early = at(NOW, seconds=-61), at(NOW, seconds=61)
    for claims in (
        {"iss": None}, {"iss": "other-ehr"}, {"iss": 1}, {"iss": ""}, {"sub": None}, {"sub": "other-ehr"},
        {"aud": None}, {"aud": f"{TOKEN}/"}, {"aud": TOKEN.upper()}, {"aud": []}, {"aud": [[TOKEN]]},
        {"aud": {"a": TOKEN}},
        {"aud": [TOKEN] * 21}, {"exp": None}, {"exp": late}, {"exp": at(NOW, seconds=361)}, {"exp": str(early)},
        {"exp": True}, {"exp": -1}, {"exp": 1e300}, {"exp": 10**30}, {"iat": early}, {"iat": "now"}, {"iat": []},
        {"iat": True}, {"nbf": early}, {"nbf": "x"},
        {"jti": None}, {"jti": ""}, {"jti": 1}, {"jti": "x" * 256}, {"jti": "a\nb"},
    ):  # fmt: skip
        yield {}, claims


@pytest.mark.shall("DTR 2.2.0/spec-120", "CDS Hooks/201", "CDS Hooks/203")
@pytest.mark.parametrize(("header", "claims"), list(one_change()), ids=str)
def test_an_assertion_with_one_thing_wrong_is_refused_though_it_is_signed(
    header: dict[str, Any], claims: dict[str, Any]
) -> None:
    said = {name: value for name, value in {**EHR.header(), **header}.items() if value is not None}
    with pytest.raises(NotBelieved):
        believed(signed(said, EHR.claims(NOW, **claims), EHR.key))


@pytest.mark.parametrize(
    "claims",
    [
        {"iat": None},
        {"nbf": at(NOW)},
        {"aud": [TOKEN]},
        {"aud": ["x", TOKEN]},
        {"exp": at(NOW, seconds=-59)},
        {"more": {"a": 1}},
    ],
)
def test_what_is_not_wrong_is_believed(claims: dict[str, Any]) -> None:
    assert believed(EHR.assertion(NOW, **claims)).client == "clinic-ehr"


def test_claims_that_are_no_object_say_something_twice_or_are_too_deep_are_refused() -> None:
    deep = b'{"a":' * 3000 + b"1" + b"}" * 3000
    twice = b'{"aud": "x",' + encode(EHR.claims(NOW))[1:]
    for claims in (twice, b"[]", b"1", b"", b"\xff", b'{"iss":', deep):
        with pytest.raises(NotBelieved):
            believed(signed(EHR.header(), claims, EHR.key))


def test_a_partner_whose_keys_are_not_fetched_yet_is_asked_to_try_again_and_its_keys_are_fetched_sooner() -> None:
    known = plan_of({"exchange": {"partners": {"clinic-ehr": {"jwks_uri": "https://ehr.example/jwks"}}}}).partners
    ring = Keyring()
    with pytest.raises(NotBelieved, match="not known yet"):
        asserted(GOOD, known, ring, (TOKEN,), NOW)
    assert ring.due(known["clinic-ehr"], NOW)
