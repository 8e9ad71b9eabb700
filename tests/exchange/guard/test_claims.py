"""What a token has to say, to the second."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.guard import claims
from priorauth.exchange.guard.jws import NotBelieved
from tests.ledger.house import NOW

AT = NOW.timestamp()
SKEW = claims.SKEW.total_seconds()
GOOD = {"aud": "us", "exp": AT + 60, "jti": "one"}


def checked(**said: Any) -> claims.Once:
    return claims.checked({**GOOD, **said}, ("us",), NOW)


def test_a_token_is_remembered_until_no_clock_takes_it_any_more() -> None:
    assert checked() == claims.Once("one", NOW + timedelta(seconds=60) + claims.SKEW)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({"exp": AT - SKEW}, False),
        ({"exp": AT - SKEW + 1}, True),
        ({"exp": AT + 300 + SKEW}, True),
        ({"exp": AT + 301 + SKEW}, False),
        ({"iat": AT + SKEW}, True),
        ({"iat": AT + SKEW + 1}, False),
        ({"nbf": AT + SKEW}, True),
        ({"nbf": AT + SKEW + 1}, False),
        ({"jti": "x" * 255}, True),
        ({"jti": "x" * 256}, False),
    ],
)
def test_each_limit_holds_on_both_sides(said: dict[str, Any], *, taken: bool) -> None:
    if taken:
        checked(**said)
        return
    with pytest.raises(NotBelieved):
        checked(**said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["aud", "exp", "iat", "nbf", "jti"]), JSON))
def test_whatever_stands_in_a_claim_it_is_taken_or_refused(said: dict[str, Any]) -> None:
    try:
        found = checked(**said)
    except NotBelieved:
        return
    assert NOW < found.ends <= NOW + claims.LONGEST + 2 * claims.SKEW
