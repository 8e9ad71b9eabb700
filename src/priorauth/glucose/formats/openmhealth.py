"""Open mHealth (IEEE 1752): data points, each with a header and a body, of which ``blood_glucose`` is read.

The specimen says what measured: interstitial fluid is the sensor, capillary blood the meter; serum and plasma are a
laboratory's. A value that the patient reported is a meter's, typed. Without either nothing says what measured, and the
point is counted. The unit is the value's own, the time states its zone. A file proves nothing whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from priorauth.glucose.formats.amount import DEXCOM, unit_named
from priorauth.glucose.formats.entries import Entry, amount, words
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Device, Flag, Hints, Raw
from priorauth.glucose.formats.tags import tag_of
from priorauth.glucose.reject import RejectReason, log_refused

NAME: Final = "open-mhealth"
TITLE: Final = "Open mHealth"

_SENSOR: Final = "interstitial"
_METER: Final = ("capillary", "whole blood")


def of_openmhealth(entry: Entry) -> bool:
    """Whether an object is a data point."""
    return isinstance(entry.header, dict) and isinstance(entry.body, dict)


def read_entries(name: str, entries: Sequence[Entry], notes: tuple[str, ...] = ()) -> Raw:
    """Read data points; raises LogRefused for those of two people."""
    found = Measured(name)
    owner = ""
    for row, entry in enumerate(entries, 1):
        head, body = _object(entry.header), _object(entry.body)
        who = words(head.get("user_id"))
        if who and owner and who != owner:
            raise log_refused(name, "more than one user; expected one patient in a file", row=row)
        owner = owner or who
        value = _object(body.get("blood_glucose"))
        if not value:
            found.reject(row, RejectReason.NOT_GLUCOSE)
            continue
        device, flags = _device(head, body)
        if device is None:
            reason = RejectReason.NOT_GLUCOSE if body.get("specimen_source") else RejectReason.DEVICE_UNKNOWN
            found.reject(row, reason)
            continue
        found.take(
            row,
            device,
            _time(body),
            amount(value.get("value")),
            unit_named(words(value.get("unit"))),
            limits=DEXCOM,
            flags=flags | max(0, tag_of(words(body.get("temporal_relationship_to_meal")))),
        )
    return found.raw(NAME, Hints(), patients=(owner,) if owner else (), notes=notes)


def _device(head: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[Device | None, int]:
    source = words(body.get("specimen_source")).casefold()
    modality = words(_object(head.get("acquisition_provenance")).get("modality")) or words(head.get("modality"))
    typed = int(Flag.MANUAL) if modality == "self-reported" else 0
    if _SENSOR in source:
        return "cgm", 0
    if any(word in source for word in _METER) or (typed and not source):
        return "meter", typed
    return None, 0


def _time(body: Mapping[str, Any]) -> str:
    frame = _object(body.get("effective_time_frame"))
    interval = _object(frame.get("time_interval"))
    return words(frame.get("date_time")) or words(interval.get("start_date_time"))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
