"""A sweep over many open clocks of which one in a hundred is due, on both databases: what it does, and how long.

    bench/sweep.py                               100,000 open cases
    bench/sweep.py 10000 --write                 so many; and puts the figures into docs/ledger-bench.md

What is not due is made of rows (bench/ledger_rows.py); what is due are real requests, received by real acts: half of
them so that their case climbs, half so that their clock was missed too. After the sweep each of them has to stand where
time brought it, each other case where it stood, the chains of the real ones hold, and a second sweep does nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import figures
from ledger import databases, load, say, timed
from ledger_rows import crowd
from population import machine
from sqlalchemy import select, update

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.sweep import Swept, sweep

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.ledger.house import COORDINATOR, NOW, TENANT, done, example, furnish  # noqa: E402 - tests stand beside

PAGE: Final = ROOT / "docs" / "ledger-bench.md"
DUE: Final = 100
"""One clock in so many is due."""
SWEPT: Final = NOW + timedelta(days=5)
"""Half of the clock of a request of NOW is gone then, and no more of it."""
EARLIER: Final = timedelta(days=8)
"""The whole clock of a request of so long before NOW is gone at SWEPT."""
HEAD: Final = ["| work | database | found | load |", "|---|---|---|---|"]


def among(store: Store, size: int) -> None:
    """Make so many open cases of which nothing is due for a year."""
    crowd(store, size)
    later = NOW + timedelta(days=365)
    with store.writing(TENANT) as connection:
        stand = {"state": "with-nurse", "queue": "nurse", "closed_at": None, "due_rule": "mh-std"}
        connection.execute(update(t.cases).values(**stand, due_at=later, climbs_at=later))
        connection.execute(update(t.clock).values(status="running", due_at=later))
    with store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def received(store: Store, count: int) -> tuple[list[str], list[str]]:
    """Receive so many requests; return the cases of those that came long ago, and of those of NOW."""
    found: tuple[list[str], list[str]] = ([], [])
    for number in range(count):
        late = number % 2
        found[late].append(
            str(done(store, Receive(bundle=example("ask")), COORDINATOR, NOW - EARLIER * (1 - late)).case)
        )
    return found


def faults(store: Store, missed: list[str], climbed: list[str], swept: list[Swept]) -> Iterator[str]:
    """Yield what three sweeps did otherwise than time wants."""
    both = [*missed, *climbed]
    wanted = [Swept(len(both), len(missed), 0), Swept(len(missed), 0, 0), Swept(0, 0, 0)]
    if swept != wanted:
        yield f"expected {wanted}, found {swept}"
    one, clock = t.cases.c, t.clock.c
    with store.reading(TENANT) as connection:
        rows = connection.execute(select(one.case_no, one.state).where(one.version != MADE)).all()
        states = {str(row.case_no): str(row.state) for row in rows}
        if set(states) - set(both):
            yield f"{len(set(states) - set(both))} cases were changed of which nothing was due"
        yield from (f"case {case}: {states.get(case)}" for case in climbed if states.get(case) != "with-nurse")
        yield from (f"case {case}: {states.get(case)}" for case in missed if states.get(case) != "with-director")
        late = set(connection.execute(select(clock.case_no).where(clock.missed_at.is_not(None))).scalars())
        if late != set(missed):
            yield f"expected {len(missed)} cases with a missed clock, found {len(late)}"
        for case in both:
            chain = select(t.event).where(t.event.c.case_no == case).order_by(t.event.c.number)
            if said := events.broken(connection.execute(chain).all()):
                yield f"case {case}: {said}"


MADE: Final = 0
"""The version of the cases that are made of rows."""


def run(database: str, url: str, size: int) -> tuple[list[str], list[str]]:
    """Sweep one database; return the rows of the table, and what went wrong."""
    store = open_store(url)
    furnish(store)
    say(f"{database}: {size:,} cases made in {timed(lambda: among(store, size - size // DUE)).clock:.0f} s")
    with store.writing(TENANT) as connection:
        connection.execute(update(t.cases).values(version=MADE))
    missed, climbed = received(store, size // DUE)
    swept: list[Swept] = []
    works = (
        f"sweep of {size:,} open cases, {len(missed) + len(climbed):,} climb, {len(missed):,} clocks were missed",
        f"the next, a minute later: {len(missed):,} climb once more",
        "the next: nothing is due",
    )
    lines = []
    for place, work in enumerate(works):
        under, at = load(), SWEPT + timedelta(minutes=place)
        spent = timed(lambda: swept.append(sweep(store, TENANT, at)))  # noqa: B023 - called at once
        acts = swept[-1].climbed + swept[-1].missed
        each = f", {1000 * spent.clock / acts:.1f} ms an act" if acts else ""
        lines.append(
            f"| {work} | {database} | {spent.clock:.2f} s{each}; processor {spent.processor:.2f} s | {under:.1f} |"
        )
        say(lines[-1])
    wrong = [f"{database}: {fault}" for fault in faults(store, missed, climbed, swept)]
    store.close()
    return lines, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int, nargs="?", default=100_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    lines, wrong = [f"{machine()}.", "", *HEAD], []
    with databases(args.only) as every:
        for name, fresh in every:
            found, against = run(name, fresh(), args.size)
            lines += found
            wrong += against
    print("\n".join([*lines, *wrong[:20]]))
    if args.write and not wrong:
        figures.write(PAGE, "sweep", lines)
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
