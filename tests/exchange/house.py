"""A running exchange over a real ledger, as other systems see it: both versions, the clock in the test's hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from priorauth.exchange import app
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.conftest import DIALECTS
from tests.server.running import Running, running

FHIR = "application/fhir+json"
PLAN: dict[str, Any] = {
    "payer": {
        "name": "A Plan", "aliases": ["The Plan"], "npi": "1234567893", "tin": "123456789",
        "identifiers": ["http://hl7.org/fhir/sid/us-npi|1234567893"],
        "line": ["1 Main Street"], "city": "Boston", "state": "MA", "postal": "02110", "phone": "+1 617 555 0100",
    },
    "partners": {
        "clinic-ehr": {"organisation": "clinic", "npis": ["1999999992"]},
        "other-ehr": {"organisation": "other-clinic", "npis": ["1888888883"]},
    },
}  # fmt: skip
both = pytest.mark.parametrize("store", DIALECTS, indirect=True)
"""A test that is asked of both databases."""


@dataclass
class Exchange:
    """A running exchange."""

    running: Running

    @property
    def store(self) -> Store:
        return self.running.store

    def post(
        self, path: str, body: Any, version: str = "2.2", client: str | None = "clinic-ehr", **more: Any
    ) -> httpx2.Response:
        """Send JSON (or bytes) below a version: ``/fhir/Claim/$submit``."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": FHIR, **_client(client), **more.pop("headers", {})}
        return self.running.client.post(f"/{house.TENANT}/{version}{path}", content=content, headers=headers, **more)

    def get(self, path: str, version: str = "2.2", client: str | None = "clinic-ehr", **more: Any) -> httpx2.Response:
        """Ask below a version."""
        headers = {**_client(client), **more.pop("headers", {})}
        return self.running.client.get(f"/{house.TENANT}/{version}{path}", headers=headers, **more)


def _client(name: str | None) -> dict[str, str]:
    return {} if name is None else {"X-Client": name}


@contextmanager
def exchanging(store: Store, plan: dict[str, Any] | None = None, **more: Any) -> Iterator[Exchange]:
    """Let the exchange run over a ledger whose plan says ``plan`` of it, beside what tests say anyway."""
    settings = more.pop("settings", {})
    house.furnish(store, exchange={**PLAN, **(plan or {})}, **settings)
    with running(store, pages=app.routes(), refuse=app.refusal, **more) as found:
        yield Exchange(found)
