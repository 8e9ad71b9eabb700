"""Dexcom Clarity: one table of events; sensor readings are the rows of event type EGV.

Columns are found by name, or by place where the header is translated. So may the events be: a sensor reading is then
known by its transmitter, which no other event names, or where no row has one by coming every quarter of an hour or
oftener. The rows above the first stamp hold names and alert settings, as many as there are alerts; they are recognised,
never counted. ``Low`` and ``High`` stand for below 40 and above 400. Times are wall clock. Calibrations are
fingersticks typed in from a meter: copies, not tests; the app's own glucose entries are typed too, but stand alone.

A download of one display device holds what its sensors sent from first to last reading; of several devices, one may
have been read and another not, so nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, Amounts, Unit, unit_in
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Flag, Hints, Raw, Readings
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "clarity"
TITLE: Final = "Dexcom Clarity"
MARKS: Final = ("Glucose Rate of Change (", "Transmitter Time (Long Integer)", "Event Type,Event Subtype")

_HEADER_ROWS: Final = 10
_OFTEN: Final = 16  # minutes between readings, at most, of what can only be a sensor
_MANY: Final = 6  # readings, at least, to tell by them
_FULL_WIDTH: Final = 12
_FASTING: Final = ("fasting glucose", "nüchtern", "à jeun", "en ayunas", "a digiuno", "nuchter")
_TYPED: Final = (
    "blood glucose",
    "blutzucker",
    "blutglukose",
    "glycémie",
    "glucosa en sangre",
    "glicemia",
    "bloedglucose",
)
_OTHER: Final = (
    *(
        "insul",
        "carb",
        "kohlenhyd",
        "glucid",
        "hidrat",
        "koolh",
        "exerc",
        "sport",
        "train",
        "bewegung",
        "ejerc",
        "eserc",
    ),
    *(
        "health",
        "gesund",
        "salud",
        "santé",
        "salute",
        "alert",
        "warn",
        "note",
        "nota",
        "notiz",
        "activ",
        "aktiv",
        "attiv",
    ),
)
_CALIBRATION: Final = ("calib", "kalib", "étalon", "kalibr")


class Columns(NamedTuple):
    """Where the fields stand; -1 where there is no such column."""

    time: int
    kind: int
    patient: int
    source: int
    glucose: int
    transmitter: int = -1


_BY_PLACE: Final = Columns(time=1, kind=2, patient=4, source=6, glucose=7, transmitter=13)


def recognise(head: Head) -> Sheet | None:
    """Find the header of an export of Clarity."""
    for delimiter, rows in head.tables.items():
        for row in rows[:_HEADER_ROWS]:
            if _columns(row.cells) is not None:
                return Sheet(head.text, delimiter, row)
    return None


def _columns(cells: Sequence[str]) -> Columns | None:
    names = [text.clean(cell) for cell in cells]
    times = [place for place, name in enumerate(names) if name.startswith("timestamp (yyyy")]
    values = [place for place, name in enumerate(names) if name.startswith("glucose value")]
    if times and values and "event type" in names:
        patient = names.index("patient info") if "patient info" in names else -1
        source = names.index("source device id") if "source device id" in names else -1
        transmitter = names.index("transmitter id") if "transmitter id" in names else -1
        return Columns(times[0], names.index("event type"), patient, source, values[0], transmitter)
    if len(names) >= _FULL_WIDTH and "hh:mm:ss" in names[1] and unit_in(names[7]) and "/min" in names[11]:
        return _BY_PLACE
    return None


def read(sheet: Sheet, hints: Hints) -> Raw:
    """Read an export of Clarity; raises LogRefused for two patients, two units or none."""
    columns = _columns(sheet.header.cells) or _BY_PLACE
    unit = unit_in(sheet.header.cells[columns.glucose])
    if unit is None:
        raise log_refused(sheet.name, "the glucose column states no unit; expected mg/dL or mmol/L")
    reading = _Reading(sheet, columns, unit)
    for rows in text.batches(sheet, reading.tally):
        reading.take(rows)
    return reading.finish(hints)


class _Reading:
    """An export of Clarity while it is read."""

    def __init__(self, sheet: Sheet, columns: Columns, unit: Unit) -> None:
        self._sheet, self._columns, self._unit = sheet, columns, unit
        self._width = max(columns.time, columns.kind, columns.source, columns.glucose) + 1
        self._amounts = Amounts(unit, DEXCOM)
        self._times, self._sources = Times(), Numbers()
        self._cgm, self._meter, self._unknown = Track("cgm"), Track("meter"), Track("cgm")
        self._person: dict[str, str] = {}
        self.tally = Tally()

    def take(self, rows: list[Record]) -> None:
        time, kind, _, source, glucose, _ = self._columns
        width = self._width
        whole = [
            (line, cells)
            for line, cells in rows
            if len(cells) >= width and (cells[kind] == "EGV" or self._sensed(cells))
        ]
        self._cgm.add(
            [line for line, _ in whole],
            self._times.stamps([cells[time] for _, cells in whole]),
            self._amounts.codes([cells[glucose] for _, cells in whole]),
            makers=[self._sources[cells[source]] for _, cells in whole] if source >= 0 else 0,
        )
        for line, cells in rows:
            if len(cells) < width or not (cells[kind] == "EGV" or self._sensed(cells)):
                self._take_other(line, cells)

    def _sensed(self, cells: list[str]) -> bool:
        """Whether a row of an event by another name has a stamp, a glucose, and the transmitter that sent it."""
        time, _, _, _, glucose, transmitter = self._columns
        if not 0 <= transmitter < len(cells):
            return False
        return bool(cells[transmitter].strip() and cells[time][:1].isdigit() and cells[glucose].strip())

    def _take_other(self, line: int, cells: list[str]) -> None:
        time, kind, patient, _, glucose, _ = self._columns
        if len(cells) <= max(time, kind, patient):
            return
        event = cells[kind].strip().casefold()
        if event == "egv":
            self.tally.add(RejectReason.TRUNCATED_LINE, [line])
        elif _columns(cells) is not None:
            if unit_in(cells[glucose]) is not self._unit:
                raise log_refused(self._sheet.name, "a second header states another unit", row=line)
        elif patient >= 0 and not cells[time].strip() and cells[patient].strip():
            if self._person.setdefault(event, cells[patient].strip()) != cells[patient].strip():
                raise log_refused(self._sheet.name, "a second patient; expected one patient in a file", row=line)
        elif any(word in event for word in _CALIBRATION):
            self.tally.add(RejectReason.COPY_OF_FINGERSTICK, [line])
        elif len(cells) > glucose and cells[time][:1].isdigit() and cells[glucose].strip():
            self._take_typed(line, cells, event)

    def _take_typed(self, line: int, cells: list[str], event: str) -> None:
        """Take a glucose that was typed into the app; one of an event by a name that is not known is counted."""
        fasting = any(word in event for word in _FASTING)
        if not fasting and not any(word in event for word in _TYPED):
            if not any(word in event for word in _OTHER):
                self._unknown.add(
                    [line],
                    self._times.stamps([cells[self._columns.time]]),
                    self._amounts.codes([cells[self._columns.glucose]]),
                )
            return
        self._meter.add(
            [line],
            self._times.stamps([cells[self._columns.time]]),
            self._amounts.codes([cells[self._columns.glucose]]),
            flags=int(Flag.MANUAL | (Flag.FASTING if fasting else Flag(0))),
        )

    def finish(self, hints: Hints) -> Raw:
        days = self._times.days(self._sheet.name, hints.dates)
        sensor, meter, unknown = (
            track.settle(self._sheet.name, days, self.tally) for track in (self._cgm, self._meter, self._unknown)
        )
        if len(unknown) and not len(sensor) and _often(unknown):
            sensor = unknown
        else:
            self.tally.add(RejectReason.DEVICE_UNKNOWN, unknown.rows)
        return Raw(
            format=NAME,
            readings=(sensor, meter),
            tally=self.tally,
            unit=str(self._unit),
            patients=(" ".join(self._person.values()),) if self._person else (),
            downloads=frozenset({"cgm"}) if len(self._sources) == 1 else frozenset(),
            notes=self._sheet.text.notes,
        )


def _often(readings: Readings) -> bool:
    """Whether readings come so often that a sensor made them."""
    steps = np.diff(np.sort(readings.minutes))
    return len(readings) >= _MANY and bool(np.median(steps) <= _OFTEN)
