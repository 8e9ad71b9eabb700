"""A census: what the engine counted in traces, whole numbers only, from which every metric is one formula away.

Day rows of separate windows of one stream add up, so shares, means and counts over any set of days need no second look
at the readings. MAGE is the one float, taken when asked for, because it takes longer than all the rest together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose import columns as c
from priorauth.glucose.definitions import Rules, rules
from priorauth.glucose.engine import EngineName, engine
from priorauth.glucose.traces import Traces


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """The counts of a set of traces; the arrays beside `days` and `events` hold one value per stream.

    ``intervals`` in minutes (0: unknown), ``stretches`` the longest uncut stretch in minutes, ``mages`` None where not
    asked for; ``totals`` the sums of the day rows by stream (of their columns that add up).
    """

    traces: Traces
    intervals: NDArray[np.int64]
    stretches: NDArray[np.int64]
    days: NDArray[np.int64]
    events: NDArray[np.int64]
    mages: NDArray[np.float64] | None
    totals: NDArray[np.int64]

    def summed(self, column: int) -> NDArray[np.int64]:
        """Give the sum of one column of the day rows over each stream's days."""
        return self.totals[:, column]

    def events_of(self, kind: int) -> NDArray[np.int64]:
        """Count each stream's events of one kind."""
        rows = self.events[self.events[:, c.KIND] == kind]
        return np.bincount(rows[:, c.EVENT_STREAM], minlength=self.traces.streams)


def take(traces: Traces, *, mage: bool = True, figures: Rules | None = None, name: EngineName | None = None) -> Census:
    """Count; ``figures`` other than the shipped ones may be given, and the engine by its name."""
    counting, given = engine(name), figures or rules()
    intervals = counting.intervals(traces, given)
    events, stretches = counting.event_rows(traces, intervals, given)
    days = counting.day_rows(traces, given)
    return Census(
        traces=traces,
        intervals=intervals,
        stretches=stretches,
        days=days,
        events=events,
        mages=counting.mage(traces, given) if mage else None,
        totals=_totals(days, traces.streams),
    )


def take_totals(traces: Traces, *, figures: Rules | None = None, name: EngineName | None = None) -> Census:
    """Count no further than :func:`metrics.consensus` asks: no days, no events, no MAGE."""
    counting, given = engine(name), figures or rules()
    return Census(
        traces=traces,
        intervals=counting.intervals(traces, given),
        stretches=np.zeros(traces.streams, np.int64),
        days=np.zeros((0, c.DAY_COLUMNS), np.int64),
        events=np.zeros((0, c.EVENT_COLUMNS), np.int64),
        mages=None,
        totals=counting.totals(traces, given),
    )


def _totals(days: NDArray[np.int64], streams: int) -> NDArray[np.int64]:
    ends = np.zeros((len(days) + 1, c.DAY_COLUMNS), np.int64)
    np.cumsum(days, axis=0, out=ends[1:])
    edges = np.searchsorted(days[:, c.STREAM], np.arange(streams + 1))
    return ends[edges[1:]] - ends[edges[:-1]]
