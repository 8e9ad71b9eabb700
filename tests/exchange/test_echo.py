"""What is echoed: under the fullUrl it came with or is given, with all that it refers to, every reference resolved."""

from __future__ import annotations

import re

import pytest

from priorauth import determine
from priorauth.exchange.pas_response import response
from tests.exchange.shapes import PLAIN, SHAPES, example, resources, shaped, unresolved


@pytest.mark.parametrize("style", SHAPES["fullUrl"])
def test_the_parties_keep_the_full_url_they_came_with(style: str) -> None:
    bundle = shaped(example(), PLAIN | {"fullUrl": style})
    sent = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"] if "fullUrl" in entry}
    made = response(determine(bundle), bundle)
    for entry in made["entry"][1:]:
        if style == "none":
            assert entry["fullUrl"].startswith("urn:uuid:")
            assert entry["resource"] in [one["resource"] for one in bundle["entry"]]
        else:
            assert sent[entry["fullUrl"]] == entry["resource"]


@pytest.mark.parametrize("url", ["urn:uuid:member-1", "Patient/approve", "urn:oid:1.2.3", ""])
def test_a_full_url_that_cannot_stand_is_replaced(url: str) -> None:
    bundle = example()
    next(entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")["fullUrl"] = url
    made = response(determine(bundle), bundle)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["entry"][0]["resource"]["patient"]["reference"])
    assert unresolved(made) == []


def test_what_the_parties_refer_to_is_echoed_too() -> None:
    bundle = shaped(example(), PLAIN | {"fullUrl": "none"})
    clinic = {"resourceType": "Organization", "id": "clinic", "active": True, "name": "Synthetic clinic"}
    bundle["entry"].append({"resource": clinic})
    member = resources(bundle, "Patient")[0]
    member["managingOrganization"] = {"reference": "Organization/clinic/_history/2"}
    member["generalPractitioner"] = [{"reference": "Practitioner/not-sent"}]
    made = response(determine(bundle), bundle)
    assert unresolved(made) == []
    echoed = resources(made, "Patient")[0]
    assert clinic in resources(made, "Organization")
    assert echoed["generalPractitioner"] == [{"display": "Practitioner/not-sent"}]


def test_a_reference_is_to_the_server_it_stands_on() -> None:
    bundle = example()
    clinic = {"resourceType": "Organization", "id": "clinic", "active": True, "name": "of another server"}
    bundle["entry"].append({"fullUrl": "https://other.example.org/fhir/Organization/clinic", "resource": clinic})
    own = {**clinic, "name": "of this server"}
    bundle["entry"].append({"fullUrl": "https://clinic.example.org/fhir/Organization/clinic", "resource": own})
    resources(bundle, "Patient")[0]["managingOrganization"] = {"reference": "Organization/clinic"}
    made = response(determine(bundle), bundle)
    assert own in resources(made, "Organization")
    assert clinic not in resources(made, "Organization")


def test_contained_resources_become_entries_with_every_reference_led_there() -> None:
    bundle = example()
    found = determine(bundle)
    claim = resources(bundle, "Claim")[0]
    payer, cover = resources(bundle, "Organization")[0], resources(bundle, "Coverage")[0]
    parent = {**payer, "id": "parent", "name": "Synthetic parent"}
    claim["contained"] = [
        {**cover, "id": "cover", "payor": [{"reference": "#org"}]},
        {**payer, "id": "org", "partOf": {"reference": "#parent"}},
        parent,
    ]
    claim["insurance"][0]["coverage"] = {"reference": "#cover"}
    del claim["insurer"]
    bundle["entry"] = [one for one in bundle["entry"] if one["resource"] not in (payer, cover)]
    made = response(found, bundle)
    assert unresolved(made) == []
    names = [one["name"] for one in resources(made, "Organization")]
    assert names == [payer["name"], "Synthetic Diabetes Supply", "Synthetic parent"]
    assert all("id" not in one for one in resources(made, "Organization")[::2])


@pytest.mark.parametrize("version", ["", "/_history/2"])
def test_a_reference_to_a_version_is_to_the_resource_of_that_server(version: str) -> None:
    bundle = example()
    for server in ("other", "clinic"):
        url = f"https://{server}.example.org/fhir/Organization/clinic"
        one = {"resourceType": "Organization", "id": "clinic", "active": True, "name": f"of {server}"}
        bundle["entry"].append({"fullUrl": url, "resource": one})
    url = f"https://clinic.example.org/fhir/Organization/clinic{version}"
    resources(bundle, "Patient")[0]["managingOrganization"] = {"reference": url}
    made = response(determine(bundle), bundle)
    names = [one.get("name") for one in resources(made, "Organization")]
    assert "of clinic" in names
    assert "of other" not in names
    assert unresolved(made) == []
