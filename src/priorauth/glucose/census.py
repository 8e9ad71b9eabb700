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
    asked for.
    """

    traces: Traces
    intervals: NDArray[np.int64]
    stretches: NDArray[np.int64]
    days: NDArray[np.int64]
    events: NDArray[np.int64]
    mages: NDArray[np.float64] | None

    def summed(self, column: int) -> NDArray[np.int64]:
        """Add up one column of the day rows over each stream's days."""
        ends = np.concatenate([[0], np.cumsum(self.days[:, column])])
        edges = np.searchsorted(self.days[:, c.STREAM], np.arange(len(self.traces) + 1))
        return ends[edges[1:]] - ends[edges[:-1]]

    def events_of(self, kind: int) -> NDArray[np.int64]:
        """Count each stream's events of one kind."""
        rows = self.events[self.events[:, c.KIND] == kind]
        return np.bincount(rows[:, c.EVENT_STREAM], minlength=len(self.traces))


def take(traces: Traces, *, mage: bool = True, figures: Rules | None = None, name: EngineName | None = None) -> Census:
    """Count; ``figures`` other than the shipped ones may be given, and the engine by its name."""
    counting, given = engine(name), figures or rules()
    t = traces
    intervals = counting.intervals(t.minutes, t.starts, t.meters, given)
    events, stretches = counting.event_rows(t.minutes, t.glucose, t.starts, t.meters, intervals, given)
    return Census(
        traces=t,
        intervals=intervals,
        stretches=stretches,
        days=counting.day_rows(t.minutes, t.offsets, t.glucose, t.flags, t.starts, t.meters, given),
        events=events,
        mages=counting.mage(t.minutes, t.offsets, t.glucose, t.starts, t.meters, given) if mage else None,
    )
