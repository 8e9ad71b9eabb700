"""A logbook is the glucose logs that come with one request, read together: their readings, and what they prove whole.

Nothing is said here of whose logs they are: a file may name someone, but not so that it could be held against a
member's record. The sender vouches for it, and the warnings say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from priorauth.errors import Fault, LogRefused
from priorauth.facts.rows import Event, Measurement, Source, Whole
from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.readings import METER, SENSOR, Reading, joined, of_stream
from priorauth.glucose.reject import RejectReason, log_refused
from priorauth.glucose.stream import Device, Log, Order, Stream, merge, read_logs
from priorauth.values.dates import EPOCH, MINUTES_A_DAY

FACTS: Final[dict[Device, str]] = {"meter": METER, "cgm": SENSOR}
NAMES: Final[dict[Device, str]] = {"meter": "a meter", "cgm": "a sensor"}
# Exports that hold the device's strip tests beside its sensor readings: none there is none made on this device.
_STRIPS_TOO: Final = frozenset({"libreview"})
_JSON: Final = frozenset({"fhir", "librelinkup", "nightscout", "open-mhealth", "tidepool"})
_APART: Final = 2 * 365 * MINUTES_A_DAY
# Rows left out for these reasons may have been readings of the device: what is left of the file is not whole.
_LOST: Final = frozenset(
    {
        RejectReason.UNREADABLE_TIME,
        RejectReason.TEST_WITHOUT_VALUE,
        RejectReason.UNREADABLE_VALUE,
        RejectReason.UNIT_UNKNOWN,
        RejectReason.OTHER_UNIT,
        RejectReason.OUT_OF_RANGE,
        RejectReason.DEVICE_UNKNOWN,
        RejectReason.TRUNCATED_LINE,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Logbook:
    """The logs as read, one stream per device class of all of them, and what is to be said beside a decision."""

    logs: tuple[Log, ...]
    streams: tuple[Stream, ...]
    warnings: tuple[str, ...]

    @property
    def readings(self) -> list[Reading]:
        """Every reading as a row, each once."""
        formats = {stream.source: stream.format for log in self.logs for stream in log.streams}
        kinds = {name: "entry" if form in _JSON else "line" for name, form in formats.items()}
        return [
            reading
            for stream in self.streams
            for reading in of_stream(stream, lambda name, row: f"{name} {kinds[name]} {row}")
        ]

    @property
    def last_day(self) -> int:
        """The last local day with a reading."""
        return (
            max(int(stream.minutes[-1]) + int(stream.offsets[-1]) for stream in self.streams) // MINUTES_A_DAY + EPOCH
        )

    def rejected(self, stream: Stream) -> int:
        """Count the rows left out of the files of a stream, and its readings that stand in more than one of them."""
        names = stream.sources or (stream.source,)
        logs = [log for log in self.logs if _source(log) in names]
        own = sum(len(one) for log in logs for one in log.streams if one.device == stream.device)
        return sum(sum(left_out(log).values()) for log in logs) + own - len(stream)


def open_logs(
    paths: Sequence[Path], *, columns: str | None = None, zone: str | None = None, dates: Order | None = None
) -> Logbook:
    """Read the logs in some files, with the options of :func:`priorauth.glucose.stream.read_log` for all of them.

    The order in which they are given makes no difference: they are taken by name.
    Raises LogRefused, one line, for a file that cannot be read or that was given twice.
    """
    return read(named(paths), columns=columns, zone=zone, dates=dates)


def named(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield each file with its name, by name; raises LogRefused for one that was given twice."""
    yield from sorted(zip(_names(paths), paths, strict=True))


def read(
    named: Iterable[tuple[str, Path | bytes]],
    *,
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
) -> Logbook:
    """Read logs that lie in files or are at hand as bytes, each with its name; raises LogRefused."""
    logs = tuple(
        log for name, source in named for log in read_logs(source, name, columns=columns, zone=zone, dates=dates)
    )
    if not logs:
        raise LogRefused(Fault(None, None, "expected at least one log"))
    streams = merge(logs)
    return Logbook(logs, streams, tuple(_warnings(logs, streams)))


def together(book: Logbook, own: Sequence[Reading]) -> tuple[list[Reading], list[Event | Measurement | Whole]]:
    """Put the readings of a record and of the logs together, and give the rows that the logs add.

    Raises LogRefused for a log without a zone beside readings in UTC of the same kind of device: which of them
    are the same cannot be told.
    """
    for stream in book.streams:
        if stream.zoneless and any(_in_utc(reading, stream) for reading in own):
            name = (stream.sources or (stream.source,))[0]
            raise log_refused(
                name, "times without a zone beside readings of the Bundle in UTC; expected zone= for this log"
            )
    every, fresh = joined(own, book.readings)
    return every, [*(reading.row for reading in fresh), *wholes(book, own)]


def wholes(book: Logbook, own: Sequence[Reading] = ()) -> Iterator[Whole]:
    """Yield over which days the logs hold everything; ``own`` are the readings that came in another way.

    A meter's memory proves nothing where tests that it does not hold are on file: there is another meter.
    """
    whole = [(log, span) for log in book.logs if not _lost(log) for span in log.whole]
    for log, span in whole:
        if span.device == "cgm":
            yield Whole(SENSOR, Source.RECORD, _source(log), span.from_day, span.until_day)
    if any(reading.row.fact == METER for reading in own):
        return
    proven = [(log, span) for log, span in whole if span.device == "meter" or log.streams[0].format in _STRIPS_TOO]
    for log in book.logs:
        if _tests(log) and not any(log is other for other, _ in proven):
            return
    for log, span in proven:
        yield Whole(METER, Source.RECORD, _source(log), span.from_day, span.until_day)


def _tests(log: Log) -> bool:
    return any(stream.device == "meter" for stream in log.streams)


def left_out(log: Log) -> dict[str, int]:
    """Count what was left out of a log, by reason."""
    return {str(reason): log.counts[reason] for reason in RejectReason if log.counts.get(reason)}


def _lost(log: Log) -> bool:
    return any(log.counts.get(reason) for reason in _LOST)


def _source(log: Log) -> str:
    return log.streams[0].source


def _in_utc(reading: Reading, stream: Stream) -> bool:
    """Whether a reading of the days of a stream is stated in UTC, so that its place's clock is not known."""
    if reading.row.fact != FACTS[stream.device] or reading.minute_of_day is None:
        return False
    first, last = (int(minute) // MINUTES_A_DAY + EPOCH for minute in stream.minutes[[0, -1]])
    return reading.row.minute == reading.wall and first - 1 <= reading.row.first <= last + 1


def _names(paths: Sequence[Path]) -> list[str]:
    """Return the names of each file by its last part; where two share it, by the whole path."""
    times = Counter(path.name for path in paths)
    names = [path.name if times[path.name] == 1 else str(path) for path in paths]
    for name, count in Counter(names).items():
        if count > 1:
            raise log_refused(name, "given twice; expected each log once")
    return names


def _far_apart(stream: Stream) -> bool:
    """Whether two readings that follow one another lie so far apart that a clock may have been wrong."""
    return len(stream) > 1 and int((stream.minutes[1:].astype("int64") - stream.minutes[:-1]).max()) > _APART


def _warnings(logs: Sequence[Log], streams: Sequence[Stream]) -> Iterator[str]:
    for log in logs:
        name, absent = _source(log), left_out(log)
        if absent:
            listed = ", ".join(f"{count} {reason}" for reason, count in absent.items())
            yield f"{name}: {sum(absent.values())} rows left out ({listed})"
        if log.whole and _lost(log):
            yield f"{name}: rows that may have been readings are left out, so the file proves nothing whole"
        for stream in log.streams:
            typed = int((stream.flags & int(Flag.MANUAL) > 0).sum())
            if typed:
                yield f"{name}: {typed} of {len(stream)} readings of {NAMES[stream.device]} were typed by hand"
        if any(_far_apart(stream) for stream in log.streams):
            yield f"{name}: readings lie years apart from the others; the clock of the device may have been wrong"
        if log.counts.get("ambiguous-time") or log.counts.get("nonexistent-time"):
            yield f"{name}: times in nights on which clocks change are taken as they stand"
        yield from (f"{name}: {note}" for note in log.notes)
        said = "names someone" if log.patients else "names nobody"
        yield f"{name} {said}; that it is this member's log cannot be checked"
    for device in FACTS:
        both = sum(len(stream) for log in logs for stream in log.streams if stream.device == device)
        once = sum(len(stream) for stream in streams if stream.device == device)
        if both > once:
            also = ", or are a second device's of the same hours," if device == "cgm" else ""
            yield f"readings of {NAMES[device]} that stand in more than one log{also} and count once: {both - once}"
