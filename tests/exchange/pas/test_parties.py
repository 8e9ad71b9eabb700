"""The parties of a claim: who asks, who is to supply, and the insurer with what the plan says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas import parties
from priorauth.exchange.plan import Payer
from tests.exchange.pas.sending import BASE, asking, claim, extended, rich

Json = dict[str, Any]
ROLE = {
    "resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/endocrinologist"},
    "organization": {"reference": "Organization/supplier"},
}  # fmt: skip


def asked(bundle: Json, **of_claim: Any) -> tuple[SentBundle, Any]:
    claim(bundle).update(of_claim)
    request = SentBundle(bundle, "request")
    return request, request.claim("")


def with_role() -> Json:
    bundle = asking("ask")
    bundle["entry"].append({"fullUrl": f"{BASE}/PractitionerRole/role", "resource": ROLE})
    return bundle


@pytest.mark.parametrize(
    ("provider", "wanted"),
    [
        ("Organization/supplier", "Organization/supplier"),
        ("PractitionerRole/role", "PractitionerRole/role"),
        ("Practitioner/endocrinologist", "PractitionerRole/role"),
    ],
)
def test_who_asks_is_an_organization_or_a_role(provider: str, wanted: str) -> None:
    request, sent = asked(with_role(), provider={"reference": provider})
    assert parties.requestor(request, sent).reference == {"reference": f"{BASE}/{wanted}"}


def test_of_a_role_her_organization_is_the_sender() -> None:
    request, sent = asked(with_role(), provider={"reference": "PractitionerRole/role"})
    found = parties.organization(request, parties.requestor(request, sent))
    assert found is not None
    assert found.reference == {"reference": f"{BASE}/Organization/supplier"}


def test_who_is_to_supply_is_of_the_items_own_team_else_who_asks() -> None:
    bundle = rich(with_role())
    claim(bundle)["careTeam"][0] |= {"provider": {"reference": "PractitionerRole/role"}, "role": {"text": "supplier"}}
    request, sent = asked(bundle)
    own = parties.supplier(request, sent, {"careTeamSequence": [1]})
    assert own is not None
    assert own.party.reference == {"reference": f"{BASE}/Practitioner/endocrinologist"}
    assert own.reference["extension"][0]["valueCodeableConcept"] == {"text": "supplier"}
    other = parties.supplier(request, sent, {"careTeamSequence": [9]})
    assert other is not None
    assert other.reference == {"reference": f"{BASE}/Organization/supplier"}
    nobody, lone = asked(asking("ask"), provider={"reference": "Organization/elsewhere"})
    assert parties.supplier(nobody, lone, {}) is None


def test_members_of_the_whole_claim_are_those_that_say_so() -> None:
    bundle = rich(asking("ask"))
    request, sent = asked(bundle)
    assert parties.overall(request, sent) == []
    claim(bundle)["careTeam"][0]["extension"] = [extended("careTeamClaimScope", "Boolean", value=True)]
    request, sent = asked(bundle)
    assert [one.reference["reference"] for one in parties.overall(request, sent)] == [f"{BASE}/Organization/supplier"]


def test_what_the_request_says_of_the_insurer_stays_and_the_plan_adds_the_rest() -> None:
    stated = {
        "resourceType": "Organization",
        "id": "payer",
        "name": "theirs",
        "identifier": [{"system": "s", "value": "v"}],
    }
    made = parties.ours(
        Payer(name="ours", npi="1234567893", identifiers=("urn:ids|7",), phone="1"), stated, "https://h"
    )
    assert (made["name"], made["id"], made["active"]) == ("theirs", "payer", True)
    assert [one["value"] for one in made["identifier"]] == ["v", "1234567893", "7"]
    assert made["telecom"] == [{"system": "phone", "value": "1"}]
    assert "address" not in made
    assert stated == {
        "resourceType": "Organization",
        "id": "payer",
        "name": "theirs",
        "identifier": [{"system": "s", "value": "v"}],
    }


def test_the_payor_of_the_coverage_that_is_focal_comes_before_those_of_others() -> None:
    bundle = asking("ask")
    covers = ("first", "second")
    for name in covers:
        other = {"resourceType": "Coverage", "id": name, "payor": [{"display": f"payor of the {name}"}]}
        bundle["entry"].append({"fullUrl": f"{BASE}/Coverage/{name}", "resource": other})
    for focal in covers:
        insurance = [
            {"sequence": place, "focal": name == focal, "coverage": {"reference": f"Coverage/{name}"}}
            for place, name in enumerate(covers, 1)
        ]
        _, found, _ = parties.insurers(*asked(bundle, insurance=insurance))
        assert found[0] == {"display": f"payor of the {focal}"}


def test_a_number_of_the_plan_is_not_said_twice() -> None:
    stated = {"identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}]}
    made = parties.ours(Payer(npi="1234567893"), stated, "https://h")
    assert [one["value"] for one in made["identifier"]] == ["1999999992"]


def test_a_party_is_known_by_its_npi_first() -> None:
    reference = {"identifier": {"system": "urn:other", "value": "1"}}
    assert parties.own_identifier(parties.Party(reference)) == reference["identifier"]
    request, sent = asked(asking("ask"), provider={"reference": "Practitioner/endocrinologist"})
    made = parties.requestor(request, sent)
    assert parties.own_identifier(made) == {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}
