"""Readings as a format module hands them on: one device class, in file order, not yet sorted or freed of duplicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.flags import Flag
from priorauth.glucose.formats.clock import Order
from priorauth.glucose.reject import Tally

__all__ = ["Device", "Flag", "Hints", "Raw", "Readings", "together"]

Device = Literal["cgm", "meter"]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Parallel arrays of one device class in file order; ``minutes`` is UTC where ``zoned``, wall clock where not."""

    device: Device
    minutes: NDArray[np.int64]
    offsets: NDArray[np.int16]
    zoned: NDArray[np.bool_]
    glucose: NDArray[np.int16]
    flags: NDArray[np.uint8]
    rows: NDArray[np.int32]
    makers: NDArray[np.int32]  # which meter, sensor or uploader made the reading, numbered per file

    def __len__(self) -> int:
        """Count the readings."""
        return len(self.minutes)

    def chosen(self, places: NDArray[np.bool_]) -> Readings:
        """Keep some of the readings."""
        return Readings(
            self.device,
            self.minutes[places],
            self.offsets[places],
            self.zoned[places],
            self.glucose[places],
            self.flags[places],
            self.rows[places],
            self.makers[places],
        )

    def placed(self, minutes: NDArray[np.int64], offsets: NDArray[np.int16], flags: NDArray[np.uint8]) -> Readings:
        """Return the same readings at other times."""
        return replace(self, minutes=minutes, offsets=offsets, flags=flags)


def together(one: Readings, two: Readings) -> Readings:
    """Join two parts of one device class."""
    if not len(two):
        return one
    return Readings(
        one.device,
        np.concatenate((one.minutes, two.minutes)),
        np.concatenate((one.offsets, two.offsets)),
        np.concatenate((one.zoned, two.zoned)),
        np.concatenate((one.glucose, two.glucose)),
        np.concatenate((one.flags, two.flags)),
        np.concatenate((one.rows, two.rows)),
        np.concatenate((one.makers, two.makers)),
    )


class Hints(NamedTuple):
    """What the sender of a file says about it where the file itself does not settle it."""

    columns: str | None = None
    dates: Order | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """One file as its format module read it.

    ``downloads`` names the device classes for which such a file is one device's own memory, so that what is not in it
    did not happen between its first and its last reading; each module says why in its docstring.
    """

    format: str
    readings: tuple[Readings, ...]
    tally: Tally
    unit: str
    patients: tuple[str, ...] = ()
    downloads: frozenset[Device] = frozenset()
    notes: tuple[str, ...] = ()
