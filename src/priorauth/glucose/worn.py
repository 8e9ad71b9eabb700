"""What was worn at one time: where two devices report the same hours of a sensor, one of them is kept.

A phone and a receiver, two uploaders, or two exports of one sensor give each reading twice, minutes apart and seldom
with the same value, so that no copy is found by its value. Each device has its own interval, the median of its steps.
The device with the most readings is kept whole, of the others what lies in its gaps: lows and active time are then
those of one device. Of two sensors worn at the same time one counts likewise.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_STEPS: Final = 3  # fewer tell no interval: such a device covers the same minute alone


def second(minutes: NDArray[np.int64], makers: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Mark the readings of a time that another device covers; ``minutes`` ascend, ``makers`` number the devices.

    A reading is covered where one that is kept lies within half an interval of it.
    """
    drop = np.zeros(len(minutes), dtype=bool)
    names, counts = np.unique(makers, return_counts=True)
    if len(names) < 2:  # noqa: PLR2004  (one device covers nothing but itself)
        return drop
    ordered = names[np.lexsort((names, -counts))]
    kept = np.flatnonzero(makers == ordered[0])
    reach = np.full(len(minutes), 0, dtype=np.int64)
    reach[kept] = _reach(minutes[kept])
    for maker in ordered[1:]:
        own = np.flatnonzero(makers == maker)
        covered = _covered(minutes[own], minutes[kept], reach[kept])
        drop[own[covered]] = True
        reach[own] = _reach(minutes[own])
        kept = np.sort(np.concatenate((kept, own[~covered])))
    return drop


def _reach(minutes: NDArray[np.int64]) -> int:
    """Return half the interval of a device, rounded up: how far one of its readings covers others."""
    steps = np.diff(minutes)
    steps = steps[steps > 0]
    return (int(np.median(steps)) + 1) // 2 if len(steps) >= _STEPS else 0


def _covered(own: NDArray[np.int64], kept: NDArray[np.int64], reach: NDArray[np.int64]) -> NDArray[np.bool_]:
    right = np.searchsorted(kept, own)
    before, after = np.maximum(right - 1, 0), np.minimum(right, len(kept) - 1)
    covered: NDArray[np.bool_] = (np.abs(own - kept[before]) <= reach[before]) | (
        np.abs(kept[after] - own) <= reach[after]
    )
    return covered
