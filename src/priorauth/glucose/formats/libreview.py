"""LibreView and the older FreeStyle Libre program: one table in which the record type says what a row is.

Type 0 is a stored sensor reading, type 1 a scan (a look at the sensor between stored readings: counted, kept out of
the stream, else the same glucose counts twice), type 2 a strip test, the only fingerstick; 3 to 6 are ketones,
insulin, food and notes. Columns are found by name, in the languages of the service, and each glucose column states its
own unit; a strip test whose value is missing was made all the same. The order of day and month follows the account's
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
MARKS: Final = ("Historic Glucose", "Scan Glucose", "Glukosewert-Verlauf", "Historique de la glyc")

_HEADER_ROWS: Final = 10
_MAKER: Final = 4  # of a heading: title, made on, date, made by, who
# Words by which a column is known, in English, German, French, Spanish, Italian, Dutch, Portuguese and Swedish.
_TIME: Final = (
    "timestamp",
    "zeitstempel",
    "horodatage",
    "sello de tiempo",
    "marca de tiempo",
    "tijdstempel",
    "carimbo",
)
_TIME_ALONE: Final = frozenset({"time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "tid"})
_KIND: Final = (
    *("record type", "recordtype", "aufzeichnungstyp", "art des eintrags", "type d'enregistrement"),
    *("type d\N{RIGHT SINGLE QUOTATION MARK}enregistrement", "tipo de regist", "tipo di re", "gegevenstype", "posttyp"),
    *("type registratie", "type gegevens", "type record"),
)
_SERIAL: Final = ("serial", "serien", "serie", "série")
_HISTORIC: Final = ("histor", "histór", "verlauf", "storico", "storici", "cronolog")
_STRIPS: Final = (
    "strip",
    "streifen",
    "bandelette",
    "électrode",
    "electrode",
    "tira",
    "strisci",
    "fita",
    "remsa",
    "stickor",
)
_SCANS: Final = ("scan", "scann", "numéris", "numeris", "gelesen", "leída", "letto", "skann", "digitaliz")
_FULL_WIDTH: Final = 15
_GLUCOSE: Final = ("stored", "scan", "strip")
_KETONE: Final = ("keton", "cetona", "cétone", "chetoni", "corpi")
_STORED, _SCAN, _STRIP = "0", "1", "2"
_EMPTY: Final = {"cgm": RejectReason.NO_VALUE, "meter": RejectReason.TEST_WITHOUT_VALUE}


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

    def holding(words: Sequence[str], *, unit: bool = False) -> int:
        return next((place for place, name in enumerate(names) if _holds(name, words, unit=unit)), -1)

    time = holding(_TIME)
    if time < 0:
        time = next((place for place, name in enumerate(names) if name in _TIME_ALONE), -1)
    stored = next((place for place, name in enumerate(names) if name.startswith("historic glucose")), -1)
    strip = next((place for place, name in enumerate(names) if name.startswith("strip glucose")), -1)
    found = Columns(
        holding(_SERIAL),
        time,
        holding(_KIND),
        holding(_HISTORIC, unit=True) if stored < 0 else stored,
        holding(_STRIPS, unit=True) if strip < 0 else strip,
    )
    found = _completed(names, found)
    return found if found.time >= 0 and found.kind >= 0 and found.stored >= 0 else None


def _completed(names: Sequence[str], found: Columns) -> Columns:
    """Find by elimination what is not known by its words, in a table that has the columns of the service.

    Its glucose columns are three, stored, scan and strip in this order, beside one of ketones; the stamp stands after
    the serial number, or after the row's number where the program wrote the table, and the record type after it.
    """
    stated = [place for place, name in enumerate(names) if unit_in(name)]
    glucose = [place for place in stated if not any(word in names[place] for word in _KETONE)]
    if len(names) < _FULL_WIDTH or len(glucose) != len(_GLUCOSE) or len(stated) == len(glucose):
        return found
    scan = next((place for place in glucose if any(word in names[place] for word in _SCANS)), glucose[1])
    stored = glucose[0] if found.stored < 0 else found.stored
    strip = found.strip
    if strip < 0:
        left = [place for place in glucose if place not in {scan, stored}]
        strip = left[0] if len(left) == 1 else -1
    time = (1 if names[0] == "id" else 2) if found.time < 0 else found.time
    return found._replace(time=time, kind=time + 1 if found.kind < 0 else found.kind, stored=stored, strip=strip)


def _holds(name: str, words: Sequence[str], *, unit: bool) -> bool:
    """Whether a header cell has one of the words; of a glucose column, beside a unit and no word for ketones."""
    if not any(word in name for word in words):
        return False
    return not unit or (unit_in(name) is not None and not any(word in name for word in _KETONE))


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
        self.track = Track(device, empty=_EMPTY[device])
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
        self._title: tuple[int, str] | None = None
        self.tally = Tally()

    def take(self, rows: list[Record]) -> None:
        kind, width = self._columns.kind, self._width
        full = [row for row in rows if len(row[1]) >= width]
        if len(full) < len(rows):
            for line, cells in rows:
                if len(cells) < width:
                    self._take_short(line, cells)
        self._add(self._stored, [row for row in full if row[1][kind] == _STORED])
        strips = [row for row in full if row[1][kind] == _STRIP]
        if self._strip is not None:
            self._add(self._strip, strips)
        else:
            self.tally.add(RejectReason.TEST_WITHOUT_VALUE, [line for line, _ in strips])
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
        if len(cells) == 1 and cells[0].strip():
            self._title = (line, cells[0].strip())
        kind = self._columns.kind
        if len(cells) > kind and cells[kind] in {_STORED, _STRIP}:
            self.tally.add(RejectReason.TRUNCATED_LINE, [line])

    def _check_header(self, line: int, cells: list[str]) -> None:
        above = self._sheet.above
        if self._title and above and len(above[-1].cells) == 1 and above[-1].cells[0].strip() != self._title[1]:
            raise log_refused(self._sheet.name, "a second download by another person begins here", row=self._title[0])
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
    return names[_MAKER] if len(names) > _MAKER and names[2][:1].isdigit() and "utc" in names[2] else None
