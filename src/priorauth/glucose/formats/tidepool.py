"""Tidepool: an array of device data, of which ``cbg`` is the sensor and ``smbg`` a fingerstick.

Values are stored in mmol/L with long decimals, from mg/dL / 18.01559, and come back to the whole mg/dL that was
measured; each datum states its unit. ``time`` is UTC, ``timezoneOffset`` the local offset in minutes; without
``time`` the device's own clock counts. A value out of the device's range carries an annotation. A fingerstick that a
pump passed on (subType ``linked``) or the patient typed in (``manual``) stands beside the meter's own: the stream
drops such copies by device.

The platform holds what was uploaded, from however many devices; a file proves nothing whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from priorauth.glucose.formats.amount import DEXCOM, Amounts, Unit, refused, unit_named
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.entries import Entry, amount, whole, words
from priorauth.glucose.formats.reading import Device, Flag, Raw
from priorauth.glucose.formats.track import NOT_STATED, Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "tidepool"
TITLE: Final = "Tidepool"
DEVICES: Final[dict[str, Device]] = {"cbg": "cgm", "smbg": "meter"}

_OUT_OF_RANGE: Final = "bg/out-of-range"
_WORDS: Final = {"low": Flag.LOW, "high": Flag.HIGH}
_FARTHEST_OFFSET: Final = 14 * 60
_NO_UNIT: Final = refused(RejectReason.UNIT_UNKNOWN)


def read_entries(name: str, entries: Sequence[Entry], notes: tuple[str, ...] = ()) -> Raw:
    """Read device data; raises LogRefused for the data of two people."""
    owner = _owner(name, entries)
    times, devices, tally = Times(), Numbers(), Tally()
    columns = {unit: Amounts(unit, DEXCOM) for unit in Unit}
    stated: dict[Unit, None] = {}
    readings = []
    for kind, device in DEVICES.items():
        track = Track(device)
        rows = [place for place, entry in enumerate(entries) if entry.type == kind]
        chosen = [entries[place] for place in rows]
        units = [unit_named(words(entry.units)) for entry in chosen]
        stated.update((unit, None) for unit in units if unit is not None)
        amounts = [
            columns[unit][amount(entry.value)] if unit else _NO_UNIT for entry, unit in zip(chosen, units, strict=True)
        ]
        track.add(
            np.array(rows, dtype=np.int32) + 1,
            times.stamps([words(entry.time) or words(entry.deviceTime) for entry in chosen]),
            np.array(amounts, dtype=np.int32),
            flags=[_flags(entry) if entry.annotations or entry.subType else 0 for entry in chosen],
            makers=[devices[words(entry.deviceId)] for entry in chosen],
            offsets=[_offset(entry) for entry in chosen],
        )
        readings.append(track)
    days = times.days(name)
    return Raw(
        format=NAME,
        readings=tuple(track.settle(name, days, tally) for track in readings),
        tally=tally,
        unit=", ".join(stated),
        patients=(owner,) if owner else (),
        notes=notes,
    )


def _owner(name: str, entries: Sequence[Entry]) -> str:
    owners = {entry.userId if isinstance(entry.userId, str) else words(entry.owner) for entry in entries} - {""}
    if len(owners) > 1:
        raise log_refused(name, "more than one user; expected one patient in a file")
    return next(iter(owners), "")


def _flags(entry: Entry) -> int:
    flags = Flag.MANUAL if entry.subType == "manual" else Flag(0)
    if isinstance(entry.annotations, list):
        for note in entry.annotations:
            if isinstance(note, dict) and note.get("code") == _OUT_OF_RANGE:
                flags |= _WORDS.get(words(note.get("value")), Flag(0))
    return int(flags)


def _offset(entry: Entry) -> int:
    offset = whole(entry.timezoneOffset)
    return offset if offset is not None and abs(offset) <= _FARTHEST_OFFSET else NOT_STATED
