"""A shard is the resources of one task, sorted by member into a file, with an index.

A task leaves ``<number>.data`` (resources one after the other), ``<number>.index`` (a row a resource, sorted by key),
``<number>.plain`` (plain resources, a row each, sorted by key) with the texts of those of packed sources in
``<number>.plain.data`` and what they refer to in ``<number>.plain.names``, ``<number>.deleted`` (what it says was
deleted), and, last of all, ``<number>.json``: a task with that file is done and is not done again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.population.folder import half
from priorauth.population.ingest.plain.rows import IN_SOURCE, TYPES
from priorauth.population.ingest.rejects import Place, Reject

ROW: Final = np.dtype(
    [
        *(("key", "<u8"), ("source", "<u4"), ("at", "<u8"), ("start", "<u8"), ("size", "<u4")),
        *(("entry", "?"), ("server", "<u8")),
    ]
)
"""The index: whose, from where, where in the data file; ``entry``: with its fullUrl around it; ``server``: the label of
the patient's server where the resource itself names it."""
DELETION: Final = np.dtype([("name", "<u8"), ("server", "<u8"), ("at", "<i8"), ("source", "<u4")])
"""A deletion: hash of type and id, the label of its server, its instant, and where it stands."""

Index = npt.NDArray[np.void]
KEPT: Final = ".plain"
"""The end of the names of what plain resources stand in."""


class Common(msgspec.Struct):
    """A resource that belongs to no member, and where it stands."""

    source: int
    at: int
    place: Place
    url: str
    resource: msgspec.Raw


class Export(msgspec.Struct):
    """The manifest of an export: where it stands, its instant, the base of its server, the names of its files."""

    source: int
    at: str
    base: str = ""
    files: list[str] = []


class Done(msgspec.Struct):
    """What a task found: resources by type, types not read, rejects, what all share, manifests, servers by source."""

    lines: int = 0
    bytes: int = 0
    read: dict[str, int] = {}
    unread: dict[str, int] = {}
    rejects: list[Reject] = []
    shared: list[Common] = []
    exports: list[Export] = []
    named: list[tuple[int, str]] = []
    """The bases that a source names, two at most: one is its server, two say that it is of several."""
    deletions: int = 0
    plain: dict[str, int] = {}
    """How many of the resources read are plain, by type."""


@dataclass(slots=True)
class Shard:
    """The resources of one task while they are gathered."""

    keys: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    resources: list[bytes] = field(default_factory=list)
    entries: list[bool] = field(default_factory=list)
    servers: list[int] = field(default_factory=list)
    deleted: list[tuple[int, int, int, int]] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    done: Done = field(default_factory=Done)
    plain: list[Index] = field(default_factory=list)
    plain_read: Counter[str] = field(default_factory=Counter)
    names: list[tuple[str, ...]] = field(default_factory=list)
    """The names that plain visits refer to, by their numbers."""
    texts: list[npt.NDArray[np.uint8]] = field(default_factory=list)

    def take(  # noqa: PLR0913  # what the index says of it
        self, key: int, source: int, at: int, resource: bytes, *, entry: bool = False, server: int = 0
    ) -> None:
        """Take in one resource of a member."""
        self.keys.append(key)
        self.sources.append(source)
        self.places.append(at)
        self.resources.append(resource)
        self.entries.append(entry)
        self.servers.append(server)

    def take_all(
        self, keys: list[int], source: int, places: list[int], resources: list[bytes], servers: list[int]
    ) -> None:
        """Take in many resources of members, all of one source."""
        self.keys.extend(keys)
        self.sources.extend([source] * len(keys))
        self.places.extend(places)
        self.resources.extend(resources)
        self.entries.extend([False] * len(keys))
        self.servers.extend(servers)

    def take_plain(self, rows: Index, texts: npt.NDArray[np.uint8]) -> None:
        """Take in plain resources (rows with a key, a kind and a size, in the order of the texts that are kept)."""
        if len(rows):
            self.plain.append(rows)
            self.texts.append(texts)
            for kind, count in enumerate(np.bincount(rows["kind"]).tolist()):
                if count:
                    self.read[TYPES[kind]] += count
                    self.plain_read[TYPES[kind]] += count

    def share(self, source: int, at: int, place: Place, full_url: str, resource: bytes) -> None:
        """Take in one resource of nobody."""
        self.done.shared.append(Common(source, at, place, full_url, msgspec.Raw(bytes(resource))))

    def reject(self, source: int, at: int, place: Place, reason: str, resource: str = "") -> None:
        """Say that something is not used."""
        self.done.rejects.append(Reject(source, at, place, reason, resource))


def write(folder: Path, number: int, shard: Shard) -> None:
    """Write what was gathered, sorted by key; what commits the task comes last."""
    keys = np.array(shard.keys, dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    sizes = np.fromiter(map(len, shard.resources), dtype=np.int64, count=len(shard.resources))[order]
    index = np.empty(len(order), dtype=ROW)
    index["key"] = keys[order]
    index["source"] = np.array(shard.sources, dtype=np.uint32)[order]
    index["at"] = np.array(shard.places, dtype=np.uint64)[order]
    index["start"] = np.cumsum(sizes) - sizes
    index["size"] = sizes
    index["entry"] = np.array(shard.entries, dtype=bool)[order]
    index["server"] = np.array(shard.servers, dtype=np.uint64)[order]
    with committing(folder / f"{number}.data") as file:
        file.writelines(map(shard.resources.__getitem__, order.tolist()))
    with committing(folder / f"{number}.index") as file:
        file.write(index.tobytes())
    _write_plain(folder, number, shard)
    committed(folder / f"{number}.deleted", np.array(shard.deleted, dtype=DELETION).tobytes())
    shard.done.deletions = len(shard.deleted)
    shard.done.read, shard.done.unread = dict(shard.read), dict(shard.unread)
    committed(folder / f"{number}.json", msgspec.json.encode(shard.done))


def _write_plain(folder: Path, number: int, shard: Shard) -> None:
    """Write plain resources by key, their texts as they came, and of the names those that they refer to."""
    named: list[tuple[str, ...]] = []
    with committing(folder / f"{number}{KEPT}.data") as file:
        file.writelines(text.data for text in shard.texts)
    with committing(folder / f"{number}{KEPT}") as file:
        if shard.plain:
            rows = np.concatenate(shard.plain)
            kept = rows["start"] != IN_SOURCE
            sizes = rows["size"][kept].astype(np.int64)
            rows["start"][kept] = np.cumsum(sizes) - sizes
            used = np.unique(np.concatenate([[0], rows["one"], rows["two"]]))
            named = [shard.names[each] if shard.names else () for each in used.tolist()]
            for each in ("one", "two"):
                rows[each] = np.searchsorted(used, rows[each])
            shard.done.plain = dict(shard.plain_read)
            file.write(rows[np.argsort(rows["key"], kind="stable")].tobytes())
    if named:
        committed(folder / f"{number}{KEPT}.names", msgspec.json.encode(named))


def committed(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    with committing(path) as file:
        file.write(data)


@contextmanager
def committing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that will be there whole or not at all, whoever else writes the same one at the same time."""
    partial = path.with_name(half(path.name))
    with partial.open("wb") as file:
        yield file
    os.replace(partial, path)  # noqa: PTH105  # the same, and plain
