"""A comparison with a number known in part says what every number it may be would say."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from priorauth.values.interval import ANYTHING, OPS, Interval, Number, Op, between, compare, exactly, hull
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth

ends = st.one_of(st.none(), st.integers(-6, 6))
RELATION = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
}
# Halves from below every end to above it: what lies open between two ends shows in one of them.
NUMBERS = [Fraction(n, 2) for n in range(-40, 41)]


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(ends), draw(ends)
    low_open, high_open = draw(st.booleans()), draw(st.booleans())
    if low is not None and high is not None:
        assume(low < high or (low == high and not low_open and not high_open))
    return Interval(low, high, low_open and low is not None, high_open and high is not None)


def members(value: Interval) -> list[Fraction]:
    def inside(number: Fraction) -> bool:
        above = value.low is None or number > value.low or (number == value.low and not value.low_open)
        below = value.high is None or number < value.high or (number == value.high and not value.high_open)
        return above and below

    return [number for number in NUMBERS if inside(number)]


@given(intervals(), st.sampled_from(OPS), st.integers(-7, 7))
def test_a_comparison_is_what_every_number_it_may_be_says(value: Interval, op: Op, limit: int) -> None:
    said = {RELATION[op](number, limit) for number in members(value)}
    assert compare(value, op, limit) == Truth(can_hold=True in said, can_fail=False in said)


@given(intervals(), st.integers(-7, 7), st.integers(0, 5))
def test_lying_between_is_what_every_number_it_may_be_says(value: Interval, low: int, width: int) -> None:
    said = {low <= number <= low + width for number in members(value)}
    assert between(value, low, low + width) == Truth(can_hold=True in said, can_fail=False in said)


@given(intervals(), intervals())
def test_the_hull_holds_both_and_nothing_beyond_their_ends(one: Interval, two: Interval) -> None:
    both = set(members(hull(one, two)))
    assert set(members(one)) | set(members(two)) <= both
    assert max(both) in members(one) + members(two)
    assert min(both) in members(one) + members(two)
    assert hull(one, two) == hull(two, one)


@pytest.mark.parametrize(
    ("value", "op", "limit", "truth"),
    [
        (exactly(70), ">", 70, NOT_MET),
        (exactly(71), ">", 70, MET),
        (exactly(70), ">=", 70, MET),
        (exactly(69), ">=", 70, NOT_MET),
        (Interval(140, None, True), ">", 140, MET),
        (Interval(140, None), ">", 140, UNKNOWN),
        (Interval(140, None), ">=", 140, MET),
        (Interval(None, 70, False, True), ">=", 70, NOT_MET),
        (Interval(None, 70), ">=", 70, UNKNOWN),
        (Interval(140, None, True), "=", 140, NOT_MET),
        (ANYTHING, ">", 70, UNKNOWN),
        (ANYTHING, "=", 70, UNKNOWN),
    ],
)
def test_a_result_with_a_comparator_settles_what_it_can(value: Interval, op: Op, limit: Number, truth: Truth) -> None:
    assert compare(value, op, limit) == truth


def test_a_limit_may_be_a_fraction() -> None:
    assert compare(exactly(4), ">=", Fraction(9, 2)) == NOT_MET
    assert compare(exactly(Fraction(121, 30)), ">", 4) == MET


def test_an_empty_range_holds_nothing() -> None:
    assert between(exactly(5), 6, 4) == NOT_MET
