"""What the scanner understands is JSON, and usual JSON is understood."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from priorauth.population.ingest.plain import syntax

SIGNS = st.text('{}[]",:\\/ \t\r0123456789.-+eEtrufalsnbx\x01é', max_size=14)


def understood(text: str) -> bool:
    data = np.frombuffer(text.encode() or b" ", np.uint8)
    return bool(syntax.value(data, 0, len(data), True) == len(data))


@settings(max_examples=600, deadline=None)
@given(SIGNS)
@example('{"a":[1,{"b":null}],"c":"\\u00e9"}')
@example("-0.5")
def test_what_is_understood_is_json(text: str) -> None:
    if understood(text):
        msgspec.json.decode(text.encode())


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=12,
    )
)
def test_usual_json_is_understood(value: object) -> None:
    assert understood(msgspec.json.encode(value).decode())
