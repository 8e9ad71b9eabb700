"""``priorauth ledger outbox deliver``: a worker, for one pass or until it is stopped."""

from __future__ import annotations

import sys
import time

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked
from priorauth.server.clock import now

_PAUSE = 1.0
"""Seconds between two passes."""


@made("deliver", "priorauth ledger outbox deliver", "priorauth ledger outbox deliver --tenant plan --json")
@asked.db
@click.option("--tenant", "tenants", metavar="ID", multiple=True, help="whose messages; several may be named")
@click.option("--watch", is_flag=True, help="go on until the program is stopped")
@parameters.as_json
def command(*, url: str, tenants: tuple[str, ...], watch: bool, as_json: bool) -> int:
    """Deliver what is due, to each receiver in order.

    Where it goes is said by the settings of the tenant; what partners have subscribed to goes to them. Any number may
    run beside each other on PostgreSQL; of a SQLite file one works at a time. Secrets are variables of the environment
    whose names begin with PRIORAUTH_WEBHOOK_.
    """
    with asked.ledger(url) as store:
        from priorauth.exchange.subscriptions import notify
        from priorauth.ledger.outbox import Passed, work_off
        from priorauth.server import logs, loops, metrics
        from priorauth.server.service import Service

        own = tenants or (asked.whose(store, None),)
        stores = dict.fromkeys(own, store)
        log = logs.logger(sys.stderr, now)
        service = Service(stores, now, log, metrics.Metrics(stores, now), ways=notify.ways())
        while True:
            total = Passed()
            for one in own:
                found = work_off(store, one, loops.way(service, store, one), now)
                total = Passed(*(a + b for a, b in zip(total, found, strict=True)))
            if as_json:
                output.as_json(total._asdict())
            elif any(total) or not watch:
                output.line(f"{total.delivered} delivered, {total.failed} failed, {total.dead} of them dead letters")
            if not watch:
                return 0
            time.sleep(_PAUSE)
