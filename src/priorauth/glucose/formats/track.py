"""A track gathers the readings of one device class while a file is read, and settles them when its date order is known.

Codes are kept, not texts: eighteen bytes a reading, whatever the file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.formats.amount import reason_of, refused
from priorauth.glucose.formats.clock import NO_DAY, Stamps, unpack
from priorauth.glucose.formats.reading import Device, Readings
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NOT_STATED = -32768
_OTHER_UNIT = refused(RejectReason.OTHER_UNIT)
# One stray number is a typing error; this many, and this share of a column, are a column in another unit.
_STRAY = 3
_STRAY_SHARE = 100


class Numbers(dict[str, int]):
    """Names numbered in the order in which they are first seen: serial numbers, uploaders."""

    def __missing__(self, name: str) -> int:
        """Number a new name."""
        number = len(self)
        self[name] = number
        return number


class Track:
    """Readings of one device class in file order: stamps as of :mod:`clock`, amounts as of :mod:`amount`."""

    def __init__(self, device: Device, *, empty: RejectReason = RejectReason.NO_VALUE) -> None:
        """Start empty; ``empty`` says what a row without a value is: of a file of tests, a test that was made."""
        self.device: Device = device
        self._empty = empty
        self._parts: list[tuple[NDArray[np.generic], ...]] = []

    def add(  # noqa: PLR0913  (parallel columns)
        self,
        rows: Sequence[int] | NDArray[np.int32],
        stamps: Stamps,
        amounts: NDArray[np.int32],
        *,
        flags: Sequence[int] | int = 0,
        makers: Sequence[int] | int = 0,
        offsets: Sequence[int] | NDArray[np.int64] | int = NOT_STATED,
    ) -> None:
        """Add parallel columns; a single flag, maker or offset stands for all rows.

        ``offsets`` are local minus UTC in minutes where the file states them beside a UTC stamp.
        """
        if not len(rows):
            return
        shape = (len(rows),)
        self._parts.append(
            (
                np.asarray(rows, dtype=np.int32),
                stamps,
                amounts,
                np.broadcast_to(np.asarray(flags, dtype=np.uint8), shape),
                np.broadcast_to(np.asarray(makers, dtype=np.int32), shape),
                np.broadcast_to(np.asarray(offsets, dtype=np.int32), shape),
            )
        )

    def settle(self, name: str, days: NDArray[np.int32], tally: Tally) -> Readings:
        """Turn codes into arrays, counting what is no reading.

        ``days`` are the days of :meth:`clock.Times.days`. Raises LogRefused for a column in another unit.
        """
        if not self._parts:
            self._parts.append(tuple(np.zeros(0, dtype=kind) for kind in ("i4", "i8", "i4", "u1", "i4", "i4")))
        rows, stamps, amounts, flags, makers, stated = (
            np.concatenate(column) for column in zip(*self._parts, strict=True)
        )
        _refuse_another_unit(name, rows, amounts)
        day, minute, offset, zoned, readable = unpack(stamps, days)
        bad_time = ~readable | (day == NO_DAY)
        for code in np.unique(amounts[amounts < 0]):
            reason = reason_of(int(code))
            reason = self._empty if reason is RejectReason.NO_VALUE else reason
            tally.add(reason, rows[amounts == code])
        tally.add(RejectReason.UNREADABLE_TIME, rows[bad_time & (amounts >= 0)])
        keep = ~bad_time & (amounts >= 0)
        day, minute, offset, zoned, stated = day[keep], minute[keep], offset[keep], zoned[keep], stated[keep]
        utc_only = zoned & (offset == 0) & (stated != NOT_STATED)
        return Readings(
            device=self.device,
            minutes=day.astype(np.int64) * 1440 + minute - offset,
            offsets=np.where(utc_only, stated, offset).astype(np.int16),
            zoned=zoned,
            glucose=(amounts[keep] & 1023).astype(np.int16),
            flags=(flags[keep] | (amounts[keep] >> 10)).astype(np.uint8),
            rows=rows[keep].astype(np.int32),
            makers=makers[keep].astype(np.int32),
        )


def _refuse_another_unit(name: str, rows: NDArray[np.int32], amounts: NDArray[np.int32]) -> None:
    stray = amounts == _OTHER_UNIT
    count = int(np.count_nonzero(stray))
    if count >= _STRAY and count * _STRAY_SHARE >= len(amounts):
        raise log_refused(
            name,
            f"{count} of {len(amounts)} values cannot be in the unit that the file states; expected mg/dL or mmol/L "
            "throughout, as stated",
            row=int(rows[stray][0]),
        )
