"""Change between two windows of one stream: differences, each with an interval from a bootstrap of whole days.

Days, not readings, are drawn: readings of one day depend on one another. The draws come from a fixed seed by the raw
numbers of PCG64, so that the same record gives the same interval on every machine. An interval that excludes zero shows
a difference; one that does not, shows none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from priorauth.glucose import census as censuses
from priorauth.glucose import columns as c
from priorauth.glucose import summary as summaries
from priorauth.glucose import traces
from priorauth.glucose.census import Census
from priorauth.glucose.columns import MINUTES_A_DAY, NONE
from priorauth.glucose.definitions import Definitions, definitions
from priorauth.glucose.summary import Summary
from priorauth.glucose.traces import Device

Days = tuple[date, date]
Shown = Literal["better", "worse", "no difference shown", "unknown"]

_HYPO_1, _HYPO_2, _PAIRED, _WIDE, _FASTED, _FASTED_HIGH, _DAYS = range(c.DAY_COLUMNS, c.DAY_COLUMNS + 7)


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in two windows: after minus before, with the interval of the bootstrap; None where unknown."""

    name: str
    definition: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    shown: Shown


@dataclass(frozen=True, slots=True)
class Change:
    """Two windows of one stream side by side; ``sufficient`` says whether both have the data the consensus asks for."""

    before: Summary
    after: Summary
    differences: Mapping[str, Difference]
    sufficient: bool


def change(  # noqa: PLR0913  (parallel columns)
    device: Device,
    minutes: ArrayLike,
    offsets: ArrayLike,
    glucose: ArrayLike,
    flags: ArrayLike,
    *,
    before: Days,
    after: Days,
) -> Change:
    """Compare two spans of local days, ends included, that do not overlap; raises ValueError."""
    if not before[0] <= before[1] < after[0] <= after[1]:
        raise ValueError(f"before, after: expected two spans of days, the first before the second: {before}, {after}")
    table = definitions()
    arrays = (minutes, offsets, glucose, flags)
    windows = (before, after)
    first, second = (summaries.summary(device, *arrays, from_day=start, until_day=end) for start, end in windows)
    given = traces.one(device, *arrays)
    rows = [_rows(censuses.take(summaries.within(given, *days), mage=False), table) for days in windows]
    whole = [each.sum(axis=0).astype(np.float64) for each in rows]
    drawn = [_drawn(each, place, table) for place, each in enumerate(rows)]
    differences = {name: _difference(name, whole, drawn, table) for name in table.change.better}
    enough = all(each.evidence["mean_mg_dl"].sufficient for each in (first, second))
    return Change(first, second, differences, enough)


def _rows(census: Census, table: Definitions) -> NDArray[np.int64]:
    """Give the day rows of a window, with what a day adds to events, swings before meals, fasting values and days."""
    days = census.days
    rows = np.zeros((len(days), _DAYS + 1), np.int64)
    rows[:, : c.DAY_COLUMNS] = days
    moment = census.traces.minutes.astype(np.int64) + census.traces.offsets
    for column, kind in ((_HYPO_1, c.HYPO_1), (_HYPO_2, c.HYPO_2)):
        first = census.events[census.events[:, c.KIND] == kind, c.FIRST]
        rows[:, column] = np.bincount(
            np.searchsorted(days[:, c.DAY], moment[first] // MINUTES_A_DAY), minlength=len(days)
        )
    paired = days[:, c.PREMEAL_READINGS] > 1
    fasting = days[:, c.FASTING]
    rows[:, _PAIRED] = paired
    rows[:, _WIDE] = paired & (days[:, c.PREMEAL_HIGHEST] - days[:, c.PREMEAL_LOWEST] > table.meals.wide)
    rows[:, _FASTED] = fasting != NONE
    rows[:, _FASTED_HIGH] = fasting > table.fasting.high
    rows[:, _DAYS] = 1
    return rows


def _measured(name: str, sums: NDArray[np.float64], table: Definitions) -> NDArray[np.float64]:
    """Take one metric from summed day rows (last axis: columns)."""
    n, days = sums[..., c.READINGS], sums[..., _DAYS]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums[..., c.SUM] / n
        variance = np.maximum(sums[..., c.SQUARES] - sums[..., c.SUM] * mean, 0) / (n - 1)
        found = {
            "mean_mg_dl": mean,
            "cv_percent": 100 * np.sqrt(variance) / mean,
            "gmi_percent": table.gmi["constant"] + table.gmi["slope"] * mean,
            "time_70_180_percent": 100 * (n - sums[..., c.LOW] - sums[..., c.HIGH]) / n,
            "time_below_70_percent": 100 * sums[..., c.LOW] / n,
            "time_below_54_percent": 100 * sums[..., c.VERY_LOW] / n,
            "time_above_180_percent": 100 * sums[..., c.HIGH] / n,
            "time_above_250_percent": 100 * sums[..., c.VERY_HIGH] / n,
            "hypo_level_1_per_week": 7 * sums[..., _HYPO_1] / days,
            "hypo_level_2_per_week": 7 * sums[..., _HYPO_2] / days,
            "premeal_wide_days_percent": 100 * sums[..., _WIDE] / sums[..., _PAIRED],
            "fasting_above_200_percent": 100 * sums[..., _FASTED_HIGH] / sums[..., _FASTED],
        }[name]
    return np.where(np.isfinite(found), found, np.nan)


def _drawn(rows: NDArray[np.int64], window: int, table: Definitions) -> NDArray[np.float64]:
    """Sum the rows of as many days as there are, drawn with replacement, once for each draw (whole numbers: exact)."""
    count, draws = len(rows), table.change.draws
    if not count:
        return np.zeros((draws, rows.shape[1]))
    raw = np.random.PCG64(table.change.seed + window).random_raw(draws * count)
    chosen = (raw % np.uint64(count)).astype(np.int64).reshape(draws, count)
    times = np.bincount((chosen + np.arange(draws)[:, None] * count).ravel(), minlength=draws * count)
    return times.reshape(draws, count).astype(np.float64) @ rows.astype(np.float64)


def _difference(
    name: str, whole: list[NDArray[np.float64]], drawn: list[NDArray[np.float64]], table: Definitions
) -> Difference:
    before, after = (float(_measured(name, sums, table)) for sums in whole)
    known_before, known_after = (None if np.isnan(value) else value for value in (before, after))
    if known_before is None or known_after is None:
        return Difference(name, table.change.id, known_before, known_after, None, None, None, "unknown")
    spread = _measured(name, drawn[1], table) - _measured(name, drawn[0], table)
    tail = (100 - table.change.level) / 2
    low, high = (float(value) for value in np.percentile(spread[np.isfinite(spread)], [tail, 100 - tail]))
    shown: Shown = "no difference shown"
    if low > 0 or high < 0:
        shown = "better" if (low > 0) == (table.change.better[name] == "higher") else "worse"
    return Difference(name, table.change.id, before, after, after - before, low, high, shown)
