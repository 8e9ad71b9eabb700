"""``priorauth case show CASE``: one case whole, with its events, or a run as it was printed."""

from __future__ import annotations

import click

from priorauth.cli import output, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made("show", "priorauth case show 26-0001 --tenant demo", "priorauth case show 26-0001 --tenant demo --json")
@click.argument("case", metavar="CASE", help="the number of the case")
@asked.acting
@parameters.as_json
def command(
    *, case: str, db: str | None, tenant: str | None, person: str | None, role: str | None, as_json: bool
) -> int:
    """Show a case: its state and clocks, its last run in brief, and what happened to it.

    That it was opened is recorded, as it is for everybody.
    """
    from priorauth.decide.page.text import page
    from priorauth.ledger.acts.calls import Read
    from priorauth.server import reads, seen

    with asked.opened(db, tenant) as house:
        who = house.who(person, role)
        house.do(Read(case=case, what="case"), who)
        with house.store.reading(house.tenant) as connection:
            whole = reads.whole(connection, who, case)
            events = reads.events(connection, who, case).rows
            _, found = reads.run(connection, who, case, whole["run"])
    told = asked.plain({**seen.case(who, whole), "events": seen.events(who, events)})
    if as_json:
        output.as_json(told)
        return 0
    due = f", due {told['due_at'][:16].replace('T', ' ')} ({told['due_rule']})" if told["due_at"] else ""
    output.line(f"{case}: {told['says']}, version {told['version']}{due}")
    output.line()
    output.say(page(found))
    output.line()
    rows = [{**row, "who": row["person"] or row["role"]} for row in told["events"]]
    asked.table(rows, ("number", "at", "what", "who", "why"))
    return 0
