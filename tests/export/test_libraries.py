"""The libraries that fill in forms, as resources: names, contents, and only what a form asks for."""

from __future__ import annotations

import base64
import json

import pytest

from priorauth.export.forms import every
from priorauth.export.libraries import Library, libraries, shared_library
from priorauth.export.questionnaire import of_policy
from tests.export.filling import BASE, CATALOG

VOCABULARY = CATALOG.vocabulary
KNOWN = libraries(VOCABULARY, VOCABULARY)[1:]


@pytest.mark.shall("DTR 2.2.0/spec-98", "DTR 2.0.1/99")
def test_every_library_has_a_name_of_its_own() -> None:
    names = [one.name for one in (shared_library(), *KNOWN)]
    assert len(names) == len(set(names)) > 30


@pytest.mark.shall(
    "DTR 2.2.0/oper-13",
    "DTR 2.2.0/spec-92",
    "DTR 2.2.0/spec-93",
    "DTR 2.2.0/spec-95",
    "DTR 2.2.0/spec-99",
    "DTR 2.0.1/92",
    "DTR 2.0.1/93",
    "DTR 2.0.1/95",
    "DTR 2.0.1/96",
    "DTR 2.0.1/101",
    "DTR 2.0.1/102",
)
@pytest.mark.parametrize("library", [shared_library(), *KNOWN], ids=lambda one: one.name)
def test_a_library_has_its_cql_and_its_elm_in_its_data(library: Library) -> None:
    made = library.resource(BASE)
    cql, elm = made["content"]
    assert (cql["contentType"], elm["contentType"]) == ("text/cql", "application/elm+json")
    text = base64.b64decode(cql["data"]).decode()
    held = json.loads(base64.b64decode(elm["data"]))["library"]
    assert f"library {made['name']} version '{made['version']}'" in text
    assert held["identifier"] == {"id": made["name"], "version": made["version"]}
    assert "context Patient" in text
    assert "url" not in cql


@pytest.mark.shall("DTR 2.2.0/sec-3", "DTR 2.0.1/337")
def test_a_form_has_the_libraries_of_its_own_facts_and_no_other() -> None:
    for form in every(CATALOG):
        facts = set(of_policy(form, CATALOG))
        found = libraries(of_policy(form, CATALOG), VOCABULARY)
        assert {one.fact for one in found} - {""} <= facts
        assert found[:1] in ((), (shared_library(),))
        for one in found[1:]:
            asked = one.resource(BASE)["dataRequirement"]
            assert all(
                each["type"]
                in {"Observation", "Condition", "Encounter", "DeviceRequest", "ServiceRequest", "DocumentReference"}
                for each in asked
            )
            assert all("codeFilter" in each for each in asked if each["type"] == "Observation")
