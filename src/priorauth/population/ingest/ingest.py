"""Ingest: a FHIR bulk export becomes the tables of a population, by the reader that reads a single case.

Three passes, on all cores and in bounded memory: every resource is sorted to its member (:mod:`split`), the members
of one bucket at a time are read (:mod:`bucket`), and neighbouring buckets are put together (:mod:`merge`). What is done
is kept below ``OUT/.work``: a run that was killed goes on where it stopped and ends with the same files. The same input
gives the same bytes.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from priorauth.errors import Fault, PopulationError
from priorauth.facts import vocabulary
from priorauth.population import manifest
from priorauth.population.folder import OWN, WORK, cleared, locked
from priorauth.population.ingest import bucket as second
from priorauth.population.ingest import deleted, merge, rejects
from priorauth.population.ingest.deleted import Deletions
from priorauth.population.ingest.instants import instant
from priorauth.population.ingest.lines import CHANGED
from priorauth.population.ingest.member import Reader
from priorauth.population.ingest.plain.sift import able, sieve
from priorauth.population.ingest.servers import Origin, origins
from priorauth.population.ingest.shard import Done, committed, committing
from priorauth.population.ingest.shared import Shared
from priorauth.population.ingest.sources import Piece, Source, find, tasks
from priorauth.population.ingest.split import split
from priorauth.population.ingest.unused import together
from priorauth.population.manifest import FORMAT, MANIFEST, Summary
from priorauth.values import dates, units
from priorauth.values.pool import on_all

BUCKET: Final = 64_000_000
"""Bytes of input that are about one bucket: what one process holds in memory at a time, a few times over."""
MOST_BUCKETS: Final = 4_096
BEGUN: Final = "input.json"
BEGINS: Final = "begins.npy"
PLAIN_BEGINS: Final = "plain.npy"
ENOUGH: Final = 256_000_000
"""Bytes of input from which it is worth while to load the compiled scanner, and once on a machine to compile it."""
REJECTS: Final = "rejects.ndjson"
WARNINGS: Final = "warnings.ndjson"

_EDITION: Final = b"\n2"
"""How the work that a killed run leaves is written: that of another edition cannot go on."""

Progress = Callable[[str, int, int], None]
Runner = Callable[[Callable[..., None], tuple[object, ...], Sequence[int]], Iterator[object]]
"""Runs a function for each number, after what all share, and yields once for each."""


class _Input(msgspec.Struct, frozen=True):
    """What an ingest was begun with: where it differs, work that was left cannot go on."""

    format: int
    files: list[tuple[str, int, int]]
    as_of: str | None
    vocabulary: str
    buckets: int


@dataclass(frozen=True, slots=True)
class _Job:
    """An ingest while it runs."""

    place: Path
    sources: tuple[Source, ...]
    pieces: tuple[tuple[Piece, ...], ...]
    out: Path
    buckets: int
    plain: bool = False

    @property
    def work(self) -> Path:
        return self.out / WORK

    @property
    def shards(self) -> Path:
        return self.work / "shards"


def ingest(  # noqa: PLR0913 - what is read, how, and who does it
    place: Path,
    out: Path,
    *,
    as_of: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    plain: bool | None = None,
    runner: Runner | None = None,
) -> Summary:
    """Read the export at ``place`` (a folder or a file) into ``out``; raises PopulationError, OSError.

    ``plain``: whether plain readings take the fast way, which makes the same files; where it is left out, if the
    compiled scanner is installed and the export is large enough for it.
    ``as_of`` (YYYY-MM-DD) is the day from which windows count for members without a request; where it is left out, the
    day of the export's manifest. ``runner`` does the work where it is not to be ``jobs`` processes of this machine.
    """
    if as_of is not None:
        try:
            dates.day(as_of)
        except ValueError as fault:
            raise PopulationError(Fault.of_argument("as_of", str(fault))) from None
    sources, others = find(place, out)
    if not sources:
        said = "expected .ndjson, .jsonl, .json (also .gz) or .parquet files; there are none"
        raise PopulationError(Fault(str(place), None, said))
    size = sum(source.expected for source in sources)
    buckets = min(1 << max(0, (size // BUCKET).bit_length()), MOST_BUCKETS)
    fast = able() and (size >= ENOUGH if plain is None else plain)
    job = _Job(place, sources, tasks(sources), out, buckets, fast)
    _see_empty(out)
    with locked(out):
        run = runner or functools.partial(on_all, jobs or os.cpu_count() or 1)
        return _run(job, others, as_of, run, progress or _silent)


def _run(job: _Job, others: tuple[str, ...], as_of: str | None, run: Runner, say: Progress) -> Summary:
    """Do all passes, or what a run before left of them."""
    known = _begin(job, as_of)
    if known is not None:
        return known
    done = _first_pass(job, run, say)
    _see_unchanged(job)
    newest = max((export.at for one in done for export in one.exports), key=instant, default=None)
    day = as_of or (newest and newest[:10])
    results = _second_pass(job, day, run, say)
    groups = merge.groups([result.seats for result in results])
    for number, _ in enumerate(run(_merge, (job, groups), range(len(groups))), 1):
        say("writing tables", number, len(groups))
    return _finish(job, day, others, done, results)


def _silent(stage: str, done: int, of: int) -> None:
    """Say nothing."""


def _begin(job: _Job, as_of: str | None) -> Summary | None:
    """Make the folders, or find what was left there; gives the summary where all is done already."""
    files = [(source.name, source.size, source.changed) for source in job.sources]
    wanted = msgspec.json.encode(_Input(FORMAT, files, as_of, vocabulary.load().sha256, job.buckets))
    finished, begun = job.out / MANIFEST, job.work / BEGUN
    if finished.exists():
        kept = job.out / f".{MANIFEST}.input"
        if kept.exists() and kept.read_bytes() == wanted:
            cleared(job.out)
            shutil.rmtree(job.work, ignore_errors=True)  # left where a run was killed after its last word
            return msgspec.json.decode(finished.read_bytes(), type=Summary)
        said = "expected an empty folder; it holds a population of other input"
        raise PopulationError(Fault(str(job.out), None, said))
    if begun.exists():
        if begun.read_bytes() != wanted + _EDITION:
            said = "holds an unfinished ingest of other input; remove it to begin anew"
            raise PopulationError(Fault(str(job.out), None, said))
        cleared(job.out)
        return None
    job.shards.mkdir(parents=True, exist_ok=True)
    committed(begun, wanted + _EDITION)
    return None


def _see_empty(out: Path) -> None:
    """Refuse a folder that holds anything that no ingest left there."""
    if (out / f".{MANIFEST}.input").exists() or (out / WORK / BEGUN).exists():
        return
    if out.exists() and any(path.name not in OWN for path in out.iterdir()):
        raise PopulationError(Fault(str(out), None, "expected an empty folder"))


def _see_unchanged(job: _Job) -> None:
    """Refuse sources that changed while they were read: half of one and half of another is neither."""
    now, _ = find(job.place, job.out)
    before = {source.name: source for source in job.sources}
    after = {source.name: source for source in now}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            raise PopulationError(Fault(name, None, CHANGED))


def _first_pass(job: _Job, run: Runner, say: Progress) -> list[Done]:
    waiting = [number for number in range(len(job.pieces)) if not (job.shards / f"{number}.json").exists()]
    finished = len(job.pieces) - len(waiting)
    for done, _ in enumerate(run(_split, (job,), waiting), finished + 1):
        say("sorting by member", done, len(job.pieces))
    return list(_done(job))


def _done(job: _Job) -> Iterator[Done]:
    decoder = msgspec.json.Decoder(Done)
    for number in range(len(job.pieces)):
        yield decoder.decode((job.shards / f"{number}.json").read_bytes())


def _second_pass(job: _Job, day: str | None, run: Runner, say: Progress) -> list[second.Result]:
    if day is None:
        said = "expected as_of='YYYY-MM-DD': the export has no manifest that names its day"
        raise PopulationError(Fault(None, None, said))
    with committing(job.work / BEGINS) as file:
        np.save(file, second.bounds(job.shards, len(job.pieces), job.buckets))
    with committing(job.work / PLAIN_BEGINS) as file:
        np.save(file, second.bounds(job.shards, len(job.pieces), job.buckets, plain=True))
    deleted.gather(job.shards, len(job.pieces), job.work / deleted.TABLE)
    waiting = [number for number in range(job.buckets) if not (job.work / f"{number}.bucket").exists()]
    finished = job.buckets - len(waiting)
    for done, _ in enumerate(run(_read, (job, dates.day(day)), waiting), finished + 1):
        say("reading members", done, job.buckets)
    decoder = msgspec.json.Decoder(second.Result)
    return [decoder.decode((job.work / f"{number}.bucket").read_bytes()) for number in range(job.buckets)]


def _split(job: _Job, number: int) -> None:
    split(job.shards, number, job.pieces[number], job.sources, sieve() if job.plain else None)


_READERS: dict[tuple[Path, int], Reader] = {}


def _read(job: _Job, day: int, number: int) -> None:
    reader = _READERS.get((job.work, day))
    if reader is None:
        _READERS.clear()
        shared, origin, deletions = _shared(job)
        kinds = tuple(source.kind for source in job.sources)
        reader = Reader(vocabulary.load(), units.load(), shared, day, kinds, origin, deletions)
        _READERS[job.work, day] = reader
    begins, plain = (np.load(job.work / name, mmap_mode="r") for name in (BEGINS, PLAIN_BEGINS))
    second.run(job.work, begins, number, reader, second.Sifted(plain, job.sources))


def _merge(job: _Job, groups: list[tuple[int, ...]], number: int) -> None:
    merge.merge(job.work / "tables", job.out, groups[number])


def _shared(job: _Job) -> tuple[Shared, tuple[Origin, ...], Deletions]:
    """Return what all members share, where each source comes from, and what was deleted."""
    origin = origins(job.sources, _done(job))
    deletions = Deletions(np.load(job.work / deleted.TABLE, mmap_mode="r"), origin)
    return Shared((one for done in _done(job) for one in done.shared), origin, deletions), origin, deletions


def _finish(
    job: _Job, day: str | None, others: tuple[str, ...], done: list[Done], results: list[second.Result]
) -> Summary:
    """Put the rejects and warnings beside the tables, the summary last; then forget the work."""
    shared, _, _ = _shared(job)
    found = [reject for one in done for reject in one.rejects] + shared.broken
    found += [reject for result in results for reject in result.rejects]
    if not any(result.seats for result in results):
        rejected = rejects.write(job.work / REJECTS, found, job.sources)
        said = f"no member could be read; {rejected:,} rejects are in {job.work / REJECTS}"
        raise PopulationError(Fault(None, None, said))
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
        deletions=sum(one.deletions for one in done),
        deleted=sum(result.deleted for result in results) + shared.deleted,
        unused=together(result.unused for result in results),
        members=sum(result.members for result in results),
        seats=sum(result.seats for result in results),
        rows=_summed(result.rows for result in results),
        rejects=rejects.write(job.out / REJECTS, found, job.sources),
        warnings=sum(result.warnings for result in results),
    )
    with (job.out / WARNINGS).open("wb") as file:
        for number in range(job.buckets):
            file.write((job.work / f"{number}.warnings").read_bytes())
    (job.out / f".{MANIFEST}.input").write_bytes((job.work / BEGUN).read_bytes().removesuffix(_EDITION))
    _see_unchanged(job)
    committed(job.out / MANIFEST, manifest.encoded(summary))
    shutil.rmtree(job.work)
    return summary


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
