"""A passkey in software: what an authenticator answers, byte for byte, and what a copy or a forger would."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Json = dict[str, Any]


@dataclass
class Key:
    """A passkey of a site."""

    origin: str = "http://localhost"
    host: str = "localhost"
    id: bytes = b"a passkey of a test"
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: Json) -> Json:
        """Answer what a browser is asked to make."""
        numbers = self.private.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED) + about}
        said = {"attestationObject": bytes_to_base64url(cbor2.dumps(attested)), "transports": ["internal", "nonsense"]}
        return self._answer(options, "webauthn.create", said)

    def proof(self, options: Json) -> Json:
        """Answer what a browser is asked to prove."""
        self.counter += 1
        data = self._data(self.flags)
        client = self._client(options, "webauthn.get")
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signed)}
        return self._answer(options, "webauthn.get", said)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, options: Json, kind: str) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, options: Json, kind: str, said: Json) -> Json:
        own = bytes_to_base64url(self.id)
        client = bytes_to_base64url(self._client(options, kind))
        return {"id": own, "rawId": own, "type": "public-key", "response": {"clientDataJSON": client, **said}}
