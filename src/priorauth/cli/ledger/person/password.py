"""``priorauth ledger person password PERSON``: her password set at the database, read from the terminal or a pipe."""

from __future__ import annotations

import sys

import click

from priorauth.cli import output
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made("password", "priorauth ledger person password adam < password.txt")
@click.argument("person", metavar="PERSON", help="her short name")
@asked.ledger
def command(*, person: str, db: str | None, tenant: str | None) -> int:
    """Set the password of a person, and end her sessions.

    It is asked for at the terminal, twice, or read as one line of standard input. Better is a link, for then she
    alone knows it: priorauth ledger person link.
    """
    from priorauth.ledger.work import Refusal
    from priorauth.server import clock
    from priorauth.workbench.signin import accounts

    with asked.opened(db, tenant) as house:
        if sys.stdin.isatty():
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        else:
            password = sys.stdin.readline().rstrip("\r\n")
        try:
            accounts.set_password(house.store, house.system, person, password, clock.now())
        except Refusal as refusal:
            raise output.refused(f"PERSON: {refusal}") from None
    output.line(f"The password of {person} is set.")
    return 0
