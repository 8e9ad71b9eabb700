"""The glucose logs of one person as a library gives them: for each kind of device its readings and its metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from priorauth.glucose import logbook
from priorauth.glucose.metrics.summary import Summary, summary
from priorauth.glucose.stream import Device, Order, Stream

_BEGIN = datetime(1970, 1, 1)  # noqa: DTZ001 - the clock on the wall


@dataclass(frozen=True, slots=True, eq=False)
class DeviceLog:
    """What one kind of device measured, of all logs together."""

    stream: Stream
    """The readings as arrays."""
    summary: Summary
    """The metrics, each with its definition, readings, days and whether those suffice."""
    rejected: int
    """How many rows were left out."""

    @property
    def device(self) -> Device:
        """The kind of device: ``cgm`` (a sensor) or ``meter``."""
        return self.stream.device

    @property
    def metrics(self) -> Mapping[str, float | int | None]:
        """Every metric by name; None is unknown, and the summary says why."""
        return {name: one.value for name, one in self.summary.evidence.items()}

    def readings(self) -> Iterator[tuple[datetime, int]]:
        """Yield each reading in order: the local time (of the clock on the wall) and whole mg/dL."""
        stream = self.stream
        local = stream.minutes.astype("int64") + stream.offsets
        for minute, value in zip(local.tolist(), stream.glucose.tolist(), strict=True):
            yield _BEGIN + timedelta(minutes=minute), value


@dataclass(frozen=True, slots=True, eq=False)
class GlucoseLog:
    """The glucose logs of one person, read together. Made by :func:`read_glucose`."""

    devices: tuple[DeviceLog, ...]
    """One part for each kind of device, the sensor's first."""
    warnings: tuple[str, ...]
    """What was left out or typed by hand, and that whose logs they are cannot be checked."""

    def of(self, device: Device) -> DeviceLog | None:
        """Return the part of a kind of device, ``cgm`` or ``meter``; None where no log is of one."""
        return next((one for one in self.devices if one.device == device), None)

    def as_json(self) -> dict[str, object]:
        """Return what ``priorauth glucose --json`` prints, as JSON values."""
        return {
            "streams": [one.summary.as_json(format=one.stream.format, rejected=one.rejected) for one in self.devices]
        }


def read_glucose(
    *sources: Path | str | bytes, columns: str | None = None, zone: str | None = None, dates: Order | None = None
) -> GlucoseLog:
    """Read logs; see :func:`priorauth.read_glucose`."""
    paths = [Path(one) for one in sources if not isinstance(one, bytes)]
    held = [one for one in sources if isinstance(one, bytes)]
    names = ["log"] if len(held) == 1 else [f"log {number}" for number in range(1, len(held) + 1)]
    book = logbook.read(
        [*logbook.named(paths), *zip(names, held, strict=True)], columns=columns, zone=zone, dates=dates
    )
    return GlucoseLog(tuple(DeviceLog(one, _summary(one), book.rejected(one)) for one in book.streams), book.warnings)


def _summary(stream: Stream) -> Summary:
    return summary(stream.device, stream.minutes, stream.offsets, stream.glucose, stream.flags)
