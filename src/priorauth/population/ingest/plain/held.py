"""The plain readings of a bucket, gathered from every shard; their texts are read only where the reader wants them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from priorauth.facts.vocabulary import Vocabulary
from priorauth.population.ingest.member import Texts
from priorauth.population.ingest.plain.evidence import parts
from priorauth.population.ingest.plain.sift import PLAIN
from priorauth.population.ingest.plain.tables import Plain, Seats, tables
from priorauth.population.ingest.shard import KEPT, ROW, Index

Rows = npt.NDArray[np.void]


class Held:
    """Plain readings by the key of their patient, in the order of the input."""

    def __init__(self, shards: Path, begins: npt.NDArray[np.int64], bucket: int) -> None:
        """Gather those of a bucket; ``begins`` as of :func:`priorauth.population.ingest.bucket.bounds`."""
        self._shards = shards
        self._data: dict[int, npt.NDArray[np.uint8]] = {}
        parts, tasks = [np.empty(0, PLAIN)], [np.empty(0, np.int32)]
        for task in range(len(begins)):
            first, last = begins[task, bucket : bucket + 2].tolist()
            if first != last:
                rows = np.fromfile(shards / f"{task}{KEPT}", PLAIN, last - first, offset=first * PLAIN.itemsize)
                parts.append(rows)
                tasks.append(np.full(len(rows), task, np.int32))
        rows, task_of = np.concatenate(parts), np.concatenate(tasks)
        order = np.lexsort((rows["at"], rows["source"], rows["key"]))
        self.rows: Rows = rows[order]
        self._tasks = task_of[order]
        keys = np.ascontiguousarray(self.rows["key"])
        edges = [0, *(np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist(), len(keys)] if len(keys) else []
        self.spans: dict[int, tuple[int, int]] = dict(zip(keys[edges[:-1]].tolist(), pairwise(edges), strict=True))

    def of(self, key: int) -> Rows:
        """Return the plain readings under a key."""
        first, last = self.spans.get(key, (0, 0))
        return self.rows[first:last]

    def _index(self, key: int) -> Index:
        """Return where the plain readings under a key stand, as rows of the index."""
        rows = self.of(key)
        made = np.zeros(len(rows), ROW)
        for name in ("key", "source", "at", "start", "size"):
            made[name] = rows[name]
        return made

    def whole(self, key: int, beside: Texts | None = None) -> Texts:
        """Return every resource under a key, the plain readings among them, in the order of the input."""
        places, data = self._index(key), list(self._texts(key))
        if beside is not None:
            places, data = np.concatenate([beside.places, places]), [*beside.data, *data]
        order = np.lexsort((places["at"], places["source"]))
        return Texts(places[order], [data[place] for place in order.tolist()])

    def made(self, known: Vocabulary, keys: Sequence[int], seats: Seats) -> tuple[Plain, int]:
        """Return the rows that the plain readings under some keys make, by table and fact, and how many readings."""
        spans = [self.spans[key] for key in keys]
        if not spans:
            return {}, 0
        places = np.concatenate([np.arange(*span) for span in spans])
        whose = np.repeat(np.arange(len(spans)), [last - first for first, last in spans])
        return tables(parts(known, self.rows[places], whose), seats), len(places)

    def _texts(self, key: int) -> Iterator[bytes]:
        """Yield the texts of the plain readings under a key."""
        first, last = self.spans.get(key, (0, 0))
        for task, row in zip(self._tasks[first:last].tolist(), self.rows[first:last], strict=True):
            if task not in self._data:
                self._data[task] = np.memmap(self._shards / f"{task}{KEPT}.data", np.uint8, "r")
            start = int(row["start"])
            yield self._data[task][start : start + int(row["size"])].tobytes()
