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


@made(
    "run",
    "priorauth population run tables --policy masshealth/insulin-pumps --out decided.parquet",
    "priorauth population run tables --policy masshealth/insulin-pumps --sql",
)
@asked.options
@click.option("--out", metavar="FILE.parquet", type=parameters.PATH, help="where to write the rows")
@click.option("--pathway", metavar="ID", help="this pathway alone")
@click.option("--verdicts", is_flag=True, help="verdicts alone, without evidence: faster")
@click.option("--sql", is_flag=True, help="print the SQL and do nothing else")
@click.option("--spark", metavar="MASTER", help="run on Spark (local[4], spark://host:7077, yarn)")
@asked.gathered
def command(
    question: asked.Question,
    *,
    out: Path | None,
    pathway: str | None,
    verdicts: bool,
    sql: bool,
    spark: str | None,
    as_json: bool,
) -> int:
    """Decide every member: a row a member, a summary of what blocks.

    The rows stand in a Parquet file, the summary on standard output.
    """
    catalog = question.catalog(with_readings=True)
    query = question.query(catalog, question.policy, pathway, evidence=not verdicts and not spark)
    supposed = question.supposed(catalog)
    if sql:
        output.say(_sql(query, supposed, spark=bool(spark)) + "\n")
        return 0
    if out is None:
        raise refused("--out: expected a file to write the rows to (or --sql, to see what would run)")
    asked.writable(out)
    files.apart(out, (question.tables,), question.policies)
    from priorauth.population import run as runs
    from priorauth.population.summary import page

    asked.say_merged(catalog, query)
    with asked.readable(question.tables):
        if spark:
            from priorauth.population import spark as engine

            found = engine.run(question.tables, query, out, spark, supposed)
        else:
            with progress.bar() as say:
                found = runs.run(
                    question.tables, query, out, lambda done, of: say("deciding members", done, of), supposed
                )
    asked.told(found.as_json(), page(found), as_json=as_json)
    return 0


def _sql(query: Query, supposed: Supposed, *, spark: bool) -> str:
    from priorauth.population import assume

    text = assume.before(query.text, supposed)
    if spark:
        from priorauth.population import spark as engine

        return engine.text(text)
    return text
