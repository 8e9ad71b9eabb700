"""Our own access tokens (RFC 9068): signed with ES256, good for five minutes and for one tenant alone.

A token bears the thumbprint of the key by which it was asked for, and of the certificate where there was one (RFC
8705): who takes back the key ends its tokens, and nobody else can use what is bound to a certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from joserfc import jwt
from joserfc.jwk import ECKey

from priorauth.exchange.guard import claims, jws
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.keys import Key

ALGORITHM: Final = "ES256"
LASTS: Final = timedelta(minutes=5)
_TYPE: Final = "at+jwt"


class Signing(Protocol):
    """The keys of a tenant with which its own tokens are signed."""

    def signs(self) -> ECKey:
        """Return the private key that signs now."""
        ...

    def published(self) -> tuple[Key, ...]:
        """Return the public keys of all tokens that may still be good."""
        ...


class Access(NamedTuple):
    """What an access token says: whose, for what, by which key it was asked for, to which certificate it is bound."""

    client: str
    scopes: tuple[str, ...]
    key: str
    certificate: str | None


def issued(access: Access, base: str, key: ECKey, now: datetime, jti: str) -> str:
    """Return a token of the tenant at an address."""
    at = int(now.timestamp())
    said: dict[str, Any] = {
        "iss": base,
        "aud": base,
        "sub": access.client,
        "client_id": access.client,
        "scope": " ".join(access.scopes),
        "iat": at,
        "exp": at + int(LASTS.total_seconds()),
        "jti": jti,
        "key": access.key,
    }
    if access.certificate is not None:
        said["cnf"] = {"x5t#S256": access.certificate}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": _TYPE}, said, key)


def read(text: str, base: str, keys: Iterable[Key], now: datetime) -> Access:
    """Return what a token of the tenant at an address says; raises NotBelieved."""
    signed = jws.believed(jws.unread(text, (ALGORITHM,), types=frozenset({_TYPE})), keys)
    claims.checked(signed.claims, (base,), now)
    ends = claims.moment(signed.claims, "exp")
    if ends is None or ends <= now:  # the clock is our own: no leeway
        raise NotBelieved("exp: the token has expired")
    if signed.claims.get("iss") != base:
        raise NotBelieved("iss: the token is another server's")
    return Access(
        claims.text(signed.claims, "client_id"),
        tuple(str(signed.claims.get("scope", "")).split()),
        claims.text(signed.claims, "key"),
        _bound(signed.claims.get("cnf")),
    )


def _bound(said: object) -> str | None:
    if said is None:
        return None
    found = said.get("x5t#S256") if isinstance(said, Mapping) else None
    if not isinstance(found, str):
        raise NotBelieved("cnf: expected x5t#S256")
    return found
