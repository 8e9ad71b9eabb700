"""A stream is what one class of device measured, in one canonical form: sorted, in whole mg/dL, each reading once.

``read_log`` makes streams of a file, ``read_resources`` of FHIR resources, ``merge`` one stream per device class of
several logs. Every row that looked like a reading is in a stream or in the counts. Wall clock times stay wall clock,
flagged ZONELESS, unless the log or the caller gives a zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.errors import LogRefused
from priorauth.glucose import duplicates, parcel
from priorauth.glucose.formats import detect, fhir, markup
from priorauth.glucose.formats import zone as zones
from priorauth.glucose.formats.clock import EPOCH, MINUTES_A_DAY, Order
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw, Readings
from priorauth.glucose.formats.text import LIMIT
from priorauth.glucose.reject import Reject, RejectReason, Tally, UnknownFormat, log_refused, unknown_format

__all__ = [
    "LIMIT",
    "Device",
    "Flag",
    "Log",
    "LogRefused",
    "Order",
    "Reject",
    "RejectReason",
    "Stream",
    "Whole",
    "merge",
    "read_log",
    "read_log_bytes",
    "read_logs",
    "read_resources",
]


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Parallel arrays of one device class, ascending in time; equal times only where the readings differ.

    ``minutes`` since 1970-01-01T00:00 of UTC, or of the wall clock where ZONELESS; ``offsets`` local minus UTC in
    minutes; ``glucose`` whole mg/dL from 20 to 600; ``flags`` of :class:`Flag`; ``rows`` from 1 in the file, or the
    resource's place. A merged stream says in ``origins`` which of ``sources`` each row is of.
    """

    device: Device
    format: str
    minutes: NDArray[np.int32]
    offsets: NDArray[np.int16]
    glucose: NDArray[np.int16]
    flags: NDArray[np.uint8]
    rows: NDArray[np.int32]
    source: str
    sources: tuple[str, ...] = ()
    origins: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        """Count the readings."""
        return len(self.minutes)

    def place(self, index: int) -> tuple[str, int]:
        """Return where a reading stands: its file and its row."""
        source = self.source if self.origins is None else self.sources[int(self.origins[index])]
        return source, int(self.rows[index])

    @property
    def zoneless(self) -> bool:
        """Whether the times are of the wall clock."""
        return bool(np.any(self.flags & Flag.ZONELESS))


class Whole(NamedTuple):
    """A span of local days (ordinals, 1 = 0001-01-01) over which a download holds all that a device measured."""

    device: Device
    from_day: int
    until_day: int


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """One log as read: its streams, what was left out (the first thousand in detail, all counted), and what it proves.

    ``counts`` has the number of rejects for each reason, and what was set right: ``backwards`` (steps against the
    file's own direction), ``nonexistent-time`` and ``ambiguous-time`` (nights on which clocks change).
    """

    streams: tuple[Stream, ...]
    rejects: tuple[Reject, ...]
    counts: Mapping[str, int]
    patients: tuple[str, ...] = field(repr=False)
    whole: tuple[Whole, ...]
    unit: str
    notes: tuple[str, ...]


def read_log(
    path: Path,
    *,
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
    limit: int = LIMIT,
) -> Log:
    """Read the log in a file.

    ``columns`` names the columns of a plain table, ``zone`` (IANA) places wall clock times, ``dates`` settles the
    order of day and month. Raises LogRefused, one line, for whatever cannot be read.
    """
    return _only(path.name, read_logs(path, path.name, columns=columns, zone=zone, dates=dates, limit=limit))


def read_log_bytes(  # noqa: PLR0913  (each settles one thing that a file may leave open)
    data: bytes,
    name: str,
    *,
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
    limit: int = LIMIT,
) -> Log:
    """Read a log that is at hand as bytes, as :func:`read_log` does."""
    return _only(name, read_logs(data, name, columns=columns, zone=zone, dates=dates, limit=limit))


def read_logs(  # noqa: PLR0913  (as above)
    source: Path | bytes,
    name: str,
    *,
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
    limit: int = LIMIT,
) -> tuple[Log, ...]:
    """Read the logs in a file: the only one, or those that an archive or a workbook holds, by their names in it.

    What such a parcel holds beside logs is left alone, and a note says how much. Raises LogRefused, one line, for
    whatever cannot be read, and for two people in one parcel.
    """
    hints = Hints(columns, dates)
    found: list[Log] = []
    left = 0
    for piece in parcel.pieces(name, source, limit):
        try:
            log = _canonical(_raw(piece, hints), piece.name, zone)
        except UnknownFormat:
            if not piece.packed:
                raise
            left += 1
            continue
        if log.streams:
            found.append(log)
        elif log.counts or not piece.packed:
            left_out = ", ".join(f"{count} {reason}" for reason, count in log.counts.items())
            raise log_refused(piece.name, f"no readings ({left_out or 'no rows with glucose'}); expected at least one")
    if not found:
        raise unknown_format(name, f"holds no glucose log; expected an export of {detect.KNOWN}")
    _refuse_two_people(name, found)
    if left:
        note = f"{left} other tables of {name} are no glucose logs and are left alone."
        found[0] = replace(found[0], notes=(*found[0].notes, note))
    return tuple(found)


def _raw(piece: parcel.Piece, hints: Hints) -> Raw:
    if piece.stream is not None:
        with parcel.damage_told(piece.name) if piece.packed else nullcontext():
            return markup.read(piece.name, piece.stream, hints)
    return detect.read(piece.name, piece.data, hints, piece.title)


def _refuse_two_people(name: str, logs: Sequence[Log]) -> None:
    people: dict[str, str] = {}
    for log in logs:
        for person in log.patients:
            if people.setdefault(log.streams[0].format, person) != person:
                raise log_refused(name, "holds the logs of two people; expected one patient in a file")


def _only(name: str, logs: Sequence[Log]) -> Log:
    if len(logs) > 1:
        raise log_refused(name, f"holds {len(logs)} logs; expected one")
    return logs[0]


def read_resources(resources: Iterable[object], source: str, *, zone: str | None = None) -> Log:
    """Read the glucose readings among FHIR resources (dicts); a log without streams where there are none."""
    return _canonical(fhir.read_resources(source, resources), source, zone)


def merge(logs: Sequence[Log]) -> tuple[Stream, ...]:
    """Make one stream per device class of several logs of one patient, each reading once, however many logs hold it.

    One fingerstick in two logs (a meter's, and a pump's that was told of it) is the same value within a minute. Raises
    LogRefused where one log has a zone and another has none: their times cannot be compared.
    """
    return tuple(
        _merge([stream for log in logs for stream in log.streams if stream.device == device])
        for device in ("cgm", "meter")
        if any(stream.device == device for log in logs for stream in log.streams)
    )


def _merge(streams: Sequence[Stream]) -> Stream:
    if len(streams) == 1:
        return streams[0]
    zoneless = [stream.source for stream in streams if stream.zoneless]
    if zoneless and len(zoneless) < len(streams):
        raise log_refused(zoneless[0], "times without a zone beside logs that have one; expected zone= for this log")
    sources, origins = _numbered(streams)
    every = Readings(
        device=streams[0].device,
        minutes=np.concatenate([stream.minutes for stream in streams]).astype(np.int64),
        offsets=np.concatenate([stream.offsets for stream in streams]),
        zoned=np.full(sum(map(len, streams)), not zoneless),
        glucose=np.concatenate([stream.glucose for stream in streams]),
        flags=np.concatenate([stream.flags for stream in streams]),
        rows=np.concatenate([stream.rows for stream in streams]),
        makers=np.concatenate([np.full(len(stream), number, np.int32) for number, stream in enumerate(streams)]),
    )
    kept = duplicates.keep(every, Tally())
    return Stream(
        device=every.device,
        format=" + ".join(dict.fromkeys(stream.format for stream in streams)),
        minutes=every.minutes[kept].astype(np.int32),
        offsets=every.offsets[kept],
        glucose=every.glucose[kept],
        flags=every.flags[kept],
        rows=every.rows[kept],
        source=" + ".join(sources),
        sources=sources,
        origins=origins[kept],
    )


def _numbered(streams: Sequence[Stream]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Number the files of all streams, those that are merged already by their parts."""
    numbers: dict[str, int] = {}
    parts = []
    for stream in streams:
        names = stream.sources or (stream.source,)
        table = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)
        own = np.zeros(len(stream), np.int32) if stream.origins is None else stream.origins
        parts.append(table[own])
    return tuple(numbers), np.concatenate(parts)


def _canonical(raw: Raw, name: str, zone: str | None) -> Log:
    counts = {"backwards": 0, "nonexistent-time": 0, "ambiguous-time": 0}
    notes = list(raw.notes)
    streams = []
    for readings in raw.readings:
        if not len(readings):
            continue
        counts["backwards"] += _backwards(readings.minutes)
        placed, shift = _place(readings, raw.tally, name, zone)
        if shift is not None:
            counts["nonexistent-time"] += shift.missing
            counts["ambiguous-time"] += shift.ambiguous
        kept = duplicates.keep(placed, raw.tally)
        streams.append(_stream(placed, kept, raw.format, name))
    if any(not stream.zoneless and not np.any(stream.offsets) for stream in streams) and zone is None:
        notes.append(
            "All times are stated in UTC; local time is taken to be UTC. A zone given with the log would place them."
        )
    return Log(
        streams=tuple(streams),
        rejects=raw.tally.rejects(),
        counts={**raw.tally.counts(), **{key: count for key, count in counts.items() if count}},
        patients=raw.patients,
        whole=tuple(span for stream in streams if (span := _whole(stream, raw.downloads)) is not None),
        unit=raw.unit,
        notes=tuple(notes),
    )


def _place(readings: Readings, tally: Tally, name: str, zone: str | None) -> tuple[Readings, zones.Shift | None]:
    """Place wall clock times by the zone; without one, flag them, or leave them out beside times that have one."""
    zoned = readings.zoned
    if zone is None:
        if zoned.any() and not zoned.all():
            tally.add(RejectReason.UNREADABLE_TIME, readings.rows[~zoned])
            return readings.chosen(zoned), None
        wall = np.where(zoned, 0, int(Flag.ZONELESS)).astype(np.uint8)
        return readings.placed(readings.minutes, readings.offsets, readings.flags | wall), None
    found = zones.find(name, zone)
    shift = zones.from_wall(readings.minutes[~zoned], found)
    minutes, offsets = readings.minutes.copy(), readings.offsets.copy()
    minutes[~zoned] -= shift.offsets
    offsets[~zoned] = shift.offsets
    plain_utc = zoned & (offsets == 0)
    offsets[plain_utc] = zones.from_utc(minutes[plain_utc], found)
    return readings.placed(minutes, offsets, readings.flags), shift


def _stream(readings: Readings, kept: NDArray[np.intp], form: str, name: str) -> Stream:
    return Stream(
        device=readings.device,
        format=form,
        minutes=readings.minutes[kept].astype(np.int32),
        offsets=readings.offsets[kept],
        glucose=readings.glucose[kept],
        flags=readings.flags[kept],
        rows=readings.rows[kept],
        source=name,
    )


def _backwards(minutes: NDArray[np.int64]) -> int:
    """Count steps against the file's own direction: exports run oldest or newest first."""
    steps = np.diff(minutes)
    return int(min(np.count_nonzero(steps < 0), np.count_nonzero(steps > 0)))


def _whole(stream: Stream, downloads: frozenset[Device]) -> Whole | None:
    """Return the days strictly inside a download: on its first and last day it may have begun late or ended early."""
    if stream.device not in downloads:
        return None
    days = (stream.minutes[[0, -1]].astype(np.int64) + stream.offsets[[0, -1]]) // MINUTES_A_DAY + EPOCH
    first, last = int(days[0]) + 1, int(days[1]) - 1
    return Whole(stream.device, first, last) if first <= last else None
