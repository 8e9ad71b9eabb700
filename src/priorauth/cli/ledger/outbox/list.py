"""``priorauth ledger outbox list``: what waits, what is dead, what was dropped, what was delivered."""

from __future__ import annotations

from typing import Literal

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made("list", "priorauth ledger outbox list", "priorauth ledger outbox list --dead --json")
@asked.db
@asked.tenant
@click.option("--dead", "stand", flag_value="dead", help="dead letters: every attempt failed")
@click.option("--dropped", "stand", flag_value="dropped", help="what people have dropped")
@click.option("--delivered", "stand", flag_value="delivered", help="what was delivered")
@click.option("--after", metavar="NUMBER", type=parameters.Whole(0), default=0, help="go on after this message")
@click.option("--most", metavar="N", type=parameters.Whole(1), default=100, help="at most so many (100)")
@parameters.as_json
def command(
    *,
    url: str,
    tenant: str | None,
    stand: Literal["dead", "dropped", "delivered"] | None,
    after: int,
    most: int,
    as_json: bool,
) -> int:
    """List messages: those that wait, or those asked for.

    What a message says is not shown.
    """
    with asked.ledger(url) as store:
        from msgspec import to_builtins

        from priorauth.ledger.events import Who
        from priorauth.ledger.outbox import listed

        who = Who(asked.whose(store, tenant), None, "system")
        found = listed(store, who, stand or "waiting", after=after, most=most)
    if as_json:
        output.as_json(to_builtins(found))
        return 0
    if not found:
        output.line("no message waits" if stand is None else f"no message is {stand}")
    for one in found:
        fault = f": {one.last_fault}" if one.last_fault else ""
        case = f" of case {one.case}" if one.case else ""
        tried = f"{one.attempts} attempts" if one.attempts != 1 else "1 attempt"
        output.line(f"{one.number:>8}  {one.receiver:<28}  {one.kind}{case}, {tried}{fault}")
    return 0
