"""What all members share reaches the records that refer to it, and no others."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from priorauth.population.heads import Entry
from priorauth.population.shared import Shared


def entry(kind: str, ident: str, url: str = "", **more: Any) -> Entry:  # JSON
    return Entry(url, msgspec.Raw(json.dumps({"resourceType": kind, "id": ident, **more}).encode()))


def names(shared: Shared, text: str) -> set[str]:
    return {f"{one.kind}/{one.id}" for _, one in shared.of([text.encode()])}


ROLE = entry(
    "PractitionerRole",
    "r1",
    practitioner={"reference": "Practitioner/d1"},
    organization={"reference": "Organization/c1"},
)
ALL = [
    ROLE,
    entry("Practitioner", "d1"),
    entry("Practitioner", "d2"),
    entry("Organization", "c1"),
    entry("Medication", "m"),
]


def test_a_clinician_brings_the_roles_and_their_organizations() -> None:
    found = names(Shared(ALL), '{"requester": {"reference": "Practitioner/d1"}}')
    assert found == {"Practitioner/d1", "PractitionerRole/r1", "Organization/c1"}


def test_absolute_references_and_versions_find_the_same() -> None:
    shared = Shared(ALL)
    assert names(shared, '{"reference": "https://x.example/fhir/Organization/c1"}') == {"Organization/c1"}
    assert names(shared, '{"reference": "Medication/m/_history/2"}') == {"Medication/m"}
    assert names(shared, '{"reference": "Organization/other"}') == set()


def test_a_resource_of_a_bundle_is_found_by_its_url() -> None:
    url = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    shared = Shared([entry("Organization", "", url, name="A payer")])
    ((given, resource),) = shared.of([f'{{"reference": "{url}"}}'.encode()])
    assert given == url
    assert resource.id == "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def test_of_two_with_one_name_the_first_counts() -> None:
    shared = Shared([entry("Organization", "c1", name="first"), entry("Organization", "c1", name="second")])
    assert [one.name for _, one in shared.of([b'"Organization/c1"'])] == ["first"]


def test_what_cannot_be_decoded_is_named() -> None:
    shared = Shared([entry("Organization", "c1", name=["odd"])])
    ((_, said),) = shared.broken
    assert said == "name: Expected `str`, got `array`"
