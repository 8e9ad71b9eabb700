"""The keys with which our own tokens are signed: those of the environment, or those that the ledger keeps.

``PRIORAUTH_SIGNING_KEY`` holds a JWK, a JWK Set or PEM of P-256, or the name of a file with one. The first key signs,
the others stay published: to change keys, put the new one last, then first, and take the old one out after an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry
from msgspec import MsgspecError, Struct
from msgspec.json import decode

from priorauth.errors import Fault, LedgerRefused
from priorauth.exchange.guard.access import ALGORITHM
from priorauth.exchange.guard.keys import Key

VARIABLE: Final = "PRIORAUTH_SIGNING_KEY"
CURVE: Final = "P-256"
_MOST: Final = 65_536


class Fixed(Struct, frozen=True):
    """Keys that stay as they are, the one that signs first."""

    keys: tuple[ECKey, ...]

    def signs(self) -> ECKey:
        """Return the private key that signs."""
        return self.keys[0]

    def published(self) -> tuple[Key, ...]:
        """Return the public keys."""
        return tuple(public(one) for one in self.keys)


def public(key: ECKey) -> Key:
    """Return the public side of a key."""
    said = key.as_dict(private=False)
    return Key(str(key.kid), (ALGORITHM,), ECKey.import_key(said), key.thumbprint())


def published(keys: tuple[Key, ...]) -> dict[str, Any]:
    """Return keys as a JWK Set for everybody."""
    return {"keys": [{**one.public.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for one in keys]}


def made() -> ECKey:
    """Return a new key, named by its thumbprint."""
    found = ECKey.generate_key(CURVE, private=True, auto_kid=True)
    assert isinstance(found, ECKey)  # noqa: S101 - as joserfc makes them
    return found


def of_environment(environment: Mapping[str, str]) -> Fixed | None:
    """Return the keys of the environment; None where it names none. Raises LedgerRefused where they cannot be used."""
    said = environment.get(VARIABLE, "").strip()
    if not said:
        return None
    text = said if said.startswith(("{", "-----")) else _file(said)
    try:
        listed = [text] if text.startswith("-----") else _listed(text)
        found = tuple(_key(one) for one in listed)
    except (JoseError, MsgspecError, ValueError, TypeError, KeyError, RecursionError):
        raise _refused("expected a private key of P-256 as JWK, JWK Set or PEM") from None
    if not found or len({one.kid for one in found}) != len(found):
        raise _refused("expected at least one key, each with a kid of its own")
    return Fixed(found)


def _file(name: str) -> str:
    try:
        with Path(name).open(encoding="utf-8") as file:
            return file.read(_MOST).strip()
    except (OSError, ValueError):
        raise _refused("the file cannot be read") from None


def _listed(text: str) -> list[Any]:
    said = decode(text, type=dict[str, Any])
    return list(said["keys"]) if "keys" in said else [said]


def _key(said: object) -> ECKey:
    found = ECKey.import_key(said) if isinstance(said, str) else JWKRegistry.import_key(said)  # type: ignore[arg-type] # it is checked there
    if not isinstance(found, ECKey) or not found.is_private or found.curve_name != CURVE:
        raise ValueError(CURVE)
    found.ensure_kid()
    return found


def _refused(why: str) -> LedgerRefused:
    return LedgerRefused(Fault(VARIABLE, None, why))
