"""A zone turns the wall clock of a log into UTC, reading by reading, across the nights on which the clocks change.

When clocks go back, an hour is there twice: readings in it are of the first until the file's own order steps back, of
the second from there. Where the order shows no such step they are taken as of the first and counted. When clocks go
forward, times that never were (a device that was not set) are read with the offset before the change and counted.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.formats.clock import MINUTES_A_DAY
from priorauth.glucose.reject import log_refused

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  (wall clock: the zone is what is being found)


class Shift(NamedTuple):
    """What a zone makes of wall clock times: offsets in minutes, and how many times never were, or could be either."""

    offsets: NDArray[np.int16]
    missing: int
    ambiguous: int


def find(name: str, zone: str) -> zoneinfo.ZoneInfo:
    """Find an IANA time zone; raises LogRefused where there is none of that name."""
    try:
        return zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise log_refused(name, "expected an IANA time zone, such as America/New_York") from fault


def from_wall(wall: NDArray[np.int64], zone: zoneinfo.ZoneInfo) -> Shift:
    """Find the offsets of wall clock minutes (since 1970-01-01 00:00, in file order)."""
    days, place = np.unique(wall // MINUTES_A_DAY, return_inverse=True)
    starts = [_offset(int(day) * MINUTES_A_DAY, zone) for day in days]
    ends = [_offset((int(day) + 1) * MINUTES_A_DAY, zone) for day in days]
    offsets = np.array(starts, dtype=np.int16)[place]
    steps = np.diff(wall)
    newest_first = np.count_nonzero(steps < 0) > np.count_nonzero(steps > 0)
    missing = ambiguous = 0
    for number in np.flatnonzero(np.array(starts) != np.array(ends)):
        of_day = np.flatnonzero(place == number)
        found, never, either = _changing_day(wall[of_day], zone, newest_first=bool(newest_first))
        offsets[of_day] = found
        missing, ambiguous = missing + never, ambiguous + either
    return Shift(offsets, missing, ambiguous)


def from_utc(minutes: NDArray[np.int64], zone: zoneinfo.ZoneInfo) -> NDArray[np.int16]:
    """Find the offsets of UTC minutes."""
    hours, place = np.unique(minutes // 30, return_inverse=True)  # offsets change on half hours at the finest
    found = [
        (_EPOCH + dt.timedelta(minutes=int(hour) * 30)).replace(tzinfo=dt.UTC).astimezone(zone).utcoffset()
        for hour in hours
    ]
    return np.array([_minutes(offset) for offset in found], dtype=np.int16)[place]


def _changing_day(wall: NDArray[np.int64], zone: zoneinfo.ZoneInfo, *, newest_first: bool) -> Shift:
    first = np.array([_offset(int(minute), zone) for minute in wall], dtype=np.int16)
    second = np.array([_offset(int(minute), zone, fold=1) for minute in wall], dtype=np.int16)
    twice = np.flatnonzero(first > second)
    if len(twice) == 0:
        return Shift(first, int(np.count_nonzero(first < second)), 0)
    in_order = twice[::-1] if newest_first else twice
    back = np.flatnonzero(np.diff(wall[in_order]) < 0)
    if len(back):
        again = in_order[back[0] + 1 :]
        first[again] = second[again]
    return Shift(first, int(np.count_nonzero(first < second)), 0 if len(back) else len(twice))


def _offset(minute: int, zone: zoneinfo.ZoneInfo, fold: int = 0) -> int:
    moment = (_EPOCH + dt.timedelta(minutes=minute)).replace(tzinfo=zone, fold=fold)
    return _minutes(moment.utcoffset())


def _minutes(offset: dt.timedelta | None) -> int:
    return 0 if offset is None else int(offset.total_seconds() // 60)
