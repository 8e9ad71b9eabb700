"""Where the time of a run goes: for each block of the SQL, the processor time of planning and of execution.

`python bench/population.py --profile [MEMBERS]` prints it, in one thread over as many members as one query takes. A
block is planned alone first (PREPARE), then made as a run makes it; what is left of that is execution. The best of
some rounds counts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from engines import AS_OF, PATHWAY, POLICY

from priorauth.engines.sql.compile import Query
from priorauth.policy.catalog import open_catalog
from priorauth.population import duck, run, tables, weigh, workers
from priorauth.values import dates

ROUNDS = 3
MOST = 25


@dataclass(frozen=True, slots=True)
class Cost:
    """What one block took, in seconds of processor time."""

    planning: float
    whole: float

    @property
    def execution(self) -> float:
        """What is left of the whole without planning."""
        return max(0.0, self.whole - self.planning)


def profile(folder: Path, *, evidence: bool) -> list[str]:
    """Give the cost of each block of MassHealth's trial over the first part of a population, as lines of Markdown."""
    catalog = open_catalog()
    policy = catalog.versions(POLICY)[-1]
    query = run.compiled(catalog, policy, dates.day(AS_OF), PATHWAY, evidence=evidence)
    part = workers.chunks(folder)[0]
    rounds = [_once(folder, part, query) for _ in range(ROUNDS)]
    best = {name: min((one[name] for one in rounds), key=lambda cost: cost.whole) for name in rounds[0]}
    whole = sum(cost.whole for cost in best.values())
    members = tables.members(folder, part)
    lines = ["| block | planning ms | execution ms | share | what |", "|---|---|---|---|---|"]
    ordered = sorted(best, key=lambda name: -best[name].whole)
    for name in ordered[:MOST]:
        cost = best[name]
        times = f"{1e3 * cost.planning:.0f} | {1e3 * cost.execution:.0f} | {100 * cost.whole / whole:.1f} %"
        lines.append(f"| {name} | {times} | {_told(query, name)} |")
    rest = [best[name] for name in ordered[MOST:]]
    for name, costs in ((f"{len(rest)} others", rest), ("all", list(best.values()))):
        planning, execution = (1e3 * sum(getattr(one, kind) for one in costs) for kind in ("planning", "execution"))
        share = 100 * sum(one.whole for one in costs) / whole
        lines.append(f"| {name} | {planning:.0f} | {execution:.0f} | {share:.1f} % | |")
    return [f"{members:,} members in one thread: {1e6 * whole / members:.1f} µs each.", "", *lines]


def _once(folder: Path, part: tuple[int, ...], query: Query) -> dict[str, Cost]:
    """Give what each block takes; that of a leaf has the making of its bits in it, ``gates`` is the tree over them."""
    found: dict[str, Cost] = {}
    with duck.connect(1) as connection:
        duck.over(connection, folder, part)
        told = weigh.Told(query.weighing, duck.members(connection))
        blocks = duck.worked(connection, query, told)
        following = next(blocks, None)
        while following:
            name, planning = following[0], _planning(connection, following[1])
            began = time.process_time()
            following = next(blocks, None)  # makes the block that was named before
            found[name] = Cost(planning, time.process_time() - began)
        planning = _planning(connection, query.beside)
        began = time.process_time()
        rows = duck.beside(connection, query)
        found["beside"] = Cost(planning, time.process_time() - began)
        began = time.process_time()
        told.beside(rows)
        found["gates"] = Cost(0.0, time.process_time() - began)
    return found


def _planning(connection: duckdb.DuckDBPyConnection, text: str) -> float:
    """Give what a statement takes to be planned."""
    began = time.process_time()
    connection.execute(f"PREPARE planned AS {text}")
    planned = time.process_time() - began
    connection.execute("DEALLOCATE planned")
    return planned


def _told(query: Query, name: str) -> str:
    """Give the line of the policy that a block stands for, where it is one."""
    text = next((block.text for block in query.blocks if block.name == name), "")
    told = name.startswith("leaf_") and text.startswith("-- ")
    return text.partition("\n")[0].removeprefix("-- ").replace("|", "/") if told else ""
