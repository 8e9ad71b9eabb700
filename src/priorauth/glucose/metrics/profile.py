"""The ambulatory glucose profile: percentiles of glucose by time of day, all days laid over one another."""

from __future__ import annotations

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
    too few readings); ``begins`` the bin's first minute after midnight; ``readings`` how many are in each; ``days`` how
    many local days have any.
    """

    definition: str
    percentiles: tuple[int, ...]
    begins: NDArray[np.int64]
    width: int
    values: NDArray[np.float64]
    readings: NDArray[np.int64]
    days: int

    def line(self, percentile: int) -> NDArray[np.float64]:
        """Return one percentile over the day."""
        return self.values[:, self.percentiles.index(percentile)]


def profile(series: Series, stream: int = 0, given: Definitions | None = None) -> Profile:
    """Lay all days of one stream over one another."""
    table = (given or definitions()).profile
    own = slice(int(series.starts[stream]), int(series.starts[stream + 1]))
    local = series.minutes[own].astype(np.int64) + series.offsets[own]
    bins = local % MINUTES_A_DAY // table.bin
    count = MINUTES_A_DAY // table.bin
    order = np.lexsort((series.glucose[own], bins))
    ordered, edges = series.glucose[own][order], np.searchsorted(bins[order], np.arange(count + 1))
    values = np.full((count, len(table.percentiles)), np.nan)
    for place in np.flatnonzero(np.diff(edges) >= table.readings).tolist():
        values[place] = np.percentile(ordered[edges[place] : edges[place + 1]], table.percentiles)
    return Profile(
        definition=table.id,
        percentiles=table.percentiles,
        begins=np.arange(count) * table.bin,
        width=table.bin,
        values=values,
        readings=np.diff(edges),
        days=len(np.unique(local // MINUTES_A_DAY)),
    )
