"""What this server keeps of who calls while it runs: fetched keys, its own keys, how often each has asked.

Without a key in the environment each tenant's own is made in its ledger, where every server on it finds the same. A new
one is made every ninety days. It is published two minutes before it signs, and the one before it for an hour after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from joserfc.jwk import ECKey

from priorauth.errors import InputRefused
from priorauth.exchange.guard import signing
from priorauth.exchange.guard.keys import Keyring
from priorauth.exchange.guard.refused import NotAdmitted
from priorauth.exchange.guard.signing import Fixed
from priorauth.exchange.plan import Partner, plan_of, settings_of
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from priorauth.server.limits import Buckets
from priorauth.server.service import Service, Worker

OLD: Final = timedelta(days=90)
BEFORE: Final = timedelta(minutes=2)
AFTER: Final = timedelta(hours=1)
LOOKED: Final = timedelta(minutes=1)
"""For how long what was read of the ledger is used."""
KEYS: Final = "keys"
_EVERY_SECONDS: Final = 5.0
_SLOWEST: Final = 0.001


class _Read(NamedTuple):
    """The keys of a ledger as they were read, and when."""

    keys: Fixed
    at: datetime


class Guard:
    """What is kept. One for each server."""

    def __init__(self, own: Fixed | None = None, ring: Keyring | None = None) -> None:
        """Begin with what the environment holds, if anything."""
        self.fixed = own
        self.ring = ring or Keyring()
        self._own: dict[str, _Read] = {}
        self._rates: dict[tuple[float, float], Buckets] = {}

    def own(self, store: Store, tenant: str, now: datetime) -> Fixed:
        """Return the keys that sign the tokens of a tenant."""
        if self.fixed is not None:
            return self.fixed
        known = self._own.get(tenant)
        if known is None or not known.at <= now < known.at + LOOKED:
            known = self._own[tenant] = _Read(_kept(store, tenant, now), now)
        return known.keys

    def paced(self, tenant: str, client: str, partner: Partner) -> None:
        """Let a partner ask so often as the plan says of it; raises NotAdmitted with how long it has to wait."""
        limits = (max(partner.rate, _SLOWEST), max(partner.burst, 1.0))
        if wait := self._rates.setdefault(limits, Buckets(*limits)).take(f"{tenant} {client}"):
            raise NotAdmitted("slow_down", "ask more slowly", wait=wait)


def _kept(store: Store, tenant: str, now: datetime) -> Fixed:
    """Return the keys of a ledger, the one that signs first; makes one where there is none, or the last is old."""
    rows = traffic.signing_keys(store, tenant)
    if not rows or now - rows[-1]["made_at"] >= OLD:
        number = rows[-1]["number"] + 1 if rows else 1
        made = signing.made().as_dict(private=True)
        traffic.keep_signing_key(store, tenant, number, made, now)
        rows = traffic.signing_keys(store, tenant)
    signs = max((n for n, one in enumerate(rows) if now - one["made_at"] >= BEFORE), default=0)
    live = [n for n in range(len(rows)) if n >= signs or now - rows[n + 1]["made_at"] < AFTER + BEFORE]
    order = [signs, *(n for n in live if n != signs)]
    return Fixed(tuple(ECKey.import_key(rows[n]["key"]) for n in order))


def workers() -> list[Worker]:
    """Return what is done in the background: the keys of partners are fetched."""
    return [Worker(KEYS, _EVERY_SECONDS, fetch, each=True)]


def fetch(service: Service) -> None:
    """Fetch the keys of partners that are due; what cannot be had is said in the log."""
    guard, now = service.one(Guard), service.clock()
    for tenant, store in service.stores.items():
        partners = _partners(store, tenant)
        if not any(guard.ring.due(one, now) for one in partners.values()):
            continue
        for client, why in asyncio.run(guard.ring.refresh(partners, now)).items():
            service.log.warning(KEYS, tenant=tenant, client=client, why=why)


def _partners(store: Store, tenant: str) -> Mapping[str, Partner]:
    try:
        return plan_of(settings_of(store, tenant)).partners
    except InputRefused:
        return {}
