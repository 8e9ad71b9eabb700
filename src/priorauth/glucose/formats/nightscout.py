"""Nightscout: the entries of its API, as JSON or as its CSV and TSV without a header, always with an instant.

``sgv`` is the sensor, ``mbg`` a fingerstick, ``cal`` neither. Sensor values 1 to 12 are error codes of the receiver;
39 and below is low, above 400 high, whatever the sensor; mg/dL, unless an entry says otherwise. Two uploaders may
write the same reading twice, minutes apart: the stream keeps one of them. ``utcOffset`` is the offset of the uploader's
phone, often 0 where it is not known.

Treatments are entries of the care portal. One with a glucose from a finger is a test (``Manual``: typed, and not said
from where); one from the sensor repeats an entry. What is deleted (``isValid`` false) is withdrawn.

Uploaders miss readings and the API returns the newest so many, so a file proves nothing whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, NIGHTSCOUT, Amounts, Unit, refused, unit_named
from priorauth.glucose.formats.clock import Stamps, Times
from priorauth.glucose.formats.entries import Entry, amount, whole, words
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.text import Head, Record, Row, Sheet
from priorauth.glucose.formats.track import NOT_STATED, Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally

NAME: Final = "nightscout"
TITLE: Final = "Nightscout"
MARKS: Final = ('"sgv":', '"mbg":', '.000Z",1')
TYPES: Final = frozenset({"sgv", "mbg", "cal"})

_TEST: Final = "a test among the treatments"
_LEFT: Final = {
    "a sensor's value among the treatments": RejectReason.NOT_GLUCOSE,
    "a value of unknown making": RejectReason.DEVICE_UNKNOWN,
    "deleted": RejectReason.WITHDRAWN,
}
_SENSOR_VALUE, _UNKNOWN, _DELETED = _LEFT
_OTHER: Final = "another treatment"
_KNOWN: Final = TYPES | _LEFT.keys() | {_TEST, _OTHER}
_FINGER: Final = frozenset({"finger", "meter", "manual"})
_NO_UNIT: Final = refused(RejectReason.UNIT_UNKNOWN)

_NO_TIME: Final = -(1 << 40)  # far outside the years of a log
_FARTHEST_MS: Final = 1 << 53
_FARTHEST_OFFSET: Final = 14 * 60
_SUFFIX = re.compile(r":\d\d(?:\.\d+)?([+-])(\d\d):?(\d\d)$", re.ASCII)
_CSV_WIDTH: Final = 4
_FIELDS: Final = {
    **{name: name for name in ("type", "date", "sgv", "mbg", "device", "units", "mills")},
    "datestring": "dateString",
    "utcoffset": "utcOffset",
}
_NUMBERS: Final = frozenset({"date", "mills", "utcOffset"})
_DIGITS: Final = 16
_MILLISECONDS: Final = (12, 13)  # digits


def read_entries(name: str, entries: Sequence[Entry], notes: tuple[str, ...] = ()) -> Raw:
    """Read the entries of the API, and its treatments."""
    times, uploaders, tally = Times(), Numbers(), Tally()
    sensor, meter = Track("cgm"), Track("meter")
    units: dict[Unit, None] = {}
    kinds = [_kind(entry) for entry in entries]
    for kind, track in (("sgv", sensor), ("mbg", meter), (_TEST, meter)):
        rows = [place for place, found in enumerate(kinds) if found == kind]
        chosen = [entries[place] for place in rows]
        track.add(
            np.array(rows, dtype=np.int32) + 1,
            _stamps(times, chosen),
            _amounts(kind, chosen, units),
            flags=[int(Flag.MANUAL) if words(entry.glucoseType).casefold() == "manual" else 0 for entry in chosen],
            makers=[uploaders[words(entry.device) or words(entry.enteredBy)] for entry in chosen],
            offsets=[_offset(entry) for entry in chosen],
        )
    for kind, reason in _LEFT.items():
        tally.add(reason, [place for place, found in enumerate(kinds, 1) if found == kind])
    tally.add(RejectReason.NOT_GLUCOSE, [place for place, kind in enumerate(kinds, 1) if kind not in _KNOWN])
    days = times.days(name)
    readings = tuple(track.settle(name, days, tally) for track in (sensor, meter))
    return Raw(NAME, readings, tally, ", ".join(units) or str(Unit.MG), notes=notes)


def of_nightscout(entry: Entry) -> bool:
    """Whether an object is an entry or a treatment."""
    if entry.sgv is not None or entry.mbg is not None or entry.type in TYPES:
        return True
    return isinstance(entry.eventType, str) and (entry.created_at is not None or entry.mills is not None)


def _amounts(kind: str, entries: Sequence[Entry], units: dict[Unit, None]) -> NDArray[np.int32]:
    """Judge the values of one kind: in the unit that each states, entries without one in mg/dL."""
    limits = NIGHTSCOUT if kind == "sgv" else DEXCOM
    columns = {unit: Amounts(unit, limits) for unit in Unit}
    default = None if kind == _TEST else Unit.MG
    found = []
    for entry in entries:
        said = words(entry.units)
        unit = unit_named("mg/dL" if said == "mg" else said) if said else default
        if unit is None:
            found.append(_NO_UNIT)
            continue
        units[unit] = None
        value = entry.sgv if kind == "sgv" else entry.mbg if kind == "mbg" else entry.glucose
        found.append(columns[unit][amount(value)])
    return np.array(found, dtype=np.int32)


def _kind(entry: Entry) -> str:
    """Tell what an object is: its type, that of a treatment, or by the value that it has."""
    if entry.isValid is False:
        return _DELETED
    if isinstance(entry.eventType, str):
        return _kind_of_treatment(entry)
    if isinstance(entry.type, str):
        return entry.type
    return "sgv" if entry.sgv is not None else "mbg" if entry.mbg is not None else ""


def _kind_of_treatment(entry: Entry) -> str:
    if amount(entry.glucose) in {None, "", 0, "0"}:
        return _OTHER
    made = words(entry.glucoseType).strip().casefold()
    if made in _FINGER:
        return _TEST
    return _SENSOR_VALUE if made == "sensor" else _UNKNOWN


def _stamps(times: Times, entries: Sequence[Entry]) -> Stamps:
    """Take the instant in milliseconds, else the text beside it."""
    moments = [_moment(entry) for entry in entries]
    known = [moment is not None and abs(moment) < _FARTHEST_MS for moment in moments]
    minutes = [
        moment // 60_000 if ok and moment is not None else _NO_TIME for moment, ok in zip(moments, known, strict=True)
    ]
    stamps = times.of_minutes(np.array(minutes, dtype=np.int64), zoned=True)
    if not all(known):
        texts = times.stamps([words(entry.dateString) or words(entry.created_at) for entry in entries])
        stamps = np.where(known, stamps, texts)
    return stamps


def _moment(entry: Entry) -> int | None:
    found = whole(entry.date)
    return whole(entry.mills) if found is None else found


def _offset(entry: Entry) -> int:
    offset = whole(entry.utcOffset)
    if offset is None and (match := _SUFFIX.search(words(entry.dateString) or words(entry.created_at))):
        offset = int(match[1] + "1") * (int(match[2]) * 60 + int(match[3]))
    return offset if offset is not None and abs(offset) <= _FARTHEST_OFFSET else NOT_STATED


def recognise(head: Head) -> Sheet | None:
    """Find rows of entries.csv (the instant as text and in milliseconds, the value, the trend, the uploader), or the
    header that mongoexport puts above fields.
    """
    for delimiter, rows in head.tables.items():
        if rows and all(_is_csv(row.cells) for row in rows[:3]):
            return Sheet(head.text, delimiter, Row(0, rows[0].cells))
        if rows and _is_header([text.clean(cell) for cell in rows[0].cells]):
            return Sheet(head.text, delimiter, rows[0])
    return None


def _is_header(names: Sequence[str]) -> bool:
    return "sgv" in names and ("date" in names or "datestring" in names)


def _is_csv(cells: Sequence[str]) -> bool:
    if len(cells) < _CSV_WIDTH or "T" not in cells[0]:
        return False
    return cells[1].isascii() and cells[1].isdigit() and len(cells[1]) in _MILLISECONDS


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read entries.csv, which holds the sensor's readings alone, or fields below a header."""
    if sheet.header.line:
        return _read_fields(sheet)
    times, uploaders, tally, track = Times(), Numbers(), Tally(), Track("cgm")
    amounts = Amounts(Unit.MG, NIGHTSCOUT)
    for rows in text.batches(sheet, tally):
        full: list[Record] = [row for row in rows if len(row[1]) >= _CSV_WIDTH]
        if len(full) < len(rows):
            tally.add(RejectReason.TRUNCATED_LINE, [line for line, cells in rows if len(cells) < _CSV_WIDTH])
        track.add(
            [line for line, _ in full],
            times.stamps([cells[0] for _, cells in full]),
            amounts.codes([cells[2] for _, cells in full]),
            makers=[uploaders[cells[4] if len(cells) > _CSV_WIDTH else ""] for _, cells in full],
        )
    days = times.days(sheet.name, hints.dates)
    return Raw(NAME, (track.settle(sheet.name, days, tally),), tally, str(Unit.MG), notes=sheet.text.notes)


def _read_fields(sheet: Sheet) -> Raw:
    """Read the entries of a table with a header: each row is an object."""
    tally = Tally()
    fields = [_FIELDS.get(text.clean(cell), "") for cell in sheet.header.cells]
    found = []
    lines = []
    for rows in text.batches(sheet, tally):
        for line, cells in rows:
            given = {field: _value(field, cell) for field, cell in zip(fields, cells, strict=False) if field and cell}
            found.append(Entry(**given))
            lines.append(line)
    raw = read_entries(sheet.name, found, sheet.text.notes)
    places = np.array([0, *lines], dtype=np.int32)
    return replace(raw, readings=tuple(replace(one, rows=places[one.rows]) for one in raw.readings))


def _value(field: str, cell: str) -> object:
    plain = cell.strip()
    numeric = field in _NUMBERS and plain.lstrip("-").isdecimal() and len(plain) <= _DIGITS
    return int(plain) if numeric else plain
