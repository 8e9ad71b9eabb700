"""``priorauth ledger token create``: make a token; it is printed once and kept nowhere."""

from __future__ import annotations

import secrets
from datetime import timedelta

import click

from priorauth.cli import output, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "create",
    "priorauth ledger token create --title faxes --days 90",
    "priorauth ledger token create --as nina --role nurse",
)
@asked.ledger
@click.option("--as", "person", metavar="PERSON", help="whose token it is; left out, that of a program (role system)")
@click.option("--role", metavar="ROLE", default="system", help="the role in which it acts, which the person holds")
@click.option("--title", metavar="TEXT", default="a script", help="what it is for")
@click.option("--days", type=parameters.Whole(1), default=90, help="for how many days it is valid, 90 if left out")
@parameters.as_json
def command(
    *, db: str | None, tenant: str | None, person: str | None, role: str, title: str, days: int, as_json: bool
) -> int:
    """Make a token for scripts. It is printed once; the ledger keeps its hash alone."""
    from priorauth.ledger import tokens
    from priorauth.ledger.acts.tokens import MakeToken
    from priorauth.server import clock

    with asked.opened(db, tenant) as house:
        secret = secrets.token_urlsafe(tokens.SECRET_BYTES)
        kept = tokens.kept(secret)
        act = MakeToken(
            token=kept.token,
            sha256=kept.sha256,
            title=title,
            person=person,
            role=role,
            valid_until=clock.now() + timedelta(days=days),
        )
        house.do(act, house.system)
        made_token = tokens.borne(house.tenant, secret)
    if as_json:
        output.as_json({"id": kept.token, "token": made_token, "valid_until": act.valid_until.isoformat()})
    else:
        output.line(made_token)
    return 0
