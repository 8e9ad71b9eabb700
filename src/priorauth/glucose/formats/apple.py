"""Apple Health: the export of a phone, one ``Record`` an element, of which those of blood glucose are read as a stream.

The glucose of a year lies among millions of other records, so records of glucose are looked for by their type and only
they are parsed. Each states its unit and its time with the zone in which the phone then was. The app that wrote it
says what measured: the apps of sensors and of meters are listed; what was typed into Health itself is a meter's, by
hand. An app that is not listed is a sensor's where it wrote a reading every quarter of an hour or oftener; else nothing
says what measured, and its records are counted. Metadata say what was typed and how it lies to a meal.

Apps write what they please and people delete what they please: a file proves nothing whole.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from statistics import median
from typing import IO, Final, NamedTuple
from xml.parsers import expat

from priorauth.glucose.formats.amount import DEXCOM, Unit
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.reject import RejectReason, log_refused

NAME: Final = "apple-health"
TITLE: Final = "Apple Health"
ROOT: Final = "HealthData"

_TYPE: Final = b"HKQuantityTypeIdentifierBloodGlucose"
_END: Final = b"</HealthData>"
_CHUNK: Final = 4 << 20
_LONGEST: Final = 1 << 20  # bytes of one record with its metadata
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_SENSORS: Final = (
    *(
        "dexcom",
        "clarity",
        "libre",
        "lingo",
        "eversense",
        "guardian",
        "minimed",
        "carelink",
        "simplera",
        "xdrip",
        "loop",
    ),
    *(
        "trio",
        "iaps",
        "nightscout",
        "sugarmate",
        "juggluco",
        "spike",
        "diabox",
        "glimp",
        "glucodirect",
        "zukka",
        "gluroo",
    ),
    *("stelo", "medtrum", "caresens air", "cgm", "sensor", "t:connect", "tconnect", "tandem", "omnipod", "camaps"),
)
_METERS: Final = (
    *(
        "onetouch",
        "one touch",
        "contour",
        "ascensia",
        "accu-chek",
        "accuchek",
        "mysugr",
        "ihealth",
        "one drop",
        "onedrop",
    ),
    *(
        "dario",
        "livongo",
        "true metrix",
        "truemetrix",
        "relion",
        "agamatrix",
        "caresens",
        "glucomen",
        "beurer",
        "meter",
    ),
    *("glucose buddy", "diabetes:m", "glucoplus", "fora", "rightest", "gluconav", "verio"),
)
_OFTEN: Final = 16  # minutes between readings, at most, of what can only be a sensor
_MANY: Final = 12  # readings, at least, to tell by them
_MEALS: Final = {"1": int(Flag.BEFORE_MEAL), "2": int(Flag.AFTER_MEAL)}
_MANUAL: Final = int(Flag.MANUAL)


class Entry(NamedTuple):
    """One record: its line, what its element says, and its metadata."""

    line: int
    fields: Mapping[str, str]
    metadata: Mapping[str, str]

    @property
    def flags(self) -> int:
        """What is known of it beside its value."""
        meal = _MEALS.get(self.metadata.get("HKBloodGlucoseMealTime", ""), 0)
        return meal | _MANUAL if self.metadata.get("HKWasUserEntered") == "1" else meal


def read(name: str, head: bytes, stream: IO[bytes], hints: Hints) -> Raw:
    """Read an export of which ``head`` is the beginning and ``stream`` the rest; raises LogRefused for damage."""
    found = Measured(name)
    devices: dict[tuple[str, str], Device | None] = {}
    untold: dict[str, list[Entry]] = {}
    for entry in _entries(name, head, stream, found):
        app = entry.fields.get("sourceName", "")
        key = app, entry.fields.get("device", "")
        if key not in devices:
            devices[key] = _device(*key)
        flags = entry.flags
        device = "meter" if flags & _MANUAL else devices[key]
        if device is None:
            untold.setdefault(app, []).append(entry)
        else:
            _take(found, entry, device, flags)
    for entries in untold.values():
        told = _often(entries)
        for entry in entries:
            if told:
                _take(found, entry, "cgm", entry.flags)
            else:
                found.reject(entry.line, RejectReason.DEVICE_UNKNOWN)
    return found.raw(NAME, hints)


def _take(found: Measured, entry: Entry, device: Device, flags: int) -> None:
    fields = entry.fields
    found.take(
        entry.line,
        device,
        fields.get("startDate", ""),
        fields.get("value", ""),
        _unit(fields.get("unit", "")),
        limits=DEXCOM,
        flags=flags,
        maker=fields.get("sourceName", ""),
    )


def _unit(stated: str) -> Unit | None:
    """Read a unit of HealthKit: ``mg/dL``, ``mmol<180.1558800000541>/L``."""
    if stated == "mg/dL":
        return Unit.MG
    return Unit.MMOL if stated.startswith("mmol<180.") and stated.endswith("/L") else None


def _device(app: str, device: str) -> Device | None:
    """Find what an app writes for, by its name, else by the device that it names; None where neither says."""
    for words in (app.casefold(), device.casefold()):
        sensor, meter = (any(word in words for word in listed) for listed in (_SENSORS, _METERS))
        if sensor != meter:
            return "cgm" if sensor else "meter"
    return None


def _often(entries: list[Entry]) -> bool:
    """Whether readings come so often that a sensor made them."""
    times = []
    for entry in entries:
        try:
            times.append(dt.datetime.strptime(entry.fields.get("startDate", ""), "%Y-%m-%d %H:%M:%S %z"))
        except ValueError:
            continue
    steps = [(late - early).total_seconds() / 60 for early, late in zip(sorted(times), sorted(times)[1:], strict=False)]
    return len(times) >= _MANY and median(steps) <= _OFTEN


# ---- records out of bytes


def _entries(name: str, head: bytes, stream: IO[bytes], found: Measured) -> Iterator[Entry]:
    """Yield the records of glucose; counts a file that was cut off."""
    waiting, chunk, line, last = b"", head, 1, b""
    while chunk:
        waiting = _without_comments(name, waiting + chunk)
        begun, parts = _parts(name, waiting, line)
        yield from _parsed(name, parts)
        line += waiting.count(b"\n", 0, begun)
        last = (last + chunk)[-len(_END) - 64 :]
        waiting, chunk = waiting[begun:], stream.read(_CHUNK)
    if _END not in last:
        found.reject(line, RejectReason.TRUNCATED_LINE)


def _without_comments(name: str, data: bytes) -> bytes:
    """Blank out comments, whose records are none; ``data`` may end within one."""
    if b"<![CDATA[" in data:
        raise log_refused(name, "has unparsed text (CDATA); expected records alone")
    if b"<!--" not in data:
        return data
    return _COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), data)


def _parts(name: str, data: bytes, line: int) -> tuple[int, list[tuple[int, bytes]]]:
    """Find the whole records in some bytes of which ``line`` is the first line; and where what is not whole begins."""
    parts: list[tuple[int, bytes]] = []
    done = counted = at = 0
    open_comment = data.rfind(b"<!--")
    end = len(data) if open_comment < 0 else open_comment
    while (at := data.find(_TYPE, at, end)) >= 0:
        start = data.rfind(b"<", done, at)
        at += len(_TYPE)
        if not data.startswith(b"<Record", start):
            continue
        stop = _stop(data, start, end)
        if stop < 0:
            if len(data) - start > _LONGEST:
                raise log_refused(name, "a record without an end; expected well-formed XML", row=line)
            return start, parts
        line += data.count(b"\n", counted, start)
        parts.append((line, data[start:stop]))
        counted, done, at = start, stop, stop
    tail = data.rfind(b"<", done, end)
    keep = end if tail < 0 or data.find(b">", tail, end) >= 0 else tail
    if len(data) - keep > _LONGEST:
        raise log_refused(name, "an element without an end; expected well-formed XML", row=line)
    return keep, parts


def _stop(data: bytes, start: int, end: int) -> int:
    """Return where a record ends, with its metadata; -1 where it is not whole."""
    stop = data.find(b">", start, end)
    while stop >= 0 and data.count(b'"', start, stop) % 2:
        stop = data.find(b">", stop + 1, end)  # this one stands in an attribute
    if stop < 0 or data[stop - 1 : stop] == b"/":
        return stop + 1 or -1
    closed = data.find(b"</Record>", stop, end)
    return -1 if closed < 0 else closed + len(b"</Record>")


def _parsed(name: str, parts: list[tuple[int, bytes]]) -> Iterator[Entry]:
    """Parse records, some thousand at a time."""
    if not parts:
        return
    made: list[tuple[Mapping[str, str], dict[str, str]]] = []

    def start(tag: str, fields: dict[str, str]) -> None:
        if tag == "Record":
            made.append((fields, {}))
        elif tag == "MetadataEntry" and made:
            made[-1][1][fields.get("key", "")] = fields.get("value", "")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(b"<records>" + b"".join(part for _, part in parts) + b"</records>", True)
    except expat.ExpatError as fault:
        raise log_refused(
            name, "expected well-formed XML in the records of glucose from here", row=parts[0][0]
        ) from fault
    if len(made) != len(parts):
        raise log_refused(name, "a record within another; expected well-formed XML", row=parts[0][0])
    for (line, _), (fields, metadata) in zip(parts, made, strict=True):
        yield Entry(line, fields, metadata)
