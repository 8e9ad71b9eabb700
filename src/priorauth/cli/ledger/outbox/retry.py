"""``priorauth ledger outbox retry``: an act on one message, with the reason."""

from __future__ import annotations

import click

from priorauth.cli import parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked
from priorauth.cli.ledger.outbox.act import acting, done


@made("retry", 'priorauth ledger outbox retry 1 --why "the clinic is up again"')
@click.argument("number", metavar="NUMBER", type=parameters.Whole(1), help="the number of the message")
@asked.db
@asked.tenant
@acting
@parameters.as_json
def command(
    *, number: int, url: str, tenant: str | None, why: str, person: str | None, role: str, as_json: bool
) -> int:
    """Send a message again at once: a dead letter, or one that waits.

    Who did it and why is kept.
    """
    with asked.ledger(url) as store:
        from priorauth.ledger.acts.messages import RetryMessage
        from priorauth.ledger.events import Who

        who = Who(asked.whose(store, tenant), person, role)
        done(store, RetryMessage(number=number, why=why), who, f"message {number}: sent again", as_json=as_json)
    return 0
