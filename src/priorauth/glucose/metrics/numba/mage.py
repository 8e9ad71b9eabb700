"""MAGE by moving means, compiled: the fast form of the one in NumPy, where the method is told.

Glucose on the grid is held in fixed point (2**-32 mg/dL), so that moving sums neither drift nor depend on their order.
"""
# ruff: noqa: PLR0913, PLR0917  (compiled loops pass plain arrays and integers: objects would cost more than the work)

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.numba.jit import compiled
from priorauth.glucose.metrics.series import Series

_BITS = 32
_UNIT = float(1 << _BITS)
_EMPTY = -1


@compiled
def _deviation(values: NDArray[np.int64]) -> float:
    """Return the standard deviation of the present values (n - 1 below), 0 where there are fewer than two."""
    total, count = 0, 0
    for place in range(len(values)):
        here = values[place] != _EMPTY
        total += values[place] * here
        count += here
    if count < 2:  # noqa: PLR2004
        return 0.0
    mean = total / _UNIT / count
    squares = 0.0
    for place in range(len(values)):
        if values[place] != _EMPTY:
            apart = values[place] / _UNIT - mean
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
    short_sum, short_count, long_sum, long_count = 0, 0, 0, 0
    for place in range(long):
        here = values[place] != _EMPTY
        long_sum += values[place] * here
        long_count += here
        if place < short:
            short_sum, short_count = long_sum, long_count
    found, side, low, tie = 0, 0, 0, 2 * short * long
    for place in range(len(values)):
        value = values[place]
        here = value != _EMPTY
        if place >= short:
            old = values[place - short]
            there = old != _EMPTY
            short_sum += value * here - old * there
            short_count += int(here) - int(there)
        if place >= long:
            old = values[place - long]
            there = old != _EMPTY
            long_sum += value * here - old * there
            long_count += int(here) - int(there)
        if not here or short_count < rules.mage_readings:
            continue
        apart = short_sum * long_count - long_sum * short_count
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
    total, number = 0, 0
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
    """Return an upper bound of the grid points of any segment."""
    minutes_kept, widest = 0, rules.mage_segment_gap + 2 * rules.mage_step
    for place in range(first + 1, end):
        minutes_kept += min(int(minutes[place]) - int(minutes[place - 1]), widest)
    return minutes_kept // rules.mage_step + 2 * (end - first) + 2


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
    skipped = (int(minutes[first]) + shift) // MINUTES_A_DAY * MINUTES_A_DAY // step
    base, newest = 0, -1
    point = -(-(int(minutes[first]) + shift) // step)
    after = _last_of_minute(minutes, first, end)
    while after < end:
        place = after
        after = _last_of_minute(minutes, place + 1, end)
        now = int(minutes[place]) + shift
        then = int(minutes[after]) + shift if after < end else now
        value = int(glucose[place]) << _BITS
        rise = (int(glucose[after]) << _BITS) - value if after < end else 0
        if then - now > rules.mage_bridge:
            then = now
        if now - point * step > rules.mage_bridge:
            point = -(-now // step)
        while point * step < now:
            point += 1
        while point * step < then or point * step == now:
            if point != skipped:
                if newest < 0 or (point - (base + newest) - 1) * step > rules.mage_segment_gap:
                    _weigh(values[: newest + 1], heights, weighed, rules)
                    base, newest = point, -1
                while newest < point - base - 1:
                    newest += 1
                    values[newest] = _EMPTY
                newest = point - base
                since = point * step - now
                values[newest] = value + rise * since // (then - now) if since else value
            point += 1
    _weigh(values[: newest + 1], heights, weighed, rules)
    return weighed[0] / weighed[1] if weighed[1] else np.nan


@compiled
def _mage(series: Series, rules: Rules, out: NDArray[np.float64]) -> None:
    values = np.empty(0, np.int64)
    heights = np.empty(0, np.int64)
    for stream in range(len(out)):
        first, end = int(series.starts[stream]), int(series.starts[stream + 1])
        if not series.meters[stream] and end - first > 1:
            room = _room(series.minutes, first, end, rules)
            if room > len(values):
                values, heights = np.empty(room, np.int64), np.empty(room, np.int64)
            shift = int(series.offsets[first])
            out[stream] = _stream(series.minutes, series.glucose, first, end, shift, values, heights, rules)


def mage(series: Series, rules: Rules) -> NDArray[np.float64]:
    """Return each sensor's MAGE in mg/dL, NaN where the trace holds none."""
    out = np.full(series.streams, np.nan)
    _mage(series, rules, out)
    return out
