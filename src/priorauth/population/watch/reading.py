"""Reading the members of a day again, from the resources of all days, by the passes of an ingest.

The resources of these members are gathered from every shard into shards of their own; what reads the buckets of an
ingest reads them, and so a member comes out as if all days had been ingested at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from priorauth.facts import vocabulary
from priorauth.population import manifest
from priorauth.population.folder import WORK
from priorauth.population.ingest import bucket as second
from priorauth.population.ingest import merge
from priorauth.population.ingest.bases import NO_SERVER
from priorauth.population.ingest.bucket import Result
from priorauth.population.ingest.deleted import Deletions
from priorauth.population.ingest.ingest import BEGINS, BUCKET, MOST_BUCKETS
from priorauth.population.ingest.member import Read, Reader, Texts
from priorauth.population.ingest.rejects import Reject
from priorauth.population.ingest.servers import Origin, origins
from priorauth.population.ingest.shard import Done, committed, committing
from priorauth.population.ingest.shared import Shared
from priorauth.population.ingest.sources import Source
from priorauth.population.watch import shards
from priorauth.population.watch.shards import Keys
from priorauth.population.watch.state import SHARDS
from priorauth.values import units
from priorauth.values.pool import on_all

POPULATION = "population"
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Known:
    """What all members share as of some shards: where each source comes from, what was deleted, organizations."""

    origins: tuple[Origin, ...]
    deletions: Deletions
    shared: Shared

    @classmethod
    def of(cls, folder: Path, numbers: Iterable[int], sources: tuple[Source, ...]) -> Known:
        """Return what is known from some shards of the sources."""
        numbers = tuple(numbers)
        found = shards.done(folder, numbers)
        origin = origins(sources, found)
        deletions = Deletions(shards.deletions(folder, numbers), origin)
        shared = Shared((one for each in found for one in each.shared), origin, deletions)
        return cls(origin, deletions, shared)

    @property
    def by_file(self) -> bool:
        """Whether the files are known to be of several servers: that changes how everybody is read."""
        return len({origin.server for origin in self.origins} - {NO_SERVER}) > 1


def touched(folder: Path, old: tuple[int, ...], new: tuple[int, ...], before: Known, after: Known) -> Keys:
    """Return the keys of the members that new shards may change: those of whom they hold resources, and two more kinds.

    Of whom they delete a resource, by its name; and who mention something shared that they change.
    """
    every = (*old, *new)
    deleted = np.unique(shards.deletions(folder, new)["name"])
    changed = [shards.hash_of(name) for name in after.shared.changed(before.shared)]
    names = np.unique(np.array(changed, dtype=np.uint64))
    found = (
        shards.keys(folder, new),
        shards.keys_of(folder, every, shards.NAMES, deleted),
        shards.keys_of(folder, every, shards.REFS, names),
    )
    return np.unique(np.concatenate(found))


@dataclass(slots=True)
class Noting(Reader):
    """A reader that notes the key under which each seat was found."""

    keys: dict[str, int] = field(default_factory=dict)

    def members(self, texts: Texts) -> list[Read]:
        """Read who is under one patient id."""
        found = Reader.members(self, texts)
        key = int(texts.places["key"][0])
        self.keys.update((seat.patient, key) for read in found for seat in read.seats)
        return found


@dataclass(frozen=True, slots=True)
class Job:
    """The reading of a day: all sources and shards, the day from which windows count, and what was gathered."""

    place: Path
    sources: tuple[Source, ...]
    shards: tuple[int, ...]
    day: int
    tasks: int
    buckets: int

    @property
    def work(self) -> Path:
        """Where it is worked."""
        return self.place / WORK


@dataclass(slots=True)
class Outcome:
    """What came of it: the key of each seat by its patient, and the results of the buckets."""

    keys: dict[str, int]
    results: list[Result]
    seats: int


def gathered(place: Path, sources: tuple[Source, ...], numbers: tuple[int, ...], day: int, wanted: Keys | None) -> Job:
    """Gather the resources of some members, or of all (None)."""
    work = place / WORK
    tasks, size = shards.gather(place / SHARDS, numbers, wanted, work / "shards")
    buckets = min(1 << max(0, (size // BUCKET).bit_length()), MOST_BUCKETS)
    with committing(work / BEGINS) as file:
        np.save(file, second.bounds(work / "shards", tasks, buckets))
    return Job(place, sources, numbers, day, tasks, buckets)


def read(job: Job, jobs: int, say: Progress) -> Outcome:
    """Read what was gathered into tables below the work, as those of a population; what is done already stays."""
    waiting = [number for number in range(job.buckets) if not (job.work / f"{number}.keys").exists()]
    finished = job.buckets - len(waiting)
    for done, _ in enumerate(on_all(jobs, _read, (job,), waiting), finished + 1):
        say("reading members", done, job.buckets)
    _READERS.clear()
    decoder = msgspec.json.Decoder(Result)
    results = [decoder.decode((job.work / f"{number}.bucket").read_bytes()) for number in range(job.buckets)]
    found: dict[str, int] = {}
    for number in range(job.buckets):
        found.update(msgspec.json.decode((job.work / f"{number}.keys").read_bytes(), type=dict[str, int]))
    groups = merge.groups([result.seats for result in results])
    for number, _ in enumerate(on_all(jobs, _merge, (job, groups), range(len(groups))), 1):
        say("writing tables", number, len(groups))
    seats = sum(result.seats for result in results)
    if seats:
        manifest.write(job.work / POPULATION, seats)
    return Outcome(found, results, seats)


_READERS: dict[Job, Noting] = {}


def _read(job: Job, number: int) -> None:
    reader = _READERS.get(job)
    if reader is None:
        _READERS.clear()
        known = Known.of(job.place / SHARDS, job.shards, job.sources)
        kinds = tuple(source.kind for source in job.sources)
        words, measures = vocabulary.load(), units.load()
        reader = Noting(words, measures, known.shared, job.day, kinds, known.origins, known.deletions)
        _READERS[job] = reader
    reader.keys.clear()
    begins = np.load(job.work / BEGINS, mmap_mode="r")
    second.run(job.work, begins, number, reader)
    committed(job.work / f"{number}.keys", msgspec.json.encode(reader.keys))


def _merge(job: Job, groups: list[tuple[int, ...]], number: int) -> None:
    merge.merge(job.work / "tables", job.work / POPULATION, groups[number])


def rejects_of(done: Iterable[Done], first: int, known: Known, outcome: Outcome) -> list[Reject]:
    """Return the rejects of a day: of its files (sources from ``first`` on), and of the members read for it."""
    found = [one for each in done for one in each.rejects]
    found += [one for one in known.shared.broken if one.source >= first]
    return found + [one for result in outcome.results for one in result.rejects]
