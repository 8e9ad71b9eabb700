"""``priorauth ledger rebuild``: what is so now, made anew from what happened."""

from __future__ import annotations

from priorauth.cli import output
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made("rebuild", "priorauth ledger rebuild")
@asked.db
@asked.tenant
def command(*, url: str, tenant: str | None) -> int:
    """Make the state tables anew from the events.

    What was not as the events leave it is told, a line each. Refused where a chain of events is broken.
    """
    with asked.ledger(url) as store:
        from priorauth.errors import Fault, LedgerRefused
        from priorauth.ledger import rebuild
        from priorauth.ledger.care.verify import broken

        own = asked.whose(store, tenant)
        with store.reading(own) as connection:
            LedgerRefused.raise_if(Fault(store.name, None, line) for line in broken(connection, own))
            differing = list(rebuild.differences(connection, own))
        events = rebuild.rebuild(store, own)
    output.line(f"made anew from {events:,} events; {len(differing):,} rows were not as the events leave them")
    for one in differing:
        output.line(one)
    return 0
