"""Each reading once: exact duplicates, and copies of one reading that reached the log through two devices.

A duplicate is the same minute and value. A copy is the same value within a minute, written by another meter, pump or
uploader; each reading has at most one copy in another device, so a retest with the same result stays. Of two copies the
one that a device wrote is kept before the one typed by hand. Of a sensor that two devices report, one is kept
(:mod:`worn`): of a meter never, for each fingerstick is its own.

Without a zone the hour that autumn repeats is one hour on the wall clock: two readings in it of the same minute and
value look like duplicates. They are counted like all others; a zone tells them apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose import worn
from priorauth.glucose.formats.reading import Flag, Readings
from priorauth.glucose.reject import RejectReason, Tally

_TYPED = int(Flag.MANUAL)


def keep(readings: Readings, tally: Tally) -> NDArray[np.intp]:
    """Choose the readings to keep, in order of time, and count the others."""
    order = np.lexsort((readings.rows, readings.flags & _TYPED, readings.glucose, readings.minutes))
    minutes, glucose, makers = readings.minutes[order], readings.glucose[order], readings.makers[order]
    again = np.zeros(len(order), dtype=bool)
    again[1:] = (minutes[1:] == minutes[:-1]) & (glucose[1:] == glucose[:-1])
    first = np.flatnonzero(~again)
    same_maker = again & (makers == makers[first[np.cumsum(~again) - 1]])
    _count(readings, order[again & same_maker], tally, RejectReason.DUPLICATE)
    _count(readings, order[again & ~same_maker], tally, _reason(readings))
    kept = order[first]
    copies = _copies(readings, kept)
    _count(readings, kept[copies], tally, _reason(readings))
    kept = kept[~copies]
    kept = kept[np.lexsort((readings.rows[kept], readings.makers[kept], readings.minutes[kept]))]
    if readings.device == "meter":
        return kept
    covered = worn.second(readings.minutes[kept], readings.makers[kept])
    _count(readings, kept[covered], tally, RejectReason.SECOND_DEVICE)
    return kept[~covered]


def _reason(readings: Readings) -> RejectReason:
    return RejectReason.COPY_OF_FINGERSTICK if readings.device == "meter" else RejectReason.DUPLICATE


def _count(readings: Readings, places: NDArray[np.intp], tally: Tally, reason: RejectReason) -> None:
    tally.add(reason, np.sort(readings.rows[places]))


def _copies(readings: Readings, kept: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mark, among readings without exact duplicates, those that copy another device's a minute earlier or later."""
    drop = np.zeros(len(kept), dtype=bool)
    order = np.lexsort((readings.minutes[kept], readings.glucose[kept]))
    at = kept[order]
    near = (
        (readings.glucose[at][1:] == readings.glucose[at][:-1])
        & (readings.minutes[at][1:] - readings.minutes[at][:-1] <= 1)
        & (readings.makers[at][1:] != readings.makers[at][:-1])
    )
    paired = -1
    for place in np.flatnonzero(near).tolist():
        if place == paired:
            continue  # this one already has its copy
        first, second = at[place], at[place + 1]
        typed_first = bool(readings.flags[first] & _TYPED) and not readings.flags[second] & _TYPED
        drop[order[place if typed_first else place + 1]] = True
        paired = place + 1
    return drop
