"""Public keys of partners: read from a JWK Set, registered in the settings or fetched from the registered address.

A set is fetched in the background alone, never because a token says so, and never while somebody waits. What was
fetched is used for ten minutes; where the address does not answer, for a day. A token with a key that is not known
makes the next fetch come sooner, at most once a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey
from joserfc.util import base64_to_int
from msgspec import MsgspecError
from msgspec.json import decode

from priorauth.exchange import outward
from priorauth.exchange.plan import Partner
from priorauth.fhir.limits import deeper_than
from priorauth.values.strict_json import JsonFault, check

FRESH: Final = timedelta(minutes=10)
AGAIN: Final = timedelta(minutes=1)
STALE: Final = timedelta(days=1)
MOST_KEYS: Final = 50
_DEEPEST: Final = 20
_RSA_BITS: Final = range(2048, 8193)
_CURVES: Final = {"P-256": ("ES256",), "P-384": ("ES384",)}
_RSA: Final = ("RS384",)
_OK: Final = 200
_MOST_KEPT: Final = 1_000
Asks = Callable[[str, Collection[str]], Awaitable[bytes]]


class NoKeys(ValueError):
    """Why something is no set of keys, in one line."""


class Key(NamedTuple):
    """A public key: its name, the algorithms it may be used with, itself, and its thumbprint (RFC 7638)."""

    kid: str
    algorithms: tuple[str, ...]
    public: RSAKey | ECKey
    thumbprint: str


def keys(said: object) -> tuple[Key, ...]:
    """Return the keys of a JWK Set that can be used here; raises NoKeys where it is none, or holds a private key."""
    listed = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(listed, list | tuple) or len(listed) > MOST_KEYS:
        raise NoKeys(f"expected a JWK Set: keys, at most {MOST_KEYS}")
    return tuple(found for one in listed if (found := _key(one)) is not None)


def _key(said: object) -> Key | None:
    """Return a key; None where it is of a kind, or for a use, that nobody here asks for."""
    if not isinstance(said, dict) or not isinstance(said.get("kid"), str) or said.get("kty") not in ("RSA", "EC"):
        return None
    if "d" in said:
        raise NoKeys("a private key stands in the set: make a new one, and keep it to yourself")
    if said.get("use", "sig") != "sig" or "verify" not in said.get("key_ops", ["verify"]):
        return None
    try:
        if said["kty"] == "RSA" and base64_to_int(said["n"]).bit_length() not in _RSA_BITS:
            return None
        found = JWKRegistry.import_key(said)
        thumbprint = found.thumbprint()
        algorithms = _algorithms(found)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    named = said.get("alg")
    able = tuple(one for one in algorithms if named in (None, one))
    return Key(said["kid"], able, found, thumbprint) if able else None  # type: ignore[arg-type] # RSA or EC, as above


def _algorithms(found: Any) -> tuple[str, ...]:  # noqa: ANN401 - one of joserfc's keys
    return _RSA if isinstance(found, RSAKey) else _CURVES.get(found.curve_name, ())


async def _fetched(address: str, private: Collection[str]) -> bytes:
    answer = await outward.ask("GET", address, headers={"Accept": "application/json"}, private=private)
    if answer.status != _OK:
        raise outward.Unreachable(f"answered {answer.status}")
    return answer.body


class _Kept(NamedTuple):
    """What was fetched, when, and when it was last tried."""

    keys: tuple[Key, ...] | None
    at: datetime
    tried: datetime


class Keyring:
    """The keys of partners, as this server knows them."""

    def __init__(self, ask: Asks = _fetched) -> None:
        """Begin with nothing fetched."""
        self._ask = ask
        self._fetched: dict[str, _Kept] = {}
        self._registered: dict[int, tuple[object, tuple[Key, ...]]] = {}
        self._sooner: set[str] = set()
        self._under_way: set[str] = set()

    def of(self, partner: Partner, now: datetime) -> tuple[Key, ...] | None:
        """Return the keys of a partner, registered ones first; None where none are known yet."""
        registered = self._own(partner)
        kept = self._fetched.get(partner.jwks_uri or "")
        if kept is None or kept.keys is None or now - kept.at > STALE:
            return registered or None
        return (*registered, *kept.keys)

    def _own(self, partner: Partner) -> tuple[Key, ...]:
        if partner.jwks is None:
            return ()
        named = id(partner.jwks)
        known = self._registered.get(named)
        if known is None or known[0] is not partner.jwks:
            known = (partner.jwks, keys(partner.jwks))
            self._registered[named] = known
            while len(self._registered) > _MOST_KEPT:
                self._registered.pop(next(iter(self._registered)))
        return known[1]

    def sooner(self, partner: Partner) -> None:
        """Let the next fetch come sooner: somebody has a key that is not known."""
        if partner.jwks_uri is not None:
            self._sooner.add(partner.jwks_uri)

    def due(self, partner: Partner, now: datetime) -> bool:
        """Whether the keys of a partner should be fetched now."""
        at = partner.jwks_uri
        if at is None or at in self._under_way:
            return False
        kept = self._fetched.get(at)
        if kept is None:
            return True
        if now - kept.tried < AGAIN:
            return False
        return at in self._sooner or kept.keys is None or now - kept.at >= FRESH

    async def refresh(self, partners: Mapping[str, Partner], now: datetime) -> dict[str, str]:
        """Fetch what is due; return by client why it could not be had."""
        due = {one.jwks_uri: (client, one) for client, one in partners.items() if self.due(one, now)}
        said = await asyncio.gather(*(self._refreshed(one, now) for _, one in due.values()))
        return {client: why for (client, _), why in zip(due.values(), said, strict=True) if why}

    async def _refreshed(self, partner: Partner, now: datetime) -> str | None:
        at = str(partner.jwks_uri)
        self._under_way.add(at)
        self._sooner.discard(at)
        before = self._fetched.get(at)
        try:
            found = _read(await self._ask(at, named_hosts(partner)))
        except (outward.Unreachable, NoKeys) as fault:
            self._fetched[at] = _Kept(before.keys if before else None, before.at if before else now, now)
            return str(fault)
        finally:
            self._under_way.discard(at)
        self._fetched[at] = _Kept(found, now, now)
        return None


def named_hosts(partner: Partner) -> frozenset[str]:
    """Return the hosts that the settings list for a partner: they may be of a private network."""
    parts = (urlsplit(one) for one in (*partner.ehr, *partner.endpoints))
    return frozenset(str(one.hostname) for one in parts if one.hostname)


def _read(body: bytes) -> tuple[Key, ...]:
    if deeper_than(body, _DEEPEST):
        raise NoKeys("expected a JWK Set")
    try:
        check(body)
        return keys(decode(body))
    except (JsonFault, MsgspecError, RecursionError, UnicodeDecodeError):
        raise NoKeys("expected a JWK Set as JSON") from None
