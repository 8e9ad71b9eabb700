"""The pen: ids, days, clocks and turns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from priorauth.synthetic.pen import clock, turns
from priorauth.values.dates import iso
from tests.pens import AS_OF, pen


@given(st.lists(st.integers(-30_000, 400), min_size=1, max_size=20))
def test_days_are_written_as_dates(back: list[int]) -> None:
    days = AS_OF + np.array(back)
    assert [bytes(row).decode() for row in pen(1).day(days)] == [iso(int(number)) for number in days]


def test_minutes_are_written_as_a_clock_shows_them() -> None:
    assert [bytes(row) for row in clock(np.array([0, 61, 1439, 1440]))] == [b"00:00", b"01:01", b"23:59", b"00:00"]


@given(st.lists(st.integers(0, 5)))
def test_turns_count_from_nought_for_each(counts: list[int]) -> None:
    who, turn = turns(np.array(counts, dtype=np.int64))
    assert list(zip(who.tolist(), turn.tolist(), strict=True)) == [
        (one, place) for one, count in enumerate(counts) for place in range(count)
    ]


def test_a_name_is_the_member_a_letter_and_a_turn() -> None:
    assert bytes(pen(3).named(np.array([2]), "k", np.array([7]), 3)[0]) == b"m00000002-k007"
