"""JSON in which a key stands twice is refused, whatever the spelling; all other JSON is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.values import strict_json
from priorauth.values.strict_json import JsonFault, check

MARKS = st.text(st.sampled_from('":\\ a{}[],\u00e9\u003a'), max_size=5)
KEYS = st.sampled_from(["a", "b", ":", '"', '":', "\\:", "st", ""]) | MARKS


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """Spell a string of JSON in one of its many ways."""
    made = ""
    for letter in text:
        plain = json.dumps(letter, ensure_ascii=False)[1:-1]
        code = f"{ord(letter):04x}"
        made += draw(st.sampled_from([plain, plain, f"\\u{code}", f"\\u{code.upper()}"]))
    return f'"{made}"'


@st.composite
def texts(draw: st.DrawFn, depth: int = 0) -> str:
    """Draw JSON, with keys that stand twice here and there."""
    space = st.sampled_from(["", " ", "\n\t", "  "])
    kind = draw(st.sampled_from(["text", "number", "list", "object", "object"] if depth < 3 else ["text", "number"]))
    if kind == "text":
        return draw(spelled(draw(KEYS)))
    if kind == "number":
        return draw(st.sampled_from(["1", "-0.5", "1e400", "null", "true", "123456789012345678901234567890"]))
    parts = draw(st.integers(0, 3))
    if kind == "list":
        return "[" + ",".join(draw(space) + draw(texts(depth + 1)) for _ in range(parts)) + "]"
    members = [
        f"{draw(space)}{draw(spelled(draw(KEYS)))}{draw(space)}:{draw(space)}{draw(texts(depth + 1))}"
        for _ in range(parts)
    ]
    return "{" + ",".join(members) + draw(space) + "}"


def twice(text: str) -> bool:
    """Say by the standard library alone whether a key stands twice."""
    found = []

    def seen(pairs: list[tuple[str, Any]]) -> None:
        found.append(len({key for key, _ in pairs}) != len(pairs))

    json.loads(text, object_pairs_hook=seen)
    return any(found)


def refused(text: str) -> bool:
    try:
        check(text.encode())
    except JsonFault as fault:
        assert "each key once" in str(fault)  # noqa: PT017 - the other texts raise nothing
        return True
    return False


@settings(max_examples=600)
@given(texts())
def test_a_key_that_stands_twice_is_found_and_nothing_else_is(text: str) -> None:
    assert refused(text) == twice(text)


@settings(max_examples=300)
@given(texts(), st.integers(1, 60))
def test_a_large_text_is_looked_at_part_by_part_with_the_same_result(text: str, large: int) -> None:
    kept = strict_json.LARGE
    strict_json.LARGE = large  # type: ignore[misc]  # a constant: the test makes everything large
    try:
        assert refused(text) == twice(text)
    finally:
        strict_json.LARGE = kept  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [
        '{"status": 1, "status": 2}',
        '{"status" : 1, "status": 2}',
        '{"st\\u0061tus": 1, "status": 2}',
        '{"a": "\\"\\u003a", "status": 1, "status": 2}',
        '{"a": "\\u003A", "status": 1, "status": 2}',
        '{"a": {"a": [{"b": 1, "b": 1}]}}',
        '{"a:": 1, "a\\u003a": 1}',
        '[{"a": 1}, {"a": 1, "a": 1}]',
    ],
)
def test_no_spelling_hides_a_key_that_stands_twice(text: str) -> None:
    with pytest.raises(JsonFault, match=r"expected each key once in an object, found '.*' twice"):
        check(text.encode())


def test_the_same_key_in_two_objects_is_no_fault() -> None:
    check(b'[{"a": 1}, {"a": {"a": "\\":\\\\u003a"}}]')


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": "\xe9"}', "expected UTF-8 text"),
        (b'{"a": ', "expected JSON"),
        (b"", "expected JSON"),
        (b"[" * 200_000 + b"]" * 200_000, "nests less deep"),
    ],
)
def test_what_is_no_json_in_utf_8_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(JsonFault, match=said):
        check(data)


def test_numbers_that_no_float_holds_are_numbers() -> None:
    check(b'{"a": 1e999, "b": ' + b"9" * 5000 + b"}")
