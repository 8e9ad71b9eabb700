"""What is plain of a bucket, gathered from every shard; the texts are read only where the reader wants them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.facts.vocabulary import Vocabulary
from priorauth.population.ingest.beside import Plain as Plained
from priorauth.population.ingest.beside import several
from priorauth.population.ingest.lines import Again
from priorauth.population.ingest.member import Kept, Texts
from priorauth.population.ingest.plain.evidence import measured, parts
from priorauth.population.ingest.plain.meanings import results
from priorauth.population.ingest.plain.rows import IN_SOURCE, PLAIN, RESULT, TEST, VISIT
from priorauth.population.ingest.plain.tables import Plain, Seats, tables
from priorauth.population.ingest.shard import KEPT, ROW, Index
from priorauth.population.ingest.sources import Source

Rows = npt.NDArray[np.void]
_NAMES: Final = msgspec.json.Decoder(list[list[str]])


class Held:
    """Plain resources by the key of their patient, in the order of the input."""

    def __init__(
        self, shards: Path, begins: npt.NDArray[np.int64], bucket: int, sources: Sequence[Source] = ()
    ) -> None:
        """Gather those of a bucket; ``begins`` as of :func:`priorauth.population.ingest.bucket.bounds`."""
        self._shards = shards
        self._sources = sources
        self._again = Again()
        self._data: dict[int, npt.NDArray[np.uint8]] = {}
        self._names: dict[int, list[list[bytes]]] = {}
        self._plain: dict[int, Plained] | None = None
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
        self._visits = np.flatnonzero(self.rows["kind"] == VISIT)
        referred = [self.rows[name][self._visits].tolist() for name in ("one", "two")]
        self._referred = [*zip(self._tasks[self._visits].tolist(), *referred, strict=True)]
        keys = np.ascontiguousarray(self.rows["key"])
        edges = [0, *(np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist(), len(keys)] if len(keys) else []
        self.spans: dict[int, tuple[int, int]] = dict(zip(keys[edges[:-1]].tolist(), pairwise(edges), strict=True))

    def of(self, key: int) -> Rows:
        """Return what is plain under a key."""
        first, last = self.spans.get(key, (0, 0))
        return self.rows[first:last]

    def beside(self, known: Vocabulary, key: int, texts: Texts) -> Kept:
        """Return what is plain under a key, as the reader of all else wants it."""
        if self._plain is None:
            edges = [0, *(last for _, last in self.spans.values())]
            self._plain = dict(zip(self.spans, several(known, self.rows, edges), strict=True))
        return Kept(self._plain[key], self._mentioned(key), lambda of: self.whole(key, texts, of))

    def _mentioned(self, key: int) -> frozenset[bytes]:
        """Return the names of what belongs to nobody to which plain visits under a key refer."""
        first, last = self.spans.get(key, (0, 0))
        places = slice(*np.searchsorted(self._visits, (first, last)).tolist())
        found: set[bytes] = set()
        for task, one, two in set(self._referred[places]):
            named = self._named(task)
            found.update(named[one], named[two])
        return frozenset(found)

    def _named(self, task: int) -> list[list[bytes]]:
        """Return the names of a shard, by their numbers."""
        if task not in self._names:
            listed = _NAMES.decode((self._shards / f"{task}{KEPT}.names").read_bytes())
            self._names[task] = [[name.encode() for name in names] for names in listed]
        return self._names[task]

    def _index(self, key: int, of: npt.NDArray[np.bool_]) -> Index:
        """Return where what is plain under a key stands, as rows of the index."""
        rows = self.of(key)[of]
        made = np.zeros(len(rows), ROW)
        for name in ("key", "source", "at", "start", "size"):
            made[name] = rows[name]
        return made

    def whole(self, key: int, beside: Texts | None = None, of: npt.NDArray[np.bool_] | None = None) -> Texts:
        """Return every resource under a key, the plain ones (or some ``of`` them) too, in the order of the input."""
        chosen = np.ones(len(self.of(key)), bool) if of is None else of
        places, data = self._index(key, chosen), list(self._texts(key, chosen))
        if beside is not None:
            places, data = np.concatenate([beside.places, places]), [*beside.data, *data]
        order = np.lexsort((places["at"], places["source"]))
        return Texts(places[order], [data[place] for place in order.tolist()])

    def made(
        self, known: Vocabulary, keys: Sequence[tuple[int, npt.NDArray[np.bool_]]], seats: Seats
    ) -> tuple[Plain, int]:
        """Return the rows that what is plain under some keys makes, by table and fact, and of how many resources.

        With each key stands which of what is plain under it the reader has read.
        """
        spans = [self.spans[key] for key, _ in keys]
        if not spans:
            return {}, 0
        places = np.concatenate([np.arange(*span) for span in spans])
        whose = np.repeat(np.arange(len(spans)), [last - first for first, last in spans])
        kinds = self.rows["kind"][places]
        tests, measures = kinds == TEST, (kinds == RESULT) & ~np.concatenate([back for _, back in keys])
        made = parts(known, self.rows[places[tests]], whose[tests])
        made += measured(results(known), self.rows[places[measures]], whose[measures])
        return tables(made, seats), len(places)

    def _texts(self, key: int, of: npt.NDArray[np.bool_]) -> Iterator[bytes]:
        """Yield the texts of some of what is plain under a key."""
        first, last = self.spans.get(key, (0, 0))
        rows, tasks = self.rows[first:last][of], self._tasks[first:last][of].tolist()
        listed = (rows[name].tolist() for name in ("source", "at", "start", "size"))
        for task, source, at, start, size in zip(tasks, *listed, strict=True):
            if start == IN_SOURCE:
                yield self._again.line(self._sources[source], at, size)
                continue
            if task not in self._data:
                self._data[task] = np.memmap(self._shards / f"{task}{KEPT}.data", np.uint8, "r")
            yield self._data[task][start : start + size].tobytes()

    def close(self) -> None:
        """Close the sources that were read again."""
        self._again.close()
