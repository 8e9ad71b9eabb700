"""Nightscout: the entries of its API, as JSON or as its CSV without a header; always mg/dL, always with an instant.

``sgv`` is the sensor, ``mbg`` a fingerstick, ``cal`` neither. Sensor values 1 to 12 are error codes of the receiver;
39 and below is low, above 400 high, whatever the sensor. Two uploaders may write the same reading twice, seconds
apart: the stream drops such copies by uploader. ``utcOffset`` is the offset of the uploader's phone, often 0 where it
is not known.

Uploaders miss readings and the API returns the newest so many, so a file proves nothing whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, NIGHTSCOUT, Amounts, Unit
from priorauth.glucose.formats.clock import Stamps, Times
from priorauth.glucose.formats.entries import Entry, amount, whole, words
from priorauth.glucose.formats.reading import Hints, Raw
from priorauth.glucose.formats.text import Head, Record, Row, Sheet
from priorauth.glucose.formats.track import NOT_STATED, Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally

NAME: Final = "nightscout"
TITLE: Final = "Nightscout"
MARKS: Final = ('"sgv":', '"mbg":')
TYPES: Final = frozenset({"sgv", "mbg", "cal"})

_NO_TIME: Final = -(1 << 40)  # far outside the years of a log
_FARTHEST_MS: Final = 1 << 53
_FARTHEST_OFFSET: Final = 14 * 60
_SUFFIX = re.compile(r":\d\d(?:\.\d+)?([+-])(\d\d):?(\d\d)$", re.ASCII)
_CSV_WIDTH: Final = 4
_MILLISECONDS: Final = (12, 13)  # digits


def read_entries(name: str, entries: Sequence[Entry], notes: tuple[str, ...] = ()) -> Raw:
    """Read the entries of the API."""
    times, uploaders, tally = Times(), Numbers(), Tally()
    tracks = {"sgv": Track("cgm"), "mbg": Track("meter")}
    amounts = {"sgv": Amounts(Unit.MG, NIGHTSCOUT), "mbg": Amounts(Unit.MG, DEXCOM)}
    kinds = [entry.type if isinstance(entry.type, str) else _kind(entry) for entry in entries]
    for kind, track in tracks.items():
        rows = [place for place, found in enumerate(kinds) if found == kind]
        chosen = [entries[place] for place in rows]
        values = [amount(entry.sgv if kind == "sgv" else entry.mbg) for entry in chosen]
        track.add(
            np.array(rows, dtype=np.int32) + 1,
            _stamps(times, chosen),
            amounts[kind].codes(values),
            makers=[uploaders[words(entry.device)] for entry in chosen],
            offsets=[_offset(entry) for entry in chosen],
        )
    tally.add(RejectReason.NOT_GLUCOSE, [place for place, kind in enumerate(kinds, 1) if kind not in TYPES])
    days = times.days(name)
    readings = tuple(track.settle(name, days, tally) for track in tracks.values())
    return Raw(NAME, readings, tally, str(Unit.MG), notes=notes)


def _kind(entry: Entry) -> str:
    return "sgv" if entry.sgv is not None else "mbg" if entry.mbg is not None else ""


def _stamps(times: Times, entries: Sequence[Entry]) -> Stamps:
    """Take the instant in milliseconds, else the text beside it."""
    moments = [whole(entry.date) for entry in entries]
    known = [moment is not None and abs(moment) < _FARTHEST_MS for moment in moments]
    minutes = [
        moment // 60_000 if ok and moment is not None else _NO_TIME for moment, ok in zip(moments, known, strict=True)
    ]
    stamps = times.of_minutes(np.array(minutes, dtype=np.int64), zoned=True)
    if not all(known):
        texts = times.stamps([words(entry.dateString) for entry in entries])
        stamps = np.where(known, stamps, texts)
    return stamps


def _offset(entry: Entry) -> int:
    offset = whole(entry.utcOffset)
    if offset is None and (match := _SUFFIX.search(words(entry.dateString))):
        offset = int(match[1] + "1") * (int(match[2]) * 60 + int(match[3]))
    return offset if offset is not None and abs(offset) <= _FARTHEST_OFFSET else NOT_STATED


def recognise(head: Head) -> Sheet | None:
    """Find rows of entries.csv: the instant as text and in milliseconds, the value, the trend, the uploader."""
    for delimiter, rows in head.tables.items():
        if rows and all(_is_csv(row.cells) for row in rows[:3]):
            return Sheet(head.text, delimiter, Row(0, rows[0].cells))
    return None


def _is_csv(cells: Sequence[str]) -> bool:
    if len(cells) < _CSV_WIDTH or "T" not in cells[0]:
        return False
    return cells[1].isascii() and cells[1].isdigit() and len(cells[1]) in _MILLISECONDS


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read entries.csv, which holds the sensor's readings alone."""
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
