"""Events, compiled: each stream is read once as runs of one class of glucose, and only the ends of runs are weighed.

A class is one of the five ranges that the four thresholds part. A run ends where the class changes or the trace is cut
(a step longer than the longest). Five thresholds of duration are kept side by side; extended hyperglycemia, which adds
up minutes within two hours, looks at single readings, but only above the highest threshold.
"""
# ruff: noqa: PLR0913, PLR0917  (compiled loops pass plain arrays and integers: objects would cost more than the work)

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.numba.jit import compiled
from priorauth.glucose.metrics.series import Series

_SIMPLE = 5  # kinds that ask for consecutive minutes only
# Which of the five classes (lowest is bit 0) lie beyond the threshold of each simple kind.
_BEYOND = (0b00011, 0b00001, 0b00011, 0b11000, 0b10000)
_TOP = 4
_BACK_INSIDE = 2  # highest class that is not above the high threshold
_STATE = 5
_SIDE, _BEGAN, _SINCE, _OPEN, _LAST = range(_STATE)
_INSIDE, _OUTSIDE, _UNSEEN = 0, 1, -1


@compiled
def _usual_step(minutes: NDArray[np.int32]) -> int:
    """Return the first positive step if more than half of all positive steps are like it, else 0."""
    first = 1
    while first < len(minutes) and minutes[first] == minutes[0]:
        first += 1
    if first >= len(minutes):
        return 0
    usual = int(minutes[first]) - int(minutes[first - 1])
    like, none = 0, 0
    for place in range(len(minutes) - 1):
        step = int(minutes[place + 1]) - int(minutes[place])
        like += step == usual
        none += step == 0
    return usual if 2 * like > len(minutes) - 1 - none else 0


@compiled
def _median_step(minutes: NDArray[np.int32], table: NDArray[np.int64]) -> int:
    """Return the lower median of a stream's positive steps, 0 where there is none or it does not fit into the table."""
    beyond = len(table) - 1
    usual = _usual_step(minutes)
    if usual:
        return usual if usual < beyond else 0
    table[:] = 0
    for place in range(1, len(minutes)):
        step = int(minutes[place]) - int(minutes[place - 1])
        table[min(step, beyond)] += 1
    half = (len(minutes) - int(table[0])) // 2
    if half == 0:
        return 0
    for step in range(1, beyond):
        half -= int(table[step])
        if half <= 0:
            return step
    return 0


@compiled
def _intervals(series: Series, longest: int, out: NDArray[np.int64]) -> None:
    table = np.empty(longest + 2, np.int64)
    for stream in range(len(out)):
        if not series.meters[stream]:
            out[stream] = _median_step(series.minutes[series.starts[stream] : series.starts[stream + 1]], table)


def intervals(series: Series, rules: Rules) -> NDArray[np.int64]:
    """Return each sensor's interval: the lower median of its steps; 0 for a meter, or where that is a cut."""
    out = np.zeros(series.streams, np.int64)
    _intervals(series, rules.longest_step, out)
    return out


@compiled
def _emit(out: NDArray[np.int64], found: int, stream: int, kind: int, first: int, last: int) -> int:
    if found < len(out):
        out[found, c.EVENT_STREAM], out[found, c.KIND] = stream, kind
        out[found, c.FIRST], out[found, c.LAST] = first, last
    return found + 1


@compiled
def _class_end(
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    first: int,
    end: int,
    lowest: int,
    highest: int,
    longest: int,
) -> int:
    """Find the end of the run of one class that begins at `first`.

    This loop sees every reading: unsigned places spare it numba's question whether an index counts from the end.
    """
    low, high = np.int16(lowest), np.int16(highest)
    place, stop, one = np.uint64(first + 1), np.uint64(end), np.uint64(1)
    before = int(minutes[first])
    while place < stop and low <= glucose[place] <= high:
        now = int(minutes[place])
        if now - before > longest:
            break
        before = now
        place += one
    return int(np.int64(place))


@compiled
def _evened(span: int, interval: int, jitter: int) -> int:
    """Take a span to the multiple of the interval that it all but is."""
    whole = (span + jitter) // interval * interval
    return whole if 2 * jitter < interval and abs(span - whole) <= jitter else span


@compiled
def _reaches(span: int, minutes: int, interval: int, jitter: int) -> bool:
    """Whether readings that span so many minutes, the last one standing for its interval, last long enough."""
    if span + interval + jitter < minutes:
        return False
    return _evened(span, interval, jitter) + interval >= minutes


@compiled
def _weigh_simple(
    state: NDArray[np.int64],
    minutes: NDArray[np.int32],
    first: int,
    last: int,
    level: int,
    interval: int,
    rules: Rules,
    stream: int,
    out: NDArray[np.int64],
    found: int,
) -> int:
    """Let a run of one class begin, prolong or end the events of the five simple kinds."""
    for kind in range(_SIMPLE):
        side = _OUTSIDE if (_BEYOND[kind] >> level) & 1 else _INSIDE
        if state[kind, _SIDE] != side:
            state[kind, _SIDE], state[kind, _BEGAN], state[kind, _SINCE] = side, first, minutes[first]
        span = int(minutes[last]) - state[kind, _SINCE]
        if side == _OUTSIDE:
            shortest = rules.extended_low if kind == c.HYPO_EXTENDED else rules.event
            if state[kind, _OPEN] < 0 and _reaches(span, shortest, interval, rules.jitter):
                state[kind, _OPEN] = state[kind, _BEGAN]
            state[kind, _LAST] = last
        elif state[kind, _OPEN] >= 0 and _reaches(span, rules.recovery, interval, rules.jitter):
            found = _emit(out, found, stream, kind, state[kind, _OPEN], state[kind, _LAST])
            state[kind, _OPEN] = -1
    return found


@compiled
def _close(state: NDArray[np.int64], stream: int, out: NDArray[np.int64], found: int) -> int:
    """End what is open where the trace is cut, and forget the run."""
    for kind in range(c.KINDS):
        if state[kind, _OPEN] >= 0:
            found = _emit(out, found, stream, kind, state[kind, _OPEN], state[kind, _LAST])
        state[kind, _SIDE], state[kind, _OPEN] = _UNSEEN, -1
    return found


@compiled
def _stands_for(minutes: NDArray[np.int32], place: int, segment: int, interval: int, jitter: int) -> int:
    """Return the minutes that a reading stands for: the time since the one before it, at most one interval."""
    if place == segment:
        return interval
    return min(interval, _evened(int(minutes[place]) - int(minutes[place - 1]), interval, jitter))


@compiled
def _open_extended(
    window: NDArray[np.int64],
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    first: int,
    last: int,
    segment: int,
    interval: int,
    rules: Rules,
) -> int:
    """Add the readings of a run above the highest threshold to the window; once they are enough, say where they begin.

    `window` holds the first place within it and its minutes above the threshold.
    """
    for place in range(first, last + 1):
        now = int(minutes[place])
        window[1] += _stands_for(minutes, place, segment, interval, rules.jitter)
        while now - int(minutes[window[0]]) >= rules.extended_within:
            old = int(window[0])
            if glucose[old] > rules.very_high:
                window[1] -= _stands_for(minutes, old, segment, interval, rules.jitter)
            window[0] += 1
        if window[1] >= rules.extended_high:
            while glucose[window[0]] <= rules.very_high:
                window[0] += 1
            return int(window[0])
    return -1


@compiled
def _sensor(
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    stream: int,
    place: int,
    end: int,
    interval: int,
    rules: Rules,
    state: NDArray[np.int64],
    out: NDArray[np.int64],
    found: int,
) -> tuple[int, int]:
    """Find the events of one sensor; give their running number and the longest uncut stretch in minutes."""
    edges = (rules.very_low, rules.low, rules.high + 1, rules.very_high + 1)
    window = np.zeros(2, np.int64)
    segment, stretch = place, 0
    while place < end:
        if place == segment:
            window[0], window[1] = segment, 0
        value = glucose[place]
        level = (value >= edges[0]) + (value >= edges[1]) + (value >= edges[2]) + (value >= edges[3])
        lowest = edges[level - 1] if level else -32768
        highest = edges[level] - 1 if level < _TOP else 32767
        stop = _class_end(minutes, glucose, place, end, lowest, highest, rules.longest_step)
        last = stop - 1
        found = _weigh_simple(state, minutes, place, last, level, interval, rules, stream, out, found)
        if level == _TOP:
            if state[c.HYPER_EXTENDED, _OPEN] < 0:
                state[c.HYPER_EXTENDED, _OPEN] = _open_extended(
                    window, minutes, glucose, place, last, segment, interval, rules
                )
            state[c.HYPER_EXTENDED, _LAST] = last
        elif level <= _BACK_INSIDE and _reaches(
            int(minutes[last]) - state[c.HYPER_1, _SINCE], rules.recovery, interval, rules.jitter
        ):
            if state[c.HYPER_EXTENDED, _OPEN] >= 0:
                first, newest = state[c.HYPER_EXTENDED, _OPEN], state[c.HYPER_EXTENDED, _LAST]
                found = _emit(out, found, stream, c.HYPER_EXTENDED, first, newest)
                state[c.HYPER_EXTENDED, _OPEN] = -1
            window[0], window[1] = stop, 0
        if stop == end or int(minutes[stop]) - int(minutes[last]) > rules.longest_step:
            span = _evened(int(minutes[last]) - int(minutes[segment]), interval, rules.jitter)
            stretch = max(stretch, span + interval)
            found = _close(state, stream, out, found)
            segment = stop
        place = stop
    return found, stretch


@compiled
def _meter(
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    stream: int,
    first: int,
    end: int,
    rules: Rules,
    out: NDArray[np.int64],
    found: int,
) -> int:
    """Find the low readings of one meter, those close together as one event."""
    for kind in (c.HYPO_1, c.HYPO_2):
        below = rules.low if kind == c.HYPO_1 else rules.very_low
        opened, last = -1, -1
        for place in range(first, end):
            if glucose[place] < below:
                if opened >= 0 and int(minutes[place]) - int(minutes[last]) > rules.meter_apart:
                    found = _emit(out, found, stream, kind, opened, last)
                    opened = -1
                if opened < 0:
                    opened = place
                last = place
        if opened >= 0:
            found = _emit(out, found, stream, kind, opened, last)
    return found


@compiled
def _find(
    series: Series, steps: NDArray[np.int64], rules: Rules, stretches: NDArray[np.int64], out: NDArray[np.int64]
) -> int:
    found = 0
    state = np.empty((c.KINDS, _STATE), np.int64)
    minutes, glucose = series.minutes, series.glucose
    for stream in range(len(steps)):
        first, end = int(series.starts[stream]), int(series.starts[stream + 1])
        if series.meters[stream]:
            found = _meter(minutes, glucose, stream, first, end, rules, out, found)
        elif steps[stream] > 0:
            state[:] = -1
            found, stretches[stream] = _sensor(
                minutes, glucose, stream, first, end, int(steps[stream]), rules, state, out, found
            )
    return found


def event_rows(series: Series, steps: NDArray[np.int64], rules: Rules) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find all events, by stream, kind and time, and each stream's longest uncut stretch in minutes.

    A sensor whose interval is unknown (`steps` 0) has neither.
    """
    stretches = np.zeros(series.streams, np.int64)
    rows = np.empty((len(series.minutes) // 8 + 64, c.EVENT_COLUMNS), np.int64)  # seldom too few
    found = _find(series, steps, rules, stretches, rows)
    if found > len(rows):
        rows = np.empty((found, c.EVENT_COLUMNS), np.int64)
        _find(series, steps, rules, stretches, rows)
    rows = rows[:found]
    return rows[np.lexsort((rows[:, c.FIRST], rows[:, c.KIND], rows[:, c.EVENT_STREAM]))], stretches
