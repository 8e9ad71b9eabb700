"""A real application over a real ledger, its clock in the test's hand, its log kept."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from priorauth.ledger import tokens
from priorauth.ledger.acts.tokens import MakeToken
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server import app, logs, metrics, service
from priorauth.server.limits import Buckets
from tests.ledger import house

FHIR = {"Content-Type": "application/fhir+json"}
SECRET = "s" * 43
HERE = ("127.0.0.1", 50_000)
"""From where a test asks: this machine."""


@dataclass
class Moment:
    """A clock that stands still until it is moved."""

    now: datetime = house.NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Running:
    """A running application."""

    client: TestClient
    service: service.Service
    store: Store
    clock: Moment
    out: io.StringIO = field(default_factory=io.StringIO)

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    def get(self, path: str, who: Who = house.SYSTEM, **more: Any) -> httpx2.Response:
        headers = {**named(who), **more.pop("headers", {})}
        return self.client.get(path, headers=headers, **more)

    def act(self, case: str, act: str, who: Who, version: int | str | None = None, **body: Any) -> httpx2.Response:
        """Do an act on a case, on the version that it has where none is named."""
        if version is None:
            version = int(self.get(f"/api/v1/cases/{case}").headers["ETag"].strip('"'))
        headers = {**named(who), "If-Match": "*" if version == "*" else f'"{version}"'}
        return self.client.post(f"/api/v1/cases/{case}/acts/{act}", json=body, headers=headers)

    def receive(self, name: str, who: Who = house.COORDINATOR, key: str | None = None) -> str:
        """Send an example; return the number of its case."""
        keyed = {} if key is None else {"Idempotency-Key": key}
        found = self.client.post("/api/v1/cases", content=house.example(name), headers={**named(who), **FHIR, **keyed})
        assert found.status_code == 201, found.text
        return str(found.json()["case"])


def named(who: Who) -> dict[str, str]:
    """Name somebody to an open server."""
    said = {"X-Person": who.person, "X-Role": who.role, "X-Organisation": who.organisation, "X-Behalf": who.behalf}
    return {name: value for name, value in said.items() if value is not None}


def token(store: Store, person: str | None, role: str, secret: str = SECRET, days: int = 30) -> dict[str, str]:
    """Make a token; return the header that bears it."""
    kept = tokens.kept(secret)
    until = house.NOW + timedelta(days=days)
    act = MakeToken(token=kept.token, sha256=kept.sha256, title="a test", person=person, role=role, valid_until=until)
    house.done(store, act)
    return {"Authorization": f"Bearer {tokens.borne(house.TENANT, secret)}"}


@contextmanager
def running(
    store: Store,
    *,
    open_to_all: bool = True,
    workers: bool = False,
    pages: Sequence[BaseRoute] = (),
    tenant: str = house.TENANT,
    **more: Any,
) -> Iterator[Running]:
    """Let an application run over a ledger."""
    clock, out = Moment(), io.StringIO()
    stores = {tenant: store}
    more.setdefault("buckets", Buckets(1e6, 1e6))  # tests of limits set their own
    made = service.Service(
        stores,
        clock,
        logs.logger(out, clock),
        metrics.Metrics(stores, clock),
        open=open_to_all,
        workers=workers,
        **more,
    )
    with TestClient(app.application(made, pages), base_url="http://localhost", client=HERE) as client:
        yield Running(client, made, store, clock, out)
