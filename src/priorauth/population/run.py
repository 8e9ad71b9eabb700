"""A run decides every member of a population under one policy: a row a member as Parquet, and a summary of what blocks.

The rows go into one file, or into a dataset of a part a chunk (:mod:`dataset`), which several machines write at once.

The columns of a row: member, patient, as_of, pathway, outcome, decide_after, questions (facts to ask for, parted by
spaces), then one column a numbered criterion with its status; with evidence, the rows that each leaf rests on; where
statements were supposed, those supposed of the member.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from priorauth.engines.sql.compile import Query, compile_policy
from priorauth.engines.sql.pieces import identifier, literal
from priorauth.engines.sql.weighing import STATUSES
from priorauth.errors import Fault, PopulationError
from priorauth.policy.catalog import Catalog, unknown
from priorauth.policy.tree import Criterion, Group, Policy
from priorauth.population import assume, dataset, fetch, tables, workers
from priorauth.population.dataset import About, Part
from priorauth.population.fetch import Each
from priorauth.population.storage import Place
from priorauth.values import dates
from priorauth.values.files import replacing

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pathway over the members that the pathway takes.

    ``left``: for how many every step up to this one is met or does not apply. ``alone``: for how many this step is all
    that stands in the way of the pathway.
    """

    pathway: str
    criterion: str
    title: str
    counts: Mapping[str, int]
    left: int
    alone: int


@dataclass(slots=True)
class Summary:
    """What a run found: how many members have which outcome, and for each pathway its steps."""

    policy: Policy
    members: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    supposed: dict[str, int] = field(default_factory=dict)
    """``NAME=VALUE`` -> of how many members it was supposed."""

    def as_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "policy": {"id": self.policy.id, "version": self.policy.version, "sha256": self.policy.sha256},
            "members": self.members,
            **({"supposed": self.supposed} if self.supposed else {}),
            "outcomes": self.outcomes,
            "pathways": self.taken,
            "asked": self.asked,
            "steps": [
                {
                    "pathway": step.pathway,
                    "criterion": step.criterion,
                    "title": step.title,
                    **step.counts,
                    "left": step.left,
                    "alone": step.alone,
                }
                for step in self.steps
            ],
        }


def choose(catalog: Catalog, wanted: str, as_of: int | None, plan: str | None = None) -> Policy:
    """Return a policy by ``id`` (the version in force, else the newest) or ``id@first-day``; raises PopulationError."""
    name, at, first = wanted.partition("@")
    if name not in catalog.files:
        raise PopulationError(unknown(name, catalog))
    if at:
        found = {dates.iso(day): path for day, path in catalog.files[name]}
        if first not in found:
            said = f"{name} has no version from {first!r}; expected one of {', '.join(found)}"
            raise PopulationError(Fault(None, None, said))
        return catalog.load(found[first], plan)
    if as_of is None:
        return catalog.versions(name, plan)[-1]
    version = catalog.in_force(name, {"request": as_of, "service": as_of, "receipt": as_of}, plan)
    if version is None:
        raise PopulationError(Fault(None, None, f"no version of {name} is in force on {dates.iso(as_of)}"))
    return version


def compiled(
    catalog: Catalog, policy: Policy, as_of: int | None, pathway: str | None = None, *, evidence: bool = False
) -> Query:
    """Compile a policy for a run; PopulationError where the policy has no such pathway or a form has no SQL."""
    names = [one.id for one in policy.pathways]
    if pathway is not None and pathway not in names:
        said = f"{policy.id} has no pathway {pathway!r}; expected one of {', '.join(names)}"
        raise PopulationError(Fault(None, None, said))
    chosen = (pathway,) if pathway else None
    return compile_policy(policy, catalog.vocabulary, catalog.common, as_of=as_of, pathways=chosen, evidence=evidence)


def decided(query: Query, supposed: assume.Supposed, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the rows of the members that a database holds, in the order of their numbers."""
    from priorauth.population import duck

    assume.over(connection, supposed)
    rows = duck.decided(connection, query)
    if supposed:
        connection.register("decided", rows)
        rows = connection.sql(assume.beside("decided", supposed)).to_arrow_table().sort_by("member")
    return rows.combine_chunks()


def run(
    folder: Place, query: Query, out: Path, progress: Progress | None = None, supposed: assume.Supposed = ()
) -> Summary:
    """Decide every member of a population with DuckDB and write a row each into one file, in the order of numbers."""
    import pyarrow.parquet as pq

    from priorauth.population import duck

    with fetch.outline(folder) as place, replacing(out) as partial, ExitStack() as held:
        parts = workers.chunks(place)
        writer: pq.ParquetWriter | None = None
        found = fetch.each(folder, parts, functools.partial(decided, query, supposed), lambda _, table: table)
        for done, table in enumerate(found, 1):
            writer = writer or held.enter_context(pq.ParquetWriter(partial, table.schema, **dataset.WRITTEN))
            writer.write_table(table, dataset.GROUP)
            if progress:
                progress(done, len(parts))
    with duck.connect() as connection:
        duck.over_result(connection, out)
        return summarize(connection, query, supposed)


def run_into(  # noqa: PLR0913 - what a run is asked, and who does it
    folder: Place,
    query: Query,
    out: Place,
    progress: Progress | None = None,
    supposed: assume.Supposed = (),
    *,
    about: About | None = None,
    each: Each = fetch.each,
) -> Summary:
    """Decide every member and write the rows as a dataset, a part a chunk; raises PopulationError, OSError.

    ``about`` says of the dataset what the query does not know; ``each`` works on the chunks.
    """
    from priorauth.population import duck

    written: list[Part] = []
    with fetch.outline(folder) as place:
        parts = workers.chunks(place)
        dataset.begin(out)
        work, then = functools.partial(decided, query, supposed), functools.partial(dataset.write_part, out)
        for done, part in enumerate(each(folder, parts, work, then), 1):
            written.append(part)
            if progress:
                progress(done, len(parts))
        members = [tables.members(place, part) for part in parts]
    if [part.rows for part in written] != members:
        said = f"expected a row for each of {sum(members):,} members, found {sum(one.rows for one in written):,}"
        raise PopulationError(Fault(str(out), None, said))
    dataset.check(out, written)
    with duck.connect() as connection:
        connection.register("result", dataset.rows(out, written))
        found = summarize(connection, query, supposed)
    about = about or dataset.about(query.policy)
    told = {"supposed": assume.told(supposed), "summary": found.as_json()}
    dataset.finish(out, msgspec.structs.replace(about, parts=tuple(written), **told))
    return found


def summarize(connection: duckdb.DuckDBPyConnection, query: Query, supposed: assume.Supposed = ()) -> Summary:
    """Count what a run found, in the table ``result`` of a database."""
    found = summary_of(connection, query, "result")
    for word in assume.told(supposed):
        text = "SELECT count(*) FROM result WHERE list_contains(string_split(supposed, ?), ?)"
        found.supposed[word] = connection.execute(text, [assume.BETWEEN, word]).fetchall()[0][0]
    return found


def summary_of(connection: duckdb.DuckDBPyConnection, query: Query, table: str) -> Summary:
    """Count outcomes, questions and the steps of each pathway in a table of results."""
    found = Summary(query.policy)
    counted = f"SELECT {{0}}, count(*) FROM {table} GROUP BY 1 ORDER BY 2 DESC, 1"
    found.outcomes = dict(connection.execute(counted.format("outcome")).fetchall())
    found.members = sum(found.outcomes.values())
    found.taken = {str(name): count for name, count in connection.execute(counted.format("pathway")).fetchall() if name}
    asked = f"SELECT unnest(string_split(questions, ' ')) AS fact FROM {table} WHERE questions <> ''"
    text = f"SELECT fact, count(*) FROM ({asked}) AS asked GROUP BY 1 ORDER BY 2 DESC, 1"
    found.asked = dict(connection.execute(text).fetchall())
    for pathway in query.policy.pathways:
        if pathway.id in found.taken:
            found.steps += _steps(connection, query, table, pathway.id, steps_of(pathway.require, query))
    return found


def steps_of(require: Criterion, query: Query) -> list[Criterion]:
    """Return the steps of a pathway: its parts that have a status of their own."""
    if require.id or not isinstance(require.test, Group):
        return [require] if require.id in query.statuses else []
    parts = [part for part in require.test.parts if part.id in query.statuses]
    if parts:
        return parts
    return [below for part in require.test.parts for below in steps_of(part, query)]


def _steps(
    connection: duckdb.DuckDBPyConnection, query: Query, table: str, pathway: str, steps: list[Criterion]
) -> list[Step]:
    """Count one pathway's steps in one pass."""
    if not steps:
        return []
    columns = [identifier(query.statuses[step.id or ""]) for step in steps]
    passed = [f"{column} IN ('met', 'not-applicable')" for column in columns]
    missed = " + ".join(f"CAST(NOT {test} AS INTEGER)" for test in passed)
    wanted = []
    for place, column in enumerate(columns):
        wanted += [f"count(*) FILTER (WHERE {column} = {literal(status)})" for status in STATUSES]
        wanted.append(f"count(*) FILTER (WHERE {' AND '.join(passed[: place + 1])})")
        wanted.append(f"count(*) FILTER (WHERE NOT {passed[place]} AND missed = 1)")
    row = connection.execute(
        f"SELECT {', '.join(wanted)} FROM (SELECT *, {missed} AS missed FROM {table} WHERE pathway = ?) AS taken",
        [pathway],
    ).fetchall()[0]
    size = len(STATUSES) + 2
    found = []
    for place, step in enumerate(steps):
        part = row[place * size : (place + 1) * size]
        counts = dict(zip(STATUSES, part[: len(STATUSES)], strict=True))
        found.append(Step(pathway, step.id or "", step.title or "", counts, part[-2], part[-1]))
    return found
