"""A signed token as it comes: what it says is believed only after one of the keys that are expected has signed it.

Algorithms are a short list of asymmetric ones, so that ``none`` and shared secrets are never tried. What a header says
of keys (``jwk``, ``x5c``, ``x5u``) is not read; its ``jku`` is compared by whoever knows the one that is registered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode
from msgspec import MsgspecError
from msgspec.json import decode

from priorauth.exchange.guard.keys import Key
from priorauth.fhir.limits import deeper_than
from priorauth.values.strict_json import JsonFault, check

MOST: Final = 16_384
_DEEPEST: Final = 20
_TYPES: Final = frozenset({"jwt", "application/jwt"})
_PARTS: Final = 3


class NotBelieved(Exception):
    """Why a token is not believed, in one line and with nothing of what it says."""


class Unread(NamedTuple):
    """A token that nobody has looked at closely: its header and claims are only said."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


class Believed(NamedTuple):
    """A token that a key has signed."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    key: Key


def unread(text: str, algorithms: Collection[str], types: Collection[str] = _TYPES) -> Unread:
    """Return a token taken apart; raises NotBelieved where it could not be one whatever the keys are."""
    if len(text) > MOST or not text.isascii():
        raise NotBelieved(f"expected a token of at most {MOST:,} characters of ASCII")
    parts = text.split(".")
    if len(parts) != _PARTS or not all(parts):
        raise NotBelieved("expected a signed token of three parts")
    header, claims = (_object(part) for part in parts[:2])
    if header.get("alg") not in algorithms:
        raise NotBelieved(f"the algorithm is none of {', '.join(sorted(algorithms))}")
    if "crit" in header or "b64" in header:
        raise NotBelieved("the header wants something that is not understood")
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise NotBelieved("the header names no key: expected kid")
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in types:
        raise NotBelieved("the header says that it is a token of another kind")
    return Unread(text, header, claims)


def _object(part: str) -> dict[str, Any]:
    try:
        data = urlsafe_b64decode(part.encode())
    except (TypeError, ValueError):
        raise NotBelieved("expected base64url without padding") from None
    if deeper_than(data, _DEEPEST):
        raise NotBelieved("expected flat JSON")
    try:
        check(data)
        return decode(data, type=dict[str, Any])
    except (JsonFault, MsgspecError, RecursionError, UnicodeDecodeError):
        raise NotBelieved("expected objects of JSON, each key once") from None


def believed(found: Unread, keys: Iterable[Key]) -> Believed:
    """Return a token that one of the keys has signed; raises NotBelieved."""
    alg, kid = str(found.header["alg"]), found.header["kid"]
    fitting = [one for one in keys if one.kid == kid and alg in one.algorithms]
    if not fitting:
        raise NotBelieved("no registered key has that kid and that algorithm")
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    registry.max_header_length = registry.max_payload_length = MOST
    registry.max_signature_length = MOST
    for one in fitting:
        try:
            jws.deserialize_compact(found.text, one.public, registry=registry)
        except (JoseError, ValueError, TypeError):
            continue
        return Believed(found.header, found.claims, one)
    raise NotBelieved("the signature does not hold")
