"""``priorauth population ingest SRC OUT``: a FHIR bulk export as tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from priorauth.cli import output, parameters, progress
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.population.asked import NEEDED, jobs_option, say_lost, spark_option

if TYPE_CHECKING:
    from priorauth.population.manifest import Summary, Unused

PARTLY: Final = 3


@made("ingest", "priorauth population ingest export tables --as-of 2026-11-20")
@click.argument(
    "source", metavar="SRC", type=parameters.PATH, help="a folder of NDJSON, Bundles, Parquet (.gz too), or a file"
)
@click.argument("out", metavar="OUT", type=parameters.PATH, help="an empty folder, or one where this was begun before")
@parameters.as_of("the day of members without a request, else that of the export's manifest")
@jobs_option
@spark_option
def command(*, source: Path, out: Path, as_of: int | None, jobs: int | None, spark: str | None) -> int:
    """Read a FHIR bulk export into tables.

    The exit code is 0 where everything was read; 3 where the population is there, but some of the input was rejected
    (rejects.ndjson says what and why); 2 where nothing could be begun.
    """
    from priorauth.values.dates import iso

    try:
        from priorauth.population.ingest.ingest import REJECTS, ingest
    except ImportError:
        raise refused(f"priorauth population ingest {NEEDED}") from None
    day = None if as_of is None else iso(as_of)
    if spark is not None and jobs is not None:
        raise refused("--jobs: expected --jobs or --spark, not both: Spark's executors are as many as its master has")
    try:
        with progress.bar() as say, ExitStack() as held:
            if spark is None:
                found = ingest(source, out, as_of=day, jobs=jobs or os.cpu_count() or 1, progress=say)
            else:
                from priorauth.population.spark import cluster

                opened = held.enter_context(cluster(spark))
                place, to = source.resolve(), out.resolve()  # executors stand elsewhere
                found = ingest(place, to, as_of=day, progress=say, runner=opened.on_all)
                say_lost(opened.lost)
    except OSError as fault:
        raise refused(f"{fault.filename or source}: {fault.strerror or fault}") from None
    except BrokenProcessPool:
        output.fault("a process was ended from outside; run the same command again to go on")
        return 1
    output.say(told(found))
    if not found.rejects:
        return 0
    output.fault(f"{found.rejects:,} pieces of input were rejected: see {out / REJECTS}")
    return PARTLY


def told(found: Summary) -> str:
    """Return what was read, in lines."""
    lines = [
        f"{found.members:,} members, {found.seats:,} requests or members without one, as of {found.as_of}",
        f"{sum(found.read.values()):,} resources of {found.files:,} files ({found.bytes:,} bytes)",
        *(f"  {kind}: {count:,}" for kind, count in found.read.items()),
        f"{sum(found.rows.values()):,} rows",
        *(f"  {table}: {count:,}" for table, count in found.rows.items()),
    ]
    if found.not_read:
        lines.append(f"of types that are not read: {', '.join(f'{kind} {n:,}' for kind, n in found.not_read.items())}")
    if found.other_files:
        lines.append(f"{len(found.other_files):,} files of other kinds were left, such as {found.other_files[0]}")
    if found.deletions:
        lines.append(f"{found.deletions:,} deletions; {found.deleted:,} resources no longer count")
    lines += _unused(found.unused)
    lines.append(f"{found.rejects:,} rejects, {found.warnings:,} warnings")
    return "\n".join(lines) + "\n"


def _unused(found: Unused) -> Iterator[str]:
    """Yield which observations are of no use to any fact, by code."""
    if not found.observations:
        return
    yield f"{found.observations:,} observations are used by no fact; their codes:"
    for one in found.codes:
        name = " ".join(part for part in (one.system, one.code) if part) or "no code"
        yield f"  {''.join(sign if sign.isprintable() else '?' for sign in name)}: {one.count:,}"
    if found.other_codes:
        yield f"  others: {found.other_codes:,}"
