"""The plan as other systems see it, and the partners who call: from the setting ``exchange`` of a tenant.

    settings:
      exchange:
        base: https://api.plan.example        # where the world reaches this server; left out, as each request says
        payer: {name: A plan, npi: "1234567893", identifiers: ["urn:oid:2.16.840.1.113883.6.300|12345"]}
        partners:
          clinic-ehr: {organisation: clinic, npis: ["1999999992"], jwks_uri: https://ehr.example/jwks}

Everything is checked when the setting is read: an unknown key, a wrong shape, a partner without a way to know her.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, field
from sqlalchemy import select

from priorauth.errors import Fault, InputRefused
from priorauth.ledger import tables as t
from priorauth.ledger.columns import canonical
from priorauth.ledger.store import Store

SETTING: Final = "exchange"
Version = Literal["2.0", "2.2"]
VERSIONS: Final[tuple[Version, ...]] = ("2.0", "2.2")
Hook = Literal[
    "order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start", "encounter-discharge"
]
HOOKS: Final[tuple[Hook, ...]] = (
    *("order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start"),
)
"""The hooks that are served where the plan says nothing: at a discharge there is nothing to say of pumps."""
OPEN: Final = "open"
"""The name of whoever asks a server that asks nobody for a token."""


class Payer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The plan's own names and numbers. ``identifiers``: ``system|value``, by which an insurer or payor is ours."""

    name: str = "The plan"
    aliases: tuple[str, ...] = ()
    npi: str | None = None
    tin: str | None = None
    identifiers: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    """The lines of its address; with ``city``, ``state``, ``postal``, ``country``."""
    city: str | None = None
    state: str | None = None
    postal: str | None = None
    country: str = "US"
    phone: str | None = None
    email: str | None = None
    website: str | None = None


class Partner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A system that calls: by which keys or certificate it is known, for which organisation it speaks, what it wants.

    ``npis``: those of its orderers and suppliers. ``issuers``: how it names itself in CDS Hooks tokens. ``ehr``: the
    beginnings of addresses at which charts may be asked. ``endpoints``: the beginnings of addresses that may be told of
    changes; one that is listed may be of a private network.
    """

    title: str = ""
    organisation: str | None = None
    npis: tuple[str, ...] = ()
    versions: tuple[Version, ...] = VERSIONS
    scopes: tuple[str, ...] = ()
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    issuers: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    """SHA-256 thumbprints (base64url, RFC 8705, or hex) of the certificates with one of which it has to come."""
    tenants: tuple[str, ...] = ()
    """The only tenants of its own (``tenant`` of a hook's token) for which it calls hooks; left out, all."""
    ehr: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    inquire_parameter: Literal["return", "responseBundle"] = "return"
    pin_versions: bool = True
    forms: Literal["adaptive", "static", "both"] | None = None
    """Which kind of form it is given, where that is another than the plan gives out."""
    part_as_a2: bool = False
    rate: float = 50.0
    burst: float = 200.0


class Codes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Codes of X12 that a plan is licensed for, by our own names: none is shipped."""

    reject: dict[str, str] = field(default_factory=dict)
    follow_up: dict[str, str] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tenant says of its exchange."""

    base: str | None = None
    payer: Payer = Payer()
    versions: tuple[Version, ...] = VERSIONS
    hooks: tuple[Hook, ...] = HOOKS
    unsolicited: bool = False
    """Whether a hook may answer with an authorization number that nobody asked for."""
    updates_of_decided: bool = False
    """Whether a request that is decided may be updated; else it is told to ask anew."""
    forms: Literal["adaptive", "static", "both"] = "both"
    terms: str | None = None
    """Where the payer's policy can be read by people; ``{policy}`` stands for its id."""
    launch: str | None = None
    """The app that a card offers to open; none where nothing is said."""
    most_bytes: int = 25_000_000
    most_entries: int = 5_000
    hook_days: int = 3650
    """How long calls of hooks are kept, in days; answers to requests (``ask_days``) and contexts likewise."""
    ask_days: int = 3650
    context_days: int = 90
    proxies: tuple[str, ...] = ()
    """The addresses or networks of proxies from which calls come, and that may say whose certificate a connection bore;
    where none is listed, this machine."""
    certificate_header: str | None = None
    """In which header they say it: ``Client-Cert``, ``X-SSL-Client-Cert``; left out, in none."""
    origins: tuple[str, ...] = ()
    """Origins of pages that may call from a browser, as ``https://ehr.example``."""
    audiences: tuple[str, ...] = ()
    """Other addresses of the token endpoint that a client may name."""
    codes: Codes = Codes()
    partners: dict[str, Partner] = field(default_factory=dict)


def plan_of(settings: Mapping[str, Any], name: str = SETTING) -> Plan:
    """Return what settings say of the exchange; raises InputRefused with the place, where they cannot be read."""
    return _read(canonical(settings.get(SETTING) or {}), name)


def settings_of(store: Store, tenant: str) -> Mapping[str, Any]:
    """Return the settings of a tenant."""
    with store.reading(tenant) as connection:
        found = connection.execute(select(t.tenant.c.settings).where(t.tenant.c.tenant == tenant)).scalar()
    return dict(found or {})


@lru_cache(maxsize=256)
def _read(said: bytes, name: str) -> Plan:
    try:
        return msgspec.convert(msgspec.json.decode(said), Plan, strict=False)
    except msgspec.ValidationError as fault:
        what, _, place = str(fault).partition(" - at ")
        raise InputRefused(Fault(name, place.strip("`").removeprefix("$.") or None, what)) from None
