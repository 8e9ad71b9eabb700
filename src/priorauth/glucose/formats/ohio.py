"""OhioT1DM: one person of the research data set a file, of which the sensor's values and the fingersticks are read.

Times are wall clock, the day first; mg/dL. Everything else (insulin, meals, exercise, what a band measured) is left
alone. The data are of two months of a study, with gaps: nothing is proven whole.
"""

from __future__ import annotations

from typing import IO, Final
from xml.parsers import expat

from priorauth.glucose.formats.amount import DEXCOM, Unit
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Device, Hints, Raw
from priorauth.glucose.reject import log_refused

NAME: Final = "ohio-t1dm"
TITLE: Final = "OhioT1DM"
ROOT: Final = "patient"

_DEVICES: Final[dict[str, Device]] = {"glucose_level": "cgm", "finger_stick": "meter"}
_CHUNK: Final = 1 << 20
_DEEPEST: Final = 20


def read(name: str, head: bytes, stream: IO[bytes], hints: Hints) -> Raw:
    """Read a file of which ``head`` is the beginning and ``stream`` the rest; raises LogRefused for damage."""
    found = Measured(name)
    open_tags: list[str] = []
    persons: list[str] = []
    parser = expat.ParserCreate()

    def start(tag: str, fields: dict[str, str]) -> None:
        if len(open_tags) >= _DEEPEST:
            raise log_refused(name, f"nests deeper than {_DEEPEST} elements", row=parser.CurrentLineNumber)
        device = _DEVICES.get(open_tags[-1]) if open_tags else None
        if tag == "event" and device is not None:
            found.take(
                parser.CurrentLineNumber, device, fields.get("ts", ""), fields.get("value", ""), Unit.MG, limits=DEXCOM
            )
        elif tag == ROOT:
            persons.append(fields.get("id", ""))
        open_tags.append(tag)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_tags.pop() and None
    chunk = head
    try:
        while chunk:
            parser.Parse(chunk, False)
            chunk = stream.read(_CHUNK)
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise log_refused(name, "expected well-formed XML", row=fault.lineno) from fault
    if len(persons) > 1:
        raise log_refused(name, "a second patient; expected one patient in a file")
    return found.raw(NAME, hints._replace(dates=hints.dates or "dmy"), patients=tuple(filter(None, persons)))
