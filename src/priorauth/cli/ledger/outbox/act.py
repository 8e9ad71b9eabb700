"""What the commands that act on a message share: the reason, who acts, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from priorauth.cli import output
from priorauth.cli.output import refused
from priorauth.cli.parameters import Wrapped
from priorauth.server.clock import now

if TYPE_CHECKING:
    from priorauth.ledger.events import Who
    from priorauth.ledger.store import Store
    from priorauth.ledger.work import Act


def acting(command: Wrapped) -> Wrapped:
    """Add the options of an act: why, by whom, in which role."""
    why = click.option("--why", metavar="TEXT", required=True, help="the reason, which is kept")
    person = click.option("--person", metavar="ID", help="who acts; else nobody by name")
    role = click.option("--role", metavar="ROLE", default="system", help="in which role (system)")
    return why(person(role(command)))


def done(store: Store, act: Act, who: Who, said: str, *, as_json: bool) -> None:
    """Do an act now and say so; raises InputRefused with the reason where it may not be done."""
    from msgspec import to_builtins

    from priorauth.ledger.work import Refused, perform

    found = perform(store, act, who, now())
    if isinstance(found, Refused):
        raise refused(found.reason)
    if as_json:
        output.as_json(to_builtins(found))
    else:
        output.line(said)
