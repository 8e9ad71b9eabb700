"""``priorauth population synthesize N OUT``: a synthetic population as a FHIR bulk export."""

from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Literal

import click

from priorauth.cli import output, parameters, progress
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.population.asked import NEEDED, jobs_option


@made("synthesize", "priorauth population synthesize 200 export --seed 7")
@click.argument("count", metavar="N", type=parameters.Whole(), help="how many members")
@click.argument("out", metavar="OUT", type=parameters.PATH, help="an empty folder")
@click.option(
    "--seed", metavar="SEED", type=parameters.Whole(), default=0, help="another seed gives another population (0)"
)
@parameters.as_of("the day of the export (2026-11-20)")
@click.option(
    "--profile",
    type=parameters.OneOf("registry", "plan"),
    default="registry",
    help="registry: members with diabetes; plan: all members of a health plan",
)
@click.option("--gzip", is_flag=True, help="compress the files")
@click.option("--damage", is_flag=True, help="break a few lines, as real exports do")
@jobs_option
def command(
    *,
    count: int,
    out: Path,
    seed: int,
    as_of: int | None,
    profile: Literal["registry", "plan"],
    gzip: bool,
    damage: bool,
    jobs: int | None,
) -> int:
    """Write a synthetic population as a FHIR bulk export.

    The same options give the same bytes.
    """
    from priorauth.values.dates import iso

    try:
        from priorauth.synthetic.write import AS_OF, Plan, synthesize
    except ImportError:
        raise refused(f"priorauth population synthesize {NEEDED}") from None
    day = AS_OF if as_of is None else iso(as_of)
    plan = Plan(count, out, seed, day, profile, compress=gzip, damage=damage)
    try:
        with progress.bar() as say:
            made = synthesize(
                plan,
                jobs=jobs or os.cpu_count() or 1,
                progress=lambda done, of: say("writing members", done, of),
            )
    except OSError as fault:
        raise refused(f"{fault.filename or out}: {fault.strerror or fault}") from None
    except BrokenProcessPool:
        output.fault("a process was ended from outside; run the same command again in an empty folder")
        return 1
    lines, size = sum(one.lines for one in made), sum(one.bytes for one in made)
    output.line(f"{count:,} members, {lines:,} resources, {size:,} bytes, {len(made):,} files in {out}")
    return 0
