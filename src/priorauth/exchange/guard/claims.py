"""What every token that a partner signs must say: for whom it is, until when, and a name that is used once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from priorauth.exchange.guard.jws import NotBelieved

SKEW: Final = timedelta(seconds=60)
"""By how much a partner's clock may be another than ours."""
LONGEST: Final = timedelta(minutes=5)
_LONGEST_NAME: Final = 255
_MOST_AUDIENCES: Final = 20


class Once(NamedTuple):
    """The name of a token that may be used once, and until when it has to be remembered."""

    jti: str
    ends: datetime


def checked(claims: Mapping[str, Any], audiences: Collection[str], now: datetime, longest: timedelta = LONGEST) -> Once:
    """Return what is to be remembered of a token that may be used now and here; raises NotBelieved."""
    if not _for(claims.get("aud"), audiences):
        raise NotBelieved("aud: the token is for another address")
    ends = moment(claims, "exp")
    if ends is None:
        raise NotBelieved("exp: expected a number of seconds")
    if ends <= now - SKEW:
        raise NotBelieved("exp: the token has expired")
    if ends > now + longest + SKEW:
        raise NotBelieved(f"exp: expected at most {longest.total_seconds() / 60:g} minutes")
    for name in ("iat", "nbf"):
        at = moment(claims, name)
        if at is not None and at > now + SKEW:
            raise NotBelieved(f"{name}: the token is of a later time than now")
    return Once(text(claims, "jti"), ends + SKEW)


def text(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim that has to be a text of at most 255 characters; raises NotBelieved."""
    found = claims.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_NAME or not found.isprintable():
        raise NotBelieved(f"{name}: expected a text of at most {_LONGEST_NAME} characters")
    return found


def moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    """Return the moment that a claim says in seconds since 1970; None where it is left out. Raises NotBelieved."""
    if name not in claims:
        return None
    found = claims[name]
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise NotBelieved(f"{name}: expected a number of seconds")
    try:
        return datetime.fromtimestamp(found, UTC)
    except (OverflowError, ValueError, OSError):  # of another age of the world, or no number at all
        raise NotBelieved(f"{name}: expected a number of seconds of our time") from None


def _for(said: object, audiences: Collection[str]) -> bool:
    if isinstance(said, str):
        return said in audiences
    if not isinstance(said, list) or len(said) > _MOST_AUDIENCES:
        return False
    return all(isinstance(one, str) for one in said) and any(one in audiences for one in said)
