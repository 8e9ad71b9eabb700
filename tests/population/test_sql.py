"""Comparisons in SQL are those of Python, for every operator, end and limit."""

from __future__ import annotations

from fractions import Fraction

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.population import sql
from priorauth.values import interval
from priorauth.values.interval import OPS, Interval

ENDS = st.one_of(st.none(), st.integers(-3, 3))
LIMITS = st.one_of(st.integers(-3, 3), st.fractions(-3, 3, max_denominator=4))


def said(pair: sql.Pair) -> tuple[bool, bool]:
    can, fail = duckdb.execute(f"SELECT {pair.can}, {pair.fail}").fetchall()[0]
    assert can is not None
    assert fail is not None
    return can, fail


@settings(max_examples=150)
@given(low=ENDS, high=ENDS, low_open=st.booleans(), high_open=st.booleans(), limit=LIMITS)
def test_a_number_between_two_ends_compares_as_in_python(
    low: int | None, high: int | None, *, low_open: bool, high_open: bool, limit: Fraction | int
) -> None:
    if low is not None and high is not None and (low, low_open, high_open) > (high, False, False):
        low, high, low_open, high_open = high, low, False, False
    texts = ["NULL::BIGINT" if end is None else f"({end})" for end in (low, high)]
    ends = sql.Ends(texts[0], texts[1], "1", "1", sql.literal(low_open), sql.literal(high_open))
    value = Interval(low, high, low_open and low is not None, high_open and high is not None)
    for op in OPS:
        assert said(sql.compare(ends, op, limit)) == tuple(interval.compare(value, op, limit)), op


def test_a_fraction_is_compared_without_division() -> None:
    third = sql.Ends("1", "1", "3", "3")
    assert said(sql.compare(third, "=", Fraction(1, 3))) == (True, False)
    assert said(sql.compare(third, ">", Fraction(33, 100))) == (True, False)


def test_a_quote_in_a_text_stays_inside_the_text() -> None:
    text = "it's; DROP TABLE member --"
    assert duckdb.execute(f"SELECT {sql.literal(text)}").fetchall() == [(text,)]
