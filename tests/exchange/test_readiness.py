"""What is said of the settings of the exchange: each slip by its place, and nothing of a good plan."""

from __future__ import annotations

import base64
import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.readiness import Finding, findings, is_fit, is_npi
from priorauth.policy.catalog import open_catalog
from priorauth.server import tenants

NOW = dt.datetime(2026, 11, 29, 17, tzinfo=dt.UTC)
GOOD: dict[str, Any] = tenants.read(Path("examples/exchange/plan.yaml"))["settings"]


def looked(change: dict[str, Any] | None = None, environment: dict[str, str] | None = None) -> list[Finding]:
    """Look at the example's settings, a part of which says something else: ``{"payer.npi": ...}``."""
    settings = copy.deepcopy(GOOD)
    for place, value in (change or {}).items():
        *path, last = place.split(".")
        at = settings["exchange"]
        for one in path:
            at = at[one]
        at[last] = value
    return findings(settings, open_catalog(), environment or {}, NOW)


def said(found: list[Finding], level: str) -> list[str]:
    return [f"{one.place}: {one.says}" for one in found if one.level == level]


def test_of_a_plan_that_is_ready_nothing_is_missing() -> None:
    found = looked()
    assert is_fit(found)
    assert said(found, "missing") == []
    assert "versions: 2.0, 2.2" in said(found, "set")
    assert any(one.startswith("policies: masshealth/insulin-pumps, ") for one in said(found, "note"))
    assert any(one.startswith("policies: husky/ambulatory-infusion-pumps, ") for one in said(found, "set"))
    assert any(one.startswith("codes.reject: no codes of X12") for one in said(found, "note"))


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"base": None}, "base: expected the address"),
        ({"base": "http://api.plan.example"}, "base: http://api.plan.example is not protected"),
        ({"proxies": ["everybody"]}, "proxies: everybody: expected an address or a network"),
        ({"base": "https://10.1.2.3"}, "base: https://10.1.2.3 is of a private network"),
        ({"base": "api.plan.example"}, "base: expected an address"),
        ({"payer.identifiers": []}, "payer.identifiers: the numbers"),
        ({"payer.identifiers": ["12345"]}, "payer.identifiers: expected SYSTEM|VALUE"),
        ({"payer.npi": "1234567890"}, "payer.npi: 1234567890 is no NPI"),
        ({"payer.npi": None}, "payer.npi: an answer names its insurer"),
        ({"payer.tin": "12-34"}, "payer.tin: expected nine digits"),
        ({"hooks": []}, "hooks: none is served"),
        ({"partners": {}}, "partners: nobody is registered"),
        ({"partners.clinic-ehr.jwks_uri": None}, "partners.clinic-ehr.jwks_uri: expected keys"),
        ({"partners.clinic-ehr.jwks_uri": "http://ehr.clinic.example/jwks"}, "partners.clinic-ehr.jwks_uri: http"),
        ({"partners.clinic-ehr.endpoints": ["http://x.example"]}, "partners.clinic-ehr.endpoints: http"),
        ({"partners.clinic-ehr.npis": ["1"]}, "partners.clinic-ehr.npis: 1 is no NPI"),
        ({"partners.clinic-ehr.scopes": ["everything"]}, "partners.clinic-ehr.scopes: everything"),
        ({"partners.clinic-ehr.rate": 0}, "partners.clinic-ehr.rate: it may never call"),
        ({"partners.clinic-ehr.certificates": ["abc"]}, "partners.clinic-ehr.certificates: abc: expected a SHA-256"),
        ({"partners.clinic-ehr.certificates": ["a" * 43]}, "certificate_header: partners list certificates"),
        (
            {"partners.clinic-ehr.issuers": ["other-ehr"]},
            "partners.other-ehr.issuers: other-ehr is that of clinic-ehr too",
        ),
        ({"partners.other-ehr.jwks": {}}, "partners.other-ehr.jwks: expected a JWK Set"),
        (
            {"partners.other-ehr.jwks": {"keys": [{"kty": "oct", "kid": "1"}]}},
            "partners.other-ehr.jwks: expected a key with a kid",
        ),
        ({"versions": ["2.2"], "partners.clinic-ehr.versions": ["2.0"]}, "partners.clinic-ehr.versions: none that"),
        ({"partners.clinic-ehr.colour": "red"}, "partners[...]: Object contains unknown field"),
        ({"versions": ["3.0"]}, "versions[0]: Invalid enum value"),
    ],
)
def test_what_is_missing_is_named_with_its_place(change: dict[str, Any], missing: str) -> None:
    found = looked(change)
    assert not is_fit(found)
    assert any(one.startswith(missing) for one in said(found, "missing")), said(found, "missing")


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (
            {"partners.clinic-ehr.endpoints": ["https://10.0.0.9/told"]},
            "partners.clinic-ehr.endpoints: https://10.0.0.9",
        ),
        (
            {"partners.clinic-ehr.ehr": ["https://ehr.internal"]},
            "partners.clinic-ehr.ehr: https://ehr.internal is of a",
        ),
        ({"partners.clinic-ehr.organisation": None}, "partners.clinic-ehr.organisation: none"),
        ({"partners.clinic-ehr.issuers": []}, "partners.clinic-ehr.issuers: none"),
        ({"payer.postal": None}, "payer: its address is not whole: postal"),
        ({"payer.phone": None}, "payer: no phone"),
        ({"terms": None}, "terms: no address"),
    ],
)
def test_what_may_be_meant_is_a_note_and_no_fault(change: dict[str, Any], note: str) -> None:
    found = looked(change)
    assert is_fit(found)
    assert any(one.startswith(note) for one in said(found, "note")), said(found, "note")


def test_a_plan_that_says_nothing_of_the_exchange_is_not_ready() -> None:
    assert [one.place for one in findings({}, open_catalog(), {}, NOW)] == ["exchange"]


def test_a_signing_key_that_cannot_be_read_is_missing_and_never_shown() -> None:
    found = looked(environment={"PRIORAUTH_SIGNING_KEY": '{"kty": "secret-words"}'})
    assert any(one.startswith("PRIORAUTH_SIGNING_KEY: ") for one in said(found, "missing"))
    assert "secret-words" not in str(found)


def certified(days: int) -> dict[str, Any]:
    """Return the example's JWK Set, its key with a certificate that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ehr.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - dt.timedelta(days=400))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    found = copy.deepcopy(GOOD["exchange"]["partners"]["other-ehr"]["jwks"])
    found["keys"][0]["x5c"] = [base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()]
    return {"partners.other-ehr.jwks": found}


def test_a_certificate_near_its_end_is_a_note_and_one_that_has_ended_is_missing() -> None:
    place = "partners.other-ehr.jwks: x5c: a certificate"
    assert said(looked(certified(31)), "missing") == []
    assert not any(one.startswith(place) for one in said(looked(certified(31)), "note"))
    assert f"{place} ends on 2026-12-29" in said(looked(certified(30)), "note")
    assert f"{place} ended on 2026-11-29" in said(looked(certified(0)), "missing")
    broken = certified(31)
    broken["partners.other-ehr.jwks"]["keys"][0]["x5c"] = ["no base64"]
    assert f"{place} cannot be read" in said(looked(broken), "missing")


@given(st.integers(0, 10**9 - 1), st.integers(1, 9))
def test_of_ten_numbers_with_the_same_nine_digits_one_is_an_npi(nine: int, off: int) -> None:
    (digit,) = [one for one in range(10) if is_npi(f"{nine:09}{one}")]
    assert not is_npi(f"{nine:09}{(digit + off) % 10}")
    assert not is_npi(f"{nine:09}")
