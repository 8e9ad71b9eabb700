"""One day of a watch: its resources are sorted, the members they touch are read and decided, the rest stays.

Who is touched: whoever has a resource among the day's, whoever had one that the day deletes, and whoever mentions an
organization, a clinician or a medication that the day changes. Everybody is, on the first day, where windows count
from another day than before, and where the files turn out to be of several servers.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from priorauth.errors import Fault, PopulationError
from priorauth.population import run
from priorauth.population.folder import WORK
from priorauth.population.ingest import rejects
from priorauth.population.ingest.instants import instant
from priorauth.population.ingest.shard import Done, committed
from priorauth.population.ingest.sources import Piece, Source, tasks
from priorauth.population.ingest.split import split
from priorauth.population.watch import days, reading, shards, words
from priorauth.population.watch.deciding import Everybody, Policy, keep, keep_none
from priorauth.population.watch.difference import CRITERIA, GONE, NEW, OUTCOME, Difference, difference
from priorauth.population.watch.reading import POPULATION, Known, Outcome, Progress
from priorauth.population.watch.shards import Keys
from priorauth.population.watch.state import DAYS, OF, SHARDS, Counts, Day, File, State, ready, save, settle
from priorauth.values import dates
from priorauth.values.pool import on_all

if TYPE_CHECKING:
    import pyarrow as pa

BEGUN: Final = "input.json"
RESULT: Final = "decided.parquet"
FIRST: Final = "it is the first day"
MOVED: Final = "windows count from another day"
SERVERS: Final = "the files are of several servers now"


@dataclass(frozen=True, slots=True)
class Watched:
    """A day that was read: what it brought, and the difference it made."""

    day: Day
    difference: Difference
    summary: run.Summary
    """Of all members after the day."""

    def as_json(self) -> dict[str, object]:
        """Return it as JSON."""
        counts = msgspec.structs.asdict(self.day.counts)
        everybody = {"everybody": self.day.everybody} if self.day.everybody else {}
        return {"day": self.day.name, "as_of": self.day.as_of, **everybody, **counts, **self.difference.as_json()}


@dataclass(slots=True)
class Work:
    """A day while it is worked on; ``sources`` are those of all days, its own last."""

    place: Path
    exports: Path
    state: State
    policy: Policy
    name: str
    sources: tuple[Source, ...]
    jobs: int
    say: Progress

    @property
    def folder(self) -> Path:
        """Where the shards are."""
        return self.place / SHARDS

    @property
    def first(self) -> int:
        """The number of its first source."""
        return len(self.state.files)

    @property
    def own(self) -> Path:
        """Where its results lie until it is done."""
        return ready(self.place) / DAYS / self.name


def run_day(work: Work, as_of: str | None) -> Watched:
    """Do one day, or what a watch that was killed left of it; raises PopulationError, OSError."""
    _begin(work, as_of)
    new = _sorted(work)
    every = (*work.state.shards, *new)
    own = shards.done(work.folder, new)
    known = Known.of(work.folder, every, work.sources)
    at = as_of or _as_of(work, own)
    why, touched = _touched(work, new, known, at)
    job = reading.gathered(work.place, work.sources, every, dates.day(at), touched)
    outcome = reading.read(job, work.jobs, work.say)
    if not outcome.seats and not work.state.days:
        raise PopulationError(Fault(str(work.exports), work.name, "no member could be read"))
    shutil.rmtree(ready(work.place), ignore_errors=True)
    work.own.mkdir(parents=True)
    (ready(work.place) / OF).write_text(work.name, "utf-8")
    left, before = Everybody.of(work.place).parted(touched)
    decided = _decided(work, outcome, before)
    changed = difference(work.policy.query, before.rows if before.rows is not None else decided.slice(0, 0), decided)
    keys = np.array([outcome.keys[one] for one in decided["patient"].to_pylist()], dtype=np.uint64)
    everybody = left.joined(decided, keys, work.name)
    summary = everybody.write(work.policy, ready(work.place))
    rejected = reading.rejects_of(own, work.first, known, outcome)
    counts = Counts(
        members=len(everybody.keys),
        decided=outcome.seats,
        new=changed.changes.get(NEW, 0),
        gone=changed.changes.get(GONE, 0),
        outcome=changed.changes.get(OUTCOME, 0),
        criteria=changed.changes.get(CRITERIA, 0),
        resources=sum(sum(one.read.values()) for one in own),
        deletions=sum(one.deletions for one in own),
        rejects=rejects.write(work.own / "rejects.ndjson", rejected, work.sources),
        warnings=sum(result.warnings for result in outcome.results),
    )
    files = [File(one.name, one.kind, one.packed, one.size) for one in work.sources[work.first :]]
    watched = Watched(Day(work.name, at, files, counts, why), changed, summary)
    _publish(work, job.buckets, watched, new)
    return watched


def _begin(work: Work, as_of: str | None) -> None:
    """Go on where the same day was begun with the same files; else begin it anew."""
    own = [(one.name, one.size, one.changed) for one in work.sources[work.first :]]
    wanted = msgspec.json.encode((work.name, own, as_of, work.state.next_shard, work.state.asked))
    begun = work.place / WORK / BEGUN
    if begun.exists() and begun.read_bytes() == wanted:
        shards.cleared(work.folder, work.state.shards, work.state.next_shard)
        return
    shutil.rmtree(begun.parent, ignore_errors=True)
    work.folder.mkdir(parents=True, exist_ok=True)
    shards.cleared(work.folder, work.state.shards)
    begun.parent.mkdir(parents=True)
    committed(begun, wanted)


def _sorted(work: Work) -> tuple[int, ...]:
    """Sort the resources of the day to their members; gives the numbers of its shards."""
    own = work.sources[work.first :]
    pieces = [tuple(replace(one, source=one.source + work.first) for one in task) for task in tasks(own)]
    numbers = tuple(range(work.state.next_shard, work.state.next_shard + len(pieces)))
    waiting = [number for number in numbers if not shards.is_whole(work.folder, number)]
    given = (work.folder, numbers[0], pieces, work.sources)
    for done, _ in enumerate(on_all(work.jobs, _sort, given, waiting), len(numbers) - len(waiting) + 1):
        work.say("sorting by member", done, len(numbers))
    if days.sources(work.exports, work.name) != own:
        said = "changed while it was read; nothing was published: run the same command again"
        raise PopulationError(Fault(str(work.exports), work.name, said))
    return numbers


def _sort(folder: Path, first: int, pieces: list[tuple[Piece, ...]], sources: tuple[Source, ...], number: int) -> None:
    split(folder, number, pieces[number - first], sources)
    shards.look_up(folder, number)


def _as_of(work: Work, own: list[Done]) -> str:
    """Return the day from which windows count where none is given."""
    if work.state.days:
        return work.state.days[-1].as_of
    newest = max((one.at for done in own for one in done.exports), key=instant, default=None)
    if newest is None:
        said = "expected --as-of YYYY-MM-DD: the export has no manifest that names its day"
        raise PopulationError(Fault(str(work.exports), work.name, said))
    return newest[:10]


def _touched(work: Work, new: tuple[int, ...], known: Known, at: str) -> tuple[str, Keys | None]:
    """Return the keys of the members whom the day touches; of everybody why, and None."""
    if not work.state.days:
        return FIRST, None
    if work.state.days[-1].as_of != at:
        return MOVED, None
    old = tuple(work.state.shards)
    before = Known.of(work.folder, old, work.sources[: work.first])
    if known.by_file and not before.by_file:
        return SERVERS, None
    return "", reading.touched(work.folder, old, new, before, known)


def _decided(work: Work, outcome: Outcome, before: Everybody) -> pa.Table:
    """Decide who was read; gives their rows without evidence."""
    to = work.own / "decided"
    if not outcome.seats:
        return keep_none(work.policy, before.rows, to)
    result = work.place / WORK / RESULT
    query, supposed = work.policy.query, work.policy.supposed
    found = run.run(
        work.place / WORK / POPULATION, query, result, lambda done, of: work.say("deciding members", done, of), supposed
    )
    return keep(work.policy, result, found, to)


def _publish(work: Work, buckets: int, watched: Watched, new: tuple[int, ...]) -> None:
    """Lay the rest of the results ready, say that the day is done, and move everything to where it belongs."""
    import pyarrow.parquet as pq

    with (work.own / "warnings.ndjson").open("wb") as file:
        for number in range(buckets):
            file.write((work.place / WORK / f"{number}.warnings").read_bytes())
    pq.write_table(watched.difference.rows, work.own / "difference.parquet", compression="zstd")
    text = words.summary(work.policy.query, watched.day, watched.difference, watched.summary)
    (work.own / "summary.txt").write_text(text, "utf-8")
    state = work.state
    state.days.append(watched.day)
    state.shards.extend(new)
    state.next_shard += len(new)
    save(work.place, state)
    settle(work.place, state)
    shutil.rmtree(work.place / WORK)
