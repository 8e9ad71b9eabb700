"""Ingest: a FHIR bulk export becomes the tables of a population, by the reader that reads a single case.

Three passes, on all cores and in bounded memory: every resource is sorted to its member (:mod:`split`), the members
of one bucket at a time are read (:mod:`bucket`), and neighbouring buckets are put together (:mod:`merge`). What is done
is kept below ``OUT/.work``: a run that was killed goes on where it stopped and ends with the same files. The same input
gives the same bytes.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from priorauth.facts import vocabulary
from priorauth.population import bucket as second
from priorauth.population import merge, rejects
from priorauth.population.heads import Entry
from priorauth.population.member import Reader
from priorauth.population.rejects import Reject
from priorauth.population.shard import Done, committed
from priorauth.population.shared import Shared
from priorauth.population.sources import Piece, Source, find, tasks
from priorauth.population.split import split
from priorauth.values import dates, units

BUCKET: Final = 64_000_000
"""Bytes of input that are about one bucket: what one process holds in memory at a time, a few times over."""
MOST_BUCKETS: Final = 4_096
WORK: Final = ".work"
MANIFEST: Final = "manifest.json"
REJECTS: Final = "rejects.ndjson"
WARNINGS: Final = "warnings.ndjson"
FORMAT: Final = 1

Progress = Callable[[str, int, int], None]


class IngestRefused(Exception):
    """An ingest that cannot begin or cannot go on: one line says why."""


class Summary(msgspec.Struct):
    """What an ingest read and what came of it; written as ``manifest.json``."""

    format: int
    vocabulary: str
    as_of: str | None
    files: int
    bytes: int
    buckets: int
    read: dict[str, int]
    not_read: dict[str, int]
    other_files: list[str]
    members: int
    seats: int
    rows: dict[str, int]
    rejects: int
    warnings: int


class _Input(msgspec.Struct, frozen=True):
    """What an ingest was begun with: where it differs, work that was left cannot go on."""

    files: list[tuple[str, int, int]]
    as_of: str | None
    vocabulary: str
    buckets: int


@dataclass(frozen=True, slots=True)
class _Job:
    """An ingest while it runs."""

    sources: tuple[Source, ...]
    pieces: tuple[tuple[Piece, ...], ...]
    out: Path
    buckets: int

    @property
    def work(self) -> Path:
        return self.out / WORK

    @property
    def shards(self) -> Path:
        return self.work / "shards"


def ingest(
    place: Path, out: Path, *, as_of: str | None = None, jobs: int | None = None, progress: Progress | None = None
) -> Summary:
    """Read the export at ``place`` (a folder or a file) into ``out``; raises IngestRefused, OSError.

    ``as_of`` (YYYY-MM-DD) is the day from which windows count for members without a request; where it is left out, the
    day of the export's manifest.
    """
    if as_of is not None:
        dates.day(as_of)
    sources, others = find(place)
    if not sources:
        raise IngestRefused(f"{place}: expected .ndjson, .jsonl, .json (also .gz) or .parquet files; there are none")
    size = sum(source.expected for source in sources)
    buckets = min(1 << max(0, (size // BUCKET).bit_length()), MOST_BUCKETS)
    job = _Job(sources, tasks(sources), out, buckets)
    known = _begin(job, as_of)
    if known is not None:
        return known
    count = jobs or os.cpu_count() or 1
    say = progress or _silent
    done = _first_pass(job, count, say)
    day = as_of or next((one.exported[:10] for one in done if one.exported), None)
    results, broken = _second_pass(job, day, count, say)
    groups = merge.groups([result.seats for result in results])
    for number, _ in enumerate(_on_all(count, _merge, (job, groups), list(range(len(groups)))), 1):
        say("writing tables", number, len(groups))
    return _finish(job, day, others, done, results, broken)


def _silent(stage: str, done: int, of: int) -> None:
    """Say nothing."""


def _begin(job: _Job, as_of: str | None) -> Summary | None:
    """Make the folders, or find what was left there; gives the summary where all is done already."""
    files = [(source.name, source.size, source.changed) for source in job.sources]
    wanted = msgspec.json.encode(_Input(files, as_of, vocabulary.load().sha256, job.buckets))
    finished, begun = job.out / MANIFEST, job.work / "input.json"
    if finished.exists():
        kept = job.out / f".{MANIFEST}.input"
        if kept.exists() and kept.read_bytes() == wanted:
            return msgspec.json.decode(finished.read_bytes(), type=Summary)
        raise IngestRefused(f"{job.out}: expected an empty folder; it holds a population of other input")
    if begun.exists():
        if begun.read_bytes() != wanted:
            raise IngestRefused(f"{job.out}: holds an unfinished ingest of other input; remove it to begin anew")
        return None
    if job.out.exists() and any(path.name != WORK for path in job.out.iterdir()):
        raise IngestRefused(f"{job.out}: expected an empty folder")
    job.shards.mkdir(parents=True, exist_ok=True)
    committed(begun, wanted)
    return None


def _first_pass(job: _Job, jobs: int, say: Progress) -> list[Done]:
    waiting = [number for number in range(len(job.pieces)) if not (job.shards / f"{number}.json").exists()]
    finished = len(job.pieces) - len(waiting)
    for done, _ in enumerate(_on_all(jobs, _split, (job,), waiting), finished + 1):
        say("sorting by member", done, len(job.pieces))
    decoder = msgspec.json.Decoder(Done)
    return [decoder.decode((job.shards / f"{number}.json").read_bytes()) for number in range(len(job.pieces))]


def _second_pass(
    job: _Job, day: str | None, jobs: int, say: Progress
) -> tuple[list[second.Result], list[tuple[str, str]]]:
    if day is None:
        raise IngestRefused("expected --as-of YYYY-MM-DD: the export has no manifest that names its day")
    begins = job.work / "begins.npy"
    np.save(begins, second.bounds(job.shards, len(job.pieces), job.buckets))
    waiting = [number for number in range(job.buckets) if not (job.work / f"{number}.bucket").exists()]
    finished = job.buckets - len(waiting)
    for done, _ in enumerate(_on_all(jobs, _read, (job, dates.day(day)), waiting), finished + 1):
        say("reading members", done, job.buckets)
    decoder = msgspec.json.Decoder(second.Result)
    results = [decoder.decode((job.work / f"{number}.bucket").read_bytes()) for number in range(job.buckets)]
    return results, Shared(_shared(job)).broken


def _on_all(jobs: int, function: Callable[..., None], shared: tuple[object, ...], numbers: list[int]) -> Iterator[None]:
    """Run a function for each number on so many processes; what they share is sent to each process once."""
    if jobs == 1 or len(numbers) < 2:  # noqa: PLR2004  # one is not worth a process
        for number in numbers:
            function(*shared, number)
            yield
        return
    with ProcessPoolExecutor(
        min(jobs, len(numbers)), mp_context=get_context("spawn"), initializer=_hold, initargs=(function, shared)
    ) as pool:
        yield from pool.map(_held, numbers)


_HELD: list[tuple[Callable[..., None], tuple[object, ...]]] = []


def _hold(function: Callable[..., None], shared: tuple[object, ...]) -> None:
    _HELD[:] = [(function, shared)]


def _held(number: int) -> None:
    function, shared = _HELD[0]
    function(*shared, number)


def _split(job: _Job, number: int) -> None:
    split(job.shards, number, job.pieces[number], job.sources)


_READERS: dict[tuple[Path, int], Reader] = {}


def _read(job: _Job, day: int, number: int) -> None:
    reader = _READERS.get((job.work, day))
    if reader is None:
        _READERS.clear()
        reader = Reader(vocabulary.load(), units.load(), Shared(_shared(job)), day)
        _READERS[job.work, day] = reader
    begins = np.load(job.work / "begins.npy", mmap_mode="r")
    second.run(job.work, begins, number, reader, tuple(source.kind for source in job.sources))


def _merge(job: _Job, groups: list[tuple[int, ...]], number: int) -> None:
    merge.merge(job.work / "tables", job.out, groups[number])


def _shared(job: _Job) -> Iterator[Entry]:
    decoder = msgspec.json.Decoder(Done)
    for number in range(len(job.pieces)):
        yield from decoder.decode((job.shards / f"{number}.json").read_bytes()).shared


def _finish(  # noqa: PLR0913, PLR0917  # all that the passes found
    job: _Job, day: str | None, others: tuple[str, ...], done: list[Done], results: list[second.Result],
    broken: list[tuple[str, str]],
) -> Summary:  # fmt: skip
    """Put the rejects and warnings beside the tables, the summary last; then forget the work."""
    if not any(result.seats for result in results):
        rejected = rejects.write(job.work / REJECTS, _rejects(done, results, broken), job.sources)
        raise IngestRefused(f"no member could be read; {rejected:,} rejects are in {job.work / REJECTS}")
    summary = Summary(
        format=FORMAT,
        vocabulary=vocabulary.load().sha256,
        as_of=day,
        files=len(job.sources),
        bytes=sum(one.bytes for one in done),
        buckets=sum(bool(result.seats) for result in results),
        read=_summed(one.read for one in done),
        not_read=_summed(one.unread for one in done),
        other_files=list(others),
        members=sum(result.members for result in results),
        seats=sum(result.seats for result in results),
        rows=_summed(result.rows for result in results),
        rejects=rejects.write(job.out / REJECTS, _rejects(done, results, broken), job.sources),
        warnings=sum(result.warnings for result in results),
    )
    with (job.out / WARNINGS).open("wb") as file:
        for number in range(job.buckets):
            file.write((job.work / f"{number}.warnings").read_bytes())
    (job.out / f".{MANIFEST}.input").write_bytes((job.work / "input.json").read_bytes())
    committed(job.out / MANIFEST, msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n")
    shutil.rmtree(job.work)
    return summary


def _rejects(done: list[Done], results: list[second.Result], broken: list[tuple[str, str]]) -> Iterator[Reject]:
    yield from (reject for one in done for reject in one.rejects)
    yield from (reject for one in results for reject in one.rejects)
    yield from (Reject(0, 0, "file", f"a resource that all share: {said}", name) for name, said in broken)


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
