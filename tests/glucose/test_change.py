from datetime import date

import numpy as np
import pytest

from priorauth.glucose.change import Change, change
from priorauth.glucose.formats.reading import Flag
from tests.glucose.drawn import MIDNIGHT

JANUARY, FEBRUARY = (date(2024, 1, 1), date(2024, 1, 28)), (date(2024, 2, 1), date(2024, 2, 28))


def compared(before: int, after: int, *, spread: int = 30, days: int = 59) -> Change:
    """Compare two months around the levels `before` and `after`."""
    rng = np.random.default_rng(5)
    count = 288 * days
    month = np.arange(count) // 288 >= 31
    level = np.where(month, after, before) + rng.normal(0, 15, days).repeat(288)
    glucose = np.clip(np.round(level + spread * np.sin(np.arange(count) / 20)), 40, 400).astype(int)
    minutes = MIDNIGHT + 5 * np.arange(count)
    nothing = np.zeros(count, int)
    return change("cgm", minutes, nothing, glucose, nothing, before=JANUARY, after=FEBRUARY)


def test_a_lower_mean_is_better_and_its_interval_holds_the_difference() -> None:
    found = compared(190, 150).differences["mean_mg_dl"]
    assert found.shown == "better"
    assert found.low is not None
    assert found.high is not None
    assert found.difference is not None
    assert found.low < found.difference < found.high < 0


def test_less_time_in_range_is_worse() -> None:
    assert compared(150, 190).differences["time_70_180_percent"].shown == "worse"


def test_two_months_alike_show_no_difference() -> None:
    found = compared(150, 150).differences["mean_mg_dl"]
    assert found.shown == "no difference shown"


def test_events_are_compared_by_the_week() -> None:
    found = compared(60, 150, spread=0).differences["hypo_level_1_per_week"]
    assert found.shown == "better"
    assert found.after == 0


def test_the_difference_is_that_of_the_two_summaries() -> None:
    found = compared(190, 150)
    difference = found.differences["time_above_180_percent"]
    assert difference.before == pytest.approx(found.before.value("time_above_180_percent"))
    assert difference.after == pytest.approx(found.after.value("time_above_180_percent"))


def test_both_windows_must_suffice() -> None:
    assert compared(150, 150).sufficient
    assert not compared(150, 150, days=40).sufficient


def test_an_empty_window_leaves_every_difference_unknown() -> None:
    found = compared(150, 150, days=28)
    assert {each.shown for each in found.differences.values()} == {"unknown"}


def test_the_same_record_gives_the_same_intervals() -> None:
    assert compared(160, 150).differences == compared(160, 150).differences


def test_wide_days_before_meals_and_high_mornings_are_compared() -> None:
    rows = [
        (1440 * day + hour * 60, high) for day in range(59) for hour, high in ((7, 210 if day < 31 else 120), (12, 100))
    ]
    minutes, glucose = [MIDNIGHT + minute for minute, _ in rows], [value for _, value in rows]
    tags = [int(Flag.BEFORE_MEAL)] * len(rows)
    found = change("meter", minutes, [0] * len(rows), glucose, tags, before=JANUARY, after=FEBRUARY).differences
    for name in ("premeal_wide_days_percent", "fasting_above_200_percent"):
        assert (found[name].before, found[name].after, found[name].shown) == (100, 0, "better")


@pytest.mark.parametrize("spans", [(FEBRUARY, JANUARY), (JANUARY, JANUARY), (JANUARY[::-1], FEBRUARY)])
def test_spans_out_of_order_are_refused(spans: tuple[tuple[date, date], tuple[date, date]]) -> None:
    with pytest.raises(ValueError, match="expected two spans of days, the first before the second"):
        change("cgm", [], [], [], [], before=spans[0], after=spans[1])
