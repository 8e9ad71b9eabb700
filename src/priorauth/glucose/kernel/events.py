"""Events, compiled: each stream is read once as runs of one class of glucose, and only the ends of runs are weighed.

A class is one of the five ranges that the four thresholds part. A run ends where the class changes or the trace is cut
(a step longer than the longest). Five thresholds of duration are kept side by side; extended hyperglycemia, which adds
up minutes within two hours, looks at single readings, but only above the highest threshold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose import columns as c
from priorauth.glucose.definitions import Rules
from priorauth.glucose.kernel.jit import compiled

_SIMPLE = 5  # kinds that ask for consecutive minutes only
# Which of the five classes (lowest is bit 0) lie beyond the threshold of each simple kind.
_BEYOND = (0b00011, 0b00001, 0b00011, 0b11000, 0b10000)
_TOP = 4
_BACK_INSIDE = 2  # highest class that is not above the high threshold
_STATE = 4
_SIDE, _BEGAN, _OPEN, _LAST = range(_STATE)
_INSIDE, _OUTSIDE, _UNSEEN = 0, 1, -1


@compiled
def _steps(minutes: NDArray[np.int32], first: int, end: int, table: NDArray[np.int64]) -> int:
    """Give the lower median of a stream's positive steps, 0 where there is none or it is longer than the table."""
    table[:] = 0
    longest = len(table) - 1
    for place in range(first + 1, end):
        step = np.int64(minutes[place]) - np.int64(minutes[place - 1])
        table[min(step, longest)] += 1
    half = (end - first - table[0]) // 2
    if half == 0:
        return 0
    for step in range(1, longest):
        half -= table[step]
        if half <= 0:
            return step
    return 0


@compiled
def _intervals(
    minutes: NDArray[np.int32],
    starts: NDArray[np.int64],
    meters: NDArray[np.bool_],
    longest: int,
    out: NDArray[np.int64],
) -> None:
    table = np.empty(longest + 2, np.int64)
    for stream in range(len(starts) - 1):
        first, end = starts[stream], starts[stream + 1]
        out[stream] = 0 if meters[stream] or end - first < 2 else _steps(minutes, first, end, table)  # noqa: PLR2004


def intervals(
    minutes: NDArray[np.int32], starts: NDArray[np.int64], meters: NDArray[np.bool_], rules: Rules
) -> NDArray[np.int64]:
    """Give each sensor's interval: the lower median of its steps; 0 for a meter, or where it exceeds the longest step."""
    out = np.zeros(len(starts) - 1, np.int64)
    _intervals(minutes, starts, meters, rules.longest_step, out)
    return out


@compiled
def _emit(out: NDArray[np.int64], found: int, stream: int, kind: int, first: int, last: int) -> int:
    if found < len(out):
        row = out[found]
        row[c.EVENT_STREAM], row[c.KIND], row[c.FIRST], row[c.LAST] = stream, kind, first, last
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
    """Find the end of the run of one class that begins at `first`."""
    low, high = np.int16(lowest), np.int16(highest)
    place = first + 1
    before = np.int64(minutes[first])
    while place < end and low <= glucose[place] <= high:
        now = np.int64(minutes[place])
        if now - before > longest:
            break
        before = now
        place += 1
    return place


@compiled
def _weigh_simple(
    state: NDArray[np.int64],
    minutes: NDArray[np.int32],
    first: int,
    last: int,
    level: int,
    interval: int,
    shortest: tuple[int, int, int, int, int],
    recovery: int,
    stream: int,
    out: NDArray[np.int64],
    found: int,
) -> int:
    """Let a run of one class begin, prolong or end the events of the five simple kinds."""
    for kind in range(_SIMPLE):
        own = state[kind]
        side = _OUTSIDE if (_BEYOND[kind] >> level) & 1 else _INSIDE
        if own[_SIDE] != side:
            own[_SIDE], own[_BEGAN] = side, first
        lasted = np.int64(minutes[last]) - np.int64(minutes[own[_BEGAN]]) + interval
        if side == _OUTSIDE:
            if own[_OPEN] < 0 and lasted >= shortest[kind]:
                own[_OPEN] = own[_BEGAN]
            own[_LAST] = last
        elif own[_OPEN] >= 0 and lasted >= recovery:
            found = _emit(out, found, stream, kind, own[_OPEN], own[_LAST])
            own[_OPEN] = -1
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
def _open_extended(
    own: NDArray[np.int64],
    window: NDArray[np.int64],
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    first: int,
    last: int,
    segment: int,
    interval: int,
    rules: Rules,
) -> None:
    """Add the readings of a run above the highest threshold to the window; open the event once they are enough.

    `window` holds the first place within it and its minutes above the threshold. A reading stands for the time since
    the one before it, at most one interval.
    """
    for place in range(first, last + 1):
        now = np.int64(minutes[place])
        window[1] += interval if place == segment else min(interval, now - np.int64(minutes[place - 1]))
        while now - np.int64(minutes[window[0]]) >= rules.extended_within:
            old = window[0]
            if glucose[old] > rules.very_high:
                step = (
                    interval if old == segment else min(interval, np.int64(minutes[old]) - np.int64(minutes[old - 1]))
                )
                window[1] -= step
            window[0] += 1
        if window[1] >= rules.extended_high:
            while glucose[window[0]] <= rules.very_high:
                window[0] += 1
            own[_OPEN] = window[0]
            return


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
    shortest = (rules.event, rules.event, rules.extended_low, rules.event, rules.event)
    edges = (rules.very_low, rules.low, rules.high + 1, rules.very_high + 1)
    window = np.zeros(2, np.int64)
    extended = state[c.HYPER_EXTENDED]
    segment, stretch = np.int64(place), np.int64(0)
    while place < end:
        if place == segment:
            window[0], window[1] = segment, 0
        value = glucose[place]
        level = (value >= edges[0]) + (value >= edges[1]) + (value >= edges[2]) + (value >= edges[3])
        lowest = edges[level - 1] if level else -32768
        highest = edges[level] - 1 if level < _TOP else 32767
        stop = _class_end(minutes, glucose, place, end, lowest, highest, rules.longest_step)
        last = stop - 1
        found = _weigh_simple(
            state, minutes, place, last, level, interval, shortest, rules.recovery, stream, out, found
        )
        if level == _TOP:
            if extended[_OPEN] < 0:
                _open_extended(extended, window, minutes, glucose, place, last, segment, interval, rules)
            extended[_LAST] = last
        own = state[c.HYPER_1]
        if level <= _BACK_INSIDE and minutes[last] - np.int64(minutes[own[_BEGAN]]) + interval >= rules.recovery:
            if extended[_OPEN] >= 0:
                found = _emit(out, found, stream, c.HYPER_EXTENDED, extended[_OPEN], extended[_LAST])
                extended[_OPEN] = -1
            window[0], window[1] = stop, 0
        if stop == end or np.int64(minutes[stop]) - np.int64(minutes[last]) > rules.longest_step:
            stretch = max(stretch, np.int64(minutes[last]) - np.int64(minutes[segment]) + interval)
            found = _close(state, stream, out, found)
            segment = np.int64(stop)
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
        opened, last = np.int64(-1), np.int64(-1)
        for place in range(first, end):
            if glucose[place] < below:
                if opened >= 0 and np.int64(minutes[place]) - np.int64(minutes[last]) > rules.meter_apart:
                    found = _emit(out, found, stream, kind, opened, last)
                    opened = np.int64(-1)
                if opened < 0:
                    opened = np.int64(place)
                last = np.int64(place)
        if opened >= 0:
            found = _emit(out, found, stream, kind, opened, last)
    return found


@compiled
def _find(
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    starts: NDArray[np.int64],
    meters: NDArray[np.bool_],
    steps: NDArray[np.int64],
    rules: Rules,
    stretches: NDArray[np.int64],
    out: NDArray[np.int64],
) -> int:
    found = 0
    state = np.empty((c.KINDS, _STATE), np.int64)
    for stream in range(len(starts) - 1):
        first, end = starts[stream], starts[stream + 1]
        if meters[stream]:
            found = _meter(minutes, glucose, stream, first, end, rules, out, found)
        elif steps[stream] > 0:
            state[:] = -1
            found, stretches[stream] = _sensor(
                minutes, glucose, stream, first, end, steps[stream], rules, state, out, found
            )
    return found


def event_rows(  # noqa: PLR0913  (parallel columns)
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    starts: NDArray[np.int64],
    meters: NDArray[np.bool_],
    steps: NDArray[np.int64],
    rules: Rules,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find all events, by stream, kind and time, and each stream's longest uncut stretch in minutes.

    A sensor whose interval is unknown (`steps` 0) has neither.
    """
    stretches = np.zeros(len(starts) - 1, np.int64)
    guess = np.empty((len(minutes) // 8 + 64, c.EVENT_COLUMNS), np.int64)
    found = _find(minutes, glucose, starts, meters, steps, rules, stretches, guess)
    if found > len(guess):
        guess = np.empty((found, c.EVENT_COLUMNS), np.int64)
        _find(minutes, glucose, starts, meters, steps, rules, stretches, guess)
    rows = guess[:found]
    return rows[np.lexsort((rows[:, c.FIRST], rows[:, c.KIND], rows[:, c.EVENT_STREAM]))], stretches
