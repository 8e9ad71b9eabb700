import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import InputRefused
from priorauth.fhir import limits
from priorauth.fhir.limits import checked, checked_mapping, deeper_than, entries_fault
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
    with pytest.raises(InputRefused, match="at most 100 deep"):
        checked(nested(101), "x")


def test_a_hundred_thousand_levels_are_refused_without_a_crash() -> None:
    with pytest.raises(InputRefused, match="deep"):
        read_any(nested(100_000))


def test_deep_text_that_hides_behind_strings_is_refused() -> None:
    hidden = b'{"a":"' + b"]}" * 500 + b'","b":' + b"[" * 101 + b"]" * 101 + b"}"
    with pytest.raises(InputRefused, match="deep"):
        checked(hidden, "x")


def test_too_many_bytes_are_refused_before_parsing() -> None:
    with pytest.raises(InputRefused, match="at most 10 bytes, found 11"):
        checked(b"not even js", "case.json", max_bytes=10)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_any(b"\xef\xbb\xbf" + json.dumps(bundle()).encode()).patient == "Patient/pat-1"


def test_a_mapping_has_the_same_depth_limit() -> None:
    deep: dict[str, object] = {}
    for _ in range(99):
        deep = {"a": deep}
    checked_mapping(deep, "x")
    with pytest.raises(InputRefused, match="deep"):
        checked_mapping({"a": deep}, "x")


# ---- keys


@pytest.mark.parametrize("large", [False, True])
def test_a_key_that_stands_twice_in_the_case_is_refused(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    if large:
        monkeypatch.setattr("priorauth.values.strict_json.LARGE", 1)
        monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 1)
    text = json.dumps(bundle())
    assert read_any(text.encode()).patient == "Patient/pat-1"
    for twice in (
        text.replace('"birthDate":', '"birthDate": "1900-01-01", "birthDate":'),
        text[:-1] + ', "entry": []}',
    ):
        assert twice != text
        with pytest.raises(InputRefused, match=r"expected each key once in an object, found '(birthDate|entry)' twice"):
            read_any(twice.encode())


def test_bytes_that_are_no_utf_8_are_refused_where_nobody_reads_them_too() -> None:
    text = json.dumps(bundle() | {"implicitRules": "X"}).encode()
    with pytest.raises(InputRefused, match="expected UTF-8 text"):
        read_any(text.replace(b"X", b"\xe9"))


def test_a_bundle_may_have_so_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 3)
    assert entries_fault(3) is None
    assert entries_fault(4) == "expected at most 3 entries, found 4"


@pytest.mark.parametrize("bad", [b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80"])
@pytest.mark.parametrize("before", [0, 999_990, 999_993, 2_000_000])
def test_bytes_that_are_no_utf_8_are_refused_wherever_they_stand(bad: bytes, before: int) -> None:
    text = b'"' + b"x" * before + bad + b'"'
    with pytest.raises(InputRefused, match=r"^x: expected UTF-8 text$"):
        checked(text, "x")


@pytest.mark.parametrize("before", range(999_990, 1_000_000))
def test_a_character_of_several_bytes_may_stand_anywhere(before: int) -> None:
    text = b'"' + b"x" * before + "é試\U0001f600".encode() + b'"'
    assert checked(text, "x") == text


def test_just_so_many_bytes_are_read() -> None:
    assert checked(b'{"a": 1}  ', "x", max_bytes=10) == b'{"a": 1}  '


@pytest.mark.parametrize("text", [b'{"a": [1], "b": [2]}', b'[{"a": {}}]', b"[[], []]"])
def test_objects_and_arrays_are_counted_alike(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_OBJECTS", 3)
    assert checked(text, "x") == text
    monkeypatch.setattr(limits, "MAX_OBJECTS", 2)
    with pytest.raises(InputRefused, match="at most 2 JSON objects and arrays"):
        checked(text, "x")
