"""``priorauth population ingest SRC OUT`` and ``priorauth population synthesize N OUT``.

Exit codes of ingest: 0 everything was read; 3 the population is there, but some of the input was rejected
(rejects.ndjson says what and why); 2 nothing could be begun.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from priorauth.population.ingest import Summary

PARTLY: Final = 3
_BAR: Final = 30
_NEEDED: Final = "needs DuckDB and pyarrow: pip install 'priorauth[population]'"


def add(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    """Add both commands to the subparsers of ``priorauth population``."""
    ingest = commands.add_parser("ingest", help="read a FHIR bulk export into tables", description=__doc__)
    ingest.add_argument(
        "source", metavar="SRC", type=Path, help="a folder of NDJSON, Bundles, Parquet (.gz too), or a file"
    )
    ingest.add_argument("out", metavar="OUT", type=Path, help="an empty folder, or one where this was begun before")
    ingest.add_argument(
        "--as-of", metavar="YYYY-MM-DD", help="the day of members without a request, else that of the export's manifest"
    )
    _jobs(ingest)
    ingest.set_defaults(run=run_ingest)
    made = commands.add_parser("synthesize", help="write a synthetic population as a FHIR bulk export")
    made.add_argument("count", metavar="N", type=int, help="how many members")
    made.add_argument("out", metavar="OUT", type=Path, help="an empty folder")
    made.add_argument("--seed", type=int, default=0, help="another seed gives another population (0)")
    made.add_argument("--as-of", metavar="YYYY-MM-DD", help="the day of the export (2026-11-20)")
    made.add_argument(
        "--profile", choices=("registry", "plan"), default="registry",
        help="registry: members with diabetes; plan: all members of a health plan",
    )  # fmt: skip
    made.add_argument("--gzip", action="store_true", help="compress the files")
    made.add_argument("--damage", action="store_true", help="break a few lines, as real exports do")
    _jobs(made)
    made.set_defaults(run=run_synthesize)


def _jobs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jobs", metavar="K", type=int, default=None, help="processes (as many as there are cores)")


def run_ingest(args: argparse.Namespace) -> int:
    """Read the export and say what came of it."""
    from priorauth.cli.main import Refused

    try:
        from priorauth.population.ingest import REJECTS, IngestRefused, ingest
    except ImportError:
        raise Refused(f"priorauth population ingest {_NEEDED}") from None
    try:
        found = ingest(args.source, args.out, as_of=args.as_of, jobs=_count(args.jobs), progress=bar())
    except IngestRefused as refused:
        raise Refused(str(refused)) from None
    except ValueError as fault:
        raise Refused(f"--as-of: {fault}") from None
    except OSError as fault:
        raise Refused(f"{fault.filename or args.source}: {fault.strerror or fault}") from None
    except BrokenProcessPool:
        print("a process was ended from outside; run the same command again to go on", file=sys.stderr)
        return 1
    sys.stdout.write(told(found))
    if not found.rejects:
        return 0
    print(f"{found.rejects:,} pieces of input were rejected: see {args.out / REJECTS}", file=sys.stderr)
    return PARTLY


def told(found: Summary) -> str:
    """Say what was read, in lines."""
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
    lines.append(f"{found.rejects:,} rejects, {found.warnings:,} warnings")
    return "\n".join(lines) + "\n"


def run_synthesize(args: argparse.Namespace) -> int:
    """Write the population and say how much there is."""
    from priorauth.cli.main import Refused

    try:
        from priorauth.population.synthesize import AS_OF, Plan, synthesize
    except ImportError:
        raise Refused(f"priorauth population synthesize {_NEEDED}") from None
    plan = Plan(
        args.count, args.out, args.seed, args.as_of or AS_OF, args.profile, compress=args.gzip, damage=args.damage
    )
    say = bar()
    try:
        made = synthesize(plan, jobs=_count(args.jobs), progress=lambda done, of: say("writing members", done, of))
    except (ValueError, FileExistsError) as fault:
        raise Refused(str(fault)) from None
    except OSError as fault:
        raise Refused(f"{fault.filename or args.out}: {fault.strerror or fault}") from None
    lines, size = sum(one.lines for one in made), sum(one.bytes for one in made)
    print(f"{args.count:,} members, {lines:,} resources, {size:,} bytes, {len(made):,} files in {args.out}")
    return 0


def _count(jobs: int | None) -> int:
    from priorauth.cli.main import Refused

    if jobs is not None and jobs < 1:
        raise Refused(f"--jobs: expected at least 1, found {jobs}")
    return jobs or os.cpu_count() or 1


def bar() -> Callable[[str, int, int], None]:
    """Give what shows progress: a bar on standard error where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        return lambda stage, done, of: None  # noqa: ARG005  # the shape is that of the bar

    def show(stage: str, done: int, of: int) -> None:
        full = _BAR * done // max(of, 1)
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{stage:<18} [{'#' * full}{'.' * (_BAR - full)}] {done:,}/{of:,}{end}")
        sys.stderr.flush()

    return show
