"""A plain table: one header, a column of times, a column of glucose; for logs that no vendor made.

Nothing is guessed. The header must name the columns in one of the usual ways, state the unit (or hold a column of
units), and say whether a sensor or a meter made the readings; otherwise ``columns`` says it, as in
``time=When,glucose=BG,unit=mg/dL,device=meter``. Keys: time, or date and clock; glucose; unit and device (a column or
the thing itself); meal, manual, patient. A column is given by its name or its number from 1; by numbers alone, a
table without a header is read from its first row.

Anyone can write such a table by hand, so it proves nothing whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from priorauth.glucose.formats import text
from priorauth.glucose.formats.amount import DEXCOM, Amounts, Unit, refused, unit_in, unit_named
from priorauth.glucose.formats.clock import Stamps, Times
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL, tag_of
from priorauth.glucose.formats.text import Head, Record, Row, Sheet
from priorauth.glucose.formats.track import Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "plain"
TITLE: Final = "a plain table"
KEYS: Final = ("time", "date", "clock", "glucose", "unit", "device", "meal", "manual", "patient")

_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "time": frozenset({"timestamp", "time stamp", "datetime", "date time", "date/time", "date and time", "local time"}),
    "date": frozenset({"date", "day"}),
    "clock": frozenset({"time", "clock", "time of day"}),
    "unit": frozenset({"unit", "units", "glucose unit", "glucose units"}),
    "device": frozenset({"device class", "device type", "device", "source", "type", "kind"}),
    "meal": frozenset({"meal", "meal tag", "tag", "tags", "meal context", "relation to meal", "timing"}),
    "manual": frozenset({"manual", "manual reading", "entered by hand"}),
    "patient": frozenset({"patient", "patient id", "patient name", "subject", "subject id", "mrn", "member id"}),
    "id": frozenset({"id"}),
}
_GLUCOSE: Final = frozenset(
    {"glucose", "bg", "blood glucose", "sensor glucose", "cgm", "smbg", "sgv", "reading", "value"}
)
_DEVICES: Final[tuple[tuple[Device, tuple[str, ...]], ...]] = (
    ("cgm", ("cgm", "sensor", "interstitial", "continuous", "cbg")),
    ("meter", ("meter", "fingerstick", "finger stick", "capillary", "smbg", "strip")),
)
_NO: Final = frozenset({"", "false", "no", "n", "0"})
_ASK: Final = "name the columns, as in columns='time=When,glucose=BG,unit=mg/dL,device=meter'"
_NO_UNIT: Final = refused(RejectReason.UNIT_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each key stands, and the unit and device that hold for all rows."""

    place: Mapping[str, int]
    unit: Unit | None
    device: Device | None


def device_in(words: str) -> Device | None:
    """Find the one device class that words name; None for none or both."""
    plain = words.casefold().replace("_", " ")
    found = [device for device, names in _DEVICES if any(name in plain for name in names)]
    return found[0] if len(found) == 1 else None


def recognise(head: Head, hints: Hints) -> tuple[Sheet, Columns] | None:
    """Find a header in the first row, or the columns that the sender names."""
    for delimiter, rows in head.tables.items():
        if not rows:
            continue
        if hints.columns is None:
            columns = _by_header(rows[0].cells)
            if columns is not None:
                return Sheet(head.text, delimiter, rows[0]), columns
        elif len(rows[0].cells) > 1:
            found = _as_named(head.text.name, hints.columns, rows[0])
            if found is not None:
                return Sheet(head.text, delimiter, found[0]), found[1]
    if hints.columns is not None:
        raise log_refused(head.text.name, "a column that columns= names is not in the header")
    return None


def _by_header(cells: Sequence[str]) -> Columns | None:
    names = [text.clean(cell) for cell in cells]
    place = {key: names.index(name) for key, listed in _NAMES.items() for name in names if name in listed}
    if "time" not in place and "date" not in place and "clock" in place:
        place["time"] = place.pop("clock")  # one column "Time" that holds both
    values = [number for number, name in enumerate(names) if unit_in(name) or name in _GLUCOSE]
    if len(values) != 1 or not ("time" in place or {"date", "clock"} <= place.keys()):
        return None
    place["glucose"] = values[0]
    return Columns(place, unit_in(cells[values[0]]), device_in(cells[values[0]]))


def _as_named(name: str, spec: str, first: Row) -> tuple[Row, Columns] | None:
    names = [text.clean(cell) for cell in first.cells]
    place: dict[str, int] = {}
    unit: Unit | None = None
    device: Device | None = None
    numbered = True
    for part in spec.split(","):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key not in KEYS or not value or key in place:
            raise log_refused(name, f"expected pairs key=column with keys from {', '.join(KEYS)}", argument="columns")
        if key == "unit" and unit_named(value):
            unit = unit_named(value)
        elif key == "device" and value in {"cgm", "meter"}:
            device = "cgm" if value == "cgm" else "meter"
        elif value.isascii() and value.isdigit() and 0 < int(value[:4]) <= len(names):
            place[key] = int(value[:4]) - 1
        elif text.clean(value) in names:
            place[key], numbered = names.index(text.clean(value)), False
        else:
            return None
    if "glucose" not in place or not ("time" in place or {"date", "clock"} <= place.keys()):
        raise log_refused(name, "expected glucose, and time or both date and clock", argument="columns")
    header = first
    if numbered and first.cells[place["glucose"]].strip()[:1].isdigit():
        header = Row(0, first.cells)
    elif unit is None:
        unit = unit_in(first.cells[place["glucose"]])
    return header, Columns(place, unit, device)


def read(sheet: Sheet, columns: Columns, hints: Hints) -> Raw:
    """Read a plain table; raises LogRefused for two patients, or a unit or device class that is not stated."""
    if columns.unit is None and "unit" not in columns.place:
        raise log_refused(sheet.name, f"no unit is stated; expected mg/dL or mmol/L in the header, or {_ASK}")
    if columns.device is None and "device" not in columns.place:
        raise log_refused(sheet.name, f"nothing says whether a sensor or a meter measured; {_ASK}")
    reading = _Reading(sheet, columns)
    for rows in text.batches(sheet, reading.tally):
        reading.take(rows)
    return reading.finish(hints)


class _Reading:
    """A plain table while it is read."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self._sheet, self._place = sheet, columns.place
        self._unit, self._device = columns.unit, columns.device
        self._width = (
            max(columns.place[key] for key in ("time", "date", "clock", "glucose") if key in columns.place) + 1
        )
        self._times = Times()
        self._amounts = {unit: Amounts(unit, DEXCOM) for unit in Unit}
        self._units: dict[Unit, None] = {} if columns.unit is None else {columns.unit: None}
        self._tracks: dict[Device, Track] = {"cgm": Track("cgm"), "meter": Track("meter")}
        self._patient = ""
        self._ids: set[str] = set()
        self._numbered = 0
        self.tally = Tally()

    def take(self, rows: list[Record]) -> None:
        full = [row for row in rows if len(row[1]) >= self._width]
        self.tally.add(RejectReason.TRUNCATED_LINE, [line for line, cells in rows if len(cells) < self._width])
        self._refuse_two(full)
        flags = self._flags(full)
        devices = self._devices(full)
        self.tally.add(
            RejectReason.CONTROL_SOLUTION,
            [line for (line, _), flag in zip(full, flags, strict=True) if flag == CONTROL],
        )
        self.tally.add(
            RejectReason.NOT_GLUCOSE,
            [row[0] for row, made, flag in zip(full, devices, flags, strict=True) if made is None and flag != CONTROL],
        )
        for device in self._tracks:
            chosen = [n for n, made in enumerate(devices) if made == device and flags[n] != CONTROL]
            self._add(device, [full[n] for n in chosen], [flags[n] for n in chosen])

    def _add(self, device: Device, rows: list[Record], flags: list[int]) -> None:
        glucose = self._place["glucose"]
        if self._unit is not None and "unit" not in self._place:
            amounts = self._amounts[self._unit].codes([cells[glucose] for _, cells in rows])
        else:
            units = [self._unit_of(cells) for _, cells in rows]
            self._units.update((unit, None) for unit in units if unit is not None)
            amounts = np.array(
                [
                    self._amounts[unit][cells[glucose]] if unit else _NO_UNIT
                    for unit, (_, cells) in zip(units, rows, strict=True)
                ],
                dtype=np.int32,
            )
        lines = [line for line, _ in rows]
        self._tracks[device].add(lines, self._stamps(rows), amounts, flags=flags)

    def _unit_of(self, cells: Sequence[str]) -> Unit | None:
        """Read the unit of a row: its own, else the header's; none where the two differ."""
        said = self._cell(cells, "unit")
        own = unit_named(said) if said else self._unit
        return own if self._unit in {None, own} else None

    def _stamps(self, rows: list[Record]) -> Stamps:
        if "time" in self._place:
            time = self._place["time"]
            return self._times.midnights(self._times.stamps([cells[time] for _, cells in rows]))
        date, clock = self._place["date"], self._place["clock"]
        return self._times.pairs([cells[date] for _, cells in rows], [cells[clock] for _, cells in rows])

    def _devices(self, rows: list[Record]) -> list[Device | None]:
        if "device" not in self._place or self._device is not None:
            return [self._device] * len(rows)
        return [device_in(self._cell(cells, "device")) for _, cells in rows]

    def _flags(self, rows: list[Record]) -> list[int]:
        if "meal" not in self._place and "manual" not in self._place:
            return [0] * len(rows)
        tags = [tag_of(self._cell(cells, "meal")) for _, cells in rows]
        if "manual" not in self._place:
            return tags
        typed = [0 if self._cell(cells, "manual").casefold() in _NO else int(Flag.MANUAL) for _, cells in rows]
        return [tag if tag == CONTROL else tag | mark for tag, mark in zip(tags, typed, strict=True)]

    def _refuse_two(self, rows: list[Record]) -> None:
        if "id" in self._place:
            self._ids.update(self._cell(cells, "id") for _, cells in rows)
            self._numbered += len(rows)
        if "patient" not in self._place:
            return
        for line, cells in rows:
            patient = self._cell(cells, "patient")
            if patient and self._patient and patient != self._patient:
                raise log_refused(self._sheet.name, "a second patient; expected one patient in a file", row=line)
            self._patient = self._patient or patient

    def _cell(self, cells: Sequence[str], key: str) -> str:
        place = self._place.get(key, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    def finish(self, hints: Hints) -> Raw:
        if 1 < len(self._ids) < self._numbered:  # as many as rows: the rows are numbered, not the patients
            raise log_refused(self._sheet.name, "more than one id; expected one patient in a file")
        days = self._times.days(self._sheet.name, hints.dates)
        return Raw(
            format=NAME,
            readings=tuple(track.settle(self._sheet.name, days, self.tally) for track in self._tracks.values()),
            tally=self.tally,
            unit=", ".join(self._units),
            patients=(self._patient,) if self._patient else (),
            notes=self._sheet.text.notes,
        )
