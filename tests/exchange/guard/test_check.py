"""What is wrong with how partners are let in, found before anybody calls."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.guard.check import faults
from priorauth.exchange.plan import plan_of
from tests.exchange.guard.partner import HOST, jwks, key, partners


def found(**said: Any) -> list[str]:
    return list(faults(plan_of({"exchange": {"base": HOST, **said}})))


def test_a_good_plan_has_none() -> None:
    assert found(partners=partners(scopes=["system/Claim.write"], jwks_uri="https://ehr.example/jwks")) == []
    assert found(base="http://localhost:8080") == []


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"base": None}, "base"),
        ({"base": "http://api.plan.example"}, "base"),
        ({"proxies": ["the proxy"]}, "proxies"),
        ({"origins": ["https://ehr.example/"]}, "origins"),
        ({"origins": ["*"]}, "origins"),
        ({"partners": {"a": {}}}, "partners.a.jwks_uri"),
        ({"partners": {"a": {"jwks_uri": "http://ehr.example/jwks"}}}, "partners.a.jwks_uri"),
        ({"partners": {"a": {"jwks_uri": "https://me@ehr.example/jwks"}}}, "partners.a.jwks_uri"),
        ({"partners": {"a": {"jwks": {"keys": []}}}}, "partners.a.jwks"),
        ({"partners": {"a": {"jwks": {"keys": [key().as_dict(private=True)]}}}}, "partners.a.jwks"),
        ({"partners": {"a": {"jwks": jwks(key()), "scopes": ["openid"]}}}, "partners.a.scopes"),
        ({"partners": {"a": {"certificates": ["x"]}}, "certificate_header": "C"}, "partners.a.certificates"),
        ({"partners": {"a": {"certificates": ["A" * 43]}}}, "certificate_header"),
        (
            {"partners": {"a": {"jwks": jwks(key())}, "b": {"jwks": jwks(key()), "issuers": ["a/"]}}},
            "partners.b.issuers",
        ),
        (
            {"partners": {name: {"certificates": ["A" * 43]} for name in "ab"}, "certificate_header": "C"},
            "partners.b.certificates",
        ),
    ],
)
def test_each_fault_names_its_place(said: dict[str, Any], place: str) -> None:
    (line,) = found(**said)
    assert line.startswith(f"{place}: ")
