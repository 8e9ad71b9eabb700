"""``priorauth case list``: the cases of a ledger, the newest first."""

from __future__ import annotations

import click

from priorauth.cli import output, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

_COLUMNS = ("case", "state", "payer", "priority", "due_at", "queue", "owner", "version")


@made(
    "list",
    "priorauth case list --queue appeals",
    "priorauth case list --state adverse --json",
)
@asked.acting
@click.option("--state", metavar="STATE", help="only cases in this state")
@click.option("--queue", metavar="QUEUE", help="only open cases in this queue")
@click.option("--payer", metavar="PAYER", help="only cases of this payer")
@click.option("--most", type=parameters.Whole(1), default=50, help="how many at most, 50 if left out")
@click.option("--after", metavar="PLACE", help="go on after a page: its `next`")
@parameters.as_json
def command(
    *,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    state: str | None,
    queue: str | None,
    payer: str | None,
    most: int,
    after: str | None,
    as_json: bool,
) -> int:
    """List cases, the newest first."""
    from priorauth.server import reads
    from priorauth.server.problem import Problem

    with asked.opened(db, tenant) as house:
        who = house.who(person, role)
        wanted = reads.Asked(state=state, queue=queue, payer=payer, open=True if queue else None)
        try:
            page = reads.listed(house.store, who, wanted, after=after, most=min(most, reads.MOST))
        except Problem as fault:
            raise refused(fault.detail) from None
    rows = asked.plain(page.rows)
    if as_json:
        output.as_json({"rows": rows, "next": page.next})
    else:
        asked.table(rows, _COLUMNS)
        if page.next:
            output.line(f"more: --after {page.next}")
    return 0
