"""``priorauth case show CASE``: one case whole, with its events, or a run as it was printed."""

from __future__ import annotations

import click

from priorauth.cli import output, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "show",
    "priorauth case show 26-0004 --as nina --role nurse",
    "priorauth case show 26-0004 --json",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@asked.acting
@parameters.as_json
def command(
    *, case: str, db: str | None, tenant: str | None, person: str | None, role: str | None, as_json: bool
) -> int:
    """Show a case: its state, its last run, and what happened to it.

    That it was opened is recorded, as it is for everybody.
    """
    import msgspec

    from priorauth.decide.page.text import page
    from priorauth.ledger.acts.calls import Read
    from priorauth.server import reads

    with asked.opened(db, tenant) as house:
        who = house.who(person, role)
        house.do(Read(case=case, what="case"), who)
        whole = reads.case(house.store, who, case)
    if as_json:
        told = {**msgspec.structs.asdict(whole), "determinations": [one.as_json() for one in whole.determinations]}
        output.as_json(asked.plain(told))
        return 0
    head = asked.plain(whole.head)
    due = f", due {head['due_at'][:16].replace('T', ' ')} ({head['due_rule']})" if head["due_at"] else ""
    output.line(f"{case}: {reads.says(head['state'])}, version {head['version']}{due}")
    output.line()
    output.say(page(list(whole.determinations)))
    output.line()
    rows = [{**row, "who": row["person"] or row["role"]} for row in asked.plain(whole.events)]
    asked.table(rows, ("number", "at", "what", "who", "why"))
    return 0
