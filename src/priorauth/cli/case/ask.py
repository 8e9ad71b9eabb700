"""``priorauth case ask CASE``: ask the clinic what the last run asks."""

from __future__ import annotations

import click

from priorauth.cli import parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "ask",
    "priorauth case ask 26-0004 --as nina --role nurse",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@asked.acting
@asked.versioned
@click.option("--fact", "facts", metavar="FACT", multiple=True, help="ask this alone of what the last run asks")
@click.option("--why", metavar="TEXT", help="what is said beside the questions")
@parameters.as_json
def command(
    *,
    case: str,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    version: int | None,
    facts: tuple[str, ...],
    why: str | None,
    as_json: bool,
) -> int:
    """Ask the clinic what the last run asks, and nothing else."""
    from priorauth.ledger.acts.notices import AskClinic

    with asked.opened(db, tenant) as house:
        act = AskClinic(case=case, version=version, facts=facts or None, why=why)
        found = house.do(act, house.who(person, role))
    asked.told(found, as_json=as_json)
    return 0
