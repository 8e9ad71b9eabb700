"""Passwords: kept as argon2id hashes, long, and not those that many people choose. No rules of composition.

After NIST SP 800-63B: at least twelve characters, any characters, compared after normalisation, never changed for age
alone. A person of whom there is no password costs the same work as one of whom there is.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST: Final = 12
LONGEST: Final = 256
HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
"""What hashes today; what was made with other parameters is made anew."""
_AT_ONCE: Final = BoundedSemaphore(4)
"""How many are hashed at once: each needs 64 MiB."""
_COMMON: Final = Path(__file__).with_name("data") / "common.txt"
_DIFFERENT: Final = 5
"""How many different characters a password has at least."""


def wrong(password: str, names: Iterable[str] = ()) -> str | None:
    """Return why a password is not taken, for the person to read; None where it is. ``names``: what she is called."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return f"Use at least {SHORTEST} characters."
    if len(plain) > LONGEST:
        return f"Use at most {LONGEST} characters."
    low = plain.lower()
    if low in common() or len(set(low)) < _DIFFERENT:
        return "Many people use this password. Use another one."
    bare = "".join(filter(str.isalpha, low))
    if bare in {"".join(filter(str.isalpha, name.lower())) for name in (*names, "priorauth")} - {""}:
        return "Use a password that is not your name or that of this program."
    return None


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return HASHER.hash(_plain(password))


def right(kept: str | None, password: str) -> bool:
    """Whether a password is the one of which this is kept; the same work where nothing is."""
    with _AT_ONCE:
        try:
            return HASHER.verify(_nobodys(HASHER) if kept is None else kept, _plain(password[: LONGEST + 1]))
        except (Argon2Error, InvalidHashError):
            return False


def stale(kept: str) -> bool:
    """Whether what is kept was made with other parameters than are used today."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """Return what a password is checked against where there is none: the hash of chance, as costly as any."""
    return hasher.hash(secrets.token_urlsafe())


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def common() -> frozenset[str]:
    """Return the passwords that many people choose, in lower case."""
    lines = _COMMON.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
