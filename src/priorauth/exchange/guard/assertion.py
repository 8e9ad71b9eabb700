"""The assertion by which a partner asks for an access token: ``private_key_jwt`` of SMART (RFC 7523)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from priorauth.exchange.guard import claims, jws
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.keys import Key, Keyring, NoKeys
from priorauth.exchange.plan import Partner

ALGORITHMS: Final = ("ES384", "RS384")
TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Asserted(NamedTuple):
    """A partner that has said who it is; ``once`` is still to be seen for the first time."""

    client: str
    partner: Partner
    once: claims.Once
    key: str
    """The thumbprint of the key that signed."""


def asserted(  # noqa: PLR0913, PLR0917 - what an assertion is held against
    text: str,
    partners: Mapping[str, Partner],
    ring: Keyring,
    audiences: Collection[str],
    now: datetime,
    client: str | None = None,
) -> Asserted:
    """Return who signed an assertion; ``client``: the id that the request gives beside it. Raises NotBelieved."""
    found = jws.unread(text, ALGORITHMS)
    named = claims.text(found.claims, "iss")
    if found.claims.get("sub") != named or client not in (None, named):
        raise NotBelieved("sub: expected the client id, as in iss and in client_id")
    partner = partners.get(named)
    if partner is None:
        raise NotBelieved("iss: no partner is registered by that client id")
    signed = jws.believed(found, believable(found, partner, ring, now))
    return Asserted(named, partner, claims.checked(signed.claims, audiences, now), signed.key.thumbprint)


def believable(found: jws.Unread, partner: Partner, ring: Keyring, now: datetime) -> tuple[Key, ...]:
    """Return the keys that a token of a partner may be signed with; raises NotBelieved."""
    if "jku" in found.header and found.header["jku"] != partner.jwks_uri:
        raise NotBelieved("jku: it is not the address that is registered")
    try:
        held = ring.of(partner, now)
    except NoKeys:
        raise NotBelieved("the keys that are registered cannot be read") from None
    if held is None:
        ring.sooner(partner)
        raise NotBelieved("the keys of this partner are not known yet: try again")
    if not any(one.kid == found.header["kid"] for one in held):
        ring.sooner(partner)
    return held
