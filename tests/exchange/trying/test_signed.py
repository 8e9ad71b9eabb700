"""What a client signs: with its own key, read from a file as JWK or PEM, and what is none is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from priorauth.errors import InputRefused
from priorauth.exchange.trying import signed

P384 = ECKey.generate_key("P-384", auto_kid=True)


def kept(folder: Path, said: Any) -> Path:
    file = folder / "key"
    file.write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    return file


def pem(key: Any, form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8) -> str:
    made: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return made.decode()


def test_an_assertion_says_who_for_whom_and_until_when(tmp_path: Path) -> None:
    own = signed.client("my-ehr", kept(tmp_path, P384.as_dict(private=True)), None, "https://ehr.example/jwks")
    token = jwt.decode(own.assertion("https://a.example/token", 1000), P384, algorithms=["ES384"])
    assert token.header == {"alg": "ES384", "kid": P384.kid, "typ": "JWT", "jku": "https://ehr.example/jwks"}
    said = {name: value for name, value in token.claims.items() if name != "jti"}
    assert said == {"iss": "my-ehr", "sub": "my-ehr", "aud": "https://a.example/token", "iat": 1000, "exp": 1240}
    assert jwt.decode(own.hook("https://a.example/h", 1000), P384, algorithms=["ES384"]).claims["iss"] == "my-ehr"
    ids = {jwt.decode(own.hook("x", 1), P384, algorithms=["ES384"]).claims["jti"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize(
    ("said", "algorithm"),
    [
        (RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True), "RS384"),
        (ECKey.generate_key("P-256").as_dict(private=True), "ES256"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "ES384"),
        (pem(rsa.generate_private_key(65537, 2048)), "RS384"),
        (pem(rsa.generate_private_key(65537, 2048), serialization.PrivateFormat.TraditionalOpenSSL), "RS384"),
    ],
)
def test_a_key_may_be_of_three_kinds_as_jwk_or_pem(tmp_path: Path, said: Any, algorithm: str) -> None:
    own = signed.client("my-ehr", kept(tmp_path, said), "https://ehr.example", None)
    token = own.hook("https://a.example/h", 1000)
    assert own.algorithm == algorithm
    found = jwt.decode(token, own.key, algorithms=[algorithm])
    assert (found.claims["iss"], found.header["kid"]) == ("https://ehr.example", own.key.kid)
    other = own.signed({"iss": "x"}, own.stranger())
    with pytest.raises(Exception, match="bad_signature"):
        jwt.decode(other, own.key, algorithms=[algorithm])


@pytest.mark.parametrize(
    "said",
    [
        "",
        "no key",
        "{}",
        "[]",
        '{"kty": "EC"',
        P384.as_dict(private=False),
        OctKey.generate_key(256).as_dict(private=True),
        ECKey.generate_key("P-521").as_dict(private=True),
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_private_key_is_refused_in_a_line_and_not_shown(tmp_path: Path, said: Any) -> None:
    with pytest.raises(InputRefused) as refused:
        signed.client("my-ehr", kept(tmp_path, said), None, None)
    (fault,) = refused.value.faults
    assert str(fault) == f"{tmp_path}/key: expected a private key of RSA, P-256 or P-384, as JWK or PEM"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="none: "):
        signed.client("my-ehr", tmp_path / "none", None, None)
