"""A JSON log is told by the fields of its objects: an array, an object around one, or one object a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from priorauth.errors import LogRefused
from priorauth.glucose.formats import entries, fhir, librelinkup, nightscout, openmhealth, tidepool
from priorauth.glucose.formats.entries import Entry
from priorauth.glucose.formats.reading import Raw
from priorauth.glucose.formats.text import Text
from priorauth.glucose.reject import log_refused, unknown_format


class Format(NamedTuple):
    """One format of objects: its name for people, how an object is recognised, and how all are read."""

    title: str
    own: Callable[[Entry], bool]
    read: Callable[[str, Sequence[Entry], tuple[str, ...]], Raw]


FORMATS: Final = (
    Format(nightscout.TITLE, nightscout.of_nightscout, nightscout.read_entries),
    Format(tidepool.TITLE, lambda entry: entry.type in tidepool.DEVICES, tidepool.read_entries),
    Format(openmhealth.TITLE, openmhealth.of_openmhealth, openmhealth.read_entries),
    Format(librelinkup.TITLE, librelinkup.of_librelinkup, librelinkup.read_entries),
)


def read(found: Text, known: str) -> Raw:
    """Find the format of a JSON log and read it; raises LogRefused for what none or several recognise.

    ``known`` lists the formats, for the refusal.
    """
    if found.first() == "[":
        listed = entries.decode(found)
        if any(entry.resourceType is not None for entry in listed):
            return _of_array(found, listed)
        return _read(found, listed, known)
    loaded = _objects(found)
    if any(isinstance(one, dict) and "resourceType" in one for one in loaded):
        return fhir.read_resources(found.name, _resources(loaded), found.notes)
    if len(loaded) == 1 and isinstance(loaded[0], dict):
        return _read(found, _inside(loaded[0]), known)
    return _read(found, entries.of(loaded), known)


def _of_array(found: Text, listed: Sequence[Entry]) -> Raw:
    """Read an array of resources."""
    _refuse_several(found.name, [fhir.TITLE, *_titles(listed)])
    loaded = entries.anything(found)
    return fhir.read_resources(found.name, loaded if isinstance(loaded, list) else [loaded], found.notes)


def _read(found: Text, listed: Sequence[Entry], known: str) -> Raw:
    titles = _titles(listed)
    _refuse_several(found.name, titles)
    for form in FORMATS:
        if form.title in titles:
            return form.read(found.name, listed, found.notes)
    raise unknown_format(found.name, f"format not recognised; expected an export of {known}")


def _titles(listed: Sequence[Entry]) -> list[str]:
    return [form.title for form in FORMATS if any(map(form.own, listed))]


def _objects(found: Text) -> list[object]:
    """Return a single object, or the objects one per line."""
    try:
        return [entries.anything(found)]
    except LogRefused:
        if b"\n{" not in found.data.strip():
            raise
        return entries.lines(found)


def _inside(loaded: dict[str, Any]) -> list[Entry]:
    """Return the entries that an object wraps: an answer of a service, or itself the only entry."""
    graph = librelinkup.entries_in(loaded)
    if graph is not None:
        return graph
    for key in ("result", "data", "entries", "treatments", "body"):
        inner = loaded.get(key)
        if isinstance(inner, list):
            return entries.of(inner)
        if key == "result" and isinstance(inner, dict):
            return entries.of([inner])
    return entries.of([loaded])


def _resources(loaded: Sequence[object]) -> list[object]:
    """Return the resources of Bundles, and resources that stand by themselves."""
    found: list[object] = []
    for one in loaded:
        if not isinstance(one, dict) or one.get("resourceType") != "Bundle":
            found.append(one)
            continue
        listed = one.get("entry")
        found += [
            entry.get("resource") if isinstance(entry, dict) else None
            for entry in (listed if isinstance(listed, list) else ())
        ]
    return found


def _refuse_several(name: str, titles: list[str]) -> None:
    if len(titles) > 1:
        raise log_refused(name, f"looks like both {' and '.join(titles)}; expected one format in a file")
