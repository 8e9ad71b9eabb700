"""What all members share reaches the records that refer to it, and no others."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from priorauth.population.ingest.servers import Origin
from priorauth.population.ingest.shard import Common
from priorauth.population.ingest.shared import Shared, mentions


def entry(kind: str, ident: str, url: str = "", **more: Any) -> Common:  # JSON
    text = json.dumps({"resourceType": kind, "id": ident, **more}).encode()
    return Common(0, 0, "byte", url, msgspec.Raw(text))


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


def test_versions_are_given_in_the_order_of_the_input_and_the_same_twice_is_given_once() -> None:
    second = entry("Organization", "c1", name="second")
    shared = Shared([entry("Organization", "c1", name="first"), second, second])
    assert [one.name for _, one in shared.of([b'"Organization/c1"'])] == ["first", "second"]


def test_what_cannot_be_decoded_is_named() -> None:
    shared = Shared([entry("Organization", "c1", name=["odd"])])
    (found,) = shared.broken
    assert found.reason == "a resource that all share: name: Expected `str`, got `array`"


A, B = 2, 4
ORIGINS = (Origin(A), Origin(B), Origin())


def test_of_two_servers_resources_of_one_name_a_record_gets_its_own_and_where_that_is_unknown_none() -> None:
    made = [entry("Organization", "c1", name=name) for name in ("of a", "of b")]
    made[1].source = 1
    shared = Shared(made, ORIGINS)
    for servers, wanted in (({A}, ["of a"]), ({B}, ["of b"]), (set(), []), ({6}, []), ({A, B}, ["of a", "of b"])):
        assert [one.name for _, one in shared.of([b'"Organization/c1"'], servers)] == wanted


def test_of_one_server_alone_a_record_gets_it_whatever_its_own() -> None:
    shared = Shared([entry("Organization", "c1", name="of a")], ORIGINS)
    assert [one.name for _, one in shared.of([b'"Organization/c1"'])] == ["of a"]


def test_versions_with_and_without_a_full_url_are_of_one_resource() -> None:
    url = "https://a.example/fhir/Organization/c1"
    shared = Shared([entry("Organization", "c1", url, name="one"), entry("Organization", "c1", name="two")])
    assert [given for given, _ in shared.of([b'"Organization/c1"'])] == [url, url]


def test_what_changed_and_what_leads_to_it_is_named_and_nothing_else() -> None:
    before = Shared(ALL)
    assert Shared(ALL).changed(before) == set()
    place = Shared([*ALL, entry("Organization", "c1", name="another")])
    assert place.changed(before) == {b"Organization/c1", b"PractitionerRole/r1", b"Practitioner/d1"}
    assert before.changed(place) == place.changed(before)
    assert Shared(ALL[1:]).changed(before) == {b"PractitionerRole/r1", b"Practitioner/d1"}
    assert Shared(ALL[:-1]).changed(before) == {b"Medication/m"}
    url = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    assert url.encode() in Shared([*ALL, entry("Organization", "", url)]).changed(before)


def test_names_are_found_where_a_reference_says_them_and_nowhere_else() -> None:
    text = b"""{"a":"Practitioner/d1","b":"https://x/fhir/PractitionerRole/r-1/_history/2","c":"urn:uuid:1","d":"XMedication/m",
    "e":"Organization/o 1","f":"Patient/p","g":"seen by Practitioner/d2"}"""
    found = [*mentions(text)]
    assert [name for _, name in found] == [b"Practitioner/d1", b"PractitionerRole/r-1", b"urn:uuid:1"]
    assert all(name.rpartition(b"/")[2] in text[place : place + 80] for place, name in found)
    assert [name for _, name in mentions(text, urns=False)] == [b"Practitioner/d1", b"PractitionerRole/r-1"]
