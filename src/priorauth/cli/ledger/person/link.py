"""``priorauth ledger person link PERSON``: a link by which she signs in once, to set a password or add a passkey."""

from __future__ import annotations

import click

from priorauth.cli import output
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made("link", "priorauth ledger person link adam", "priorauth ledger person link nina --at https://pa.plan.example")
@click.argument("person", metavar="PERSON", help="her short name")
@asked.ledger
@click.option(
    "--at", "address", metavar="URL", default="http://localhost:8080", show_default=True, help="where the server is"
)
def command(*, person: str, db: str | None, tenant: str | None, address: str) -> int:
    """Make a link by which a person signs in once. It is printed once, and good for a day.

    Hand it over yourself. A link that was made for her before is void.
    """
    from priorauth.ledger.work import Refusal
    from priorauth.server import clock
    from priorauth.workbench.signin import links

    with asked.opened(db, tenant) as house:
        try:
            found = links.make(house.store, house.system, person, clock.now())
        except Refusal as refusal:
            raise output.refused(f"PERSON: {refusal}") from None
    output.line(f"{address.rstrip('/')}{links.PATH}?token={found.token}")
    return 0
