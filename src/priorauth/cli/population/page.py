"""``priorauth population page RESULT``: what a run found, as one HTML page without a script."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.population.asked import NEEDED, writable


@made("page", "priorauth population page state/current --out funnel.html --least 11")
@click.argument(
    "result",
    metavar="RESULT",
    type=parameters.PATH,
    help="the folder of a result: state/current of a watch, one of its days",
)
@click.option("--out", metavar="FILE", type=parameters.PATH, required=True, help="where to write the page")
@click.option(
    "--least",
    metavar="N",
    type=parameters.Whole(),
    default=0,
    help="hide counts of fewer members than N (0: hide none)",
)
def command(*, result: Path, out: Path, least: int) -> int:
    """Write what a run found as one HTML page."""
    try:
        from priorauth.population import dataset
        from priorauth.population.funnel import page
    except ImportError:
        raise refused(f"priorauth population page {NEEDED}") from None
    writable(out)
    files.apart(out, (result,))
    about = dataset.opened(result)
    files.write(out, page(about, least))
    output.line(f"{about.policy.id}, {about.members:,} members: {out}")
    return 0
