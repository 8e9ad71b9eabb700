"""Whose statement it is: what a case says of the author of a form, a paper or an order, and what stays open."""

from __future__ import annotations

import pytest

from priorauth.facts.rows import Answer
from tests.record.building import Json, device_order, form, item, ref, rows, yes

CLINIC = {"resourceType": "PractitionerRole", "id": "role-1", "practitioner": ref("Practitioner/doc-1"),
          "organization": ref("Organization/clinic-1")}  # fmt: skip
NUCC, DEGREE = "http://nucc.org/provider-taxonomy", "http://terminology.hl7.org/CodeSystem/v2-0360"


def colleague(ident: str = "doc-2", where: str = "clinic-1", **more: object) -> list[Json]:
    person: Json = {"resourceType": "Practitioner", "id": ident, "name": [{"family": "Roe"}]}
    role: Json = {"resourceType": "PractitionerRole", "id": f"role-{ident}",
                  "practitioner": ref(f"Practitioner/{ident}"),
                  "organization": ref(f"Organization/{where}"), **more}  # fmt: skip
    return [person, role]


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def author(by: str | None, *resources: Json) -> set[str] | None:
    """Give the roles of who fills in a form in the base case, in which doc-1 of clinic-1 orders and dme-1 supplies."""
    made = {**form(item("motivated", yes())), **({} if by is None else {"author": ref(by)})}
    (row,) = rows("motivated", device_order(), CLINIC, made, *resources)
    assert isinstance(row, Answer)
    return None if row.author is None else set(row.author.split())


def test_the_prescriber_is_of_the_practice_and_is_not_the_supplier() -> None:
    assert author("Practitioner/doc-1") == {"prescriber", "practice", "physician?", "educator?"}


def test_of_an_order_in_doubt_it_is_not_known_who_is_who() -> None:
    made = {**form(item("motivated", yes())), "author": ref("Practitioner/doc-1")}
    (row,) = rows("motivated", {**device_order(), "status": "gibberish"}, CLINIC, made)
    assert isinstance(row, Answer)
    assert set((row.author or "").split()) == {
        "prescriber?",
        "practice?",
        "supplier?",
        "member?",
        "physician?",
        "educator?",
    }


def test_a_colleague_is_of_the_practice_and_is_not_the_prescriber() -> None:
    assert author("Practitioner/doc-2", *colleague()) == {"practice", "physician?", "educator?"}
    assert author("Organization/clinic-1") == {"practice", "prescriber?", "physician?", "educator?"}


def test_the_supplier_and_who_works_there_are_the_supplier() -> None:
    assert author("Organization/dme-1") == {"supplier", "physician?", "educator?"}
    assert author("Practitioner/doc-3", *colleague("doc-3", "dme-1")) == {"supplier", "physician?", "educator?"}


def test_somebody_who_works_elsewhere_is_none_of_them() -> None:
    other = {"resourceType": "Organization", "id": "lab-1", "name": "Laboratory"}
    assert author("Practitioner/doc-4", other, *colleague("doc-4", "lab-1")) == {"physician?", "educator?"}


def test_a_clinician_of_no_known_workplace_may_work_for_any_of_them() -> None:
    person = {"resourceType": "Practitioner", "id": "doc-5", "name": [{"family": "Poe"}]}
    assert author("Practitioner/doc-5", person) == {"practice?", "supplier?", "physician?", "educator?"}


def test_the_member_has_no_other_role() -> None:
    assert author("Patient/pat-1") == {"member"}
    assert author("RelatedPerson/mother") == {"member"}


def test_of_a_form_without_an_author_nothing_is_known() -> None:
    assert author(None) is None


@pytest.mark.parametrize(
    ("system", "code", "roles"),
    [
        (DEGREE, "MD", {"physician", "educator?"}),
        ("http://terminology.hl7.org/CodeSystem/v2-0360/2.7", "DO", {"physician", "educator?"}),
        (NUCC, "207RE0101X", {"physician", "educator?"}),
        (NUCC, "363LF0000X", {"educator?"}),
        (NUCC, "163WD0400X", {"educator"}),
        ("http://snomed.info/sct", "309343006", {"physician", "educator?"}),
        ("urn:local", "MD", {"physician?", "educator?"}),
    ],
)
def test_a_profession_is_shown_by_the_codes_of_a_qualification_or_a_role(
    system: str, code: str, roles: set[str]
) -> None:
    person, role = colleague()
    qualified = {**person, "qualification": [{"code": coded(system, code)}]}
    assert author("Practitioner/doc-2", qualified, role) == {"practice", *roles}
    assert author("Practitioner/doc-2", person, {**role, "code": [coded(system, code)]}) == {
        "practice",
        *roles,
    }
    assert author("PractitionerRole/role-doc-2", person, {**role, "specialty": [coded(system, code)]}) == {
        "practice",
        *roles,
    }


def test_a_code_that_shows_a_role_counts_beside_one_that_excludes_it() -> None:
    person, role = colleague()
    both = {**person, "qualification": [{"code": coded(DEGREE, one)} for one in ("RN", "MD")]}
    assert author("Practitioner/doc-2", both, role) == {"practice", "physician", "educator?"}


def test_a_paper_is_of_its_authors_and_an_order_of_who_asks_for_it() -> None:
    (ordered,) = rows("prescription_signed_on", device_order(), CLINIC)
    assert set(ordered.author.split()) == {"prescriber", "practice", "physician?", "educator?"}
