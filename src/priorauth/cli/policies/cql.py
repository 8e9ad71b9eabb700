"""``priorauth policies cql``: a policy as a library of CQL, with the libraries that stand beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.policies.solver import refuse_unread

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy


@made(
    "cql",
    "priorauth policies cql medicare/ncd-280-14",
    "priorauth policies cql medicare/ncd-280-14 --into cql",
)
@click.argument("policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="a policy, as for show")
@click.option(
    "--into",
    metavar="DIR",
    type=parameters.PATH,
    help="write the policy and the libraries it needs as files into this folder",
)
@parameters.policies
def command(*, policy: Policy, into: Path | None, policies: tuple[Path, ...]) -> int:
    """Print a version as a library of CQL.

    With --into it stands in a folder, beside the library that all policies share and the one that reads FHIR.
    """
    from priorauth.engines.cql import coded_facts, types
    from priorauth.engines.cql.compile import library
    from priorauth.engines.cql.pieces import Unsayable

    refuse_unread(policy)
    known = parameters.opened(policies)
    try:
        made = library(policy, known.vocabulary, known.common)
    except Unsayable as fault:
        raise refused(f"{policy.id}: {fault}") from None
    if into is None:
        output.say(made.text)
        return 0
    texts = {
        made.name: made.text,
        types.NAME: types.shared(),
        coded_facts.NAME: coded_facts.coded_facts(known.vocabulary),
    }
    files.apart(into, policies)
    files.write_into(into, "--into", {f"{name}.cql": text for name, text in texts.items()})
    for name in texts:
        output.line(f"{into / name}.cql")
    return 0
