"""``priorauth case route CASE QUEUE``: send a case to the nurses or to the medical directors."""

from __future__ import annotations

import click

from priorauth.cli import parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "route",
    "priorauth case route 26-0004 director --as nina --role nurse",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@click.argument("queue", metavar="QUEUE", type=parameters.OneOf("nurse", "director"), help="nurse or director")
@asked.acting
@asked.versioned
@click.option("--why", metavar="TEXT", help="a word on why")
@parameters.as_json
def command(
    *,
    case: str,
    queue: str,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    version: int | None,
    why: str | None,
    as_json: bool,
) -> int:
    """Send a case to the nurses or to the medical directors."""
    from priorauth.ledger.acts.queues import RouteToDirector, RouteToNurse

    act = RouteToNurse if queue == "nurse" else RouteToDirector
    with asked.opened(db, tenant) as house:
        found = house.do(act(case=case, version=version, why=why), house.who(person, role))
    asked.told(found, as_json=as_json)
    return 0
