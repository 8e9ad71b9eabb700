"""Comparisons in SQL are those of Python, for every operator, end and limit."""

from __future__ import annotations

from fractions import Fraction

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.engines.sql import pieces
from priorauth.values import interval
from priorauth.values.dates import Duration
from priorauth.values.interval import OPS, Interval

ENDS = st.one_of(st.none(), st.integers(-3, 3))
LIMITS = st.one_of(st.integers(-3, 3), st.fractions(-3, 3, max_denominator=4))


def said(pair: pieces.Pair) -> tuple[bool, bool]:
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
    ends = pieces.Ends(texts[0], texts[1], "1", "1", pieces.literal(low_open), pieces.literal(high_open))
    value = Interval(low, high, low_open and low is not None, high_open and high is not None)
    for op in OPS:
        assert said(pieces.compare(ends, op, limit)) == tuple(interval.compare(value, op, limit)), op


def test_a_fraction_is_compared_without_division() -> None:
    third = pieces.Ends("1", "1", "3", "3")
    assert said(pieces.compare(third, "=", Fraction(1, 3))) == (True, False)
    assert said(pieces.compare(third, ">", Fraction(33, 100))) == (True, False)


def test_a_quote_in_a_text_stays_inside_the_text() -> None:
    text = "it's; DROP TABLE member --"
    assert duckdb.execute(f"SELECT {pieces.literal(text)}").fetchall() == [(text,)]


WRITTEN = st.text(st.sampled_from("'\"\\;-$/*\n\r ax\u2028\x85\u00e9%?"), max_size=12)


@settings(max_examples=150)
@given(WRITTEN, WRITTEN.filter(bool))
def test_what_a_policy_wrote_stays_a_value_a_name_or_a_comment(value: str, name: str) -> None:
    said = f"{pieces.literal(value)} AS {pieces.identifier(name)} {pieces.comment(value)}"
    text = f"SELECT {said}\n, 1 AS x_{pieces.slug(value)}"
    found = duckdb.execute(text)
    assert found.description is not None
    assert found.fetchall() == [(value, 1)]
    assert found.description[0][0] == name


def test_a_form_says_names_of_facts_in_its_comment_alone() -> None:
    text = pieces.fill("newest", name="n", rows="r", fact_name="a\n; DROP TABLE member; --")
    assert text.splitlines()[0].startswith("-- ")
    assert "DROP" not in "".join(text.splitlines()[1:])


def test_a_text_that_would_end_early_is_refused() -> None:
    for write in (pieces.literal, pieces.identifier):
        with pytest.raises(ValueError, match="without the character"):
            write("a\0b")


MONTHS, DAY = Duration(3, "month"), Duration(1, "day")


@pytest.mark.parametrize(
    ("spans", "length", "apart", "days"),
    [
        ([("2026-06-01", "2026-06-01"), ("2026-09-01", "2026-09-01")], MONTHS, 2, 2),
        ([("2026-06-02", "2026-06-02"), ("2026-09-01", "2026-09-01")], MONTHS, 1, 2),
        ([("2026-03-01", "2026-03-31"), ("2026-07-01", "2026-07-31")], MONTHS, 2, 2),
        ([("2026-03-01", "2026-03-31"), ("2026-06-01", "2026-06-30")], MONTHS, 1, 2),
        ([("2026-03-01", "2026-03-31"), ("2026-03-31", "2026-03-31"), ("2026-01-01", "2026-12-31")], MONTHS, 1, 1),
        ([("2026-06-01", "2026-06-01")] * 3, DAY, 1, 1),
        ([("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31")], DAY, 2, 2),
        ([], DAY, None, None),
    ],
)
def test_rows_are_counted_in_turn_by_their_last_days(
    spans: list[tuple[str, str]], length: Duration, apart: int | None, days: int | None
) -> None:
    listed = ", ".join(f"(DATE '{one}', DATE '{two}', TRUE)" for one, two in spans)
    listed = listed or "(DATE '2026-01-01', DATE '2026-01-01', FALSE)"
    rows = f"SELECT first, last FROM (VALUES {listed}) AS v(first, last, there) WHERE there"
    texts = (pieces.in_turn(pieces.shifted("r.first", length, "-"), ">="), pieces.in_turn("r.first", ">"))
    found = duckdb.execute(f"SELECT {', '.join(texts)} FROM ({rows}) AS r HAVING count(*) > 0").fetchall()
    assert found == ([] if apart is None else [(apart, days)])
