"""The CapabilityStatement: what it says is so, and all that is so is said."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.guard import scopes
from priorauth.exchange.guard.metadata import capabilities, statement
from tests.exchange.guard.partner import BASE, Door

PINS = {"2.0": ("", ""), "2.2": ("|2.2.0", "|2.2.1")}


def said(door: Door, version: str) -> dict[str, Any]:
    found = door.running.client.get(f"/plan/{version}/fhir/metadata", headers={"Accept": "application/fhir+json"})
    assert (found.status_code, found.headers["content-type"]) == (200, "application/fhir+json")
    made: dict[str, Any] = found.json()
    return made


@pytest.mark.shall("DTR 2.2.0/conf-1", "PAS 2.2.1/conf-1", "PAS 2.2.1/spec-55", "PAS 2.0.1/149")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_it_says_which_guides_it_follows_and_that_subscriptions_can_be_made_changed_and_taken_away(
    door: Door, version: str
) -> None:
    found = said(door, version)
    dtr, pas = PINS[version]
    assert f"http://hl7.org/fhir/us/davinci-dtr/CapabilityStatement/dtr-payer-service{dtr}" in found["instantiates"]
    (rest,) = found["rest"]
    by_type = {one["type"]: one for one in rest["resource"]}
    interactions = {one["code"] for one in by_type["Subscription"]["interaction"]}
    assert {"create", "update", "delete"} <= interactions
    topic = by_type["Subscription"]["extension"][0]["valueCanonical"]
    assert topic == "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
    operations = {one["name"]: one["definition"] for one in by_type["Claim"]["operation"]}
    assert operations["submit"] == f"http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-submit{pas}"
    assert set(operations) == {"submit", "inquire"}
    assert found["implementation"]["url"] == f"{BASE}/{version}/fhir"


@pytest.mark.shall("DTR 2.2.0/conf-1", "DTR 2.2.0/spec-120")
def test_it_says_that_tokens_of_smart_are_asked_for(door: Door) -> None:
    security = said(door, "2.2")["rest"][0]["security"]
    assert security["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"
    assert security["extension"][0]["extension"][0]["valueUri"] == f"{BASE}/oauth/token"


def test_every_operation_that_it_names_wants_a_scope_that_there_is() -> None:
    wanted = {
        scope
        for one in capabilities().resources
        for scope in (*one.interactions.values(), *(each.scope for each in one.operations))
    }
    assert wanted | {one.scope for one in capabilities().operations} == set(scopes.wanted())


def test_the_same_plan_is_described_in_the_same_words() -> None:
    one, other = (statement("https://a.example/p", "https://a.example/p/2.2/fhir", "2.2", "A plan") for _ in range(2))
    assert one == other
