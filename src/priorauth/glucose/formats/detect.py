"""Which format a file is in, found by its content alone; never by its name, and never guessed between two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from priorauth.errors import LogRefused
from priorauth.glucose.formats import (
    carelink,
    clarity,
    entries,
    fhir,
    glooko,
    libreview,
    nightscout,
    plain,
    text,
    tidepool,
)
from priorauth.glucose.formats.reading import Hints, Raw
from priorauth.glucose.formats.text import Head, Sheet, Text
from priorauth.glucose.reject import log_refused

KNOWN: Final = "Dexcom Clarity, LibreView, Medtronic CareLink, Glooko, Nightscout, Tidepool, FHIR"


class Format(NamedTuple):
    """One format of tables: its name for people, how it is recognised, and how it is read."""

    title: str
    recognise: Callable[[Head], Sheet | None]
    read: Callable[[Sheet, Hints], Raw]
    marks: tuple[str, ...]
    """What stands in such a file and in no other: an export of another maker that holds it is two in one."""


TABLES: Final = (
    Format(clarity.TITLE, clarity.recognise, clarity.read, clarity.MARKS),
    Format(libreview.TITLE, libreview.recognise, libreview.read, libreview.MARKS),
    Format(carelink.TITLE, carelink.recognise, carelink.read, carelink.MARKS),
    Format(glooko.TITLE, glooko.recognise, glooko.read, glooko.MARKS),
    Format(nightscout.TITLE, nightscout.recognise, nightscout.read, nightscout.MARKS),
    Format(onetouch.TITLE, onetouch.recognise, onetouch.read, onetouch.MARKS),
    Format(accuchek.TITLE, accuchek.recognise, accuchek.read, accuchek.MARKS),
    Format(tconnect.TITLE, tconnect.recognise, tconnect.read, tconnect.MARKS),
    Format(mysugr.TITLE, mysugr.recognise, mysugr.read, mysugr.MARKS),
    Format(diasend.TITLE, diasend.recognise, diasend.read, diasend.MARKS),
    Format(sidiary.TITLE, sidiary.recognise, sidiary.read, sidiary.MARKS),
    Format(juggluco.TITLE, juggluco.recognise, juggluco.read, juggluco.MARKS),
    Format(studio.TITLE, studio.recognise, studio.read, studio.MARKS),
    Format(tidepool_sheet.TITLE, tidepool_sheet.recognise, tidepool_sheet.read, tidepool_sheet.MARKS),
    *(Format(maker.title, diary.recogniser(maker), diary.reader(maker), ()) for maker in diary.MAKERS),
)


def read(name: str, data: bytes, hints: Hints) -> Raw:
    """Find the format of a file and read it; raises LogRefused for what none or several recognise."""
    found = text.decode(name, data)
    return _read_json(found) if found.first() in {"[", "{"} else _read_table(found, hints)


def _read_table(found: Text, hints: Hints) -> Raw:
    head = text.head(found)
    if hints.columns is None:
        sheets = [(table, sheet) for table in TABLES if (sheet := table.recognise(head)) is not None]
        _refuse_several(found.name, [table.title for table, _ in sheets])
        for table, sheet in sheets:
            return table.read(sheet, hints)
    table_of_columns = plain.recognise(head, hints)
    if table_of_columns is None:
        raise log_refused(
            found.name,
            f"format not recognised; expected an export of {KNOWN}, or a table whose header names time and glucose "
            "(else name them with columns=)",
        )
    return plain.read(*table_of_columns, hints)


def _read_json(found: Text) -> Raw:
    if found.first() == "{":
        return fhir.read_resources(found.name, _resources(found), found.notes)
    listed = entries.decode(found)
    types = {entry.type for entry in listed if isinstance(entry.type, str)}
    values = any(entry.sgv is not None or entry.mbg is not None for entry in listed)
    kinds = {
        nightscout.TITLE: values or not types.isdisjoint(nightscout.TYPES),
        tidepool.TITLE: not types.isdisjoint(tidepool.DEVICES),
        fhir.TITLE: any(entry.resourceType is not None for entry in listed),
    }
    titles = [title for title, seen in kinds.items() if seen]
    _refuse_several(found.name, titles)
    if not titles:
        raise log_refused(found.name, f"format not recognised; expected an export of {KNOWN}")
    if titles == [fhir.TITLE]:
        loaded = entries.anything(found)
        return fhir.read_resources(found.name, loaded if isinstance(loaded, list) else [loaded], found.notes)
    read_entries = nightscout.read_entries if titles == [nightscout.TITLE] else tidepool.read_entries
    return read_entries(found.name, listed, found.notes)


def _resources(found: Text) -> list[object]:
    """Return the resources of a Bundle, a single resource, or resources one per line."""
    try:
        loaded = entries.anything(found)
    except LogRefused:
        if b"\n{" not in found.data.strip():
            raise
        return entries.lines(found)
    if not isinstance(loaded, dict) or "resourceType" not in loaded:
        raise log_refused(found.name, f"format not recognised; expected an export of {KNOWN}")
    if loaded["resourceType"] != "Bundle":
        return [loaded]
    listed = loaded.get("entry")
    return [
        entry.get("resource") if isinstance(entry, dict) else None
        for entry in (listed if isinstance(listed, list) else ())
    ]


def _refuse_several(name: str, titles: list[str]) -> None:
    if len(titles) > 1:
        raise log_refused(name, f"looks like both {' and '.join(titles)}; expected one format in a file")
