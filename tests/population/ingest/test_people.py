"""Who is who under one patient id: every resource has one person, or everybody is refused."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from priorauth.fhir.structs import Observation, Patient
from priorauth.population.ingest.bases import NO_SERVER, label, label_of_urn
from priorauth.population.ingest.people import TWO, UNSAID, Found, People, Told, apart
from priorauth.population.ingest.servers import Origin
from tests.exports import hba1c, patient

A, B, C = (f"https://{name}.example/fhir" for name in "abc")
Given = tuple[dict[str, Any], str, str]
"""A resource, the base (or urn) that it names itself, and the base of its file."""


def told(*given: Given) -> People:
    found: list[Found] = []
    for turn, (one, _, _) in enumerate(given):
        kind = Patient if one["resourceType"] == "Patient" else Observation
        found.append((turn, "", msgspec.convert(one, kind)))
    labels = [label_of_urn(own) or label(own) for _, own, _ in given]
    known = [Told(each, Origin(label(base), base)) for each, (_, _, base) in zip(labels, given, strict=True)]
    texts = [msgspec.json.encode(one) for one, _, _ in given]
    return apart(found, labels, known.__getitem__, texts.__getitem__)


def shares(people: People) -> list[tuple[list[int], list[int]]]:
    return [([n for n, _, _ in one.patients], [n for n, _, _ in one.others]) for one in people.persons]


OLD = patient(birthDate="1955-05-05")


def test_one_patient_and_at_most_one_server_are_one_person() -> None:
    found = told((patient(), "", ""), (hba1c("1"), A, ""), (hba1c("2"), "", ""), (hba1c("3"), A, B))
    assert shares(found) == [([0], [1, 2, 3])]
    assert found.persons[0].name == ""
    assert found.persons[0].servers == [label(A)]


def test_copies_of_one_patient_are_one_person() -> None:
    found = told((patient(), "", ""), (hba1c("1"), "", ""), (patient(), "", ""))
    assert shares(found) == [([0, 2], [1])]


def test_a_patient_who_joins_two_others_by_identifiers_makes_all_one_person() -> None:
    def known(*values: str) -> dict[str, Any]:
        return patient(identifier=[{"system": "urn:mrn", "value": value} for value in values])

    assert shares(told((known("1"), "", ""), (known("2"), "", ""), (known("2", "1"), "", ""))) == [([0, 1, 2], [])]
    assert told((known("1"), "", ""), (known("2"), "", "")).refused == TWO


def test_of_two_people_each_gets_what_names_their_server_or_lies_in_its_files() -> None:
    found = told((patient(), A, ""), (OLD, "", B), (hba1c("1"), B, ""), (hba1c("2"), "", A), (hba1c("3"), A, A))
    assert shares(found) == [([0], [3, 4]), ([1], [2])]
    assert [one.name for one in found.persons] == ["", f"{B}/Patient/p1"]


def test_what_cannot_be_given_to_one_of_them_refuses_both() -> None:
    both: tuple[Given, Given] = ((patient(), A, ""), (OLD, B, ""))
    assert told(*both, (hba1c("1"), "", "")).refused == TWO
    assert told((patient(), A, ""), (OLD, "", ""), (hba1c("1"), A, "")).refused == TWO
    assert told((patient(), A, ""), (OLD, "", A), (hba1c("1"), A, "")).refused == TWO
    assert told((patient(), "", A), (OLD, "", B), (hba1c("1"), C, "")).refused == TWO


def test_a_third_servers_resources_are_strangers_where_both_patients_name_their_own() -> None:
    found = told((patient(), A, ""), (OLD, B, ""), (hba1c("1"), C, ""), (hba1c("2"), A, ""))
    assert shares(found) == [([0], [3]), ([1], [])]
    assert [number for number, _, _ in found.strangers] == [2]


def test_one_patient_whose_server_is_not_known_has_none_of_two_servers_resources() -> None:
    assert told((patient(), "", ""), (hba1c("1"), A, ""), (hba1c("2"), B, "")).refused == UNSAID
    assert not told((patient(), "", ""), (hba1c("1"), A, ""), (hba1c("2"), A, "")).refused


def test_urns_tell_people_apart_and_are_no_servers() -> None:
    found = told((patient(), "urn:1", ""), (OLD, "urn:2", ""), (hba1c("1"), "urn:2", ""), (hba1c("2"), "urn:1", ""))
    assert shares(found) == [([0], [3]), ([1], [2])]
    assert found.persons[0].servers == []


PLACES = st.sampled_from(["", A, B])
RESOURCES = st.lists(st.tuples(st.booleans(), PLACES, PLACES), max_size=6)


@given(
    RESOURCES,
    st.lists(st.tuples(st.sampled_from(["1980-01-01", "1955-05-05"]), PLACES, PLACES), min_size=1, max_size=3),
)
def test_nobody_has_a_resource_of_a_server_that_is_another_persons(
    drawn: list[tuple[bool, str, str]], born: list[tuple[str, str, str]]
) -> None:
    patients: list[Given] = [(patient(birthDate=birth), own, base) for birth, own, base in born]
    resources: list[Given] = [(hba1c(f"o{turn}"), own, base) for turn, (_, own, base) in enumerate(drawn)]
    given = [*patients, *resources]
    found = told(*given)
    if found.refused:
        return
    taken = [number for person in found.persons for number, _, _ in (*person.patients, *person.others)]
    assert sorted([*taken, *(number for number, _, _ in found.strangers)]) == list(range(len(given)))
    for person in found.persons:
        rivals = {one for each in found.persons if each is not person for one in each.labels}
        for number, _, _ in person.others:
            own = label(given[number][1])
            assert own not in rivals
            if len(found.persons) > 1:
                assert (own or label(given[number][2])) in person.labels - {NO_SERVER}


def test_patients_of_whom_only_one_has_an_identifier_are_known_by_birth_and_sex() -> None:
    known = patient(identifier=[{"system": "urn:mrn", "value": "1"}])
    for pair in ((known, patient()), (patient(), known)):
        assert shares(told(*((one, "", "") for one in pair))) == [([0, 1], [])]
    assert told((known, "", ""), (OLD, "", "")).refused == TWO


def test_a_patient_of_a_server_and_one_of_none_that_is_known_are_one_by_birth_and_sex() -> None:
    for own, base in ((A, ""), ("", A)):
        assert shares(told((patient(), own, base), (patient(), "", ""))) == [([0, 1], [])]
        assert shares(told((patient(), "", ""), (patient(), own, base))) == [([0, 1], [])]
    assert len(told((patient(), A, ""), (patient(), B, "")).persons) == 2
