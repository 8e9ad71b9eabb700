"""The columns of a plain table: where each key stands, by the usual names of a header or as the sender names them.

The sender names a column by its name or by its number from 1, as in ``time=When,glucose=BG,unit=mg/dL,device=meter``.
The header may stand below a preamble: it is the first row that has all the names; where there are numbers alone, the
row above the first one that holds a date and a value. Columns of control tests, meals and people that the header
names in a usual way are heeded even where the sender does not name them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from priorauth.glucose.formats import clock, text
from priorauth.glucose.formats.amount import Unit, unit_in, unit_named
from priorauth.glucose.formats.reading import Device
from priorauth.glucose.formats.text import Head, Row, Sheet
from priorauth.glucose.reject import log_refused

KEYS: Final = (
    *("time", "date", "clock", "glucose", "unit", "device", "meal", "before", "after", "fasting", "control", "manual"),
    "patient",
)
ASK: Final = "name the columns, as in columns='time=When,glucose=BG,unit=mg/dL,device=meter'"

_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "time": frozenset({"timestamp", "time stamp", "datetime", "date time", "date/time", "date and time", "local time"}),
    "date": frozenset({"date", "day"}),
    "clock": frozenset({"time", "clock", "time of day"}),
    "unit": frozenset({"unit", "units", "glucose unit", "glucose units"}),
    "device": frozenset({"device class", "device type", "device", "source", "type", "kind"}),
    "meal": frozenset({"meal", "meal tag", "tag", "tags", "meal context", "relation to meal", "timing"}),
    "before": frozenset({"before meal", "before meals", "pre-meal", "premeal"}),
    "after": frozenset({"after meal", "after meals", "post-meal", "postmeal"}),
    "fasting": frozenset({"fasting"}),
    "control": frozenset({"control", "control test", "control solution", "kontrolltest", "kontrolllösung"}),
    "manual": frozenset({"manual", "manual reading", "entered by hand"}),
    "patient": frozenset(
        {
            *("patient", "patient id", "patientid", "patient name", "subject", "subject id", "subjectid", "usubjid"),
            *("mrn", "member id", "participant", "participant id", "ptid", "pt id", "deidentid", "person", "person id"),
        }
    ),
    "id": frozenset({"id", "user", "user id", "userid"}),
}
# What a header says in the usual way is heeded beside what the sender names.
_ALWAYS: Final = ("before", "after", "fasting", "control", "patient", "id")
_GLUCOSE: Final = frozenset(
    {"glucose", "bg", "blood glucose", "sensor glucose", "cgm", "smbg", "sgv", "reading", "value"}
)
_DEVICES: Final[tuple[tuple[Device, tuple[str, ...]], ...]] = (
    ("cgm", ("cgm", "sensor", "interstitial", "continuous", "cbg")),
    ("meter", ("meter", "fingerstick", "finger stick", "capillary", "smbg", "strip")),
)
_SHOWN: Final = 40
_VALUE: Final = re.compile(r"\s*(?:\d{1,3}(?:[.,]\d+)?|[A-Za-z]{2,4})\s*", re.ASCII)


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


def by_header(head: Head) -> tuple[Sheet, Columns] | None:
    """Find the row that names its columns in the usual ways; None where none does.

    It is the first row, or one below other lines that says by itself in which unit what measured.
    """
    for delimiter, rows in head.tables.items():
        for place, row in enumerate(rows):
            columns = _usual(row.cells)
            if columns is not None and (place == 0 or _complete(columns)):
                return Sheet(head.text, delimiter, row, rows[:place]), columns
    return None


def _complete(columns: Columns) -> bool:
    unit = columns.unit is not None or "unit" in columns.place
    return unit and (columns.device is not None or "device" in columns.place)


def _usual(cells: Sequence[str]) -> Columns | None:
    names = [text.clean(cell) for cell in cells]
    place = {key: names.index(name) for key, listed in _NAMES.items() for name in names if name in listed}
    if "time" not in place and "date" not in place and "clock" in place:
        place["time"] = place.pop("clock")  # one column "Time" that holds both
    values = [number for number, name in enumerate(names) if unit_in(name) or name in _GLUCOSE]
    if len(values) != 1 or not ("time" in place or {"date", "clock"} <= place.keys()):
        return None
    place["glucose"] = values[0]
    return Columns(place, unit_in(cells[values[0]]), device_in(cells[values[0]]))


def as_named(head: Head, spec: str) -> tuple[Sheet, Columns]:
    """Find the columns that the sender names; raises LogRefused, with the key that cannot be right."""
    name = head.text.name
    said = _pairs(name, spec)
    unit = unit_named(said["unit"]) if "unit" in said else None
    device: Device | None = None
    if (made := said.get("device")) in {"cgm", "meter"}:
        device = "cgm" if made == "cgm" else "meter"
    wanted = {
        key: value
        for key, value in said.items()
        if not (key == "unit" and unit is not None) and not (key == "device" and device is not None)
    }
    for seek, (delimiter, rows) in product((_header, _wide), head.tables.items()):
        found = seek(rows, wanted)
        if found is None:
            continue
        header, place = found
        if unit is None and "unit" not in place:
            unit = unit_in(_cell(header.cells, place["glucose"]))
        return Sheet(head.text, delimiter, header), Columns(place, unit, device)
    raise log_refused(name, _missing(head, wanted))


def _pairs(name: str, spec: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for part in spec.split(","):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key not in KEYS or not value or key in said:
            raise log_refused(name, f"expected pairs key=column with keys from {', '.join(KEYS)}", argument="columns")
        said[key] = value
    if "glucose" not in said or not ("time" in said or {"date", "clock"} <= said.keys()):
        raise log_refused(name, "expected glucose, and time or both date and clock", argument="columns")
    return said


def _header(rows: Sequence[Row], wanted: Mapping[str, str]) -> tuple[Row, dict[str, int]] | None:
    """Find the row that names the columns, and where they stand."""
    if all(_number(value) for value in wanted.values()):
        return _above_the_first_reading(rows, {key: _number(value) - 1 for key, value in wanted.items()})
    for row in rows:
        place = _places(row, wanted)
        if place is not None:
            return row, _also(row, place)
    return None


def _places(row: Row, wanted: Mapping[str, str]) -> dict[str, int] | None:
    names = [text.clean(cell) for cell in row.cells]
    place: dict[str, int] = {}
    for key, value in wanted.items():
        if text.clean(value) in names:
            place[key] = names.index(text.clean(value))
        elif 0 < _number(value) <= len(names):
            place[key] = _number(value) - 1
        else:
            return None
    return place


def _above_the_first_reading(rows: Sequence[Row], place: dict[str, int]) -> tuple[Row, dict[str, int]] | None:
    if min(place.values()) < 0:
        return None
    time = place["time"] if "time" in place else place["date"]
    for number, row in enumerate(rows):
        cells = row.cells
        if len(cells) > max(place.values()) and clock.dated(cells[time]) and _VALUE.fullmatch(cells[place["glucose"]]):
            header = rows[number - 1] if number else Row(0, cells)
            return header, _also(header, place) if number else place
    return None


def _wide(rows: Sequence[Row], wanted: Mapping[str, str]) -> tuple[Row, dict[str, int]] | None:
    """Take the first row that has the columns named by number, where none is plainly above a reading."""
    place = {key: _number(value) - 1 for key, value in wanted.items()}
    if min(place.values()) < 0:
        return None
    row = next((row for row in rows if len(row.cells) > max(1, *place.values())), None)
    return None if row is None else (row, _also(row, place))


def _also(header: Row, place: dict[str, int]) -> dict[str, int]:
    """Add the columns that are heeded whether or not the sender names them."""
    usual = {
        key: number
        for number, cell in enumerate(header.cells)
        for key in _ALWAYS
        if text.clean(cell) in _NAMES[key] and number not in place.values()
    }
    return {**usual, **place}


def _missing(head: Head, wanted: Mapping[str, str]) -> str:
    """Say which of the columns is in no row."""
    cells = {text.clean(cell) for rows in head.tables.values() for row in rows for cell in row.cells}
    widest = max((len(row.cells) for rows in head.tables.values() for row in rows), default=0)
    for key, value in wanted.items():
        if text.clean(value) in cells or 0 < _number(value) <= widest:
            continue
        shown = "".join(char if char.isprintable() else "?" for char in value[:_SHOWN])
        if key in _SAID:
            return f"{key}={shown}: expected {_SAID[key]}, or a column of the header"
        return f"a column that columns= names is not in the header: {key}={shown}"
    return "the columns that columns= names are not in the header of one row"


_SAID: Final = {"unit": "mg/dL or mmol/L", "device": "cgm or meter"}


def _number(value: str) -> int:
    return int(value[:4]) if value.isascii() and value.isdigit() else 0


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
