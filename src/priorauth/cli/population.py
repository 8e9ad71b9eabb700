"""``priorauth population``: decide a whole population, compare policies over it, read one in, make one up."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from priorauth.cli import population_ingest

if TYPE_CHECKING:
    from priorauth.policy.catalog import Catalog
    from priorauth.population.compile import Query
    from priorauth.population.suppose import Supposed

_NEEDED = "needs DuckDB and pyarrow: pip install 'priorauth[population]'"


def add(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    """Add the command and its own commands to the parser."""
    command = commands.add_parser("population", help="decide a whole population", description=__doc__)
    below = command.add_subparsers(dest="population", required=True, metavar="COMMAND")
    _add_run(below)
    _add_compare(below)
    population_ingest.add(below)


def _add_run(below: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    command = below.add_parser("run", help="a row a member, and a summary of what blocks")
    _shared(command)
    command.add_argument("--out", metavar="FILE.parquet", type=Path, help="where to write the rows")
    command.add_argument("--pathway", metavar="ID", help="this pathway alone")
    command.add_argument("--verdicts", action="store_true", help="verdicts alone, without evidence: faster")
    command.add_argument("--sql", action="store_true", help="print the SQL and do nothing else")
    command.add_argument("--spark", metavar="MASTER", help="run on Spark (local[4], spark://host:7077, yarn)")
    command.set_defaults(run=run)


def _add_compare(below: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    command = below.add_parser("compare", help="who gains and who loses under another policy or reading")
    _shared(command)
    command.add_argument("--against", metavar="ID", help="the other policy (the same where left out)")
    command.set_defaults(run=compare)


def _shared(command: argparse.ArgumentParser) -> None:
    command.add_argument("dir", metavar="DIR", type=Path, help="the tables of a population (population ingest)")
    command.add_argument("--policy", metavar="ID", required=True, help="a policy, or one version of it: ID@YYYY-MM-DD")
    command.add_argument("--as-of", metavar="YYYY-MM-DD", help="the request date of all, else each member's own")
    command.add_argument("--plan", metavar="PLAN", help="take the readings of this plan of the payer")
    command.add_argument(
        "--reading", metavar="NAME=VALUE", action="append", default=[], help="another value of a reading"
    )
    command.add_argument(
        "--suppose",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="decide as if a request said so, where nothing about it is on file (request_kind=initial)",
    )
    command.add_argument(
        "--policies", metavar="DIR", type=Path, action="append", default=[], help="a folder of further policies"
    )
    command.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Decide every member; print the summary, or the SQL."""
    from priorauth.cli.main import Refused

    catalog = _catalog(args, with_readings=True)
    query = _query(args, catalog, args.policy, evidence=not args.verdicts and not args.spark)
    supposed = _supposed(args, catalog)
    if args.sql:
        sys.stdout.write(_sql(query, supposed, spark=bool(args.spark)) + "\n")
        return 0
    if args.out is None:
        raise Refused("--out: expected a file to write the rows to (or --sql, to see what would run)")
    _writable(args.out)
    from priorauth.population import run as runs
    from priorauth.population.summary import page

    try:
        if args.spark:
            from priorauth.population import spark

            found = spark.run(args.dir, query, args.out, args.spark, supposed)
        else:
            found = runs.run(args.dir, query, args.out, population_ingest_bar(), supposed)
    except ValueError as fault:
        raise Refused(str(fault)) from None
    sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n" if args.json else page(found))
    return 0


def population_ingest_bar() -> Any:  # noqa: ANN401 - a callable of two numbers
    """Give what shows progress."""
    say = population_ingest.bar()
    return lambda done, of: say("deciding members", done, of)


def compare(args: argparse.Namespace) -> int:
    """Decide every member twice; print who gains and who loses."""
    from priorauth.cli.main import Refused
    from priorauth.population import compare as comparisons
    from priorauth.population.summary import compared

    if args.against is None and not args.reading:
        raise Refused("expected --against ID or --reading NAME=VALUE: what to compare with")
    one = _query(args, _catalog(args, with_readings=False), args.policy)
    catalog = _catalog(args, with_readings=True)
    two = _query(args, catalog, args.against or args.policy)
    supposed = _supposed(args, catalog)
    names = (args.policy, " with ".join([args.against or args.policy, *args.reading]))
    try:
        found = comparisons.compare(args.dir, one, two, names, supposed)
    except ValueError as fault:
        raise Refused(str(fault)) from None
    sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n" if args.json else compared(found))
    return 0


def _catalog(args: argparse.Namespace, *, with_readings: bool) -> Catalog:
    from priorauth.cli.determine import overrides
    from priorauth.cli.main import Refused
    from priorauth.policy.catalog import open_catalog
    from priorauth.policy.load import PolicyFaults
    from priorauth.values.strict_yaml import YamlFault

    try:
        catalog = open_catalog(*args.policies)
        readings = overrides(args.reading) if with_readings else {}
        return catalog.with_readings(readings) if readings else catalog
    except PolicyFaults as refused:
        raise Refused(*refused.faults) from None
    except YamlFault as fault:
        raise Refused(str(fault)) from None


def _query(args: argparse.Namespace, catalog: Catalog, wanted: str, *, evidence: bool = False) -> Query:
    from priorauth.cli.main import Refused
    from priorauth.policy.load import PolicyFaults
    from priorauth.values.dates import day

    try:
        from priorauth.population import run as runs
    except ImportError:
        raise Refused(f"priorauth population {args.population} {_NEEDED}") from None
    try:
        as_of = day(args.as_of) if args.as_of else None
    except ValueError as fault:
        raise Refused(f"--as-of: {fault}") from None
    try:
        policy = runs.choose(catalog, wanted, as_of, args.plan)
        return runs.compiled(catalog, policy, as_of, getattr(args, "pathway", None), evidence=evidence)
    except PolicyFaults as refused:
        raise Refused(*refused.faults) from None
    except ValueError as fault:
        raise Refused(str(fault)) from None


def _supposed(args: argparse.Namespace, catalog: Catalog) -> Supposed:
    from priorauth.cli.main import Refused
    from priorauth.population import suppose
    from priorauth.values.dates import day

    try:
        return suppose.read(args.suppose, catalog.vocabulary, catalog.units, day(args.as_of) if args.as_of else None)
    except ValueError as fault:
        raise Refused(f"--suppose: {fault}") from None


def _sql(query: Query, supposed: Supposed, *, spark: bool) -> str:
    from priorauth.population import suppose

    text = suppose.before(query.text, supposed)
    if spark:
        from priorauth.population import spark as engine

        return engine.text(text)
    return text


def _writable(out: Path) -> None:
    from priorauth.cli.main import Refused

    if not out.parent.is_dir():
        raise Refused(f"{out}: there is no folder {out.parent}")
    if out.is_dir():
        raise Refused(f"{out}: expected a file, found a folder")
