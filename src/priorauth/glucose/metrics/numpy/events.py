"""Events in plain NumPy: a trace is cut at long steps, and an event is an epoch that holds a long enough run.

An epoch is what lies between two recoveries (or cuts): within it, low (or high) runs that are long enough are one
event. Every reading knows how long its run has lasted, so both ends are comparisons of whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.series import Series


def intervals(series: Series, rules: Rules) -> NDArray[np.int64]:
    """Return each sensor's interval: the lower median of its steps; 0 for a meter, or where that is a cut."""
    out = np.zeros(series.streams, np.int64)
    for stream in np.flatnonzero(~series.meters).tolist():
        steps = np.diff(series.minutes[series.starts[stream] : series.starts[stream + 1]].astype(np.int64))
        steps = np.sort(steps[steps > 0])
        if len(steps):
            median = int(steps[(len(steps) - 1) // 2])
            out[stream] = median if median <= rules.longest_step else 0
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _Sensors:
    """The readings of all sensors whose interval is known, and where their traces are cut."""

    place: NDArray[np.int64]
    minute: NDArray[np.int64]
    glucose: NDArray[np.int64]
    stream: NDArray[np.int64]
    interval: NDArray[np.int64]
    cut: NDArray[np.bool_]  # before this reading

    @property
    def index(self) -> NDArray[np.int64]:
        return np.arange(len(self.minute))

    def began(self, side: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return, for each reading, the index at which its run of one side began."""
        turns = self.cut.copy()
        turns[1:] |= side[1:] != side[:-1]
        return np.maximum.accumulate(np.where(turns, self.index, 0))

    def lasted(self, side: NDArray[np.bool_], jitter: int) -> NDArray[np.int64]:
        """Return, for each reading, how many minutes its run of one side has lasted, itself included."""
        return _evened(self.minute - self.minute[self.began(side)], self.interval, jitter) + self.interval


def _evened(span: NDArray[np.int64], interval: NDArray[np.int64], jitter: int) -> NDArray[np.int64]:
    """Take spans to the multiple of the interval that they all but are."""
    whole = (span + jitter) // interval * interval
    return np.where((2 * jitter < interval) & (np.abs(span - whole) <= jitter), whole, span)


def _sensors(series: Series, streams: NDArray[np.int64], steps: NDArray[np.int64], longest: int) -> _Sensors:
    minutes, glucose = series.minutes, series.glucose
    place = np.flatnonzero(steps[streams] > 0)
    minute, stream = minutes[place].astype(np.int64), streams[place]
    cut = np.ones(len(place), bool)
    cut[1:] = (stream[1:] != stream[:-1]) | (minute[1:] - minute[:-1] > longest)
    return _Sensors(place, minute, glucose[place].astype(np.int64), stream, steps[stream], cut)


class _Signs(NamedTuple):
    """What is true at each reading: long enough for an event, beyond the threshold, recovered from it."""

    enough: NDArray[np.bool_]
    beyond: NDArray[np.bool_]
    recovered: NDArray[np.bool_]


def _rows(sensors: _Sensors, kind: int, signs: _Signs, began: NDArray[np.int64]) -> NDArray[np.int64]:
    """Make a row of each epoch that holds an event; `began` says, for the reading that made it one, where it began."""
    epoch = np.cumsum(sensors.cut | signs.recovered)
    hits = np.flatnonzero(signs.enough)
    _, earliest = np.unique(epoch[hits], return_index=True)
    opening = hits[earliest]
    last = np.zeros(len(epoch) + 1, np.int64)
    np.maximum.at(last, epoch[signs.beyond], sensors.index[signs.beyond])
    rows = np.empty((len(opening), c.EVENT_COLUMNS), np.int64)
    rows[:, c.EVENT_STREAM] = sensors.stream[opening]
    rows[:, c.KIND] = kind
    rows[:, c.FIRST] = sensors.place[began[opening]]
    rows[:, c.LAST] = sensors.place[last[epoch[opening]]]
    return rows


def _simple(sensors: _Sensors, kind: int, beyond: NDArray[np.bool_], shortest: int, rules: Rules) -> NDArray[np.int64]:
    lasted = sensors.lasted(beyond, rules.jitter)
    signs = _Signs(beyond & (lasted >= shortest), beyond, ~beyond & (lasted >= rules.recovery))
    return _rows(sensors, kind, signs, sensors.began(beyond))


def _extended_high(sensors: _Sensors, rules: Rules) -> NDArray[np.int64]:
    """Add up the minutes above the highest threshold within the window that ends at each reading."""
    over = sensors.glucose > rules.very_high
    above = sensors.glucose > rules.high
    ended = ~above & (sensors.lasted(above, rules.jitter) >= rules.recovery)
    since = _evened(np.diff(sensors.minute, prepend=0), sensors.interval, rules.jitter)
    stands_for = np.where(sensors.cut, sensors.interval, np.minimum(sensors.interval, since))
    total = np.concatenate([[0], np.cumsum(np.where(over, stands_for, 0))])
    fresh = sensors.cut.copy()
    fresh[1:] |= ended[:-1]  # the window restarts after a recovery
    from_epoch = np.maximum.accumulate(np.where(fresh, sensors.index, 0))
    span = sensors.stream * (1 << 34) + sensors.minute
    from_window = np.searchsorted(span, span - rules.extended_within, side="right")
    begin = np.maximum(from_epoch, from_window)
    enough = over & (total[1:] - total[begin] >= rules.extended_high)
    next_over = np.where(over, sensors.index, len(over))
    next_over = np.minimum.accumulate(next_over[::-1])[::-1]
    began = next_over[np.minimum(begin, len(over) - 1)]
    return _rows(sensors, c.HYPER_EXTENDED, _Signs(enough, over, ended), began)


def _meters(series: Series, streams: NDArray[np.int64], kind: int, below: int, apart: int) -> NDArray[np.int64]:
    """Make a row of each group of a meter's low readings."""
    low = np.flatnonzero(series.meters[streams] & (series.glucose < below))
    opens = np.ones(len(low), bool)
    opens[1:] = (streams[low][1:] != streams[low][:-1]) | (np.diff(series.minutes[low].astype(np.int64)) > apart)
    rows = np.empty((int(opens.sum()), c.EVENT_COLUMNS), np.int64)
    rows[:, c.EVENT_STREAM] = streams[low[opens]]
    rows[:, c.KIND] = kind
    rows[:, c.FIRST] = low[opens]
    rows[:, c.LAST] = low[np.roll(opens, -1)] if len(low) else 0
    return rows


def event_rows(series: Series, steps: NDArray[np.int64], rules: Rules) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find all events, by stream, kind and time, and each stream's longest uncut stretch in minutes.

    A sensor whose interval is unknown (`steps` 0) has neither.
    """
    streams = np.repeat(np.arange(series.streams), np.diff(series.starts))
    stretches = np.zeros(series.streams, np.int64)
    found = [
        _meters(series, streams, c.HYPO_1, rules.low, rules.meter_apart),
        _meters(series, streams, c.HYPO_2, rules.very_low, rules.meter_apart),
    ]
    sensors = _sensors(series, streams, np.where(series.meters, 0, steps), rules.longest_step)
    if len(sensors.minute):
        low, very_low = sensors.glucose < rules.low, sensors.glucose < rules.very_low
        found += [
            _simple(sensors, c.HYPO_1, low, rules.event, rules),
            _simple(sensors, c.HYPO_2, very_low, rules.event, rules),
            _simple(sensors, c.HYPO_EXTENDED, low, rules.extended_low, rules),
            _simple(sensors, c.HYPER_1, sensors.glucose > rules.high, rules.event, rules),
            _simple(sensors, c.HYPER_2, sensors.glucose > rules.very_high, rules.event, rules),
            _extended_high(sensors, rules),
        ]
        whole = sensors.lasted(np.zeros(len(sensors.minute), bool), rules.jitter)
        np.maximum.at(stretches, sensors.stream, whole)
    rows = np.concatenate(found)
    return rows[np.lexsort((rows[:, c.FIRST], rows[:, c.KIND], rows[:, c.EVENT_STREAM]))], stretches
