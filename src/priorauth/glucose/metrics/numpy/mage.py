"""MAGE, the mean height of large glucose swings, by moving means (Fernandes 2022, after Service 1970).

1. Readings are drawn onto a grid of five minutes that starts after the first local midnight; gaps up to 45 minutes are
   filled by a straight line. More than 180 minutes of empty grid part the trace into segments.
2. In each segment a short (5 points) and a long (32) moving mean follow the trace, over the points that are present; up
   to its first full window a mean holds that window's value. A mean of fewer than two points says nothing. A segment
   shorter than the long window has no MAGE.
3. Between two crossings of the means lies one turning point: the highest value where the short mean was above, else the
   lowest, searched from after the turning point before it. The ends of the segment count as crossings.
4. A rise counts where it and the fall after it both reach the segment's standard deviation (the fall may be cut off by
   the segment's end); smaller swings on the way are absorbed. Falls are counted in the same way.
5. MAGE is the average of all segments' mean rises and mean falls, weighted by the length of the segment.

Written from the published description; nothing here was taken from a package's code. Values on the grid are integers of
2**-32 mg/dL, so that moving sums are exact and a tie of the means is a tie.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.series import Series

_BITS = 32
_UNIT = float(1 << _BITS)


def _grid(
    minute: NDArray[np.int64], glucose: NDArray[np.int64], rules: Rules
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw the readings onto the grid: the points that are present, and their values in fixed point."""
    keep = np.append(minute[1:] != minute[:-1], True)  # of readings of one minute the last counts
    minute, glucose = minute[keep], glucose[keep] << _BITS
    step = rules.mage_step
    points = np.arange(-(-minute[0] // step), minute[-1] // step + 1) if len(minute) else np.zeros(0, np.int64)
    midnight = minute[0] // MINUTES_A_DAY * MINUTES_A_DAY
    points = points[points != midnight // step]
    times = points * step
    before = np.searchsorted(minute, times, side="right") - 1
    after = np.minimum(before + 1, len(minute) - 1)
    span = minute[after] - minute[before]
    present = (minute[before] == times) | (span <= rules.mage_bridge)
    span[span == 0] = 1
    values = glucose[before] + (glucose[after] - glucose[before]) * (times - minute[before]) // span
    return points[present], values[present]


def _segments(
    points: NDArray[np.int64], values: NDArray[np.int64], rules: Rules
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Part the grid at long stretches of empty points; give each segment's points from 0 and their values."""
    if not len(points):
        return
    cuts = np.flatnonzero((np.diff(points) - 1) * rules.mage_step > rules.mage_segment_gap) + 1
    for piece, piece_values in zip(np.split(points, cuts), np.split(values, cuts), strict=True):
        yield piece - piece[0], piece_values


def _window(
    points: NDArray[np.int64], values: NDArray[np.int64], span: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return sum and number of the present values in the last `span` points, at each present point."""
    total = np.concatenate([[0], np.cumsum(values)])
    end = np.maximum(points, span - 1)  # the first full window stands for the points before it
    high = np.searchsorted(points, end, side="right")
    low = np.searchsorted(points, end - span, side="right")
    return total[high] - total[low], high - low


def _turning_points(points: NDArray[np.int64], values: NDArray[np.int64], rules: Rules) -> NDArray[np.int64]:
    short, short_count = _window(points, values, rules.mage_short)
    long, long_count = _window(points, values, rules.mage_long)
    apart = short * long_count - long * short_count
    tie = 2 * rules.mage_short * rules.mage_long  # what rounding down on the grid can add up to
    speaks = np.flatnonzero((np.abs(apart) > tie) & (short_count >= rules.mage_readings))
    if not len(speaks):
        return np.zeros(0, np.int64)
    side = np.sign(apart[speaks])
    turns = np.flatnonzero(side[1:] != side[:-1])
    ends = np.append(speaks[turns + 1], len(values) - 1)
    sides = np.append(side[turns], side[-1])
    found: list[int] = []
    for end, above in zip(ends.tolist(), sides.tolist(), strict=True):
        low = found[-1] + 1 if found else 0
        if low <= end:
            found.append(low + int(np.argmax(above * values[low : end + 1])))
    return values[found]


def _swings(heights: NDArray[np.int64], deviation: float) -> list[int]:
    """List the rises of which both halves reach the deviation; falls are the rises of the trace turned over."""
    least = deviation * _UNIT
    rises: list[int] = []
    left, place = 0, 0
    while place < len(heights):
        foot = int(heights[left : place + 1].min())
        if heights[place] - foot < least:
            place += 1
            continue
        tops = np.maximum.accumulate(heights[place:])
        fallen = np.flatnonzero(tops - heights[place:] >= least)
        end = int(fallen[0]) if len(fallen) else len(tops) - 1
        rises.append(int(tops[end]) - foot)
        left = place = place + end
        if place == len(heights) - 1:
            break
    return rises


def _stream(minute: NDArray[np.int64], glucose: NDArray[np.int64], rules: Rules) -> float:
    weighted = weight = 0.0
    for points, values in _segments(*_grid(minute, glucose, rules), rules):
        length = int(points[-1])
        if length + 1 < rules.mage_long:
            continue
        mean = np.sum(values) / _UNIT / len(values)
        squares = np.cumsum((values / _UNIT - mean) ** 2)[-1] if len(values) > 1 else 0.0
        deviation = float(np.sqrt(squares / max(len(values) - 1, 1)))
        heights = _turning_points(points, values, rules)
        for side in (1, -1):
            swings = _swings(side * heights, deviation)
            if swings:
                weighted += length * (sum(swings) / len(swings) / _UNIT)
                weight += length
    return weighted / weight if weight else np.nan


def mage(series: Series, rules: Rules) -> NDArray[np.float64]:
    """Return each sensor's MAGE in mg/dL, NaN where the trace holds none."""
    out = np.full(series.streams, np.nan)
    for stream in np.flatnonzero(~series.meters & (np.diff(series.starts) > 1)).tolist():
        first, end = int(series.starts[stream]), int(series.starts[stream + 1])
        local = series.minutes[first:end].astype(np.int64) + int(series.offsets[first])
        out[stream] = _stream(local, series.glucose[first:end].astype(np.int64), rules)
    return out
