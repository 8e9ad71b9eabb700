"""Diaries: the tables that the apps of one maker export, one row a reading, columns by their usual words.

Contour (Ascensia's meters), Eversense (Senseonics' sensor) and Sugarmate (a sensor's follower) name themselves above
the header, in it, or in a column beside the readings; the maker says what measured. The unit stands in the header, in
a column, or above. An event column, where there is one, says which rows are glucose; calibrations are copies of
fingersticks. Nothing is proven whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from priorauth.glucose.formats import header, text
from priorauth.glucose.formats.amount import DEXCOM, LOWEST, Limits, Unit, unit_in, unit_named
from priorauth.glucose.formats.measured import Measured, marked
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.tags import CONTROL, tag_of
from priorauth.glucose.formats.text import Head, Sheet
from priorauth.glucose.reject import RejectReason, log_refused


@dataclass(frozen=True, slots=True)
class Maker:
    """The maker of an app: its name in evidence and for people, the words by which its files are known, its device."""

    name: str
    title: str
    words: tuple[str, ...]
    device: Device
    limits: Limits


MAKERS: Final = (
    Maker("contour", "Contour", ("contour", "ascensia", "glucofacts"), "meter", Limits(LOWEST, 600)),
    Maker("eversense", "Eversense", ("eversense", "senseonics"), "cgm", DEXCOM),
    Maker("sugarmate", "Sugarmate", ("sugarmate",), "cgm", DEXCOM),
)

_TIME: Final = header.STAMP | {"reading date", "date time (local)", "local time", "event date/time", "event time"}
_VALUE: Final = frozenset(
    {
        *(
            "glucose",
            "glucose value",
            "glucose level",
            "blood glucose",
            "blood glucose value",
            "bg",
            "reading",
            "value",
        ),
        *("result", "sensor glucose", "wert", "messwert", "glukose", "blutzucker", "glukosewert", "glycémie", "valeur"),
        *("glucosa", "glucemia", "valor", "glicemia", "valore", "glucosewaarde"),
    }
)
_MEAL: Final = ("meal", "mahlzeit", "repas", "comida", "pasto", "maaltijd", "marker")
_CONTROL: Final = ("control", "kontroll", "contrôle")
_MANUAL: Final = ("manual", "manuel", "manuell", "entered")
_EVENT: Final = frozenset({"event type", "event", "type", "record type", "ereignis", "ereignistyp", "typ"})
_GLUCOSE: Final = ("glucose", "glukose", "gluc", "glyc", "blutzucker", "blood sugar", "reading", "egv", "sensor", "cgm")
_CALIBRATION: Final = ("calib", "kalib", "étalon")
_MARKER: Final = (
    "meal marker",
    "mahlzeitenmarkierung",
    "mahlzeitmarkierung",
    "marqueur de repas",
    "marcador de comida",
)
"""What Contour calls the tag of a meal; nobody else does."""
_SUGARMATE: Final = ("mg_dl", "mmol_l", "mmol")


def recogniser(maker: Maker) -> Callable[[Head], Sheet | None]:
    """Return what finds the header of a diary of one maker."""

    def recognise(head: Head) -> Sheet | None:
        sheet = header.find(head, is_header)
        return sheet if sheet is not None and _made(sheet, head) is maker else None

    return recognise


def reader(maker: Maker) -> Callable[[Sheet, Hints], Raw]:
    """Return what reads a diary of one maker."""
    return lambda sheet, hints: _read(sheet, hints, maker)


def is_header(row: Sequence[str]) -> bool:
    """Whether a row names a column of times and one of glucose, in whatever usual words."""
    cells = [text.clean(cell) for cell in row]
    dated = header.place(cells, _TIME) >= 0 or header.place(cells, header.DATE | header.CLOCK) >= 0
    return dated and _glucose(cells) >= 0


def _glucose(cells: Sequence[str]) -> int:
    place = header.stating(cells)
    if place < 0:
        place = header.place(cells, _SUGARMATE)
    return header.place(cells, _VALUE) if place < 0 else place


def _made(sheet: Sheet, head: Head) -> Maker | None:
    """Find the maker whose name stands above the header, in it, or in the first row below; None for none or two."""
    below = [row.cells for row in head.tables[sheet.delimiter] if row.line > sheet.header.line][:3]
    named = " ".join(
        [header.above(sheet), *header.names(sheet), *(text.clean(cell) for cells in below for cell in cells)]
    )
    found = [maker for maker in MAKERS if any(word in named for word in maker.words)]
    if not found:
        cells = header.names(sheet)
        own = "sugarmate" if _of_sugarmate(cells) else "contour" if header.holding(cells, *_MARKER) >= 0 else ""
        return next((maker for maker in MAKERS if maker.name == own), None)
    return found[0] if len(found) == 1 else None


def _of_sugarmate(cells: Sequence[str]) -> bool:
    """Whether a header is Sugarmate's: ``datetime`` and ``mg_dl``, or of its workbook ``time``, the unit, ``trend``."""
    if "datetime" in cells and any(name in cells for name in _SUGARMATE):
        return True
    return len(cells) > 2 and cells[0] == "time" and unit_named(cells[1]) is not None and cells[2] == "trend"  # noqa: PLR2004


def _read(sheet: Sheet, hints: Hints, maker: Maker) -> Raw:
    names = header.names(sheet)
    glucose, unit = _glucose(names), header.place(names, header.UNIT)
    stated = unit_in(names[glucose]) or unit_named(names[glucose].replace("_", "/")) or _unit_above(sheet)
    if stated is None and unit < 0:
        raise log_refused(sheet.name, "the glucose column states no unit; expected mg/dL or mmol/L")
    event = header.place(names, _EVENT)
    control, manual, meal = (header.holding(names, *words) for words in (_CONTROL, _MANUAL, _MEAL))
    stamp = _stamp(names)
    found = Measured(sheet.name)
    for line, cells in header.rows(sheet, found.tally):
        said = header.cell(cells, event).casefold()
        value = header.cell(cells, glucose)
        if not value and not any(word in said for word in _GLUCOSE):
            continue
        if any(word in said for word in _CALIBRATION):
            found.reject(line, RejectReason.COPY_OF_FINGERSTICK)
            continue
        if said and not any(word in said for word in _GLUCOSE):
            found.reject(line, RejectReason.NOT_GLUCOSE)
            continue
        tag = tag_of(header.cell(cells, meal))
        if control >= 0 and header.says_yes(header.cell(cells, control)):
            tag = CONTROL
        typed = marked(Flag.MANUAL, on=manual >= 0 and header.says_yes(header.cell(cells, manual)))
        found.take(
            line,
            maker.device,
            stamp(cells),
            value,
            unit_named(header.cell(cells, unit)) if unit >= 0 else stated,
            limits=maker.limits,
            flags=tag if tag == CONTROL else tag | typed,
        )
    return found.raw(maker.name, hints, notes=sheet.text.notes)


def _stamp(names: Sequence[str]) -> Callable[[Sequence[str]], str | tuple[str, str]]:
    """Return what takes the stamp of a row: of one column, or of a date and a clock time."""
    time, date, clock = (header.place(names, words) for words in (_TIME, header.DATE, header.CLOCK))
    if time >= 0:
        return lambda cells: header.cell(cells, time)
    if date >= 0 and clock >= 0:
        return lambda cells: (header.cell(cells, date), header.cell(cells, clock))
    return lambda cells: header.cell(cells, max(date, clock))


def _unit_above(sheet: Sheet) -> Unit | None:
    """Find the one unit that the lines above the header state."""
    return unit_in(header.above(sheet))
