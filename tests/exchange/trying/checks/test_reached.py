"""A server gives a token to whom it should and to nobody else, and says what it can."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qsl

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError

from priorauth.exchange.trying.checks import reached
from priorauth.exchange.trying.found import tried
from priorauth.exchange.trying.shapes import text
from priorauth.exchange.trying.signed import Client
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import Tried, answered, named
from tests.exchange.trying.spoiling import OK, Exchanged, Json, Spoil, answers, headers, on

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


class TestChecks(Held):
    names = named(reached)
    spoiled = SPOILED


# ---- each check by itself

WHOLE: Json = {
    "token_endpoint": "https://a.example/token",
    "grant_types_supported": ["client_credentials"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["ES384", "HS256"],
}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"token_endpoint": "http://a.example/token"}, "no token_endpoint over https"),
        ({"token_endpoint": None}, "no token_endpoint over https"),
        ({"grant_types_supported": ["password"]}, "no client_credentials"),
        ({"token_endpoint_auth_methods_supported": ["client_secret_basic"]}, "no private_key_jwt"),
        ({"token_endpoint_auth_signing_alg_values_supported": ["RS256"]}, "neither RS384 nor ES384"),
    ],
)
def test_what_a_server_does_not_say_of_its_tokens_is_named(good: Tried, changed: Json, found: str) -> None:
    said = good.spoilt("smart.configuration", answers("smart-configuration", 200, {**WHOLE, **changed}))
    assert (said.stand, said.found) == ("failed", found)
    assert good.spoilt("smart.configuration", answers("smart-configuration", 200, WHOLE)).stand == "passed"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"token_type": "mac"}, "token_type mac"),
        ({"expires_in": 3601}, "expires_in 3601"),
        ({"expires_in": 0}, "expires_in 0"),
        ({"expires_in": "300"}, "expires_in 300"),
        ({"access_token": ""}, "200 "),
    ],
)
@pytest.mark.parametrize("name", ["smart.token", "smart.old-scopes"])
def test_what_is_wrong_with_a_token_is_named(good: Tried, name: str, changed: Json, found: str) -> None:
    said = good.spoilt(name, answers("/oauth/token", 200, {**TOKEN, **changed}))
    assert (said.stand, said.found) == ("failed", found)
    longest = answers("/oauth/token", 200, {**TOKEN, "token_type": "Bearer", "expires_in": 3600})
    assert good.spoilt(name, longest).stand == "passed"


REFUSING = ("smart.audience", "smart.expired", "smart.signature")


@pytest.mark.parametrize("name", REFUSING)
def test_a_refusal_has_an_error_and_no_token(good: Tried, name: str) -> None:
    assert good.spoilt(name, answers("/oauth/token", 401, {"error": "invalid_client"})).stand == "passed"
    assert good.spoilt(name, answers("/oauth/token", 400)).found == "400 without error"
    assert good.spoilt(name, answers("/oauth/token", 400, {**TOKEN, "error": "x"})).stand == "failed"
    assert good.spoilt(name, answers("/oauth/token", 500, {"error": "x"})).stand == "failed"


@pytest.mark.parametrize("name", ["smart.audience", "smart.expired", "smart.signature", "smart.replay", "smart.grant"])
def test_what_should_be_refused_is_wrong_in_one_thing_alone(good: Tried, name: str) -> None:
    asked: list[dict[str, str]] = []

    def sees(one: Exchanged) -> None:
        if "/oauth/token" in one.path:
            asked.append(dict(parse_qsl(one.asked.decode())))

    good.spoilt(name, sees)
    session = good.session()
    at = text(session.smart.resource, "token_endpoint")
    header, claims, _ = asked[-1]["client_assertion"].split(".")
    assert json.loads(decoded(header))["kid"] == good.client.key.kid
    said = json.loads(decoded(claims))
    wrong = {
        "smart.audience": said["aud"] != at,
        "smart.expired": said["exp"] < session.now(),
        "smart.signature": not signed_by(good.client, asked[-1]["client_assertion"]),
        "smart.replay": len({one["client_assertion"] for one in asked}) < len(asked),
        "smart.grant": asked[-1]["grant_type"] != "client_credentials",
    }
    assert {one for one, is_wrong in wrong.items() if is_wrong} == {name}


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def signed_by(client: Client, token: str) -> bool:
    try:
        jwt.decode(token, client.key, algorithms=[client.algorithm])
    except BadSignatureError:
        return False
    return True


def test_without_a_key_nothing_is_asked_of_tokens() -> None:
    session = answered(smart=WHOLE)
    found = [tried(name, session) for name in sorted(TestChecks.names) if name.startswith("smart.")]
    assert {(one.stand, one.found) for one in found} == {("not applicable", "no client and key were given")}


@pytest.mark.parametrize("named", ["smart.needed", "smart.wrong"])
def test_without_a_right_token_the_answer_is_401_and_nothing_else(good: Tried, named: str) -> None:
    for status in (200, 400, 403, 500):
        assert good.spoilt(named, answers("$submit", status)).stand == "failed"
    assert good.spoilt(named, answers("$submit", 401)).stand == "passed"


def stated(name: str, **said: Any) -> tuple[str, str]:
    session = answered(metadata={"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", **said})
    found = tried(name, session)
    return found.stand, found.found


SUBSCRIPTION = {"type": "Subscription"}


def offering(*names: str) -> Json:
    return {"type": "Claim", "operation": [{"name": one} for one in names]}


def test_operations_may_stand_by_a_resource_by_the_server_or_by_their_definitions() -> None:
    named = [{"name": "submit"}, {"name": "$inquire"}]
    addresses = [{"definition": f"https://a.example/Claim-{one}"} for one in ("submit", "inquire")]
    defined = {"type": "Claim", "operation": addresses}
    for rest in (
        {"resource": [SUBSCRIPTION, offering("$submit", "inquire")]},
        {"resource": [SUBSCRIPTION], "operation": named},
        {"resource": [SUBSCRIPTION, defined]},
    ):
        assert stated("metadata.serves", rest=[rest]) == ("passed", "")


def test_what_a_server_does_not_serve_is_named() -> None:
    assert stated("metadata.serves", rest=[{"resource": [SUBSCRIPTION, offering("submit")]}])[1] == (
        "it does not name inquire"
    )
    assert stated("metadata.serves")[1] == "it does not name submit, inquire, Subscription"
    assert stated("metadata.read", fhirVersion="5.0.0") == ("failed", "fhirVersion 5.0.0")
    assert stated("metadata.read", resourceType="Bundle")[0] == "failed"
