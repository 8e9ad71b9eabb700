"""The ambulatory glucose profile: percentiles of glucose by time of day, all days laid over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Definitions, definitions
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Percentiles by bin of the local day.

    ``values`` has a row per bin and a column per percentile, in mg/dL (linear between readings; NaN where the bin has
    too few readings, or readings of too few days); ``smoothed`` the same, each bin averaged with its neighbours around
    the clock; ``begins`` the bin's first minute after midnight; ``readings`` how many are in each; ``days`` how many
    local days have any.
    """

    definition: str
    percentiles: tuple[int, ...]
    begins: NDArray[np.int64]
    width: int
    values: NDArray[np.float64]
    smoothed: NDArray[np.float64]
    readings: NDArray[np.int64]
    days: int

    def line(self, percentile: int) -> NDArray[np.float64]:
        """Return one percentile over the day, not smoothed."""
        return self.values[:, self.percentiles.index(percentile)]


def profile(series: Series, stream: int = 0, given: Definitions | None = None) -> Profile:
    """Lay all days of one stream over one another."""
    table = (given or definitions()).profile
    own = slice(int(series.starts[stream]), int(series.starts[stream + 1]))
    local = series.minutes[own].astype(np.int64) + series.offsets[own]
    day, bins = local // MINUTES_A_DAY, local % MINUTES_A_DAY // table.bin
    count = MINUTES_A_DAY // table.bin
    order = np.lexsort((series.glucose[own], bins))
    ordered, edges = series.glucose[own][order], np.searchsorted(bins[order], np.arange(count + 1))
    values = np.full((count, len(table.percentiles)), np.nan)
    of_days = np.bincount(np.unique(day * count + bins) % count, minlength=count)
    for place in np.flatnonzero((np.diff(edges) >= table.readings) & (of_days >= table.days)).tolist():
        values[place] = np.percentile(ordered[edges[place] : edges[place + 1]], table.percentiles)
    return Profile(
        definition=table.id,
        percentiles=table.percentiles,
        begins=np.arange(count) * table.bin,
        width=table.bin,
        values=values,
        smoothed=smoothed(values, table.smooth),
        readings=np.diff(edges),
        days=len(np.unique(day)),
    )


def smoothed(values: NDArray[np.float64], weights: Sequence[int]) -> NDArray[np.float64]:
    """Average each row with its neighbours around the clock; a row without values stays so, and has no weight."""
    known = ~np.isnan(values[:, :1])
    filled = np.where(known, values, 0)
    total, weight = np.zeros_like(values), np.zeros_like(known, float)
    for shift, own in enumerate(weights, -(len(weights) // 2)):
        total += own * np.roll(filled, -shift, axis=0)
        weight += own * np.roll(known, -shift, axis=0)
    return np.where(known, total / np.where(known, weight, 1), np.nan)
