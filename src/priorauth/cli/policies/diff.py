"""``priorauth policies diff``: what changed from one version to another, by outline id and by meaning."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.policies.solver import compared, label, laid, solving, unread

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy


@made(
    "diff",
    "priorauth policies diff husky/ambulatory-infusion-pumps@2024-02-01 husky/ambulatory-infusion-pumps",
)
@click.argument("older", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="the older version")
@click.argument("newer", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="the newer version")
@parameters.as_json
@parameters.policies
@solving
def command(*, older: Policy, newer: Policy, as_json: bool, policies: tuple[Path, ...]) -> int:
    """Print what changed from one version to another.

    Each change is listed by outline id, with whether it changes what the criterion means.
    """
    if unread(older, newer, as_json=as_json):
        return 0
    world = laid(policies, older, newer)
    from priorauth.assurance.compare import compare
    from priorauth.assurance.diff import diff as changes
    from priorauth.assurance.diff import meanings

    one, two = (terms.policy for terms in world.policies)
    same = meanings(world)
    listed = [replace(change, same=same.get(change.id)) for change in changes(one, two)]
    stands = list(compare(world))
    if as_json:
        shown = {"changes": [asdict(change) for change in listed], "pathways": [compared(one) for one in stands]}
        output.as_json(shown)
        return 0
    output.line(f"{label(one)} to {label(two)}")
    for change in listed:
        meaning = {True: " (same meaning)", False: " (another meaning)", None: ""}[change.same]
        output.line(f"{change.id}: {change.kind}{meaning}")
        for sign, text in (("-", change.before), ("+", change.after)):
            if text:
                output.line(f"    {sign} {text}")
    elsewhere = [name for name, alike in same.items() if not alike and name not in {change.id for change in listed}]
    if elsewhere:
        output.line(f"another meaning through what stands below them: {', '.join(elsewhere)}")
    for found in stands:
        output.line(f"pathway {found.pathway}: {found.relation}")
    if not listed:
        output.line("no change by outline id")
    return 0
