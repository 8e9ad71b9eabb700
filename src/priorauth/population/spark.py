"""Spark hands chunks of buckets to its executors; on each, DuckDB decides with the policy as it was compiled here.

Members never meet, so no SQL of Spark's own is needed: a task is the number of a chunk. What it makes is written by the
executor under a name of its own and takes its place whole, so that a task that is lost, repeated or done twice changes
nothing. A fault of the input comes back as an answer; what may be the machine's fault is raised, and Spark tries again.
"""

from __future__ import annotations

import functools
import os
import pickle
import re
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from priorauth.errors import Fault, PopulationError, PriorAuthError
from priorauth.facts import vocabulary
from priorauth.population import fetch, tables
from priorauth.population.storage import Place
from priorauth.version import __version__

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from pyspark.sql import SparkSession

Made = TypeVar("Made")
Kept = TypeVar("Kept")
Progress = Callable[[int, int], None]
SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # what went wrong is said in one line, here
}
ANSWER: Final = "number bigint, attempt bigint, fault string, made binary"
_LOOK: Final = 0.2
"""Seconds between two looks at how far a job is."""
_FAILED: Final = re.compile(r"priorauth, part (\d+): ([\w ]+)")
_NO_MODULE: Final = re.compile(r"No module named '([\w.]+)'")
_CONDITION: Final = re.compile(r"\[([A-Z][A-Z_.]+)\]")


class Failed(RuntimeError):
    """What an executor could not do, for now: which part, and the kind of the fault; nothing of what was read."""


@dataclass(slots=True)
class Cluster:
    """A session of Spark that works on numbers; ``lost`` counts attempts that ended without an answer."""

    session: SparkSession
    say: Progress | None = None
    lost: int = 0

    def each(
        self,
        folder: Place,
        parts: Sequence[tuple[int, ...]],
        work: Callable[[duckdb.DuckDBPyConnection], Made],
        then: Callable[[int, Made], Kept],
    ) -> Iterator[Kept]:
        """Yield, in order, what executors make of each chunk (see :class:`fetch.Each`); raises PopulationError."""
        threads = int(self.session.sparkContext.getConf().get("spark.task.cpus", "1") or 1)
        beside = self.session.sparkContext.defaultParallelism if self._local else 1
        place = folder.resolve() if isinstance(folder, Path) else folder
        yield from self.made(functools.partial(_worked, place, tuple(parts), threads, beside, work, then), len(parts))

    def on_all(
        self, function: Callable[..., None], shared: tuple[object, ...], numbers: Sequence[int]
    ) -> Iterator[None]:
        """Run a function for each number on the executors and yield once for each; as :func:`values.pool.on_all`."""
        seen = 0
        for done in self._looked(functools.partial(_numbered, function, shared, tuple(numbers)), len(numbers)):
            yield from repeat(None, done - seen)
            seen = max(done, seen)
        yield from repeat(None, len(numbers) - seen)

    @property
    def _local(self) -> bool:
        return str(self.session.sparkContext.master).startswith("local[")

    def made(self, work: Callable[[int], Kept], count: int) -> list[Kept]:
        """Return what ``work`` makes of each number below ``count``, in order; raises PopulationError."""
        looks = self._looked(work, count)
        while True:
            try:
                done = next(looks)
            except StopIteration as stop:
                return list(stop.value)
            if self.say:
                self.say(done, count)

    def _looked(self, work: Callable[[int], Kept], count: int) -> Generator[int, None, list[Kept]]:
        """Yield how many numbers are done, now and then; at the end return what was made of each."""
        from pyspark import cloudpickle

        if not count:
            return []
        stated = (__version__, vocabulary.load().sha256, cloudpickle.dumps(work))
        frame = self.session.range(0, count, 1, count).mapInArrow(functools.partial(answers, *stated), ANSWER)
        try:
            rows = sorted((yield from self._watched(frame)), key=lambda row: int(row["number"]))
        except PriorAuthError:
            raise
        except Exception as fault:  # noqa: BLE001 - Spark has many, with a page of traces each
            raise PopulationError(said(fault)) from None
        self.lost += sum(row["attempt"] for row in rows)
        for row in rows:
            if row["fault"] is not None:
                raise PopulationError(Fault(None, None, row["fault"]))
        if [row["number"] for row in rows] != list(range(count)):
            raise PopulationError(Fault(None, None, f"Spark gave {len(rows):,} answers, expected {count:,}"))
        return [pickle.loads(row["made"]) for row in rows]  # noqa: S301 - of our own executors

    def _watched(self, frame: Any) -> Generator[int, None, list[Any]]:  # noqa: ANN401 - a DataFrame
        """Run a job; yield how many of its tasks are done, and return the rows that it gives."""
        context, group = self.session.sparkContext, f"priorauth-{id(frame)}"

        def job() -> list[Any]:
            context.setJobGroup(group, "priorauth", interruptOnCancel=True)
            return list(frame.collect())

        with futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(job)
            try:
                while not futures.wait([waiting], _LOOK).done:
                    yield self._done(group)
                return waiting.result()
            except BaseException:
                context.cancelJobGroup(group)
                raise

    def _done(self, group: str) -> int:
        """Count the tasks of a job that are done."""
        tracker = self.session.sparkContext.statusTracker()
        jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
        stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
        return sum(stage.numCompletedTasks for stage in stages if stage)


@contextmanager
def cluster(master: str, say: Progress | None = None) -> Iterator[Cluster]:
    """Open a session and end it; ``say`` is told how many parts are done. PopulationError: Spark is not to be had."""
    opened = session(master)
    try:
        yield Cluster(opened, say)
    finally:
        opened.stop()


def session(master: str) -> SparkSession:
    """Open a session; PopulationError where pyspark is not there, or Spark does not start."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        said = "master= needs pyspark: pip install 'priorauth[spark]'"
        raise PopulationError(Fault(None, None, said)) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # executors run the Python of this environment
    try:
        builder: Any = SparkSession.builder.master(master).appName("priorauth")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        made: SparkSession = builder.getOrCreate()
    except Exception as fault:  # noqa: BLE001 - Java's, in its own words
        raise PopulationError(Fault.of_argument("master", f"Spark does not start ({_kind(fault)})")) from None
    return made


# ---- on an executor


def answers(version: str, known: str, work: bytes, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield an answer to each number: the function that ``mapInArrow`` takes. Raises :class:`Failed`."""
    import pyarrow as pa
    from pyspark import TaskContext

    context = TaskContext.get()
    attempt = context.attemptNumber() if context else 0
    for batch in batches:
        for number in batch.column(0).to_pylist():
            fault, made = answered(version, known, work, number)
            columns = ([number], [attempt], [fault], [made])
            kinds = (pa.int64(), pa.int64(), pa.string(), pa.binary())
            arrays = [pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, ["number", "attempt", "fault", "made"])


def answered(version: str, known: str, work: bytes, number: int) -> tuple[str | None, bytes | None]:
    """Return what is wrong, or what was made of a number; raises :class:`Failed` for what another try may mend."""
    try:
        _see_same(version, known)
        return None, pickle.dumps(_loaded(work)(number))
    except PriorAuthError as fault:
        return str(fault).splitlines()[0], None
    except Exception as fault:  # noqa: BLE001 - of the machine, or of the program: its kind is told, not its words
        raise Failed(f"priorauth, part {number}: {_told(fault)}") from None


def _see_same(version: str, known: str) -> None:
    """Refuse to work for another version of the program: it would decide in another way."""
    if version != __version__:
        said = f"the executors have priorauth {__version__}, expected {version} as here"
        raise PopulationError(Fault(None, None, said))
    if known != vocabulary.load().sha256:
        said = "the executors' priorauth has another vocabulary; expected the same installation as here"
        raise PopulationError(Fault(None, None, said))


@functools.lru_cache(maxsize=1)
def _loaded(work: bytes) -> Callable[[int], Any]:
    made: Callable[[int], Any] = pickle.loads(work)  # noqa: S301 - of our own driver
    return made


def _worked(  # noqa: PLR0913, PLR0917 - a task, whole
    folder: Place,
    parts: tuple[tuple[int, ...], ...],
    threads: int,
    beside: int,
    work: Callable[[duckdb.DuckDBPyConnection], Made],
    then: Callable[[int, Made], Kept],
    number: int,
) -> Kept:
    """Work on one chunk; of this machine's memory as much as its share of the tasks that may run beside it."""
    import duckdb
    import pyarrow as pa

    from priorauth.population import duck

    share = 1 / max(beside, (os.cpu_count() or 1) // threads, 1)
    with fetch.some(folder, parts[number]) as place:
        try:
            with duck.connect(threads, share) as connection:
                duck.over(connection, place, parts[number])
                made = work(connection)
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.Error, pa.ArrowException):
            if said := tables.damaged(place):
                raise PopulationError(Fault(None, None, said.replace(str(place), str(folder)))) from None
            raise
    return then(number, made)


def _numbered(function: Callable[..., None], shared: tuple[object, ...], numbers: tuple[int, ...], place: int) -> None:
    function(*shared, numbers[place])


# ---- what is said of faults


def _told(fault: BaseException) -> str:
    """Return the kind of a fault, with the words of the system where there are; never what was read."""
    said = fault.strerror if isinstance(fault, OSError) and fault.strerror else ""
    return " ".join([type(fault).__name__, *re.findall(r"\w+", said)])


def said(fault: BaseException) -> Fault:
    """Return in one line what Spark says on several pages."""
    text = str(fault)
    if found := _FAILED.search(text):
        return Fault(None, None, f"part {int(found[1])} could not be worked on by an executor ({found[2].strip()})")
    if found := _NO_MODULE.search(text):
        return Fault.of_argument("master", f"the executors have no {found[1]}: install there what is installed here")
    if "Can't get attribute" in text:
        return Fault.of_argument("master", "the executors have another priorauth: install there what is installed here")
    return Fault(None, None, f"Spark ended without an answer ({_kind(fault)})")


def _kind(fault: BaseException) -> str:
    """Return what kind of fault Spark, or Java below it, speaks of."""
    if found := _CONDITION.search(str(fault)):
        return found[1]
    java = re.search(r"(?m)^(?:: |Caused by: )?([a-z]\w*(?:\.\w+)*\.[A-Z]\w*(?:Exception|Error))\b", str(fault))
    return java[1].rpartition(".")[2] if java else type(fault).__name__
