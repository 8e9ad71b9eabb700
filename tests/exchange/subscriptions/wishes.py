"""Subscriptions as partners send them, and a plan that knows a listener."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from priorauth.exchange.subscriptions import notify
from priorauth.exchange.subscriptions.resource import BACKPORT, CONTENT, TOPIC
from priorauth.ledger import outbox, traffic
from priorauth.ledger import tables as t
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.store import Store
from priorauth.server import loops
from tests.exchange.house import PLAN, Exchange, exchanging
from tests.exchange.subscriptions.listening import Listener, listening
from tests.ledger import house

Json = dict[str, Any]
NPI = "1999999992"


def subscription(endpoint: str, version: str = "2.2", of: str = f"org-identifier={NPI}", **more: Any) -> Json:
    """A Subscription that is served; ``more``: elements of it and of its channel (``channel_*``)."""
    channel = {name.removeprefix("channel_"): value for name, value in more.items() if name.startswith("channel_")}
    rest = {name: value for name, value in more.items() if not name.startswith("channel_")}
    content = CONTENT["2.0" if version == "2.0" else "2.2"]
    return {
        "resourceType": "Subscription",
        "meta": {"profile": ["http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-subscription"]},
        "status": "requested",
        "reason": "Results of our requests",
        "criteria": TOPIC,
        "_criteria": {"extension": [{"url": f"{BACKPORT}/backport-filter-criteria", "valueString": of}]},
        "channel": {
            "type": "rest-hook",
            "endpoint": endpoint,
            "header": ["Authorization: Bearer of-the-listener"],
            "payload": "application/fhir+json",
            "_payload": {"extension": [{"url": f"{BACKPORT}/backport-payload-content", "valueCode": content}]},
            **channel,
        },
        **rest,
    }


def known(*endpoints: str) -> Json:
    """A plan whose partners may be told at these addresses."""
    return {"partners": {name: {**one, "endpoints": list(endpoints)} for name, one in PLAN["partners"].items()}}


class House(Exchange):
    """A running exchange, and an endpoint on this machine that the plan lists for its partners."""

    hook: Listener

    def subscribed(self, version: str = "2.2", client: str = "clinic-ehr", **more: Any) -> str:
        """Make a subscription; return its id."""
        found = self.post("/fhir/Subscription", subscription(self.hook.url, version, **more), version, client)
        assert found.status_code == 201, found.text
        return str(found.json()["id"])

    def active(self, version: str = "2.2", client: str = "clinic-ehr", **more: Any) -> str:
        """Make a subscription whose endpoint has taken the handshake; return its id."""
        named = self.subscribed(version, client, **more)
        self.deliver()
        assert self.row(named)["status"] == "active"
        return named

    def deliver(self) -> None:
        """Let what is due leave."""
        loops.WORKERS[1].round(self.running.service)

    def row(self, named: str) -> Json:
        return traffic.found(self.store, house.TENANT, t.subscription, subscription=named)[0]

    def waiting(self) -> int:
        """How many messages of subscriptions and handshakes wait."""
        return len([one for one in outbox.listed(self.store, house.SYSTEM, "waiting") if one.receiver[0] in "sh"])

    def ask(self, method: str, path: str, client: str = "clinic-ehr", version: str = "2.2", **more: Any) -> Any:
        headers = {"X-Client": client, "Content-Type": "application/fhir+json", **more.pop("headers", {})}
        return self.running.client.request(
            method, f"/{house.TENANT}/{version}/fhir/Subscription/{path}", headers=headers, **more
        )


@contextmanager
def notifying(store: Store, **more: Any) -> Iterator[House]:
    """Let the exchange run with its ways to subscribers."""
    with listening() as hook, exchanging(store, ways=notify.ways(), **more) as found:
        listed(store, hook.url)
        made = House(found.running)
        made.hook = hook
        yield made


def listed(store: Store, *endpoints: str) -> None:
    """Let the plan list these addresses for its partners."""
    settings = {"exchange": {**PLAN, **known(*endpoints)}}
    house.done(store, SetUp(title="A plan", zone="America/New_York", settings=settings))
