"""Glooko: a folder of small tables, one for sensor readings and one for fingersticks, each below a line with the name.

The first line is ``Name:...,Date Range:... - ...``, the second the header, both translated; the glucose column is the
one that states a unit, and is the sensor's where its name holds "CGM" (French SCG); there 1 and 2001 stand for Low and
High, as CamAPS writes them. Times are wall clock (the same service's API stamps them Z, wrongly). ``Manual Reading``
marks a test typed by hand.

A table of fingersticks from one meter is that meter's memory and whole from its first to its last reading; with tests
typed by hand among them, or from several meters, nothing is proven, since each may have been read on another day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, SENTINELS, Amounts, unit_in
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL, tag_of
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "glooko"
TITLE: Final = "Glooko"
MARKS: Final = ("CGM Glucose Value (", "Date Range:")

_DATE: Final = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_RANGE = re.compile(rf"[^:]+:\s*({_DATE})\s*-\s*({_DATE})", re.ASCII)
_EMPTY: Final = {"cgm": RejectReason.NO_VALUE, "meter": RejectReason.TEST_WITHOUT_VALUE}
_NO: Final = frozenset({"", "false", "no", "n", "0"})
_ENTERED: Final = ("input", "eingabe", "eingegeben", "saisi", "introduc", "ingres", "inser", "invoer", "entrada")
"""Words of the glucose that was entered for a bolus: a reading once more, in the tables of insulin."""
_SENSOR: Final = ("cgm", "scg", "mcg")  # English and German; French; Spanish and Portuguese


class Columns(NamedTuple):
    """Where the fields stand; -1 where there is no such column."""

    time: int
    glucose: int
    manual: int
    tag: int
    serial: int


def recognise(head: Head) -> Sheet | None:
    """Find the line with the name and the range of dates, and the header below it."""
    for delimiter, rows in head.tables.items():
        if len(rows) > 1 and _range_of(rows[0].cells) and _glucose(rows[1].cells) is not None:
            return Sheet(head.text, delimiter, rows[1], rows[:1])
    return None


def _range_of(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) < 2 or ":" not in cells[0]:  # noqa: PLR2004  (a name and a range)
        return ()
    matches = [_RANGE.fullmatch(cell.strip().strip('"')) for cell in cells[1:]]
    return next((match.groups() for match in matches if match), ())


def _glucose(cells: Sequence[str]) -> int | None:
    names = [text.clean(cell) for cell in cells]
    return next(
        (place for place, name in enumerate(names) if unit_in(name) and not any(word in name for word in _ENTERED)),
        None,
    )


def _columns(cells: Sequence[str], glucose: int) -> Columns:
    names = [text.clean(cell) for cell in cells]

    def holding(*words: str) -> int:
        return next((place for place, name in enumerate(names) if any(word in name for word in words)), -1)

    return Columns(
        max(holding("timestamp", "zeitstempel", "horodatage", "marca de tiempo", "tijdstempel"), 0),
        glucose,
        holding("manual", "manuel", "handmatig"),
        holding("meal", "tag", "mahlzeit", "repas", "comida"),
        holding("serial", "serien", "serie", "série"),
    )


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read one table of a Glooko export; raises LogRefused for two patients."""
    glucose = _glucose(sheet.header.cells)
    unit = None if glucose is None else unit_in(sheet.header.cells[glucose])
    if glucose is None or unit is None:
        raise log_refused(sheet.name, "the glucose column states no unit; expected mg/dL or mmol/L")
    device: Device = "cgm" if any(word in text.clean(sheet.header.cells[glucose]) for word in _SENSOR) else "meter"
    limits = SENTINELS if device == "cgm" else DEXCOM
    reading = _Reading(sheet, _columns(sheet.header.cells, glucose), device, Amounts(unit, limits))
    for rows in text.batches(sheet, reading.tally):
        reading.take(rows)
    days = reading.times.days(sheet.name, hints.dates, also=_range_of(sheet.above[0].cells))
    whole = len(reading.serials) == 1 and not reading.typed
    person = sheet.above[0].cells[0].partition(":")[2].strip()
    return Raw(
        format=NAME,
        readings=(reading.track.settle(sheet.name, days, reading.tally),),
        tally=reading.tally,
        unit=str(unit),
        patients=(person,) if person else (),
        downloads=frozenset({device}) if whole else frozenset(),
        notes=sheet.text.notes,
    )


class _Reading:
    """One table of a Glooko export while it is read."""

    def __init__(self, sheet: Sheet, columns: Columns, device: Device, amounts: Amounts) -> None:
        self._sheet, self._columns, self._amounts = sheet, columns, amounts
        self.times, self.serials, self.tally = Times(), Numbers(), Tally()
        self.track = Track(device, empty=_EMPTY[device])
        self.typed = False

    def take(self, rows: list[Record]) -> None:
        time, glucose, _, tag, _ = self._columns
        width = max(time, glucose) + 1
        stamped = [row for row in rows if len(row[1]) >= width and row[1][time][:1].isdigit()]
        if len(stamped) < len(rows):
            for line, cells in rows:
                if len(cells) < width or not cells[time][:1].isdigit():
                    self._take_other(line, cells)
        rows = stamped
        tags = [tag_of(_cell(cells, tag)) for _, cells in rows] if tag >= 0 else [0] * len(rows)
        if CONTROL in tags:
            control = [row for row, found in zip(rows, tags, strict=True) if found == CONTROL]
            self.tally.add(RejectReason.CONTROL_SOLUTION, [line for line, _ in control])
            rows = [row for row, found in zip(rows, tags, strict=True) if found != CONTROL]
            tags = [found for found in tags if found != CONTROL]
        typed = self._typed(rows)
        self.track.add(
            [line for line, _ in rows],
            self.times.stamps([cells[time] for _, cells in rows]),
            self._amounts.codes([cells[glucose] for _, cells in rows]),
            flags=[found | mark for found, mark in zip(tags, typed, strict=True)],
            makers=[self.serials[_cell(cells, self._columns.serial)] for _, cells in rows],
        )

    def _typed(self, rows: list[Record]) -> list[int]:
        place = self._columns.manual
        if place < 0:
            return [0] * len(rows)
        marks = [0 if _cell(cells, place).casefold() in _NO else int(Flag.MANUAL) for _, cells in rows]
        self.typed = self.typed or any(marks)
        return marks

    def _take_other(self, line: int, cells: list[str]) -> None:
        heading, header = self._sheet.above[0].cells, self._sheet.header.cells
        if _range_of(cells):
            if cells[0].strip() != heading[0].strip():
                raise log_refused(self._sheet.name, "a second patient; expected one patient in a file", row=line)
        elif (place := _glucose(cells)) is not None:
            if unit_in(cells[place]) is not unit_in(header[self._columns.glucose]):
                raise log_refused(self._sheet.name, "a second header states another unit", row=line)
        elif any(cell.strip() for cell in cells):
            short = len(cells) <= max(self._columns.time, self._columns.glucose)
            self.tally.add(RejectReason.TRUNCATED_LINE if short else RejectReason.UNREADABLE_TIME, [line])


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if 0 <= place < len(cells) else ""
