"""A call as a handler is given it, for tests of what handlers are made of: over the running exchange's own ledger."""

from __future__ import annotations

from typing import Any

from priorauth.exchange.call import Call
from priorauth.exchange.plan import Partner, plan_of, settings_of
from tests.exchange.house import Exchange
from tests.ledger import house


def called(exchange: Exchange, client: str = "clinic-ehr", **more: Any) -> Call:
    """A call of a partner, at the moment at which the exchange's clock stands; ``more`` is what else it bears."""
    settings = settings_of(exchange.store, house.TENANT)
    plan = plan_of(settings)
    said: dict[str, Any] = {
        "service": exchange.running.service,
        "store": exchange.store,
        "tenant": house.TENANT,
        "plan": plan,
        "version": "2.2",
        "client": client,
        "partner": plan.partners.get(client, Partner()),
        "base": "http://localhost/plan/2.2",
        "now": exchange.running.clock.now,
        "request": "a-request",
        "settings": settings,
    }
    return Call(**{**said, **more})
