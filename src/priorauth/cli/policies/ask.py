"""``priorauth policies ask``: the blank checklist of what a clinic sends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy


@made("ask", "priorauth policies ask caresource/insulin-infusion-pump --product E0784")
@click.argument("policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="a policy, as for show")
@click.option("--product", metavar="HCPCS", type=parameters.PRODUCT, help="only what this product is asked")
@parameters.policies
def command(*, policy: Policy, product: str | None, policies: tuple[Path, ...]) -> int:
    """Print the blank checklist of what a clinic sends."""
    from priorauth.policy.views.checklist import checklist
    from priorauth.policy.views.compare import concepts

    vocabulary = parameters.opened(policies).vocabulary
    output.say(checklist(policy, vocabulary, concepts().known(vocabulary, product, None)))
    return 0
