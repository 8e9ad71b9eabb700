"""LibreView (FreeStyle Libre): one table in which the record type says what a row is.

Type 0 is a stored sensor reading, type 1 a scan (a look at the sensor between stored readings: counted, kept out of
the stream, else the same glucose counts twice), type 2 a strip test, the only fingerstick; 3 to 6 are ketones,
insulin, food and notes. Each glucose column states its own unit. The order of day and month follows the account's
preference and is settled per file, the heading's own date included. LO and HI stand for below 40 and above 500, on a
strip below 20.

The export is the memory of the reader or phone named by its serial number: with one serial number it is whole from
first to last reading. Strip tests are proven whole only where there are any; a Libre 3 has no strip port, and the
patient may use another meter. The heading names who made the export, not the patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import LIBRE, LIBRE_STRIP, Amounts, Limits, unit_in
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Device, Hints, Raw
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "libreview"
TITLE: Final = "LibreView"

_HEADER_ROWS: Final = 10
_FULL_WIDTH: Final = 15
_STORED, _SCAN, _STRIP = "0", "1", "2"


class Columns(NamedTuple):
    """Where the fields stand; -1 where there is no such column."""

    serial: int
    time: int
    kind: int
    stored: int
    strip: int


def recognise(head: Head) -> Sheet | None:
    """Find the header of a LibreView export, or of the older FreeStyle Libre program."""
    for delimiter, rows in head.tables.items():
        for place, row in enumerate(rows[:_HEADER_ROWS]):
            if _columns(row.cells) is not None:
                return Sheet(head.text, delimiter, row, rows[:place])
    return None


def _columns(cells: Sequence[str]) -> Columns | None:
    names = [text.clean(cell) for cell in cells]

    def starting(*starts: str) -> int:
        return next((place for place, name in enumerate(names) if name.startswith(starts)), -1)

    found = Columns(
        starting("serial number"),
        starting("device timestamp", "time"),
        starting("record type"),
        starting("historic glucose"),
        starting("strip glucose"),
    )
    if found.time >= 0 and found.kind >= 0 and found.stored >= 0:
        return found
    if len(names) >= _FULL_WIDTH and all(unit_in(names[place]) for place in (4, 5, 14)):
        return Columns(serial=1, time=2, kind=3, stored=4, strip=14)
    return None


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of LibreView; raises LogRefused for two downloads of different people, or no unit."""
    columns = _columns(sheet.header.cells)
    if columns is None:
        raise log_refused(sheet.name, "expected the header of a LibreView export", row=sheet.header.line)
    reading = _Reading(sheet, columns)
    for rows in text.batches(sheet, reading.tally):
        reading.take(rows)
    return reading.finish(hints)


class _Column:
    """One glucose column of the table, for one record type."""

    def __init__(self, sheet: Sheet, place: int, device: Device, limits: Limits) -> None:
        unit = unit_in(sheet.header.cells[place])
        if unit is None:
            raise log_refused(sheet.name, "a glucose column states no unit; expected mg/dL or mmol/L")
        self.place, self.unit = place, unit
        self.track = Track(device)
        self.amounts = Amounts(unit, limits)
        self.serials = Numbers()


class _Reading:
    """An export of LibreView while it is read."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self._sheet, self._columns = sheet, columns
        self._times = Times()
        self._stored = _Column(sheet, columns.stored, "cgm", LIBRE)
        self._strip = _Column(sheet, columns.strip, "meter", LIBRE_STRIP) if columns.strip >= 0 else None
        self._width = max(columns) + 1
        self._heading = _maker(sheet.above[0].cells) if sheet.above else None
        self.tally = Tally()

    def take(self, rows: list[Record]) -> None:
        kind, width = self._columns.kind, self._width
        full = [row for row in rows if len(row[1]) >= width]
        if len(full) < len(rows):
            for line, cells in rows:
                if len(cells) < width:
                    self._take_short(line, cells)
        self._add(self._stored, [row for row in full if row[1][kind] == _STORED])
        if self._strip is not None:
            self._add(self._strip, [row for row in full if row[1][kind] == _STRIP])
        self.tally.add(RejectReason.SCAN, [line for line, cells in full if cells[kind] == _SCAN])
        for line, cells in full:
            if len(cells[kind]) > 1 and _columns(cells) is not None:
                self._check_header(line, cells)

    def _add(self, column: _Column, rows: list[Record]) -> None:
        time, serial, place = self._columns.time, self._columns.serial, column.place
        numbers = column.serials
        column.track.add(
            [line for line, _ in rows],
            self._times.stamps([cells[time] for _, cells in rows]),
            column.amounts.codes([cells[place] for _, cells in rows]),
            makers=[numbers[cells[serial]] for _, cells in rows] if serial >= 0 else 0,
        )

    def _take_short(self, line: int, cells: list[str]) -> None:
        maker = _maker(cells)
        if maker is not None and maker != self._heading:
            raise log_refused(self._sheet.name, "a second download by another person begins here", row=line)
        kind = self._columns.kind
        if len(cells) > kind and cells[kind] in {_STORED, _STRIP}:
            self.tally.add(RejectReason.TRUNCATED_LINE, [line])

    def _check_header(self, line: int, cells: list[str]) -> None:
        for column in (self._stored, self._strip):
            if column is not None and unit_in(cells[column.place]) is not column.unit:
                raise log_refused(self._sheet.name, "a second header states another unit", row=line)

    def finish(self, hints: Hints) -> Raw:
        name = self._sheet.name
        heading = [cell.partition(" ")[0] for row in self._sheet.above for cell in row.cells]
        days = self._times.days(name, hints.dates, also=heading)
        columns = [column for column in (self._stored, self._strip) if column is not None]
        units = {str(column.unit): None for column in columns}
        return Raw(
            format=NAME,
            readings=tuple(column.track.settle(name, days, self.tally) for column in columns),
            tally=self.tally,
            unit=", ".join(units),
            downloads=frozenset(column.track.device for column in columns if len(column.serials) == 1),
            notes=self._sheet.text.notes,
        )


def _maker(cells: Sequence[str]) -> str | None:
    """Find who made the export: the cell after ``Generated by``, or the fifth of a translated heading."""
    names = [text.clean(cell) for cell in cells]
    if "generated by" in names[:-1]:
        return names[names.index("generated by") + 1]
    return None
