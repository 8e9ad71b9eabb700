"""``priorauth population run DIR``: a row a member, and a summary of what blocks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters, progress
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.population import asked

if TYPE_CHECKING:
    from priorauth.engines.sql.compile import Query
    from priorauth.population.assume import Supposed
    from priorauth.population.run import Summary
    from priorauth.population.storage import Place


@made(
    "run",
    "priorauth population run tables --policy masshealth/insulin-pumps --out decided",
    "priorauth population run tables --policy masshealth/insulin-pumps --sql",
)
@asked.options
@click.option(
    "--out",
    metavar="OUT",
    type=parameters.Location(),
    help="where to write the rows: FILE.parquet, or a folder for a dataset of parts",
)
@click.option("--pathway", metavar="ID", help="this pathway alone")
@click.option("--verdicts", is_flag=True, help="verdicts alone, without evidence: faster")
@click.option("--sql", is_flag=True, help="print the SQL and do nothing else")
@asked.spark_option
@asked.gathered
def command(
    question: asked.Question,
    *,
    out: Place | None,
    pathway: str | None,
    verdicts: bool,
    sql: bool,
    spark: str | None,
    as_json: bool,
) -> int:
    """Decide every member: a row a member, a summary of what blocks.

    The rows stand in a Parquet file or a folder of them, the summary on standard output.
    """
    catalog = question.catalog(with_readings=True)
    query = question.query(catalog, question.policy, pathway, evidence=not verdicts)
    supposed = question.supposed(catalog)
    if sql:
        from priorauth.population import assume

        output.say(assume.before(query.text, supposed) + "\n")
        return 0
    if out is None:
        raise refused("--out: expected a file or a folder to write the rows to (or --sql, to see what would run)")
    _writable(out, spark)
    files.apart(out if isinstance(out, Path) else None, question.paths, question.policies)
    from priorauth.population.summary import page

    asked.say_merged(catalog, query)
    with asked.readable(question.tables):
        found = _run(question, query, out, supposed, spark=spark, given={"pathway": pathway, "evidence": not verdicts})
    asked.told(found.as_json(), page(found), as_json=as_json)
    return 0


def _run(
    question: asked.Question,
    query: Query,
    out: Place,
    supposed: Supposed,
    *,
    spark: str | None,
    given: dict[str, object],
) -> Summary:
    from priorauth.population import dataset, run
    from priorauth.values.dates import iso

    with progress.bar() as bar:

        def say(done: int, of: int) -> None:
            bar("deciding members", done, of)

        if isinstance(out, Path) and _is_file(out):
            return run.run(question.tables, query, out, say, supposed)
        as_of = None if question.as_of is None else iso(question.as_of)
        about = dataset.about(query.policy, as_of=as_of, plan=question.plan, **given)
        with asked.workers(spark, say) as each:
            return run.run_into(question.tables, query, out, say, supposed, about=about, each=each)


def _is_file(out: Path) -> bool:
    """Whether the rows go into one file: its name says so, and no folder has that name."""
    return out.suffix == ".parquet" and not out.is_dir()


def _writable(out: Place, spark: str | None) -> None:
    if not isinstance(out, Path):
        return
    if not out.parent.is_dir():
        raise refused(f"{out}: there is no folder {out.parent}")
    if spark is not None and _is_file(out):
        raise refused(f"--out: Spark writes a folder; expected a name that does not end in .parquet, found {out}")
    if out.suffix == ".parquet" and out.is_dir():
        raise refused(f"{out}: expected a file, found a folder")
    if out.suffix != ".parquet" and out.exists() and not out.is_dir():
        raise refused(f"{out}: expected a folder, or a name that ends in .parquet; found a file")
