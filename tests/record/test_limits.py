import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.record.limits import checked, checked_mapping, deeper_than
from priorauth.record.refused import RefusedInput
from tests.record.building import bundle, read_any


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((depth_of(part) for part in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth_of(part) for part in value), default=0)
    return 0


TEXT = st.text(st.sampled_from('{}[]"\\ax'), max_size=8)
JSON = st.recursive(TEXT | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


@given(JSON, st.integers(0, 6), st.booleans())
def test_depth_is_found_whatever_brackets_stand_inside_strings(value: object, limit: int, spaced: bool) -> None:  # noqa: FBT001
    text = json.dumps(value, separators=None if spaced else (",", ":")).encode()
    assert deeper_than(text, limit) == (depth_of(value) > limit)


def test_one_hundred_levels_are_read_and_one_more_is_refused() -> None:
    assert checked(nested(100), "x") == nested(100)
    with pytest.raises(RefusedInput, match="at most 100 deep"):
        checked(nested(101), "x")


def test_a_hundred_thousand_levels_are_refused_without_a_crash() -> None:
    with pytest.raises(RefusedInput, match="deep"):
        read_any(nested(100_000))


def test_deep_text_that_hides_behind_strings_is_refused() -> None:
    hidden = b'{"a":"' + b"]}" * 500 + b'","b":' + b"[" * 101 + b"]" * 101 + b"}"
    with pytest.raises(RefusedInput, match="deep"):
        checked(hidden, "x")


def test_too_many_bytes_are_refused_before_parsing() -> None:
    with pytest.raises(RefusedInput, match="at most 10 bytes, found 11"):
        checked(b"not even js", "case.json", max_bytes=10)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_any(b"\xef\xbb\xbf" + json.dumps(bundle()).encode()).patient == "Patient/pat-1"


def test_a_mapping_has_the_same_depth_limit() -> None:
    deep: dict[str, object] = {}
    for _ in range(99):
        deep = {"a": deep}
    checked_mapping(deep, "x")
    with pytest.raises(RefusedInput, match="deep"):
        checked_mapping({"a": deep}, "x")
