"""How fast the ledger is, on SQLite and on a PostgreSQL server of its own, and how that grows.

    bench/ledger.py                                   10,000 and 100,000 cases
    bench/ledger.py 10000 100000 1000000              of these sizes
    bench/ledger.py ... --write docs/ledger-bench.md

Requests are received through real acts, durable (SQLite with synchronous=FULL, PostgreSQL with fsync). The many cases
among which a page of the worklist is read, and which a year counts, are rows made by bench/ledger_rows.py: they have no
chains, no bytes of a request and short runs. Beside each figure stands the load of the machine when it was measured
(the average of one minute): with more load than processors, a figure by the clock
says more about the machine than about us, and the processor time beside it is the better one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import figures
from ledger_rows import ENDS, crowd, heavy
from population import machine, rows_of
from sqlalchemy import func, select, text

from priorauth.ledger import (
    acts,  # noqa: F401 - what does the acts
    metrics,
    runs,
    worklist,
)
from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.care.replay import Replayed, replay
from priorauth.ledger.compose import Composed
from priorauth.ledger.opened import read
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.sweep import sweep
from priorauth.ledger.work import Done, perform

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.ledger.house import COORDINATOR, NURSE, SYSTEM, TENANT, example, furnish  # noqa: E402 - tests stand beside
from tests.servers import server  # noqa: E402 - as above

NOW: Final = datetime(2026, 11, 24, 14, tzinfo=UTC)
RESOURCES: Final = 150
A_SECOND: Final = 50
PAGES: Final = 200
AIMS: Final = {
    "receive, run, record, one by one": "p50 12 ms, p99 60 ms",
    f"the same, {A_SECOND} a second, from when each was due": "p50 12 ms, p99 60 ms at 50/s",
    "replay against `determine` on the same inputs": "1.0",
    "a case of 30 runs, 40 documents, 300 events, read whole": "p99 30 ms",
    "a page of 50 of a queue": "p99 20 ms among 1,000,000",
    "sweep": "2 s over 100,000 open clocks",
    "a year's metrics": "30 s over 1,000,000",
    "size of a case beside its documents": "60 KB",
}


class Figure(NamedTuple):
    """What was measured: of which work, on which database, among how many cases, and under which load."""

    work: str
    database: str
    cases: int | None
    found: str
    load: float


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def load() -> float:
    return os.getloadavg()[0]


class Spent(NamedTuple):
    """Seconds by the clock, and of this program's processor time; a server's own is not in it."""

    clock: float
    processor: float = 0.0


def spread(spent: list[Spent]) -> str:
    """Tell the middle and the 99th of a hundred by the clock, and the middle of processor time, in milliseconds."""
    said = f"p50 {_rank([one.clock for one in spent], 50)} ms, p99 {_rank([one.clock for one in spent], 99)} ms"
    processor = _rank([one.processor for one in spent], 50)
    return f"{said}; processor {processor} ms" if any(one.processor for one in spent) else said


def _rank(seconds: list[float], percent: int) -> str:
    found = sorted(seconds)
    return f"{1000 * found[max(0, -(-len(found) * percent // 100) - 1)]:.1f}"


def timed(work: Callable[[], object]) -> Spent:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - clock, time.process_time() - processor)


class Bench:
    """One database after the other; figures in the order in which they were found."""

    def __init__(self, args: argparse.Namespace, told: str) -> None:
        self.args, self.told = args, told
        self.found: list[Figure] = []

    def keep(self, work: str, database: str, found: str, under: float, cases: int | None = None) -> None:
        self.found.append(Figure(work, database, cases, found, under))
        say(f"{database} {'' if cases is None else f'{cases:,} '}{work}: {found} (load {under:.1f})")

    def run(self, database: str, fresh: Callable[[], str]) -> None:
        self.requests(database, fresh())
        for size in self.args.sizes:
            self.among(database, fresh(), size)
            self.write()  # what was found is kept where a later size is not awaited

    def write(self) -> None:
        if self.args.write:
            figures.write(self.args.write, "ledger", report(self))

    # ---- requests through real acts

    def requests(self, database: str, url: str) -> None:
        store = open_store(url)
        furnish(store)
        self.received(store, 0)  # what is loaded once is loaded
        before, under = stored(store), load()
        spent = [self.received(store, 1 + number) for number in range(self.args.requests)]
        self.keep("receive, run, record, one by one", database, spread(spent), under)
        each = (stored(store) - before) / self.args.requests / 1024
        self.keep("size of a case beside its documents", database, f"{each:.0f} KB", load())
        self.paced(store, database)
        self.replayed(store, database)
        heavy(store, "26-0001")
        read(store, NURSE, "26-0001")
        under = load()
        spent = [timed(lambda: read(store, NURSE, "26-0001")) for _ in range(PAGES // 2)]
        self.keep("a case of 30 runs, 40 documents, 300 events, read whole", database, spread(spent), under)
        store.close()

    def received(self, store: Store, number: int) -> Spent:
        act, now = Receive(bundle=bundle(number)), NOW + timedelta(seconds=number)
        found: list[Any] = []
        spent = timed(lambda: found.append(perform(store, act, COORDINATOR, now)))
        if not isinstance(found[0], Done):
            raise SystemExit(f"not received: {found[0]}")
        return spent

    def paced(self, store: Store, database: str) -> None:
        """Receive so many a second, whether or not the one before is done; time counts from when each was due."""
        count, under = self.args.requests, load()
        contents = [bundle(10_000 + number) for number in range(count)]
        begun = time.perf_counter() + 0.1

        def one(number: int) -> Spent:
            due = begun + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            perform(store, Receive(bundle=contents[number]), COORDINATOR, NOW + timedelta(hours=1, seconds=number))
            return Spent(time.perf_counter() - due)

        with ThreadPoolExecutor(8) as threads:
            spent = list(threads.map(one, range(count)))
        done = count / (time.perf_counter() - begun)
        work = f"the same, {A_SECOND} a second, from when each was due"
        self.keep(work, database, f"{spread(spent)}; {done:.0f} a second were done", under)

    def replayed(self, store: Store, database: str) -> None:
        """Do every run again, and beside it what a run is without a ledger: the same function on the same bytes."""
        under = load()
        again: list[Replayed] = []
        by_ledger = timed(lambda: again.extend(replay(store, TENANT)))
        if differing := [one for one in again if one.verdict != "same"]:
            raise SystemExit(f"replay differs: {differing[0]}")
        contents = [bundle(number) for number in range(min(len(again), self.args.requests))]
        alone = timed(lambda: [runs.ran(Composed(content, (), ()), {}) for content in contents])

        def speeds(name: str) -> tuple[float, float]:
            return len(again) / getattr(by_ledger, name), len(contents) / getattr(alone, name)

        (ours, its), (ours_, its_) = speeds("clock"), speeds("processor")
        text_ = f"{ours / its:.2f} of its speed ({ours:.0f} against {its:.0f} runs a second)"
        text_ += f"; by processor time {ours_ / its_:.2f}"
        self.keep("replay against `determine` on the same inputs", database, text_, under)

    # ---- among many cases

    def among(self, database: str, url: str, size: int) -> None:
        store = open_store(url)
        furnish(store)
        say(f"{database}: {size:,} cases made in {timed(lambda: crowd(store, size)).clock:.0f} s")
        self.pages(store, database, size)
        under = load()
        spent = [timed(lambda: worklist.counts(store, NURSE, worklist.Wanted(queue="nurse"), NOW)) for _ in range(20)]
        self.keep("counts of a queue", database, spread(spent), under, size)
        under = load()
        spent = [timed(lambda: worklist.requests(store, COORDINATOR)) for _ in range(PAGES // 4)]
        self.keep("a clinic's first page", database, spread(spent), under, size)
        under = load()
        spent_ = timed(lambda: sweep(store, TENANT, NOW))
        told = f"{spent_.clock:.2f} s; processor {spent_.processor:.2f} s"
        self.keep(f"sweep of {size // 20:,} open cases, nothing due", database, told, under, size)
        under = load()
        years: list[metrics.Year] = []
        spent_ = timed(lambda: years.append(metrics.year(store, SYSTEM, 2026, ENDS)))
        counted = sum(part.requests for part in years[0].parts)
        told = f"{spent_.clock:.1f} s for {counted:,} decided; processor {spent_.processor:.1f} s"
        self.keep("a year's metrics", database, told, under, size)
        store.close()

    def pages(self, store: Store, database: str, size: int) -> None:
        """Turn the pages of a queue, from its top, through its middle."""
        wanted, under = worklist.Wanted(queue="nurse"), load()
        spent: list[Spent] = []
        found: list[worklist.Page] = [worklist.Page((), None)]
        for _ in range(PAGES):
            query = partial(worklist.queue, store, NURSE, wanted, NOW, after=found[-1].next)
            spent.append(timed(lambda: found.append(query())))  # noqa: B023 - called at once
        self.keep("a page of 50 of a queue", database, spread(spent), under, size)


def bundle(number: int) -> bytes:
    """Return a request of so many resources that no other is: its identifier is its own."""
    whole = json.loads(example("medicare"))
    apart = [one for one in whole["entry"] if not str(one["resource"].get("id")).startswith("smbg")]
    logs = [one for one in whole["entry"] if one not in apart]
    whole["entry"] = [*apart, *logs[: RESOURCES - len(apart)]]
    for entry in whole["entry"]:
        if entry["resource"]["resourceType"] == "Claim":
            entry["resource"]["identifier"][0]["value"] = f"request-{number}"
    return json.dumps(whole).encode()


def stored(store: Store) -> float:
    """Return the bytes of a database without those of documents and requests as they came."""
    with store.reading(TENANT) as connection:
        kept = connection.execute(select(func.sum(func.length(t.blob.c.bytes, type_=t.blob.c.size.type)))).scalar() or 0
        if store.dialect == "sqlite":
            pages = connection.execute(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
            return float(pages.scalar_one() - kept)
        sizes = connection.execute(text("SELECT pg_database_size(current_database())"))
        return float(sizes.scalar_one() - kept)


@contextmanager
def databases(only: str | None) -> Iterator[list[tuple[str, Callable[[], str]]]]:
    """Return each database with what gives the URL of an empty one."""
    with tempfile.TemporaryDirectory() as folder, server(safe=True) as running:
        made = iter(range(100))
        every: list[tuple[str, Callable[[], str]]] = [
            ("SQLite", lambda: f"sqlite:///{folder}/{next(made)}.db"),
            ("PostgreSQL", running.fresh),
        ]
        yield [one for one in every if only in (None, one[0].lower())]


def report(bench: Bench) -> list[str]:
    """Lay everything out as Markdown."""
    lines = [f"{bench.told}. {bench.args.requests} requests of {RESOURCES} resources.", ""]
    lines += rows_of(["work", "database", "found", "aim", "load"])
    lines += [
        f"| {one.work} | {one.database} | {one.found} | {AIMS.get(one.work, '-')} | {one.load:.1f} |"
        for one in bench.found
        if one.cases is None
    ]
    lines += ["", "Among many cases, one in twenty of them open:", ""]
    lines += rows_of(["work", "database", "cases", "found", "aim", "load"])
    among: list[Any] = [one for one in bench.found if one.cases is not None]
    order = list(dict.fromkeys(one.work.partition(" of ")[0] for one in among))
    for one in sorted(among, key=lambda one: (order.index(one.work.partition(" of ")[0]), one.database, one.cases)):
        aim = AIMS.get("sweep" if one.work.startswith("sweep") else one.work, "-")
        lines.append(f"| {one.work} | {one.database} | {one.cases:,} | {one.found} | {aim} | {one.load:.1f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--write", type=Path, metavar="PAGE")
    bench = Bench(parser.parse_args(), machine())
    with databases(bench.args.only) as every:
        for name, fresh in every:
            bench.run(name, fresh)
    print("\n".join(report(bench)))


if __name__ == "__main__":
    main()
