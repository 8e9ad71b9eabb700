"""``priorauth ledger sweep``: what time alone brings."""

from __future__ import annotations

from priorauth.cli import output
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked
from priorauth.server.clock import now


@made("sweep", "priorauth ledger sweep")
@asked.db
@asked.tenant
def command(*, url: str, tenant: str | None) -> int:
    """Do what time alone brings, up to now.

    Cases climb, missed clocks are recorded, clinics are told of approvals that end. It decides nothing. A server does
    the same every minute; twice does no harm.
    """
    with asked.ledger(url) as store:
        from priorauth.ledger import parts
        from priorauth.ledger.sweep import sweep

        lacking = parts.ahead(store, now()).lacking
        found = sweep(store, asked.whose(store, tenant), now())
    if lacking:
        output.line(f"parts that could not be made: {', '.join(lacking)}")
    output.line(f"{found.climbed:,} cases climbed, {found.missed:,} clocks missed, {found.reminded:,} clinics reminded")
    return 0
