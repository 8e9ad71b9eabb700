"""Deletions: an incremental export names what no longer exists, in Bundles of DELETE requests.

A deletion names type and id, and not whose the resource was: every bucket has to know of it. Deletions are a sorted
table of hashes in a file (28 bytes each), of which a process holds 8 in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.population.ingest.bases import NO_SERVER
from priorauth.population.ingest.instants import UNKNOWN, instant
from priorauth.population.ingest.servers import Origin
from priorauth.population.ingest.shard import DELETION, committing

TABLE: Final = "deleted.npy"


class _Meta(msgspec.Struct):
    lastUpdated: str = ""  # noqa: N815  # FHIR's own name
    versionId: str = ""  # noqa: N815  # FHIR's own name
    source: str = ""


class _Versioned(msgspec.Struct):
    meta: _Meta | None = None


_VERSIONED: Final = msgspec.json.Decoder(_Versioned)
_NONE: Final = _Meta()


def meta(resource: bytes | msgspec.Raw) -> _Meta:
    """Return what a resource says of its version; nothing where that cannot be read."""
    try:
        return _VERSIONED.decode(resource).meta or _NONE
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _NONE


def key(kind: str, ident: str) -> int:
    """Return the hash by which a resource is found."""
    return int.from_bytes(blake2b(f"{kind}/{ident}".encode(), digest_size=8).digest(), "big")


def gather(shards: Path, tasks: int, to: Path) -> None:
    """Put the deletions of all shards into one table."""
    parts = [np.fromfile(shards / f"{task}.deleted", dtype=DELETION) for task in range(tasks)]
    with committing(to) as file:
        np.save(file, np.unique(np.concatenate(parts)))  # sorted by name first


class Deletions:
    """Says of resources whether they were deleted."""

    def __init__(self, table: npt.NDArray[np.void], origins: Sequence[Origin]) -> None:
        """Take the table of deletions and where each source comes from."""
        self._table = table
        self._names = np.ascontiguousarray(table["name"])
        self._origins = origins

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(len(self._names))

    def of(self, named: Iterable[tuple[str, str]]) -> list[int]:
        """Return the turns of those (type and id) that some deletion names."""
        keys = np.fromiter((key(kind, ident) for kind, ident in named), dtype=np.uint64)
        if not len(keys) or not self:
            return []
        first = np.searchsorted(self._names, keys)
        found: list[int] = np.flatnonzero(self._names[np.minimum(first, len(self._names) - 1)] == keys).tolist()
        return found

    def counts(self, kind: str, ident: str, servers: set[int], source: int, resource: bytes | msgspec.Raw) -> bool:
        """Whether a resource that some deletion names was deleted and not written again since."""
        name = np.uint64(key(kind, ident))
        first, last = (int(np.searchsorted(self._names, name, side=side)) for side in ("left", "right"))
        updated = instant(meta(resource).lastUpdated)
        origin = self._origins[source]
        for row in self._table[first:last]:
            by = self._origins[int(row["source"])]
            server = int(row["server"]) or by.server
            if server != NO_SERVER and servers and server not in servers:
                continue
            at = int(row["at"]) if int(row["at"]) != UNKNOWN else by.at
            if not _later(updated, origin, at, by):
                return True
        return False


def _later(updated: int, origin: Origin, at: int, by: Origin) -> bool:
    """Whether a resource is newer than a deletion; without times, whether its export comes after the other."""
    if at != UNKNOWN:
        if updated != UNKNOWN:
            return updated > at
        if origin.at != UNKNOWN:
            return origin.at > at
    inside = by.folder in (".", origin.folder) or origin.folder.startswith(f"{by.folder}/")
    return not inside and origin.folder > by.folder
