"""Lines of fixed width: what fills a slot, and what is left out."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.synthetic.lines import Lines, digits, joined, present, quoted, shape


def texts(part: Lines) -> bytes:
    return b"".join(bytes(block) for block in part.blocks())


def test_a_shape_writes_each_slot_and_leaves_out_what_is_missing() -> None:
    line = shape({"id": "x<<id:3>>", "n": "<<!n:5>>", "<<?more:10>>": 0, "last": True})
    filled = line.fill(
        2,
        id=digits(np.array([7, 12]), 3),
        n=quoted(["a", "bcd"], 5),
        more=present(joined(quoted(["a", "b"], 3), ":", digits(np.array([1, 2]), 5), ","), np.array([True, False])),
    )
    one, two = texts(filled).splitlines()
    assert json.loads(one.replace(b"00001", b"1")) == {"id": "x007", "n": "a", "a": 1, "last": True}
    assert json.loads(two) == {"id": "x012", "n": "bcd", "last": True}


def test_a_text_too_long_for_its_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at most 3 bytes"):
        quoted(["ab"], 3)


@given(st.lists(st.integers(0, 99_999), min_size=1))
def test_digits_are_those_of_the_number(numbers: list[int]) -> None:
    assert [bytes(row).decode() for row in digits(np.array(numbers), 5)] == [f"{number:05}" for number in numbers]


@given(st.integers(0, 7), st.integers(1, 4))
def test_lines_are_the_same_in_blocks_of_any_size(count: int, block: int) -> None:
    line = shape({"n": "<<n:2>>"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("priorauth.synthetic.lines.BLOCK", block)
        found = texts(line.fill(count, n=digits(np.arange(count), 2)))
    assert [json.loads(one)["n"] for one in found.splitlines()] == [f"{number:02}" for number in range(count)]


def test_repeated_lines_stand_beside_each_other() -> None:
    line = shape({"n": "<<n:1>>"}).fill(3, n=digits(np.arange(3), 1))
    again = line.repeated(np.array([1, 2, 0]))
    assert (len(again), again.size) == (3, len(texts(again)))
    assert [json.loads(one)["n"] for one in texts(again).splitlines()] == ["0", "1", "1"]
