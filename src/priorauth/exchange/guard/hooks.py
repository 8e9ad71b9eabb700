"""The token that a client of CDS Hooks sends with each call ("Trusting CDS Clients").

It is for the address of the service that is called; with a slash at the end, and for the address of discovery, it is
taken too, as clients in use send it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from priorauth.exchange.guard import claims, jws
from priorauth.exchange.guard.assertion import believable
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.keys import Keyring
from priorauth.exchange.plan import Partner

ALGORITHMS: Final = ("ES256", "ES384", "RS384")
_FEEDBACK: Final = "/feedback"


class Called(NamedTuple):
    """A partner that calls a hook; ``once`` is still to be seen for the first time."""

    client: str
    partner: Partner
    once: claims.Once


def called(text: str, partners: Mapping[str, Partner], ring: Keyring, service: str, now: datetime) -> Called:
    """Return who signed the token of a call to the service at an address; raises NotBelieved."""
    found = jws.unread(text, ALGORITHMS)
    named = issuer(partners, claims.text(found.claims, "iss"))
    if named is None:
        raise NotBelieved("iss: no partner is registered with that issuer")
    partner = partners[named]
    signed = jws.believed(found, believable(found, partner, ring, now))
    once = claims.checked(signed.claims, audiences(service), now)
    if "iat" not in signed.claims:
        raise NotBelieved("iat: expected a number of seconds")
    if partner.tenants and signed.claims.get("tenant") not in partner.tenants:
        raise NotBelieved("tenant: it is none of those that are registered")
    return Called(named, partner, once)


def audiences(service: str) -> frozenset[str]:
    """Return for whom the token of a call may be: the service, its feedback, or all services of its discovery."""
    one = service.rstrip("/").removesuffix(_FEEDBACK)
    named = (one, f"{one}{_FEEDBACK}", one.rpartition("/")[0])
    return frozenset(f"{each}{end}" for each in named for end in ("", "/"))


def issuer(partners: Mapping[str, Partner], said: str) -> str | None:
    """Return the partner whose tokens an issuer signs, a slash at the end or none; who lists none has its name."""
    wanted = said.rstrip("/")
    for client, partner in partners.items():
        if wanted in {one.rstrip("/") for one in partner.issuers or (client,)}:
            return client
    return None
