"""Low episodes: hypoglycemia as a meter shows it and as a sensor shows it, each with its lowest value.

The rule is the one of :mod:`priorauth.glucose.metrics.numpy` (consensus of 2023), with the figures of the vocabulary: a
sensor's episode is long enough a stretch below the threshold, ended by long enough a stretch back; a meter's low
readings that lie close together are one. Nothing is interpolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from priorauth.glucose.definitions import Rules, definitions, rules
from priorauth.glucose.derivations import Derivations
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics import series
from priorauth.glucose.metrics.engine import load
from priorauth.glucose.metrics.series import Device
from priorauth.glucose.readings import Reading, Timed, below, timed


class Low(NamedTuple):
    """A low episode: its low readings, in order of time, and the minutes of the first and the last."""

    start: int
    end: int
    readings: tuple[Reading, ...]

    @property
    def first(self) -> Reading:
        """The reading with which it began."""
        return self.readings[0]

    @property
    def lowest(self) -> tuple[int | None, int | None]:
        """What is known of the lowest value, as an interval."""
        lows = [reading.row.low for reading in self.readings]
        highs = [reading.row.high for reading in self.readings]
        least = None if None in lows else min(low for low in lows if low is not None)
        return least, min(high for high in highs if high is not None)


def is_low(given: Derivations, reading: Reading) -> bool:
    """Whether a reading is below the threshold for certain."""
    return bool(below([reading], given.low))


def episodes(device: Device, given: Derivations, readings: Sequence[Reading], *, instants: bool) -> list[Low]:
    """Return the low episodes of a meter or a sensor, by instants or by the wall clock."""
    if not below(readings, given.low):
        return []
    bounds = definitions().bounds
    ordered = timed(readings, instants=instants)
    stream = [one for one in ordered if one.reading.known and bounds.earliest <= one.at <= bounds.latest]
    minutes = np.array([at for at, _ in stream], np.int64)
    blank = np.zeros(len(stream), np.int64)
    trace = series.one(device, minutes, blank, np.array([_value(given, one) for one in stream], np.int64), blank)
    by = figures(given)
    counting = load("numpy", len(stream))  # loading compiled code would take longer than one member's readings
    events, _ = counting.event_rows(trace, counting.intervals(trace, by), by)
    return [_low(given, stream[int(row[c.FIRST]) : int(row[c.LAST]) + 1]) for row in events if row[c.KIND] == c.HYPO_1]


def figures(given: Derivations) -> Rules:
    """Return the rules of the counting engine with the figures of the vocabulary."""
    return rules()._replace(
        low=given.low,
        event=given.least,
        recovery=given.recovery,
        longest_step=given.gap,
        meter_apart=given.one_event,
    )


def _value(given: Derivations, one: Timed) -> int:
    """Return one number for a reading: the highest that it may be, so that only what is certainly low counts as low."""
    bounds, row = definitions().bounds, one.reading.row
    highest = max(row.low or 0, given.low) if row.high is None else row.high
    return min(max(highest, bounds.lowest), bounds.highest)


def _low(given: Derivations, span: Sequence[Timed]) -> Low:
    low = [one for one in span if is_low(given, one.reading)]
    return Low(low[0].at, low[-1].at, tuple(one.reading for one in low))
