"""Medtronic CareLink: a heading, then sections of events, each below a line of dashes and a header of its own.

Rows stand newest first; the table is parted by semicolons with decimal commas, or by commas, after the account's
region, and its header is translated. ISIG is not: the sensor's glucose stands before it, and the sensor's calibration
before that; the fingerstick is the first column that states a glucose unit. A fingerstick appears as BG Reading and
again as Sensor Calibration BG, so a calibration with the value of a BG Reading of the same quarter of an hour is a
copy. One without was typed at the pump and stands for itself: older pumps keep all fingersticks so. A BG Reading
without a linked meter was typed by hand. What was typed for a bolus (BWZ BG Input) is left out: it repeats a reading.

The file is the memory of one pump or transmitter: its sensor readings are whole from first to last. Fingersticks are
not: the pump knows only the tests that a meter sent or that were typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, Amounts, Unit, unit_in
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Flag, Hints, Raw, Readings, together
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "carelink"
TITLE: Final = "Medtronic CareLink"
MARKS: Final = ("ISIG Value", "BWZ Estimate")

_DASHES: Final = "---"
_HEADING_WIDTH: Final = 6
_IDENTITY: Final = 3  # last name, first name, patient id
_NAMED: Final = 2  # cells of the line with the name, in exports of the United States
_TYPED: Final = "typed at the pump"
_FAR: Final = 1 << 40  # more minutes than any log spans
_ONE_TEST: Final = 15  # minutes within which a calibration with the same value is of the same fingerstick
_SERIAL: Final = 3  # of a line of dashes: device, kind of section, serial number


class Columns(NamedTuple):
    """Where the fields of one section stand; -1 where it has no such column."""

    date: int
    time: int
    fingerstick: int
    linked: int
    calibration: int
    sensor: int


def recognise(head: Head) -> Sheet | None:
    """Find the header of the first section."""
    for delimiter, rows in head.tables.items():
        for place, row in enumerate(rows):
            if _columns(row.cells) is not None:
                return Sheet(head.text, delimiter, row, rows[:place])
    return None


def _columns(cells: Sequence[str]) -> Columns | None:
    if len(cells) < _HEADING_WIDTH or text.clean(cells[0]) != "index":
        return None
    names = [text.clean(cell) for cell in cells]
    isig = next((place for place, name in enumerate(names) if "isig" in name), -1)
    if isig < _HEADING_WIDTH:
        return None
    stated = [place for place, name in enumerate(names[: isig - 2]) if unit_in(name) and "bwz" not in name]
    linked = next((place for place, name in enumerate(names) if "linked bg" in name), -1)
    if linked < 0 and stated and stated[0] + 1 < isig:
        linked = stated[0] + 1  # translated: the meter's id stands beside its reading
    return Columns(1, 2, stated[0] if stated else -1, linked, isig - 2, isig - 1)


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of CareLink; raises LogRefused for two patients, or a glucose column without a unit."""
    reading = _Reading(sheet)
    for rows in text.batches(sheet, reading.tally):
        start = 0
        for place, record in enumerate(rows):
            if record[1][0] in reading.marks or record[1][0].startswith(_DASHES):
                reading.take(rows[start:place])
                reading.open(record)
                start = place + 1
        reading.take(rows[start:])
    return reading.finish(hints)


class _Reading:
    """An export of CareLink while it is read."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._times, self._serials, self._meters = Times(), Numbers(), Numbers()
        self._cgm, self._meter, self._calibrations = Track("cgm"), Track("meter"), Track("meter")
        self._amounts: dict[Unit, Amounts] = {}
        self._columns: Columns | None = None
        self._header: Sequence[str] = ()
        self._person: tuple[str, ...] | None = None
        self._names_follow = False
        self._serial = 0
        self._name = next(
            (row.cells[1] for row in sheet.above if len(row.cells) == _NAMED and text.clean(row.cells[0]) == "name"),
            None,
        )
        self.tally = Tally()
        wide = [row.cells for row in sheet.above if len(row.cells) >= _HEADING_WIDTH]
        self.marks = {sheet.header.cells[0]}
        if len(wide) > 1:
            self.marks.add(wide[0][0])
            self._person = tuple(cell.strip() for cell in wide[1][:_IDENTITY])
        for row in (*(row for row in sheet.above if row.cells and row.cells[0].startswith(_DASHES)), sheet.header):
            self.open((row.line, row.cells))

    def open(self, record: Record) -> None:
        """Take a row that is no event: a line of dashes, the header of a section, or a heading with names below it."""
        _, cells = record
        self._columns = None
        if cells[0].startswith(_DASHES):
            self._serial = self._serials[cells[_SERIAL].strip() if len(cells) > _SERIAL else ""]
        elif columns := _columns(cells):
            self._columns, self._header = columns, cells
        else:
            self._names_follow = True

    def _identify(self, line: int, cells: Sequence[str]) -> None:
        person = tuple(cell.strip() for cell in cells[:_IDENTITY])
        self._names_follow = False
        if self._person is not None and person != self._person:
            raise log_refused(self._sheet.name, "a second patient; expected one patient in a file", row=line)

    def take(self, rows: list[Record]) -> None:
        """Take events, and below a repeated heading its names."""
        if self._names_follow and rows:
            self._identify(*rows[0])
        columns = self._columns
        if columns is None:
            return
        for line, cells in rows:
            if len(cells) == _NAMED and text.clean(cells[0]) == "name" and self._name not in {None, cells[1]}:
                raise log_refused(self._sheet.name, "a second patient; expected one patient in a file", row=line)
        rows = [row for row in rows if len(row[1]) > columns.time]
        sensor = _holding(rows, columns.sensor)
        self._add(self._cgm, sensor, columns.sensor, makers=self._serial)
        if columns.fingerstick >= 0:
            tests = _holding(rows, columns.fingerstick)
            linked = [
                cells[columns.linked].strip(" -") if 0 <= columns.linked < len(cells) else "" for _, cells in tests
            ]
            typed = [0 if meter else int(Flag.MANUAL) for meter in linked] if columns.linked >= 0 else 0
            self._add(
                self._meter, tests, columns.fingerstick, flags=typed, makers=[self._meters[meter] for meter in linked]
            )
        calibrations = _holding(rows, columns.calibration)
        self._add(
            self._calibrations,
            calibrations,
            columns.calibration,
            flags=int(Flag.MANUAL),
            makers=self._meters[_TYPED],
        )

    def _add(
        self,
        track: Track,
        rows: list[Record],
        place: int,
        *,
        flags: Sequence[int] | int = 0,
        makers: Sequence[int] | int = 0,
    ) -> None:
        if not rows or self._columns is None:
            return
        unit = unit_in(self._header[place])
        if unit is None:
            raise log_refused(self._sheet.name, "a glucose column states no unit; expected mg/dL or mmol/L")
        amounts = self._amounts.setdefault(unit, Amounts(unit, DEXCOM))
        date, time = self._columns.date, self._columns.time
        track.add(
            [line for line, _ in rows],
            self._times.pairs([cells[date] for _, cells in rows], [cells[time] for _, cells in rows]),
            amounts.codes([cells[place] for _, cells in rows]),
            flags=flags,
            makers=makers,
        )

    def _named(self) -> tuple[str, ...]:
        return (self._name,) if self._name else ()

    def finish(self, hints: Hints) -> Raw:
        name = self._sheet.name
        days = self._times.days(name, hints.dates)
        sensor, meter, calibrations = (
            track.settle(name, days, self.tally) for track in (self._cgm, self._meter, self._calibrations)
        )
        copies = _copied(calibrations, meter)
        self.tally.add(RejectReason.COPY_OF_FINGERSTICK, calibrations.rows[copies])
        return Raw(
            format=NAME,
            readings=(sensor, together(meter, calibrations.chosen(~copies))),
            tally=self.tally,
            unit=", ".join(self._amounts),
            patients=(" ".join(part for part in self._person if part),) if self._person else self._named(),
            downloads=frozenset({"cgm"}) if len(self._serials) <= 1 else frozenset(),
            notes=self._sheet.text.notes,
        )


def _copied(calibrations: Readings, tests: Readings) -> NDArray[np.bool_]:
    """Mark the calibrations whose value, give or take what rounding makes, a fingerstick of the same time has."""
    order = np.lexsort((tests.minutes, tests.glucose))
    keys = tests.glucose[order].astype(np.int64) * _FAR + tests.minutes[order]
    found = np.zeros(len(calibrations), dtype=bool)
    for value in (-1, 0, 1):
        own = (calibrations.glucose.astype(np.int64) + value) * _FAR + calibrations.minutes
        first = np.searchsorted(keys, own - _ONE_TEST, side="left")
        found |= first < np.searchsorted(keys, own + _ONE_TEST, side="right")
    return found


def _holding(rows: list[Record], place: int) -> list[Record]:
    """Keep the rows in which a column holds something; dashes hold the place of nothing."""
    return [row for row in rows if len(row[1]) > place and row[1][place].strip(" -")]
