"""A server gives a token to whom it should and to nobody else, and says what it can."""

from __future__ import annotations

import pytest

from priorauth.exchange.trying.checks import reached
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import OK, Spoil, answers, headers, on

TOKEN = {"access_token": "given", "token_type": "bearer", "expires_in": 300}

SPOILED: dict[str, Spoil] = {
    "smart.configuration": on("smart-configuration", lambda one: {**one, "grant_types_supported": ["password"]}),
    "smart.token": headers("/oauth/token", cache_control="max-age=60"),
    "smart.old-scopes": answers("/oauth/token", 400, {"error": "invalid_scope"}, lambda one: b"%2A.read" in one.asked),
    "smart.audience": answers("/oauth/token", 200, TOKEN),
    "smart.expired": answers("/oauth/token", 200, TOKEN),
    "smart.signature": answers("/oauth/token", 200, TOKEN),
    "smart.replay": answers("/oauth/token", 200, TOKEN),
    "smart.grant": answers("/oauth/token", 200, TOKEN),
    "smart.needed": answers("$submit", 200, OK),
    "smart.wrong": answers("$submit", 403, OK),
    "metadata.read": on("/metadata", lambda one: {**one, "fhirVersion": "3.0.2"}),
    "metadata.serves": on("/metadata", lambda one: {**one, "rest": []}),
}  # fmt: skip

NAMES = named(reached)
ELSEWHERE = set[str]()
UNASKED: dict[str, set[str]] = {"2.0": set(), "2.2": set()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found
