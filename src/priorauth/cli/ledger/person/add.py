"""``priorauth ledger person add PERSON``: somebody who works here, and her role."""

from __future__ import annotations

import click

from priorauth.cli import output
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "add",
    "priorauth ledger person add adam --title 'Adam Okafor' --role admin",
    "priorauth ledger person add nina --title 'Nina Ortiz, RN' --role nurse --email nina@plan.example",
)
@click.argument("person", metavar="PERSON", help="her short name, by which she signs in")
@asked.ledger
@click.option("--title", metavar="TEXT", required=True, help="her name as pages and letters show it")
@click.option("--role", metavar="ROLE", required=True, help="the role that she holds from today on")
@click.option("--organisation", metavar="ID", help="the clinic or supplier that she is of; left out, the payer")
@click.option("--email", metavar="ADDRESS", help="by which another provider may name her")
def command(
    *,
    person: str,
    db: str | None,
    tenant: str | None,
    title: str,
    role: str,
    organisation: str | None,
    email: str | None,
) -> int:
    """Add a person, or say her anew, with a role from today on."""
    from priorauth.ledger.acts.setup import AddPerson, GrantRole
    from priorauth.server import clock
    from priorauth.workbench.signin.people import plan

    with asked.opened(db, tenant) as house:
        details = {} if email is None else {"email": email}
        with house.store.reading(house.tenant) as connection:
            of = plan(connection, house.tenant)
        assert of is not None  # noqa: S101 - it was seen to be there
        house.do(AddPerson(person=person, title=title, organisation=organisation, details=details), house.system)
        house.do(GrantRole(person=person, role=role, valid_from=of.day(clock.now())), house.system)
    output.line(f"{person} works here as {role}. Next: priorauth ledger person link {person}")
    return 0
