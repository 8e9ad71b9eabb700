"""A call of another system: which plan and version it is for, who makes it, with what body, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from priorauth.exchange.plan import Partner, Plan, Version
from priorauth.exchange.wire import FHIR, Json
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server.service import Service

Kind = Literal["cds", "fhir", "oauth"]
ANYBODY: Final = "anybody"
"""The scope of what is told to whoever asks: what is served, and with which keys."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was let in. ``client`` is the partner's name, ``raw`` the body as it came, ``body`` its JSON.

    ``base`` is the address under which the plan is served in this version, without what follows: ``.../cds-services``
    or ``.../fhir``. ``path`` holds what an address names (``service``, ``id``).
    """

    service: Service
    store: Store
    tenant: str
    plan: Plan
    version: Version
    client: str
    partner: Partner
    base: str
    now: datetime
    request: str
    settings: Mapping[str, Any]
    body: Json = field(default_factory=dict)
    raw: bytes = b""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    certificate: str | None = None
    """The thumbprint of the certificate with which the partner came, where a proxy said one."""
    origin: str = ""
    """The address from which the call came."""

    @property
    def who(self) -> Who:
        """As whom the ledger knows the partner: a system, for its organisation."""
        return Who(self.tenant, None, "system", self.partner.organisation)

    @property
    def fhir(self) -> str:
        """The base of the FHIR server."""
        return f"{self.base}/fhir"


class Told(NamedTuple):
    """What a call is told."""

    body: Json | bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    media: str = FHIR
    client: str | None = None
    """Who it turned out to be, where it was let in as anybody: for the log."""


Handler = Callable[[Call], Told]


class Operation(NamedTuple):
    """Something that is served: under which address of which version, to whom, and what does it.

    ``path`` is below the version (``cds`` and ``fhir``: ``/cds-services/{service}``, ``/fhir/Claim/$submit``), or below
    the tenant (``oauth``). ``scope`` names what a token has to allow; see guard/scopes.
    """

    method: str
    path: str
    handler: Handler
    scope: str
    kind: Kind = "fhir"
    name: str = ""
    """How logs and figures call it."""
