"""``priorauth policies compare``: who asks what for the same product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy


@made(
    "compare",
    "priorauth policies compare masshealth/insulin-pumps medicare/ncd-280-14 --product E0784",
)
@click.argument(
    "wanted",
    metavar="ID[@YYYY-MM-DD]...",
    type=parameters.Version(),
    nargs=-1,
    required=True,
    help="policies, as for show",
)
@click.option("--product", metavar="HCPCS", type=parameters.PRODUCT, help="only what this product is asked")
@click.option("--kind", metavar="KIND", type=parameters.KIND, default="initial", help="the kind of request (initial)")
@parameters.policies
def command(*, wanted: tuple[Policy, ...], product: str | None, kind: str, policies: tuple[Path, ...]) -> int:
    """Print who asks what for the same product, in Markdown."""
    from priorauth.policy.views.compare import table

    output.say(table(list(wanted), parameters.opened(policies).vocabulary, product, kind))
    return 0
