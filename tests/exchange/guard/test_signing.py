"""Keys of our own, of the environment: a key, a set, PEM, a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey
from msgspec.json import encode

from priorauth.errors import LedgerRefused
from priorauth.exchange.guard import signing

FIRST, SECOND = signing.made(), signing.made()
JWK = encode(FIRST.as_dict(private=True)).decode()
SET = encode({"keys": [one.as_dict(private=True) for one in (SECOND, FIRST)]}).decode()
PEM = FIRST.as_pem(private=True).decode()


@pytest.mark.parametrize(("said", "kids"), [(JWK, [FIRST.kid]), (SET, [SECOND.kid, FIRST.kid]), (PEM, [FIRST.kid])])
def test_the_first_key_signs_and_all_are_published(tmp_path: Path, said: str, kids: list[str]) -> None:
    file = tmp_path / "key"
    file.write_text(f"{said}\n")
    for value in (said, str(file)):
        found = signing.of_environment({signing.VARIABLE: value})
        assert found is not None
        assert found.signs().kid == kids[0]
        assert [one.kid for one in found.published()] == kids


def test_without_the_variable_there_are_none() -> None:
    assert signing.of_environment({}) is None
    assert signing.of_environment({signing.VARIABLE: " "}) is None


def test_what_is_published_has_nothing_private() -> None:
    said = signing.published(signing.Fixed((FIRST, SECOND)).published())
    assert all("d" not in one and one["use"] == "sig" and one["alg"] == "ES256" for one in said["keys"])


@pytest.mark.parametrize(
    "said",
    [
        "/not/there",
        "{}",
        "{",
        '{"keys": []}',
        '{"keys": {}}',
        '{"keys": ["a"]}',
        encode(FIRST.as_dict(private=False)).decode(),
        encode(ECKey.generate_key("P-384").as_dict(private=True)).decode(),
        encode(RSAKey.generate_key(2048).as_dict(private=True)).decode(),
        encode({"keys": [FIRST.as_dict(private=True)] * 2}).decode(),
        "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----",
    ],
)
def test_what_is_no_key_to_sign_with_is_refused_in_one_line_without_it(said: str) -> None:
    with pytest.raises(LedgerRefused, match=signing.VARIABLE) as fault:
        signing.of_environment({signing.VARIABLE: said})
    assert "\n" not in str(fault.value).strip()
    assert str(FIRST.as_dict(private=True)["d"]) not in str(fault.value)
