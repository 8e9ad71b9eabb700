"""A plain table: one header, a column of times, a column of glucose; for logs that no vendor made.

Nothing is guessed. The header must name the columns in one of the usual ways, state the unit (or hold a column of
units), and say whether a sensor or a meter made the readings; otherwise ``columns`` says it (:mod:`columns`). Keys:
time, or date and clock; glucose; unit and device (a column or the thing itself); meal (words), before, after, fasting,
control, manual (marks); patient.

Anyone can write such a table by hand, so it proves nothing whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from priorauth.glucose.formats import columns, text
from priorauth.glucose.formats.amount import DEXCOM, Amounts, Unit, refused, unit_named
from priorauth.glucose.formats.clock import Stamps, Times
from priorauth.glucose.formats.columns import Columns, device_in
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL, tag_of
from priorauth.glucose.formats.text import Head, Record, Sheet
from priorauth.glucose.formats.track import Track
from priorauth.glucose.reject import RejectReason, Tally, log_refused

NAME: Final = "plain"
TITLE: Final = "a plain table"

_NO: Final = frozenset({"", "false", "no", "n", "0", "nein", "non", "nej"})
_NO_UNIT: Final = refused(RejectReason.UNIT_UNKNOWN)
_MARKS: Final = (
    ("before", Flag.BEFORE_MEAL),
    ("after", Flag.AFTER_MEAL),
    ("fasting", Flag.FASTING),
    ("manual", Flag.MANUAL),
)


def recognise(head: Head, hints: Hints) -> tuple[Sheet, Columns] | None:
    """Find a header that names its columns in the usual ways, or the columns that the sender names."""
    return columns.by_header(head) if hints.columns is None else columns.as_named(head, hints.columns)


def read(sheet: Sheet, named: Columns, hints: Hints) -> Raw:
    """Read a plain table; raises LogRefused for two patients, or a unit or device class that is not stated."""
    if named.unit is None and "unit" not in named.place:
        raise log_refused(sheet.name, f"no unit is stated; expected mg/dL or mmol/L in the header, or {columns.ASK}")
    if named.device is None and "device" not in named.place:
        raise log_refused(sheet.name, f"nothing says whether a sensor or a meter measured; {columns.ASK}")
    reading = _Reading(sheet, named)
    for rows in text.batches(sheet, reading.tally):
        reading.take(rows)
    return reading.finish(hints)


class _Reading:
    """A plain table while it is read."""

    def __init__(self, sheet: Sheet, named: Columns) -> None:
        self._sheet, self._place = sheet, named.place
        self._unit, self._device = named.unit, named.device
        self._width = max(named.place[key] for key in ("time", "date", "clock", "glucose") if key in named.place) + 1
        self._times = Times()
        self._amounts = {unit: Amounts(unit, DEXCOM) for unit in Unit}
        self._units: dict[Unit, None] = {} if named.unit is None else {named.unit: None}
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
        marks = [(key, int(flag)) for key, flag in _MARKS if key in self._place]
        if not marks and "meal" not in self._place and "control" not in self._place:
            return [0] * len(rows)
        return [self._flag(cells, marks) for _, cells in rows]

    def _flag(self, cells: Sequence[str], marks: Sequence[tuple[str, int]]) -> int:
        tag = tag_of(self._cell(cells, "meal"))
        if tag == CONTROL or self._marked(cells, "control"):
            return CONTROL
        for key, flag in marks:
            if self._marked(cells, key):
                tag |= flag
        return tag

    def _marked(self, cells: Sequence[str], key: str) -> bool:
        return self._cell(cells, key).casefold() not in _NO

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
