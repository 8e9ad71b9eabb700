"""A curve through the percentiles of a profile: smooth, around the clock, and never beyond the values on either side.

Between the middles of two bins it is the cubic whose slopes are limited after Steffen (1990), so that it rises only
where the values rise. Where bins are missing the curve is cut; up to the edge of the last bin before it, it is level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.profile import Profile

Floats = NDArray[np.float64]
_NOISE = 1e-9  # what adding up in another order may change in a crossing


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """An uncut piece: minutes after midnight, and at each of them a column per percentile, in mg/dL, ascending."""

    minutes: Floats
    values: Floats


def curves(found: Profile) -> Iterator[Curve]:
    """Yield the pieces of a profile's curve over one day."""
    count, width, step = len(found.smoothed), found.width, definitions().profile.step
    around = np.tile(found.smoothed, (3, 1))  # the day before and the day after, so that midnight is no edge
    for begin, end in runs(~np.isnan(around[:, 0])):
        first, last = max((begin - count) * width, 0), min((end - count) * width, MINUTES_A_DAY)
        if first >= last:
            continue
        minutes = np.unique(np.concatenate([[first], np.arange(-(-first // step) * step, last, step), [last]])).astype(
            float
        )
        middle = (begin - count + 0.5) * width
        values = _through(around[begin:end], (minutes - middle) / width)
        yield Curve(minutes, np.maximum.accumulate(values, axis=1))


def _through(values: Floats, at: Floats) -> Floats:
    """Evaluate the curve through rows of values, which lie at 0, 1, 2 ..."""
    if len(values) == 1:
        return np.repeat(values, len(at), axis=0)
    steps = np.diff(values, axis=0)
    slopes = np.zeros_like(values)
    before, after = steps[:-1], steps[1:]
    least = np.minimum(np.minimum(np.abs(before), np.abs(after)), np.abs(before + after) / 4)
    slopes[1:-1] = (np.sign(before) + np.sign(after)) * least
    x = np.clip(at, 0, len(values) - 1)
    place = np.minimum(x.astype(int), len(values) - 2)
    t = (x - place)[:, None]
    left, right = values[place], values[place + 1]
    made: Floats = (
        left * (1 + 2 * t) * (1 - t) ** 2
        + slopes[place] * t * (1 - t) ** 2
        + right * t**2 * (3 - 2 * t)
        + slopes[place + 1] * t**2 * (t - 1)
    )
    return made


def runs(known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the stretches of true values as half-open pairs."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def crossed(x: Floats, columns: Floats, levels: list[float]) -> tuple[Floats, Floats]:
    """Add to straight lines (a column each) the places at which any of them crosses one of some levels."""
    more = [x]
    for level in levels:
        above = columns - level
        place, line = np.nonzero(above[:-1] * above[1:] < 0)
        share = above[place, line] / (above[place, line] - above[place + 1, line])
        more.append(x[place] + share * (x[place + 1] - x[place]))
    if sum(map(len, more)) == len(x):
        return x, columns
    at = np.unique(np.concatenate(more))
    return at, np.column_stack([np.interp(at, x, column) for column in columns.T])


def between(x: Floats, lower: Floats, upper: Floats, over: float, upto: float) -> Iterator[list[tuple[float, float]]]:
    """Yield the outlines of the area between two lines within two levels, which both lines cross at points."""
    low, high = np.maximum(lower, over), np.minimum(upper, upto)
    inside = high - low > _NOISE
    near = inside.copy()
    near[1:] |= inside[:-1]
    near[:-1] |= inside[1:]
    for begin, end in runs(near & (high - low > -_NOISE)):
        piece = slice(begin, end)
        there = zip(x[piece].tolist(), high[piece].tolist(), strict=True)
        back = zip(x[piece][::-1].tolist(), low[piece][::-1].tolist(), strict=True)
        yield [*there, *back]
