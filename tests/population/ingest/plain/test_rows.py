"""Rows of what is plain: whose each is stands in two hashes that have nothing to do with each other."""

from __future__ import annotations

from priorauth.population.ingest.heads import READ, key
from priorauth.population.ingest.plain.rows import PLAIN, RESULT, TEST, TYPES, VISIT, whose


def test_a_patient_has_the_key_by_which_members_are_sorted_and_another_hash() -> None:
    one = whose("p1")
    assert one.key == key("p1") != one.who
    assert whose("p1") == one
    assert whose("p2").who != one.who


def test_every_kind_is_of_a_type_that_is_read() -> None:
    assert {TYPES[TEST], TYPES[RESULT]} == {"Observation"}
    assert TYPES[VISIT] == "Encounter"
    assert set(TYPES) <= READ


def test_an_id_of_any_length_that_fhir_allows_has_room() -> None:
    assert PLAIN["id"].itemsize == 64
