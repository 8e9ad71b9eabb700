"""``priorauth population compare DIR``: who gains and who loses under another policy or reading."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, parameters, progress
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.population import asked


@made(
    "compare",
    "priorauth population compare tables --policy masshealth/insulin-pumps --against caresource/insulin-infusion-pump",
    "priorauth population compare tables --policy masshealth/insulin-pumps --reading 'hba1c_age=6 months'",
)
@asked.options
@click.option("--against", metavar="ID", type=parameters.PolicyId(), help="the other policy (the same where left out)")
@click.option(
    "--witnesses", metavar="N", type=parameters.Whole(), default=3, help="name so many members with each change (3)"
)
@click.option(
    "--out", metavar="FILE.parquet", type=parameters.PATH, help="write a row for each member whose outcome changed"
)
@asked.spark_option
@asked.gathered
def command(
    question: asked.Question,
    *,
    against: str | None,
    witnesses: int,
    out: Path | None,
    spark: str | None,
    as_json: bool,
) -> int:
    """Print who gains and who loses under another policy or reading."""
    if against is None and not question.readings:
        raise refused("expected --against ID or --reading NAME=VALUE: what to compare with")
    if out is not None:
        asked.writable(out)
        files.apart(out, question.paths, question.policies)
    other = against or question.policy
    one = question.query(question.catalog(with_readings=False), question.policy)
    catalog = question.catalog(with_readings=True)
    two = question.query(catalog, other)
    supposed = question.supposed(catalog)
    from priorauth.population import compare as comparisons
    from priorauth.population.summary import compared

    names = (question.policy, " with ".join([other, *("=".join(pair) for pair in question.readings)]))
    asked.say_merged(catalog, one, two)
    with (
        asked.readable(question.tables),
        progress.bar() as say,
        asked.workers(spark, lambda done, of: say("deciding members", done, of)) as each,
    ):
        found = comparisons.compare(question.tables, one, two, names, supposed, witnesses=witnesses, out=out, each=each)
    asked.told(found.as_json(), compared(found), as_json=as_json)
    return 0
