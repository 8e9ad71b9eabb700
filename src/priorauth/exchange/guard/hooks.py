"""The token that a client of CDS Hooks sends with each call ("Trusting CDS Clients").

It is for the address of the service that is called; with a slash at the end, and for the address of discovery, it is
taken too, as clients in use send it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from priorauth.exchange.guard import claims, jws
from priorauth.exchange.guard.assertion import believable
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.keys import Keyring
from priorauth.exchange.guard.registration import Registration

ALGORITHMS: Final = ("ES256", "ES384", "RS384")
Issued = Callable[[str], Registration | None]
"""What finds a partner of this tenant by the issuer of its tokens."""


class Called(NamedTuple):
    """A partner that calls a hook; ``once`` is still to be seen for the first time."""

    partner: Registration
    once: claims.Once


def called(text: str, issued: Issued, ring: Keyring, service: str, now: datetime) -> Called:
    """Return who signed the token of a call to the service at an address; raises NotBelieved."""
    found = jws.unread(text, ALGORITHMS)
    partner = issued(claims.text(found.claims, "iss"))
    if partner is None:
        raise NotBelieved("iss: no partner is registered with that issuer")
    signed = jws.believed(found, believable(found, partner, ring, now))
    once = claims.checked(signed.claims, audiences(service), now)
    if "iat" not in signed.claims:
        raise NotBelieved("iat: expected a number of seconds")
    if partner.tenants and signed.claims.get("tenant") not in partner.tenants:
        raise NotBelieved("tenant: it is none of those that are registered")
    return Called(partner, once)


def audiences(service: str) -> frozenset[str]:
    """Return for whom the token of a call may be: the service, or all services of its discovery."""
    one, all_of_them = service.rstrip("/"), service.rstrip("/").rpartition("/")[0]
    return frozenset({one, f"{one}/", all_of_them, f"{all_of_them}/"})


def same_issuer(one: str, other: str) -> bool:
    """Whether two issuers differ by no more than a slash at the end."""
    return one.rstrip("/") == other.rstrip("/")
