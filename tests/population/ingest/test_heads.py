"""Heads: whose a resource is."""

from __future__ import annotations

import pytest

from priorauth.population.ingest import heads
from priorauth.population.ingest.heads import READ, SHARED, Keys, key


@pytest.mark.parametrize(
    "reference",
    ["Patient/p1", "https://ehr.example.org/fhir/Patient/p1", "Patient/p1/_history/3", "Patient/p1/"],
)
def test_every_way_to_name_a_patient_is_the_same_key(reference: str) -> None:
    assert Keys().of(reference) == key("p1")


@pytest.mark.parametrize("reference", ["", "#p1", "p1", "Group/p1", "urn:uuid:1", "Patient/", "Patient?identifier=1"])
def test_what_names_no_patient_has_no_key(reference: str) -> None:
    assert Keys().of(reference) is None
    assert Keys().of_all(["Patient/p1", reference]) is None


def test_many_keys_are_the_keys_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "_REMEMBERED", 3)
    keys = Keys()
    for turn in range(4):
        names = [f"Patient/p{turn}", "Patient/p0", f"Patient/p{turn}"]
        assert keys.of_all(names) == [key(name.removeprefix("Patient/")) for name in names]


def test_what_is_shared_is_read_and_a_patient_is_not_shared() -> None:
    assert SHARED < READ
    assert {"Patient", "Observation", "Claim", "QuestionnaireResponse"} <= READ - SHARED
    assert "Resource" not in READ


def test_reasons_quote_nothing_of_the_input() -> None:
    for data in (b'{"id": 3, "note": "Rosa"}', b'{"note": "Rosa', b"\xff", b"Rosa"):
        said = heads.decoded(heads.HEAD, data)
        assert isinstance(said, str)
        assert "Rosa" not in said


@pytest.mark.parametrize("element", ["subject", "patient", "beneficiary"])
def test_whose_a_resource_is_stands_under_one_of_three_names(element: str) -> None:
    head = heads.decoded(heads.HEAD, f'{{"resourceType": "X", "{element}": {{"reference": "Patient/p1"}}}}'.encode())
    assert isinstance(head, heads.Head)
    assert head.whose == "Patient/p1"
    other = heads.decoded(heads.HEAD, b'{"resourceType": "X", "performer": {"reference": "Patient/p1"}}')
    assert isinstance(other, heads.Head)
    assert other.whose == ""
