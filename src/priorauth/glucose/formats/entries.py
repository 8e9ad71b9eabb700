"""An entry is one object of a JSON log, with the fields that any of the JSON formats uses and nothing else.

Fields are whatever the file holds: a wrong type in one entry must not cost the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from priorauth.glucose.formats.text import Text
from priorauth.glucose.reject import log_refused
from priorauth.values import strict_json


class Entry(msgspec.Struct, gc=False):
    """One object of a JSON array; fields that it lacks are None."""

    resourceType: Any = None  # noqa: N815  (the names are the formats' own)
    type: Any = None
    # Nightscout
    date: Any = None
    dateString: Any = None  # noqa: N815
    sgv: Any = None
    mbg: Any = None
    device: Any = None
    utcOffset: Any = None  # noqa: N815
    # Tidepool
    time: Any = None
    deviceTime: Any = None  # noqa: N815
    timezoneOffset: Any = None  # noqa: N815
    deviceId: Any = None  # noqa: N815
    subType: Any = None  # noqa: N815
    units: Any = None
    value: Any = None
    annotations: Any = None
    userId: Any = None  # noqa: N815
    owner: Any = msgspec.field(default=None, name="_userId")
    # Nightscout's treatments, and version 3 of its API
    eventType: Any = None  # noqa: N815
    glucose: Any = None
    glucoseType: Any = None  # noqa: N815
    created_at: Any = None
    mills: Any = None
    enteredBy: Any = None  # noqa: N815
    isValid: Any = None  # noqa: N815
    # Open mHealth
    header: Any = None
    body: Any = None
    # LibreLinkUp
    FactoryTimestamp: Any = None
    Timestamp: Any = None
    ValueInMgPerDl: Any = None
    isLow: Any = None  # noqa: N815
    isHigh: Any = None  # noqa: N815


_FIELDS: Final = {field.encode_name: field.name for field in msgspec.structs.fields(Entry)}
_WHOLE: Final = frozenset({"$numberLong", "$numberInt"})
_WRAPPED: Final = _WHOLE | {"$numberDouble", "$numberDecimal", "$date", "$oid"}
_WRAPPINGS: Final = 3
_DIGITS: Final = 20
_FAULTS: Final = (msgspec.DecodeError, RecursionError, UnicodeDecodeError, MemoryError)


def decode(text: Text) -> list[Entry]:
    """Decode a JSON array, what is no object as an empty entry; raises LogRefused for no JSON array."""
    data = text.as_utf8()
    try:
        return msgspec.json.decode(data, type=list[Entry])
    except msgspec.ValidationError:
        pass
    except _FAULTS as fault:
        raise log_refused(text.name, "expected complete JSON") from fault
    loaded = anything(text)
    if not isinstance(loaded, list):
        raise log_refused(text.name, "expected a JSON array of entries")
    return of(loaded)


def of(items: Iterable[object]) -> list[Entry]:
    """Take decoded objects as entries, what is no object as an empty one."""
    return [_entry(item) for item in items]


def anything(text: Text) -> object:
    """Decode JSON as plain Python; raises LogRefused for what is none, is cut off, nests too deep, or has a key
    of an object twice.
    """
    data = text.as_utf8()
    try:
        found: object = msgspec.json.decode(data)
    except _FAULTS as fault:
        raise log_refused(text.name, "expected complete JSON") from fault
    _keys_once(text.name, data)
    return found


def lines(text: Text) -> list[object]:
    """Decode one JSON value per line (NDJSON)."""
    data = text.as_utf8()
    try:
        found: list[object] = msgspec.json.Decoder().decode_lines(data)
    except _FAULTS as fault:
        raise log_refused(text.name, "expected complete JSON, one value per line") from fault
    _keys_once(text.name, b"[" + b",".join(line for line in data.splitlines() if line.strip()) + b"]")
    return found


def _keys_once(name: str, data: bytes) -> None:
    try:
        strict_json.check(data)
    except strict_json.JsonFault as fault:
        raise log_refused(name, str(fault)) from None


def _entry(item: object) -> Entry:
    if not isinstance(item, dict):
        return Entry()
    return Entry(**{_FIELDS[key]: value for key, value in item.items() if key in _FIELDS})


def unwrapped(value: object) -> object:
    """Take a field out of the wrapping of mongoexport, as in ``{"$numberLong": "12"}``, ``{"$date": "2026-03-14"}``."""
    for _ in range(_WRAPPINGS):
        if not isinstance(value, dict) or len(value) != 1:
            return value
        ((key, inner),) = value.items()
        if key in _WHOLE and isinstance(inner, str) and len(inner) <= _DIGITS and inner.lstrip("-").isdecimal():
            return int(inner)
        if key not in _WRAPPED:
            return value
        value = inner
    return value


def words(value: object) -> str:
    """Take a field as text; what is no text is empty."""
    if isinstance(value, dict):
        value = unwrapped(value)
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """Take a field as a whole number; None for what is none."""
    if isinstance(value, dict):
        value = unwrapped(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return int(value)
    except (OverflowError, ValueError):
        return None


def amount(value: object) -> object:
    """Take a field as a number or text for :class:`amount.Amounts`; what is neither is no value."""
    if isinstance(value, dict):
        value = unwrapped(value)
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else None
