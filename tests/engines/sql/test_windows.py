"""The windows of a leaf in SQL: days worked out beforehand are the days that SQL works out."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.engines.sql import pieces
from priorauth.engines.sql.windows import Anchors, Day, earliest_of, known, latest_of
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.values import dates
from tests import asking

TODAY = dates.day("2026-11-21")


def windows(line: str) -> tuple[f.Window, ...]:
    test = asking.criterion(line).test
    assert isinstance(test, Leaf)
    assert isinstance(test.form, f.AnyRow)
    return test.form.windows


DAYS = st.integers(dates.day("0100-01-01"), dates.day("9900-12-31"))


@settings(max_examples=60, deadline=None)
@given(day=DAYS, count=st.integers(1, 40), unit=st.sampled_from(["months", "days"]), sign=st.sampled_from("-+"))
def test_a_length_moves_a_day_in_sql_as_in_python(day: int, count: int, unit: str, sign: str) -> None:
    (window,) = windows(f"any ketoacidosis within {count} {unit}")
    assert isinstance(window, f.Within)
    here = known(day).moved(window.length.duration, sign).text
    there = Day(pieces.date(day)).moved(window.length.duration, sign).text
    assert duckdb.execute(f"SELECT {here} = {there}").fetchall() == [(True,)]


def test_where_all_share_a_request_date_the_window_stands_in_the_sql_as_dates() -> None:
    frame = Anchors(TODAY, {}).frame(windows("any ketoacidosis within 12 months"))
    assert (frame.from_first.text, frame.to_last.text) == ("DATE '2025-11-22'", "DATE '2026-11-21'")
    assert frame.constant
    assert frame.days == "365"
    assert not Anchors(None, {}).frame(windows("any ketoacidosis within 12 months")).constant


def test_a_window_from_another_date_needs_that_date() -> None:
    used: dict[str, None] = {}
    frame = Anchors(TODAY, used).frame(windows("any ketoacidosis within 6 months before enrollment"))
    assert list(used) == ["enrollment"]
    assert frame.missing == (("enrollment", "s.enrollment_first IS NULL"),)
    assert "'enrollment'" in frame.which


@pytest.mark.parametrize(
    ("first", "last", "can", "fail"),
    [
        ("2025-11-21", "2025-11-21", False, True),
        ("2025-11-22", "2025-11-22", True, False),
        ("2025-11-01", "2025-11-30", True, True),
        ("2026-11-22", "2026-11-22", False, True),
    ],
)
def test_a_day_is_in_the_window_or_not_and_a_month_across_its_edge_may_be(
    first: str, last: str, *, can: bool, fail: bool
) -> None:
    frame = Anchors(TODAY, {}).frame(windows("any ketoacidosis within 12 months"))
    pair = frame.member(f"DATE '{first}'", f"DATE '{last}'")
    assert duckdb.execute(f"SELECT {pair.can}, {pair.fail}").fetchall() == [(can, fail)]


def test_of_two_days_that_are_known_the_later_and_the_earlier_are_known() -> None:
    one, two = known(TODAY), known(TODAY + 1)
    assert (latest_of(one, two), earliest_of(one, two)) == (two, one)
    assert latest_of(one, Day("s.as_of")).text == "greatest(DATE '2026-11-21', s.as_of)"
