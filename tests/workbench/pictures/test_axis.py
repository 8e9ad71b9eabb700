"""Days from left to right: in order, within the paper, named so that no two names touch."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from priorauth.values.dates import FIRST_DAY, LAST_DAY, day
from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.axis import Axis, around, foot
from tests.workbench.pictures import seen

DAYS = st.integers(FIRST_DAY, LAST_DAY)


@given(one=DAYS, other=DAYS, width=st.sampled_from([svg.WIDE, svg.NARROW]))
def test_every_axis_stays_on_its_paper_and_its_names_apart(one: int, other: int, width: int) -> None:
    axis = Axis(*around([one, other]), 14, width - 14)
    ticks = list(axis.ticks())
    assert all(axis.left <= x <= axis.right for x, _ in ticks)
    assert all(a < b for (a, _), (b, _) in pairwise(ticks))
    drawn = svg.root("a", (width, 60), ("", ""), foot(axis, 10))
    assert seen.beyond(drawn) == []
    assert seen.touching(drawn) == []


@given(one=DAYS, other=DAYS, third=DAYS)
def test_days_stand_in_their_order_and_those_beyond_at_the_edges(one: int, other: int, third: int) -> None:
    axis = Axis(*around([one, other]), 0, 100)
    assert 0 <= axis.at(third) <= 100
    assert (axis.at(one) <= axis.at(other)) == (one <= other) or axis.at(one) == axis.at(other)


def test_a_span_reaches_from_the_morning_of_its_first_day_to_the_evening_of_its_last() -> None:
    axis = Axis(1, 10, 0, 100)
    assert axis.span(1, 1) == (0, 10)
    assert axis.span(None, None) == (0, 100)
    assert axis.span(11, 20) is None
    assert axis.span(None, 0) is None


def test_a_month_of_days_is_named_by_its_weeks_and_a_year_by_its_months() -> None:
    month = Axis(day("2026-10-20"), day("2026-11-22"), 14, 706)
    assert [name for _, name in month.ticks()][:2] == ["25 Oct", "1 Nov"]
    year = Axis(day("2025-11-20"), day("2026-11-22"), 14, 706)
    assert [name for _, name in year.ticks()][:3] == ["Jan 2026", "Mar 2026", "May 2026"]
    decades = Axis(day("1980-01-01"), day("2026-11-22"), 14, 706)
    assert [name for _, name in decades.ticks()][:2] == ["1980", "1985"]
