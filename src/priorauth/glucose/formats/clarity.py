"""Dexcom Clarity: one table of events; sensor readings are the rows of event type EGV.

Columns are found by name, or by place where the header is translated (the event type EGV is not). The rows above the
first stamp hold names and alert settings, as many as there are alerts; they are recognised, never counted. ``Low`` and
``High`` stand for below 40 and above 400. Times are wall clock. Calibrations are fingersticks typed in from a meter:
copies, not tests; the app's own glucose entries are typed too, but stand alone.

A download of one display device holds what its sensors sent from first to last reading; of several devices, one may
have been read and another not, so nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, Amounts, Unit, unit_in
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Flag, Hints, Raw
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "clarity"
TITLE: Final = "Dexcom Clarity"
MARKS: Final = ("Glucose Rate of Change (", "Transmitter Time (Long Integer)", "Event Type,Event Subtype")

_HEADER_ROWS: Final = 10
_FULL_WIDTH: Final = 12
_TYPED: Final = {"blood glucose": Flag.MANUAL, "fasting glucose": Flag.MANUAL | Flag.FASTING}


class Columns(NamedTuple):
    """Where the fields stand; -1 where there is no such column."""

    time: int
    kind: int
    patient: int
    source: int
    glucose: int


_BY_PLACE: Final = Columns(time=1, kind=2, patient=4, source=6, glucose=7)


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
        return Columns(times[0], names.index("event type"), patient, source, values[0])
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
        self._cgm, self._meter = Track("cgm"), Track("meter")
        self._person: dict[str, str] = {}
        self.tally = Tally()

    def take(self, rows: list[Record]) -> None:
        time, kind, _, source, glucose = self._columns
        width = self._width
        whole = [(line, cells) for line, cells in rows if len(cells) >= width and cells[kind] == "EGV"]
        self._cgm.add(
            [line for line, _ in whole],
            self._times.stamps([cells[time] for _, cells in whole]),
            self._amounts.codes([cells[glucose] for _, cells in whole]),
            makers=[self._sources[cells[source]] for _, cells in whole] if source >= 0 else 0,
        )
        for line, cells in rows:
            if len(cells) < width or cells[kind] != "EGV":
                self._take_other(line, cells)

    def _take_other(self, line: int, cells: list[str]) -> None:
        time, kind, patient, _, glucose = self._columns
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
        elif event.startswith(("calib", "kalib")):
            self.tally.add(RejectReason.COPY_OF_FINGERSTICK, [line])
        elif event in _TYPED and len(cells) > glucose:
            self._meter.add(
                [line],
                self._times.stamps([cells[time]]),
                self._amounts.codes([cells[glucose]]),
                flags=int(_TYPED[event]),
            )

    def finish(self, hints: Hints) -> Raw:
        days = self._times.days(self._sheet.name, hints.dates)
        tracks = (self._cgm, self._meter)
        return Raw(
            format=NAME,
            readings=tuple(track.settle(self._sheet.name, days, self.tally) for track in tracks),
            tally=self.tally,
            unit=str(self._unit),
            patients=(" ".join(self._person.values()),) if self._person else (),
            downloads=frozenset({"cgm"}) if len(self._sources) == 1 else frozenset(),
            notes=self._sheet.text.notes,
        )
