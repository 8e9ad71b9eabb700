"""What was kept of calls goes when its time has passed: hooks with their answers, feedback, answers, contexts.

What belongs to a case stays with the case; here goes what was kept for disputes and for asks that come again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from priorauth.errors import InputRefused
from priorauth.exchange.plan import plan_of, settings_of
from priorauth.ledger import traffic
from priorauth.server.service import Service, Worker

NAME: Final = "retention"
_EVERY_SECONDS: Final = 3600.0


def round_of(service: Service) -> None:
    """Take away, of every tenant, what is older than its plan keeps it."""
    now = service.clock()
    for tenant, store in service.stores.items():
        try:
            plan = plan_of(settings_of(store, tenant))
        except InputRefused:  # said where it is asked for; nothing goes by settings that cannot be read
            continue
        hooks, asks = now - timedelta(days=plan.hook_days), now - timedelta(days=plan.ask_days)
        before = {"hook_call": hooks, "feedback": hooks, "form_error": hooks, "ask": asks, "context": now}
        gone = {name: count for name, count in traffic.purge(store, tenant, before).items() if count}
        if gone:
            service.log.info(NAME, tenant=tenant, **gone)


WORKER: Final = Worker(NAME, _EVERY_SECONDS, round_of)
