"""``priorauth ledger token revoke ID``: take a token back."""

from __future__ import annotations

import click

from priorauth.cli import output
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "revoke",
    "priorauth ledger token revoke d64b93c9f1b60eb3",
)
@click.argument("token", metavar="ID", help="the id of the token, as `priorauth ledger token list` shows it")
@asked.ledger
def command(*, token: str, db: str | None, tenant: str | None) -> int:
    """Take a token back, from this moment on."""
    from priorauth.ledger.acts.tokens import RevokeToken

    with asked.opened(db, tenant) as house:
        house.do(RevokeToken(token=token), house.system)
    output.line(f"{token} is revoked.")
    return 0
