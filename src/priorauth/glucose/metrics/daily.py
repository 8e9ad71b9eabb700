"""What the days of a stream show: swings before meals, fasting values, the dawn phenomenon, low nights.

Where readings before meals are tagged, tags decide; where none is, the first reading in each window of the day stands
for "before the meal", and the column says so in ``by``: the same figure from tags and from windows is not the same
evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Definitions
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.columns import NONE
from priorauth.glucose.metrics.counts import Counts

By = Literal["", "tags", "windows"]

_MEALS = [c.MEAL_1, c.MEAL_2, c.MEAL_3]
_NOWHERE = 1 << 40


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One metric of all streams: values (NaN: unknown), what each rests on, and how that was told."""

    value: NDArray[np.float64]
    n: NDArray[np.int64]
    by: NDArray[np.bool_] | None = None  # whether windows, not tags, told what is before a meal

    def told_by(self, stream: int) -> By:
        """Return how readings before meals were told, where the metric is about them."""
        if self.by is None:
            return ""
        return "windows" if self.by[stream] else "tags"


def measure(counted: Counts, given: Definitions) -> dict[str, Column]:
    """Take the daily metrics of all streams."""
    return {**_before_meals(counted, given), **_mornings(counted, given)}


def _per_stream(counted: Counts, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.bincount(counted.days[rows, c.STREAM], minlength=counted.series.streams)


def _before_meals(counted: Counts, given: Definitions) -> dict[str, Column]:
    days, streams = counted.days, counted.days[:, c.STREAM]
    windows = (counted.summed(c.PREMEAL_READINGS) == 0)[streams]
    meals = days[:, _MEALS]
    there = meals != NONE
    count = np.where(windows, there.sum(axis=1), days[:, c.PREMEAL_READINGS])
    total = np.where(windows, np.where(there, meals, 0).sum(axis=1), days[:, c.PREMEAL_SUM])
    squares = np.where(windows, np.where(there, meals * meals, 0).sum(axis=1), days[:, c.PREMEAL_SQUARES])
    lowest = np.where(windows, np.where(there, meals, _NOWHERE).min(axis=1), days[:, c.PREMEAL_LOWEST])
    highest = np.where(windows, np.where(there, meals, NONE).max(axis=1), days[:, c.PREMEAL_HIGHEST])

    n, sums, more = (_added(counted, values) for values in (count, total, squares))
    some = count > 0
    low, high = np.full(len(n), _NOWHERE), np.full(len(n), NONE)
    np.minimum.at(low, streams[some], lowest[some])
    np.maximum.at(high, streams[some], highest[some])
    enough = n > 1
    variance = (more - sums * (sums / n)) / (n - 1)
    paired = count > 1
    days_with_two = _per_stream(counted, paired)
    wide = _per_stream(counted, paired & (highest - lowest > given.meals.wide))
    by = counted.summed(c.PREMEAL_READINGS) == 0
    return {
        "premeal_range_mg_dl": Column(np.where(enough, high - low, np.nan), n, by),
        "premeal_wide_days": Column(np.where(days_with_two > 0, wide, np.nan), days_with_two, by),
        "premeal_sd_mg_dl": Column(np.where(enough, np.sqrt(np.maximum(variance, 0)), np.nan), n, by),
    }


def _added(counted: Counts, values: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.zeros(counted.series.streams, np.int64)
    np.add.at(total, counted.days[:, c.STREAM], values)
    return total


def _mornings(counted: Counts, given: Definitions) -> dict[str, Column]:
    days, streams = counted.days, counted.days[:, c.STREAM]
    fasting, lowest = days[:, c.FASTING], days[:, c.NIGHT_LOWEST]
    known = fasting != NONE
    mornings = _per_stream(counted, known)
    high = _per_stream(counted, known & (fasting > given.fasting.high))
    nights = _per_stream(counted, lowest != NONE)
    low_nights = _per_stream(counted, (lowest != NONE) & (lowest < given.ranges.low))

    night = given.night
    recorded = days[:, c.NIGHT_READINGS] * counted.intervals[streams] * 100
    whole = recorded >= night["share"] * (night["until"] - night["from"])
    judged = known & whole & (lowest != NONE) & (lowest >= given.ranges.low)
    rise = fasting - lowest
    pairs = _per_stream(counted, judged)
    dawns = _per_stream(counted, judged & (rise >= given.dawn["rise"]))
    median = np.where(pairs >= given.dawn["days"], _medians(streams[judged], rise[judged], len(pairs)), np.nan)
    return {
        "fasting_above_200_days": Column(np.where(mornings > 0, high, np.nan), mornings),
        "dawn_days": Column(np.where(pairs >= given.dawn["days"], dawns, np.nan), pairs),
        "dawn_rise_mg_dl": Column(median, pairs),
        "nights_below_70": Column(np.where(nights > 0, low_nights, np.nan), nights),
    }


def _medians(streams: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    """Return the median of the values of each stream, NaN where there are none."""
    ordered = values[np.lexsort((values, streams))]
    edges = np.searchsorted(streams, np.arange(count + 1))
    low, high = edges[:-1], edges[1:]
    if not len(ordered):
        return np.full(count, np.nan)
    lower = ordered[np.clip((low + high - 1) // 2, 0, len(ordered) - 1)]
    upper = ordered[np.clip((low + high) // 2, 0, len(ordered) - 1)]
    return np.where(high > low, (lower + upper) / 2, np.nan)
