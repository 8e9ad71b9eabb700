"""What the rows of one file say was measured, gathered one by one and handed on as readings.

For formats whose rows are few or differ from one another; what has a million rows alike adds columns to a
:class:`track.Track` itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from priorauth.glucose.formats.amount import DEXCOM, Amounts, Limits, Unit, refused
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL
from priorauth.glucose.formats.track import NOT_STATED, Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally

_READY: Final = 1024
_NO_UNIT: Final = refused(RejectReason.UNIT_UNKNOWN)
_DEVICES: Final[tuple[Device, ...]] = ("cgm", "meter")


class One(NamedTuple):
    """One reading: its row, its stamp in two texts (the second is empty where one text holds both), and the rest."""

    row: int
    date: str
    clock: str
    amount: int
    flags: int
    maker: int
    offset: int


class Measured:
    """Readings of both device classes, in the order of the file."""

    def __init__(self, name: str, *, empty: RejectReason = RejectReason.TEST_WITHOUT_VALUE) -> None:
        """Start empty; ``empty`` says what a meter's row without a value is."""
        self.name = name
        self.tally = Tally()
        self.makers: dict[Device, Numbers] = {device: Numbers() for device in _DEVICES}
        self._times = Times()
        self._tracks = {"cgm": Track("cgm"), "meter": Track("meter", empty=empty)}
        self._amounts: dict[tuple[Unit, Limits], Amounts] = {}
        self._units: dict[Unit, None] = {}
        self._waiting: dict[Device, list[One]] = {device: [] for device in _DEVICES}

    def take(  # noqa: PLR0913  (what is known of a reading)
        self,
        row: int,
        device: Device,
        stamp: str | tuple[str, str],
        value: object,
        unit: Unit | None,
        *,
        limits: Limits = DEXCOM,
        flags: int = 0,
        maker: str = "",
        offset: int = NOT_STATED,
    ) -> None:
        """Take one reading; ``stamp`` is a text, or a date and a clock time. A control test is counted, not taken."""
        if flags == CONTROL:
            self.tally.add(RejectReason.CONTROL_SOLUTION, [row])
            return
        amount = _NO_UNIT if unit is None else self._judged(unit, limits)[value]
        date, clock = (stamp, "") if isinstance(stamp, str) else stamp
        waiting = self._waiting[device]
        waiting.append(One(row, date, clock, amount, flags, self.makers[device][maker], offset))
        if len(waiting) >= _READY:
            self._settle(device)

    def _judged(self, unit: Unit, limits: Limits) -> Amounts:
        self._units[unit] = None
        found = self._amounts.get((unit, limits))
        if found is None:
            found = self._amounts[unit, limits] = Amounts(unit, limits)
        return found

    def reject(self, row: int, reason: RejectReason) -> None:
        """Count a row that is no reading."""
        self.tally.add(reason, [row])

    def _settle(self, device: Device) -> None:
        waiting = self._waiting[device]
        for parted in (False, True):
            chosen = [one for one in waiting if bool(one.clock) is parted]
            if not chosen:
                continue
            dates = [one.date for one in chosen]
            self._tracks[device].add(
                [one.row for one in chosen],
                self._times.pairs(dates, [one.clock for one in chosen]) if parted else self._times.stamps(dates),
                np.array([one.amount for one in chosen], dtype=np.int32),
                flags=[one.flags for one in chosen],
                makers=[one.maker for one in chosen],
                offsets=[one.offset for one in chosen],
            )
        waiting.clear()

    def raw(  # noqa: PLR0913  (what a file says of itself)
        self,
        form: str,
        hints: Hints,
        *,
        also: Iterable[str] = (),
        patients: tuple[str, ...] = (),
        downloads: frozenset[Device] = frozenset(),
        notes: tuple[str, ...] = (),
    ) -> Raw:
        """Return what was taken; raises LogRefused where day and month cannot be told apart, or units are mixed.

        ``also`` are dates of the file's own heading, ``downloads`` the device classes whose memory the file is.
        """
        for device in _DEVICES:
            self._settle(device)
        days = self._times.days(self.name, hints.dates, also=also)
        return Raw(
            format=form,
            readings=tuple(track.settle(self.name, days, self.tally) for track in self._tracks.values()),
            tally=self.tally,
            unit=", ".join(self._units),
            patients=patients,
            downloads=downloads,
            notes=notes,
        )


def marked(flag: Flag, *, on: bool) -> int:
    """Return a flag where something is so, else none."""
    return int(flag) if on else 0
