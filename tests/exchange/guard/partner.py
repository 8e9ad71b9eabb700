"""A partner with keys of its own, and what it says: as it should, or with something laid over it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from priorauth.exchange import app
from priorauth.exchange.call import Call, Operation, Told
from priorauth.exchange.guard.assertion import TYPE
from priorauth.exchange.guard.kept import Guard
from priorauth.exchange.guard.operations import GUARD
from priorauth.ledger.store import Store
from tests.exchange.house import PLAN
from tests.ledger import house
from tests.server.running import HERE, Running, running

HOST = "https://api.plan.example"
BASE = f"{HOST}/{house.TENANT}"
TOKEN = f"{BASE}/oauth/token"
HOOK = f"{BASE}/2.2/cds-services/order-sign-crd"
SCOPE = "system/Claim.write system/Questionnaire.rs"
ALGORITHMS = ("ES384", "RS384", "ES256")
_NAMES = count(1)
Key = ECKey | RSAKey


@cache
def key(alg: str = "ES384", kid: str = "one") -> Key:
    """A private key, made once for all tests."""
    named: Any = {"kid": kid, "alg": alg, "use": "sig"}
    if alg == "RS384":
        return RSAKey.generate_key(2048, named)
    return ECKey.generate_key({"ES384": "P-384", "ES256": "P-256"}[alg], named)


def jwks(*keys: Key) -> dict[str, Any]:
    return {"keys": [one.as_dict(private=False) for one in keys]}


def text(part: Mapping[str, Any] | bytes) -> str:
    """Return a part of a token."""
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: Mapping[str, Any], claims: Mapping[str, Any] | bytes, by: Key) -> str:
    """Return a token signed as its header says, whatever else stands in it."""
    registry = jws.JWSRegistry(algorithms=[*ALGORITHMS, "RS256", "HS256"], strict_check_header=False)
    alg = registry.get_alg(str(by.alg))
    body = f"{text(header)}.{text(claims)}"
    return f"{body}.{text(alg.sign(body.encode(), by))}"


@dataclass
class Speaker:
    """A partner that asks for tokens and calls hooks."""

    name: str = "clinic-ehr"
    key: Key = field(default_factory=key)
    issuer: str = "https://ehr.clinic.example"

    def header(self, **lies: Any) -> dict[str, Any]:
        return _over({"alg": self.key.alg, "kid": self.key.kid, "typ": "JWT"}, lies)

    def claims(self, now: datetime, **lies: Any) -> dict[str, Any]:
        """What its assertion says."""
        said = {
            "iss": self.name,
            "sub": self.name,
            "aud": TOKEN,
            "exp": at(now, minutes=4),
            "jti": f"jti-{next(_NAMES)}",
        }
        return _over({**said, "iat": at(now)}, lies)

    def hook_claims(self, now: datetime, **lies: Any) -> dict[str, Any]:
        """What its token for a hook says."""
        said = {
            "iss": self.issuer,
            "aud": HOOK,
            "iat": at(now),
            "exp": at(now, minutes=5),
            "jti": f"jti-{next(_NAMES)}",
        }
        return _over(said, lies)

    def assertion(self, now: datetime, header: Mapping[str, Any] | None = None, **lies: Any) -> str:
        return signed(self.header(**(header or {})), self.claims(now, **lies), self.key)

    def hook(self, now: datetime, header: Mapping[str, Any] | None = None, **lies: Any) -> str:
        return signed(self.header(**(header or {})), self.hook_claims(now, **lies), self.key)


def _over(said: Mapping[str, Any], lies: Mapping[str, Any]) -> dict[str, Any]:
    """Lay lies over what is said; None takes something away."""
    return {name: value for name, value in {**said, **lies}.items() if value is not None}


def at(now: datetime, **later: float) -> int:
    return int((now + timedelta(**later)).timestamp())


def partners(**more: Any) -> dict[str, Any]:
    """The partners of the plan: one with keys of every kind, one of another clinic with a key of its own."""
    own = {"jwks": jwks(*(key(alg, alg) for alg in ALGORITHMS), key()), "issuers": ["https://ehr.clinic.example"]}
    other = {"organisation": "other-clinic", "jwks": jwks(key("ES384", "other")), "issuers": ["https://other.example/"]}
    return {"clinic-ehr": {"organisation": "clinic", **own, **more}, "other-ehr": other}


def echo(call: Call) -> Told:
    """Say who called."""
    return Told({"resourceType": "Basic", "client": call.client, "certificate": call.certificate})


SERVED = (
    *GUARD,
    Operation("POST", "/fhir/Claim/$submit", echo, "submit", name="submit"),
    Operation("POST", "/fhir/Claim/$inquire", echo, "inquire", name="inquire"),
    Operation("GET", "/cds-services", echo, "anybody", "cds", name="discovery"),
    Operation("POST", "/cds-services/{service}", echo, "hook", "cds", name="hook"),
    Operation("POST", "/cds-services/{service}/feedback", echo, "hook", "cds", name="feedback"),
)
"""What a plan serves whose operations say no more than who asks."""


@dataclass
class Door:
    """A closed plan, and partners before it."""

    running: Running
    tenant: str = house.TENANT

    @property
    def now(self) -> datetime:
        return self.running.clock.now

    @property
    def guard(self) -> Guard:
        return self.running.service.one(Guard)

    def wait(self, **span: float) -> None:
        self.running.clock.now += timedelta(**span)

    def ask(self, fields: Mapping[str, Any] | str | None = None, **headers: str) -> httpx2.Response:
        """Ask for a token with a form."""
        named = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        said = httpx2.QueryParams(fields).__str__() if isinstance(fields, Mapping) else fields or ""
        return self.running.client.post(f"/{self.tenant}/oauth/token", content=said, headers=named)

    def form(self, who: Speaker | None = None, scope: str = SCOPE, **more: Any) -> dict[str, Any]:
        """What a good form says."""
        said = (who or Speaker()).assertion(self.now)
        form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": said}
        return _over({**form, "scope": scope}, more)

    def token(self, who: Speaker | None = None, scope: str = SCOPE, **headers: str) -> str:
        """An access token."""
        found = self.ask(self.form(who, scope), **headers)
        assert found.status_code == 200, found.text
        return str(found.json()["access_token"])

    def submit(self, token: str | None, path: str = "/2.2/fhir/Claim/$submit", **headers: str) -> httpx2.Response:
        """Ask what a token is needed for."""
        named = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return self.running.client.post(f"/{self.tenant}{path}", json={}, headers={**named, **headers})

    def hook(self, token: str | None, service: str = "order-sign-crd", **headers: str) -> httpx2.Response:
        """Call a hook."""
        return self.submit(token, f"/2.2/cds-services/{service}", **headers)


@contextmanager
def guarding(store: Store, plan: Mapping[str, Any] | None = None, **more: Any) -> Iterator[Door]:
    """Let a closed plan run over a ledger."""
    said = {**PLAN, "base": HOST, "partners": partners(), **(plan or {})}
    house.furnish(store, exchange=said)
    with running(store, pages=app.routes(SERVED), **{"open_to_all": False, **more}) as found:
        yield Door(found)


def certificate(name: str = "client", days: int = 30, now: datetime = house.NOW) -> bytes:
    """A certificate, in its DER form."""
    own = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .sign(own, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


def bytes_as(der: bytes) -> str:
    """A certificate in a header as RFC 9440 has it."""
    return f":{base64.b64encode(der).decode()}:"


__all__ = ["HERE", "Door", "Speaker"]
