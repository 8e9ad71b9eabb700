"""``priorauth policies show``: the reviewer's page of a version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy


@made(
    "show",
    "priorauth policies show masshealth/insulin-pumps",
    "priorauth policies show husky/ambulatory-infusion-pumps@2024-02-01",
)
@click.argument(
    "policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="with a day: the version that begins on it"
)
@parameters.policies
def command(*, policy: Policy, policies: tuple[Path, ...]) -> int:
    """Print the reviewer's page of a version, in Markdown."""
    from priorauth.policy.views.page import page

    known = parameters.opened(policies)
    output.say(page(policy, known.vocabulary, known.common))
    return 0
