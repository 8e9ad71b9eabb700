"""Series: the readings of one or many streams as parallel arrays, checked, as the engine takes them.

Nothing reaches compiled code unchecked: an array that is not whole numbers, out of bounds, unsorted or of another
length is refused with a ValueError that names the array and the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from priorauth.glucose.definitions import definitions

if TYPE_CHECKING:
    from priorauth.glucose.stream import Stream

Device = Literal["cgm", "meter"]
T = TypeVar("T", np.int64, np.int32, np.int16, np.uint8)


class Series(NamedTuple):
    """Streams one after another: stream i is the slice ``starts[i]:starts[i + 1]`` of the four parallel arrays.

    ``minutes`` UTC since 1970, ascending within a stream; ``offsets`` local minus UTC in minutes; ``glucose`` whole
    mg/dL; ``flags`` of ``formats.reading.Flag``; ``meters`` says of each stream whether a meter made it, else a sensor.
    Made by :func:`one`, :func:`many` and :func:`of` only.
    """

    minutes: NDArray[np.int32]
    offsets: NDArray[np.int16]
    glucose: NDArray[np.int16]
    flags: NDArray[np.uint8]
    starts: NDArray[np.int64]
    meters: NDArray[np.bool_]

    @property
    def streams(self) -> int:
        """Count the streams."""
        return len(self.meters)


def one(device: Device, minutes: ArrayLike, offsets: ArrayLike, glucose: ArrayLike, flags: ArrayLike) -> Series:
    """Check the readings of one stream; raises ValueError."""
    if device not in ("cgm", "meter"):
        raise ValueError(f"device: expected 'cgm' or 'meter', found {device!r}")
    count = np.asarray(minutes).size
    return many(minutes, offsets, glucose, flags, np.array([0, count]), np.array([device == "meter"]))


def many(  # noqa: PLR0913, PLR0917  (parallel columns)
    minutes: ArrayLike,
    offsets: ArrayLike,
    glucose: ArrayLike,
    flags: ArrayLike,
    starts: ArrayLike,
    meters: ArrayLike,
) -> Series:
    """Check the readings of many streams; raises ValueError."""
    bounds = definitions().bounds
    times = _whole("minutes", minutes, np.int32, bounds.earliest, bounds.latest)
    count = len(times)
    moved = _whole("offsets", offsets, np.int16, -bounds.offset, bounds.offset)
    values = _whole("glucose", glucose, np.int16, bounds.lowest, bounds.highest)
    notes = _whole("flags", flags, np.uint8)
    for name, array in (("offsets", moved), ("glucose", values), ("flags", notes)):
        if len(array) != count:
            raise ValueError(f"{name}: expected {count} values as in minutes, found {len(array)}")
    edges = _whole("starts", starts, np.int64)
    kinds = np.asarray(meters)
    if kinds.dtype != np.bool_ or kinds.ndim != 1:
        raise ValueError("meters: expected one truth value for each stream")
    if len(edges) != len(kinds) + 1 or edges[0] != 0 or edges[-1] != count or np.any(edges[1:] < edges[:-1]):
        raise ValueError(f"starts: expected {len(kinds) + 1} ascending places from 0 to {count}")
    _ascending(times, edges)
    return _frozen(times, moved, values, notes, edges, kinds)


def of(streams: Sequence[Stream]) -> Series:
    """Return the arrays of streams that were read from logs, one after another; raises ValueError."""
    starts = np.cumsum([0, *(len(stream) for stream in streams)])
    meters = np.array([stream.device == "meter" for stream in streams], bool)
    minutes, offsets, glucose, flags = (
        np.concatenate([np.zeros(0, np.int16), *(getattr(stream, name) for stream in streams)])
        for name in ("minutes", "offsets", "glucose", "flags")
    )
    return many(minutes, offsets, glucose, flags, starts, meters)


def keep(given: Series, mask: NDArray[np.bool_]) -> Series:
    """Keep some readings of series of one stream."""
    starts = np.array([0, np.count_nonzero(mask)])
    return _frozen(*(values[mask] for values in given[:4]), starts, given.meters)


def _frozen(*arrays: NDArray[np.generic]) -> Series:
    """Make all arrays read-only views, so that compiled code meets one kind of array, and compiles once."""
    views = [np.ascontiguousarray(array).view() for array in arrays]
    for view in views:
        view.flags.writeable = False
    return Series._make(views)


def _whole(
    name: str, given: ArrayLike, kind: type[T], lowest: int | None = None, highest: int | None = None
) -> NDArray[T]:
    array = np.asarray(given)
    if array.ndim != 1:
        raise ValueError(f"{name}: expected one dimension, found {array.ndim}")
    if array.size == 0:
        return np.zeros(0, kind)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: expected whole numbers, found {array.dtype}")
    limits = np.iinfo(kind)
    low = limits.min if lowest is None else lowest
    high = limits.max if highest is None else highest
    least, most = int(array.min()), int(array.max())
    if least < low or most > high:
        place = int(array.argmin() if least < low else array.argmax())
        raise ValueError(f"{name}: expected {low} to {high}, found {int(array[place])} at place {place}")
    return np.ascontiguousarray(array, dtype=kind)


def _ascending(minutes: NDArray[np.int32], starts: NDArray[np.int64]) -> None:
    back = np.flatnonzero(minutes[1:] < minutes[:-1]) + 1
    if len(back):
        back = back[~np.isin(back, starts)]
    if len(back):
        place = int(back[0])
        raise ValueError(
            f"minutes: expected ascending times within a stream, found {minutes[place]} after {minutes[place - 1]} "
            f"at place {place}"
        )
