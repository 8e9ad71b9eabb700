"""Numbers and frequencies as people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.understand import numbers


def often(text: str) -> str | None:
    match = re.fullmatch(numbers.OFTEN, text, re.IGNORECASE)
    found = None if match is None else numbers.often(match.group())
    return None if found is None else found.written("/d")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5 times a day", "5 /d"),
        ("6x/d", "6 /d"),
        ("4-6x/day", "4-6 /d"),
        ("five or six times", "5-6 /d"),
        ("3 to 4 times daily", "3-4 /d"),
        ("4+ times a day", ">=4 /d"),
        ("at least 4 times daily", ">=4 /d"),
        ("QID", "4 /d"),
        ("TID AC", "3 /d"),
        ("BID", "2 /d"),
        ("qHS", "1 /d"),
        ("twice daily", "2 /d"),
        ("once or twice daily", "1-2 /d"),
        ("every 4 hours", "6 /d"),
        ("q6h", "4 /d"),
        ("before each meal and at bedtime", "4 /d"),
        ("with meals", "3 /d"),
        ("ac and hs", "4 /d"),
        ("with breakfast, lunch, dinner and an afternoon snack", "4 /d"),
        ("every morning", "1 /d"),
        ("4.4 a day", "4.4 /d"),
    ],
)
def test_how_often_is_counted(text: str, wanted: str) -> None:
    assert often(text) == wanted


@pytest.mark.parametrize("text", ["a few times a day", "often", "several times daily", "q5h"])
def test_what_cannot_be_counted_is_none(text: str) -> None:
    assert often(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("8.4", "8.4 %"),
        ("< 0.1", "<0.1 %"),
        ("at least 4", ">=4 %"),
        ("9 to 11", "9-11 %"),
        ("4,310", "4310 %"),
        ("about 8.5", "8.5 %"),
    ],
)
def test_an_amount_keeps_its_bound_and_its_range(text: str, wanted: str) -> None:
    found = numbers.amount(text)
    assert found is not None
    assert found.written("%") == wanted


def test_a_range_that_runs_backwards_is_none() -> None:
    assert numbers.amount("9-4") is None


@given(st.integers(min_value=0, max_value=500), st.integers(min_value=1, max_value=500))
def test_every_range_is_read_back(low: int, more: int) -> None:
    found = numbers.amount(f"{low}-{low + more}")
    assert found is not None
    assert (found.low, found.high) == (str(low), str(low + more))
