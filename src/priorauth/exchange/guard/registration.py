"""What a tenant's settings say of a partner for knowing it: its name, its keys, its certificates, what it may ask.

    clients:
      north-clinic:
        jwks_uri: https://ehr.north.example/jwks
        issuers: [https://ehr.north.example]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

RATE: Final = 50.0
BURST: Final = 200.0


class Registration(Struct, frozen=True, forbid_unknown_fields=True):
    """A partner as it is registered. ``jwks_uri`` is the only address at which its keys are looked for.

    ``issuers``: what its CDS Hooks tokens may be issued by, with or without a slash at the end; left out, its client
    id. ``tenants``: the only tenants of its own for which it calls hooks. ``certificates``: SHA-256 thumbprints; where
    there are any, it comes with one of them each time. ``scopes``: what a token for it may have; left out, all there is.
    ``private``: its hosts that need not have a public address. ``rate`` and ``burst``: requests a second, and at once.
    """

    client: str
    jwks: Mapping[str, Any] | None = None
    jwks_uri: str | None = None
    issuers: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    rate: float = RATE
    burst: float = BURST
