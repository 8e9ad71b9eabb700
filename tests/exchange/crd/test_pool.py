"""The resources that a hook brings, found by name."""

from __future__ import annotations

import pytest

from priorauth.exchange.crd.pool import Pool, name_of
from tests.exchange.crd.hooking import Json, searched

ONE: Json = {"resourceType": "Observation", "id": "1", "value": "first"}


def test_of_what_stands_twice_the_first_counts() -> None:
    pool = Pool()
    pool.add(searched([ONE]))
    pool.add({**ONE, "value": "second"})
    assert pool.find("Observation/1") == ONE
    assert len(pool) == 1


@pytest.mark.parametrize(
    "nothing", [None, 7, "text", [], {}, {"resourceType": "OperationOutcome"}, {"resourceType": 7}]
)
def test_what_is_no_resource_is_nothing(nothing: object) -> None:
    pool = Pool()
    pool.add(nothing)
    assert len(pool) == 0


@pytest.mark.parametrize(
    "reference",
    [
        "Observation/1", {"reference": "Observation/1"}, "https://e.example/fhir/Observation/1",
        "Observation/1/_history/2", {"reference": "Observation/1", "display": "it"},
    ],
)  # fmt: skip
def test_a_reference_finds_its_resource_on_whatever_server(reference: object) -> None:
    pool = Pool()
    pool.add(ONE)
    assert pool.find(reference) == ONE


def test_what_is_contained_is_found_in_its_owner_alone() -> None:
    pool, owner = Pool(), {"resourceType": "Coverage", "contained": [{"resourceType": "Organization", "id": "o"}]}
    assert pool.find({"reference": "#o"}, owner) == {"resourceType": "Organization", "id": "o"}
    assert pool.find({"reference": "#o"}) is None
    assert pool.find({"reference": "#x"}, owner) is None


def test_the_answer_to_a_batch_holds_searches_and_deeper_there_is_nothing() -> None:
    pool = Pool()
    pool.add(searched([searched([ONE])]))
    assert pool.all("Observation") == [ONE]
    deep: Json = ONE
    for _ in range(5):
        deep = searched([deep])
    other = Pool()
    other.add(deep)
    assert len(other) == 0


def test_resources_without_an_id_all_stand() -> None:
    pool = Pool()
    pool.add(searched([{"resourceType": "Patient"}, {"resourceType": "Patient"}]))
    assert len(pool.all("Patient")) == 2
    assert name_of({"resourceType": "Patient"}) == "Patient/"
