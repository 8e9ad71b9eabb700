"""What a client signs: the assertion by which it asks for an access token, the token that it sends with a hook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from priorauth.errors import Fault, InputRefused
from priorauth.values import files

MINUTES: Final = 4
_MOST: Final = 65_536
_ALGORITHMS: Final = {"P-256": "ES256", "P-384": "ES384"}
_RSA: Final = "RS384"


@dataclass(frozen=True, slots=True)
class Client:
    """A client with its key: its id, by what tokens of its hooks are issued, where its public keys are, if anywhere."""

    name: str
    key: ECKey | RSAKey
    issuer: str
    jku: str | None = None

    @property
    def algorithm(self) -> str:
        """The algorithm of the key."""
        return _RSA if isinstance(self.key, RSAKey) else _ALGORITHMS[str(self.key.curve_name)]

    def assertion(self, audience: str, now: int, **other: Any) -> str:  # noqa: ANN401 - claims
        """Return what it asks for a token with; ``other`` claims lie over the right ones."""
        said = {"iss": self.name, "sub": self.name, "aud": audience, "exp": now + MINUTES * 60, "iat": now}
        return self.signed({**said, "jti": uuid4().hex, **other})

    def hook(self, service: str, now: int, **other: Any) -> str:  # noqa: ANN401 - as above
        """Return what it sends with a hook."""
        said = {"iss": self.issuer, "aud": service, "iat": now, "exp": now + MINUTES * 60, "jti": uuid4().hex}
        return self.signed({**said, **other})

    def signed(self, claims: Mapping[str, Any], by: ECKey | RSAKey | None = None) -> str:
        """Return a token that says these claims; ``by``: another key than its own, under the same name."""
        header = {"alg": self.algorithm, "kid": str(self.key.kid), "typ": "JWT"}
        more = {} if self.jku is None else {"jku": self.jku}
        return jwt.encode({**header, **more}, dict(claims), by or self.key, algorithms=[self.algorithm])

    def stranger(self) -> ECKey | RSAKey:
        """Return another key of the same kind."""
        if isinstance(self.key, RSAKey):
            return RSAKey.generate_key(2048)
        return ECKey.generate_key(str(self.key.curve_name))


def client(name: str, file: Path, issuer: str | None, jku: str | None) -> Client:
    """Return a client whose private key stands in a file, as JWK or PEM; raises InputRefused."""
    try:
        said = files.read(file, _MOST)
    except files.FileFault as fault:
        raise InputRefused(Fault(str(file), None, fault.problem)) from None
    try:
        found = _key(said)
    except (JoseError, ValueError, TypeError, KeyError, UnicodeDecodeError):
        raise InputRefused(
            Fault(str(file), None, "expected a private key of RSA, P-256 or P-384, as JWK or PEM")
        ) from None
    return Client(name, found, issuer or name, jku)


def _key(said: bytes) -> ECKey | RSAKey:
    text = said.decode().strip()
    if text.startswith("{"):
        found = JWKRegistry.import_key(json.loads(text))
    else:
        kind = RSAKey if "RSA" in text.partition("\n")[0] else ECKey
        try:
            found = kind.import_key(text)
        except (JoseError, ValueError, TypeError):
            found = RSAKey.import_key(text)
    if not isinstance(found, ECKey | RSAKey) or not found.is_private:
        raise ValueError
    if isinstance(found, ECKey) and found.curve_name not in _ALGORITHMS:
        raise ValueError
    found.ensure_kid()
    return found
