"""MAGE by moving means, compiled. The method is told in :mod:`priorauth.glucose.twin.mage`; this is its fast form.

Glucose on the grid is held in fixed point (2**-32 mg/dL), so that moving sums neither drift nor depend on their order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.columns import MINUTES_A_DAY
from priorauth.glucose.definitions import Rules
from priorauth.glucose.kernel.jit import compiled

_BITS = 32
_UNIT = float(1 << _BITS)
_EMPTY = -1


@compiled
def _deviation(values: NDArray[np.int64]) -> float:
    """Give the standard deviation of the present values (n - 1 below), 0 where there are fewer than two."""
    total, count = np.int64(0), 0
    for value in values:
        if value != _EMPTY:
            total += value
            count += 1
    if count < 2:  # noqa: PLR2004
        return 0.0
    mean = total / _UNIT / count
    squares = 0.0
    for value in values:
        if value != _EMPTY:
            apart = value / _UNIT - mean
            squares += apart * apart
    return float(np.sqrt(squares / (count - 1)))


@compiled
def _extreme(values: NDArray[np.int64], low: int, high: int, side: int) -> int:
    """Find the first highest (side 1) or lowest (side -1) present value of [low, high]; -1 where there is none."""
    best = -1
    for place in range(low, high + 1):
        if values[place] != _EMPTY and (best < 0 or side * values[place] > side * values[best]):
            best = place
    return best


@compiled
def _turning_points(values: NDArray[np.int64], heights: NDArray[np.int64], rules: Rules) -> int:
    """Fill `heights` with peaks and nadirs, one for each stretch between crossings of the two means; count them."""
    short, long = rules.mage_short, rules.mage_long
    sums, counts = np.zeros(2, np.int64), np.zeros(2, np.int64)
    for place in range(long):
        if values[place] != _EMPTY:
            sums[1] += values[place]
            counts[1] += 1
            if place < short:
                sums[0] += values[place]
                counts[0] += 1
    found, side, low, tie = 0, 0, 0, 2 * short * long
    for place in range(len(values)):
        for which, span in ((0, short), (1, long)):
            if place >= span:
                if values[place] != _EMPTY:
                    sums[which] += values[place]
                    counts[which] += 1
                if values[place - span] != _EMPTY:
                    sums[which] -= values[place - span]
                    counts[which] -= 1
        if values[place] == _EMPTY or counts[0] < rules.mage_readings:
            continue
        apart = sums[0] * counts[1] - sums[1] * counts[0]
        if abs(apart) <= tie:
            continue
        now = 1 if apart > 0 else -1
        if side not in (0, now):
            best = _extreme(values, low, place, side)
            if best >= 0:
                heights[found] = values[best]
                found, low = found + 1, best + 1
        side = now
    best = _extreme(values, low, len(values) - 1, side) if side else -1
    if best >= 0:
        heights[found] = values[best]
        found += 1
    return found


@compiled
def _swings(heights: NDArray[np.int64], count: int, side: int, deviation: float) -> tuple[int, int]:
    """Add up the rises (side 1) or falls (side -1) whose both halves reach the deviation; give sum and number."""
    total, number = np.int64(0), 0
    if count == 0:
        return total, number
    least = deviation * _UNIT
    foot = side * heights[0]
    place = 0
    while place < count:
        foot = min(foot, side * heights[place])
        top = side * heights[place]
        if top - foot < least:
            place += 1
            continue
        end = place
        while top - side * heights[end] < least and end < count - 1:
            end += 1
            top = max(top, side * heights[end])
        total += top - foot
        number += 1
        if end == count - 1:
            break
        place, foot = end, side * heights[end]
    return total, number


@compiled
def _weigh(values: NDArray[np.int64], heights: NDArray[np.int64], weighed: NDArray[np.float64], rules: Rules) -> None:
    """Add a segment's mean rise and mean fall, each weighted by its length."""
    if len(values) < rules.mage_long:
        return
    deviation = _deviation(values)
    count = _turning_points(values, heights, rules)
    for side in (1, -1):
        total, number = _swings(heights, count, side, deviation)
        if number:
            weighed[0] += (len(values) - 1) * (total / number / _UNIT)
            weighed[1] += len(values) - 1


@compiled
def _last_of_minute(minutes: NDArray[np.int32], place: int, end: int) -> int:
    while place + 1 < end and minutes[place + 1] == minutes[place]:
        place += 1
    return place


@compiled
def _room(minutes: NDArray[np.int32], first: int, end: int, rules: Rules) -> int:
    """Give an upper bound of the grid points of any segment."""
    room = 2
    for place in range(first + 1, end):
        step = np.int64(minutes[place]) - np.int64(minutes[place - 1])
        room += min(step, rules.mage_segment_gap + 2 * rules.mage_step) // rules.mage_step + 2
    return room


@compiled
def _stream(
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    first: int,
    end: int,
    shift: int,
    values: NDArray[np.int64],
    heights: NDArray[np.int64],
    rules: Rules,
) -> float:
    step = rules.mage_step
    weighed = np.zeros(2, np.float64)
    skipped = (np.int64(minutes[first]) + shift) // MINUTES_A_DAY * MINUTES_A_DAY // step
    base, newest = np.int64(0), np.int64(-1)
    after = _last_of_minute(minutes, first, end)
    while after < end:
        place = after
        after = _last_of_minute(minutes, place + 1, end)
        now = np.int64(minutes[place]) + shift
        then = np.int64(minutes[after]) + shift if after < end else now
        value = np.int64(glucose[place]) << _BITS
        rise = (np.int64(glucose[after]) << _BITS) - value if after < end else np.int64(0)
        point = -(-now // step)
        last = -(-then // step) - 1 if then - now <= rules.mage_bridge else point - 1
        if point * step == now:
            last = max(last, point)
        while point <= last:
            if point != skipped:
                if newest < 0 or (point - (base + newest) - 1) * step > rules.mage_segment_gap:
                    _weigh(values[: newest + 1], heights, weighed, rules)
                    base, newest = point, np.int64(-1)
                while newest < point - base - 1:
                    newest += 1
                    values[newest] = _EMPTY
                newest = point - base
                values[newest] = value if point * step == now else value + rise * (point * step - now) // (then - now)
            point += 1
    _weigh(values[: newest + 1], heights, weighed, rules)
    return weighed[0] / weighed[1] if weighed[1] else np.nan


@compiled
def _mage(
    minutes: NDArray[np.int32],
    offsets: NDArray[np.int16],
    glucose: NDArray[np.int16],
    starts: NDArray[np.int64],
    meters: NDArray[np.bool_],
    rules: Rules,
    out: NDArray[np.float64],
) -> None:
    values = np.empty(0, np.int64)
    heights = np.empty(0, np.int64)
    for stream in range(len(starts) - 1):
        first, end = starts[stream], starts[stream + 1]
        if meters[stream] or end - first < 2:  # noqa: PLR2004
            continue
        room = _room(minutes, first, end, rules)
        if room > len(values):
            values, heights = np.empty(room, np.int64), np.empty(room, np.int64)
        out[stream] = _stream(minutes, glucose, first, end, np.int64(offsets[first]), values, heights, rules)


def mage(  # noqa: PLR0913  (parallel columns)
    minutes: NDArray[np.int32],
    offsets: NDArray[np.int16],
    glucose: NDArray[np.int16],
    starts: NDArray[np.int64],
    meters: NDArray[np.bool_],
    rules: Rules,
) -> NDArray[np.float64]:
    """Give each sensor's MAGE in mg/dL, NaN where the trace holds none."""
    out = np.full(len(starts) - 1, np.nan)
    _mage(minutes, offsets, glucose, starts, meters, rules, out)
    return out
