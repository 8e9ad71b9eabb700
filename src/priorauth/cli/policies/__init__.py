"""``priorauth policies``: list, show, compare, prove and check policies."""

from __future__ import annotations

from typing import Final

import click

from priorauth.cli.command import Group

NAMES: Final = (
    "list",
    "show",
    "facts",
    "new",
    "coverage",
    "census",
    "check",
    "compare",
    "ask",
    "cql",
    "diff",
    "prove",
    "cases",
    "try",
    "trace",
    "drift",
)


@click.pass_context
def _listed(ctx: click.Context) -> int:
    if ctx.invoked_subcommand is not None:
        return 0
    from priorauth.cli.policies import list as listing

    code: int = ctx.invoke(listing.command)
    return code


command: Final = Group(
    "policies",
    says="List, show, compare and check policies.\n\nWithout a command it lists them.",
    modules={name: f"priorauth.cli.policies.{name}" for name in NAMES} | {"try": "priorauth.cli.policies.tried"},
    run=_listed,
)
