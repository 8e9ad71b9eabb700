"""Which server a source is from: a person is a server, a type and an id, and so is every other resource.

A server is known from a fullUrl and from the absolute reference to the patient, resource by resource
(:mod:`routing`). Where a resource names none, its file may: by what all other references of the file (or of its folder)
say, else by the manifest of the export.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from priorauth.population.ingest.bases import NO_SERVER, label
from priorauth.population.ingest.instants import UNKNOWN, instant
from priorauth.population.ingest.shard import Done, Export
from priorauth.population.ingest.sources import Source


class Origin(NamedTuple):
    """Where a source comes from: its server as far as known, when it was exported, and the folder of its export."""

    server: int = NO_SERVER
    base: str = ""
    at: int = UNKNOWN
    folder: str = ""


def origins(sources: Sequence[Source], done: Iterable[Done]) -> tuple[Origin, ...]:
    """Return the origin of each source, from what the first pass found."""
    exports: list[Export] = []
    named: dict[int, dict[int, str]] = {}
    for one in done:
        exports += one.exports
        for at, base in one.named:
            named.setdefault(at, {}).setdefault(label(base), base)
    found = [_export(source.name, exports, sources) for source in sources]
    around: dict[str, dict[int, str]] = {}
    for number, bases in named.items():
        around.setdefault(_around(sources[number], found[number], sources), {}).update(bases)
    made = []
    for number, source in enumerate(sources):
        export = found[number]
        own = named.get(number) or around.get(_around(source, export, sources)) or {}
        if not own and export is not None and export.base:
            own = {label(export.base): export.base}
        server, base = next(iter(own.items())) if len(own) == 1 else (NO_SERVER, "")
        at = UNKNOWN if export is None else instant(export.at)
        made.append(Origin(server, base, at, _around(source, export, sources)))
    return tuple(made)


def _around(source: Source, export: Export | None, sources: Sequence[Source]) -> str:
    """Return the folder of the export that a source is of: that of its manifest, else its own; none for deletions."""
    folder = PurePosixPath(source.name if export is None else sources[export.source].name).parent
    return (folder.parent if folder.name.lower() == "deleted" else folder).as_posix()


def _export(name: str, exports: Iterable[Export], sources: Sequence[Source]) -> Export | None:
    """Find the manifest of a file: the nearest one above it; of two in one folder the one that lists it."""
    place = PurePosixPath(name)
    above = {folder.as_posix(): depth for depth, folder in enumerate(place.parents)}
    near: list[tuple[int, Export]] = []
    for export in exports:
        depth = above.get(PurePosixPath(sources[export.source].name).parent.as_posix())
        if depth is not None:
            near.append((depth, export))
    nearest = [export for depth, export in near if depth == min(depth for depth, _ in near)]
    listing = [export for export in nearest if place.name in export.files]
    chosen = listing or nearest
    return chosen[0] if len(chosen) == 1 else None
