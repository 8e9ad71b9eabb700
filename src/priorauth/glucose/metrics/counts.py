"""Counts: what the engine counted in series, whole numbers only, from which every metric is one formula away.

Day rows of separate windows of one stream add up, so shares, means and counts over any set of days need no second look
at the readings. MAGE is the one float, taken when asked for, because it takes longer than all the rest together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules, rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.engine import EngineName, load
from priorauth.glucose.metrics.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The counts of a set of series; the arrays beside `days` and `events` hold one value per stream.

    ``intervals`` in minutes (0: unknown), ``stretches`` the longest uncut stretch in minutes, ``mages`` None where not
    asked for; ``totals`` the sums of the day rows by stream (of their columns that add up).
    """

    series: Series
    intervals: NDArray[np.int64]
    stretches: NDArray[np.int64]
    days: NDArray[np.int64]
    events: NDArray[np.int64]
    mages: NDArray[np.float64] | None
    totals: NDArray[np.int64]

    def summed(self, column: int) -> NDArray[np.int64]:
        """Return the sum of one column of the day rows over each stream's days."""
        return self.totals[:, column]

    def events_of(self, kind: int) -> NDArray[np.int64]:
        """Count each stream's events of one kind."""
        rows = self.events[self.events[:, c.KIND] == kind]
        return np.bincount(rows[:, c.EVENT_STREAM], minlength=self.series.streams)


def count(series: Series, *, mage: bool = True, figures: Rules | None = None, engine: EngineName = "auto") -> Counts:
    """Count; ``figures`` other than the shipped ones may be given, and the engine by its name.

    Raises EngineMissing for an engine that is not installed.
    """
    counting, given = load(engine, len(series.minutes)), figures or rules()
    intervals = counting.intervals(series, given)
    events, stretches = counting.event_rows(series, intervals, given)
    days = counting.day_rows(series, given)
    return Counts(
        series=series,
        intervals=intervals,
        stretches=stretches,
        days=days,
        events=events,
        mages=counting.mage(series, given) if mage else None,
        totals=_totals(days, series.streams),
    )


def count_totals(series: Series, *, figures: Rules | None = None, engine: EngineName = "auto") -> Counts:
    """Count no further than :func:`measure.consensus` asks: no days, no events, no MAGE."""
    counting, given = load(engine, len(series.minutes)), figures or rules()
    return Counts(
        series=series,
        intervals=counting.intervals(series, given),
        stretches=np.zeros(series.streams, np.int64),
        days=np.zeros((0, c.DAY_COLUMNS), np.int64),
        events=np.zeros((0, c.EVENT_COLUMNS), np.int64),
        mages=None,
        totals=counting.totals(series, given),
    )


def _totals(days: NDArray[np.int64], streams: int) -> NDArray[np.int64]:
    ends = np.zeros((len(days) + 1, c.DAY_COLUMNS), np.int64)
    np.cumsum(days, axis=0, out=ends[1:])
    edges = np.searchsorted(days[:, c.STREAM], np.arange(streams + 1))
    return ends[edges[1:]] - ends[edges[:-1]]
