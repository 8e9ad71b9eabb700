"""Papers and logs of the demo: letters as PDF with real pages and words, a meter's log, a sensor's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

_TOP: Final = 760
_LEFT: Final = 64
_SIZE: Final = 11
_LEAD: Final = 16
_SENSOR_STEP: Final = timedelta(minutes=5)
_CHECKS: Final = (time(7, 10), time(18, 30))


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF of so many pages, each of some lines of Latin letters; the same lines give the same bytes."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, lines in enumerate(pages):
        drawn = _drawn(lines)
        of = "/Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
        parts += [
            f"<< /Type /Page {of} /Contents {5 + 2 * place} 0 R >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    return _file(parts)


def letter(name: str, clinic: str, on: date, said: Sequence[str]) -> bytes:
    """Return a letter of a prescriber of two pages: what she says, and her signature."""
    head = (clinic, "1 Example Street, Springfield", "", on.strftime("%d %B %Y"), "", f"About: {name}", "")
    first = (*head, "To the reviewer of this request:", "", *said, "", "Page 1 of 2")
    last = (clinic, "", "Signed by Dr. Paul Demo, prescriber (made up)", on.strftime("%d %B %Y"), "", "Page 2 of 2")
    return pdf((first, last))


def meter(until: date, days: int = 60) -> bytes:
    """Return a meter's log of two checks a day, as a plain table."""
    rows = ["timestamp,glucose (mg/dL),device"]
    for back in range(days, 0, -1):
        for turn, at in enumerate(_CHECKS):
            value = 150 + 40 * turn + (back * 17 + turn * 29) % 90 - 30
            rows.append(f"{datetime.combine(until - timedelta(days=back), at):%Y-%m-%d %H:%M},{value},meter")
    return "\n".join((*rows, "")).encode()


def sensor(until: date, days: int = 28) -> bytes:
    """Return a sensor's log of a reading every five minutes, as a plain table."""
    return "\n".join(("timestamp,glucose (mg/dL),device", *_readings(until, days), "")).encode()


def _readings(until: date, days: int) -> Iterator[str]:
    begin = datetime.combine(until - timedelta(days=days), time())
    for step in range(days * (timedelta(days=1) // _SENSOR_STEP)):
        at = begin + step * _SENSOR_STEP
        hour = at.hour + at.minute / 60
        meals = sum(70 * math.exp(-((hour - meal) ** 2)) for meal in (8.5, 13.5, 19.5))
        night = -50 * math.exp(-((hour - 3) ** 2) / 2) * (at.day % 4 == 0)
        value = 138 + meals + night + 18 * math.sin(step / 37) + 12 * math.sin(step / 301)
        yield f"{at:%Y-%m-%d %H:%M},{round(value)},sensor"


def _drawn(lines: Sequence[str]) -> str:
    """Return the drawing of a page."""
    shown = "".join(f"({_safe(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 {_SIZE} Tf {_LEAD} TL {_LEFT} {_TOP} Td\n{shown}ET"


def _safe(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(parts: Sequence[str]) -> bytes:
    """Return a PDF of numbered objects, the first of them its root."""
    made = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(parts) + 1
    tail = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(made)}\n"
    )
    return made + f"{tail}%%EOF\n".encode()
