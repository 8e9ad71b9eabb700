"""Who stands in a request, as its Bundle says it; what is not said is empty."""

from __future__ import annotations

from datetime import date
from typing import Any

from priorauth.ledger import people
from priorauth.letters.facts import Contact, Item, Member, Prescriber, Supplier

NPI = "http://hl7.org/fhir/sid/us-npi"
PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "urn:none"}, {"value": "M-7"}],
    "name": [{"given": ["Ana", "Maria"], "family": "Diaz"}, {"text": "Another"}],
    "birthDate": "1990-02-03",
    "address": [
        {"line": ["1 Elm Street", "Flat 2"], "city": "Boston", "state": "MA", "postalCode": "02101"},
        {"line": ["2 Oak Street"]},
    ],
    "telecom": [{"system": "phone", "value": "617-555-0100"}, {"system": "fax", "value": "617-555-0101"}],
    "communication": [
        {"language": {"coding": [{"code": "fr"}]}},
        {"language": {"coding": [{"code": "es"}]}, "preferred": True},
    ],
}
DOCTOR: dict[str, Any] = {
    "resourceType": "Practitioner",
    "id": "d1",
    "identifier": [{"system": "urn:other", "value": "no"}, {"system": NPI, "value": "1234567893"}],
    "name": [{"text": "Dora Day", "suffix": ["MD"]}],
}
SHOP: dict[str, Any] = {
    "resourceType": "Organization",
    "id": "s1",
    "name": "Pumps and Co",
    "identifier": [{"system": NPI, "value": "1111111112"}],
    "address": [{"line": ["3 Ash Street"]}],
}
CLAIM: dict[str, Any] = {
    "resourceType": "Claim",
    "patient": {"reference": "Patient/p1"},
    "provider": {"reference": "Organization/s1"},
    "careTeam": [{"provider": {"reference": "Practitioner/d1"}}],
}
EMPTY: dict[str, Any] = {"resourceType": "Bundle"}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


WHOLE = bundle(PATIENT, DOCTOR, SHOP, CLAIM)


def test_a_member_has_her_name_number_address_birth_date_and_preferred_language() -> None:
    contact = Contact(
        name="Ana Maria Diaz",
        address=("1 Elm Street", "Flat 2", "Boston MA 02101"),
        phone="617-555-0100",
        fax="617-555-0101",
    )
    expected = Member(name="Ana Maria Diaz", id="M-7", contact=contact, born=date(1990, 2, 3), language="es")
    assert people.member(WHOLE, CLAIM) == expected


def test_the_member_of_the_claim_is_meant_else_the_first_patient() -> None:
    other = {"resourceType": "Patient", "id": "p0", "name": [{"text": "Nobody"}]}
    found = bundle(other, PATIENT)
    assert people.member(found, CLAIM).name == "Ana Maria Diaz"
    assert people.member(found, {}).name == "Nobody"
    assert people.member(found, {"patient": "Patient/p1"}).name == "Nobody"
    absolute = {"patient": {"reference": "https://example.org/fhir/Patient/p1"}}
    assert people.member(found, absolute).name == "Ana Maria Diaz"


def test_a_birth_date_of_which_only_a_part_is_known_is_not_made_whole() -> None:
    for born in ("1990", "1990-02"):
        assert people.member(bundle({**PATIENT, "birthDate": born}), CLAIM).born is None


def test_a_member_without_a_number_is_known_by_her_id_and_one_who_prefers_nothing_reads_english() -> None:
    plain = {"resourceType": "Patient", "id": "p1", "communication": [{"language": {"coding": [{"code": "fr"}]}}]}
    found = people.member(bundle(plain), CLAIM)
    assert (found.id, found.language) == ("p1", "en")


def test_a_prescriber_is_of_the_care_team_with_credential_and_npi() -> None:
    second = {"resourceType": "Practitioner", "id": "d0", "name": [{"text": "Else"}]}
    expected = Prescriber(name="Dora Day", credential="MD", contact=Contact(name="Dora Day"), npi="1234567893")
    assert people.prescriber(bundle(second, DOCTOR), CLAIM) == expected


def test_without_a_care_team_the_only_practitioner_is_meant_and_of_two_none() -> None:
    second = {"resourceType": "Practitioner", "id": "d0", "name": [{"text": "Else"}]}
    assert people.prescriber(bundle(DOCTOR), {}).name == "Dora Day"
    assert people.prescriber(bundle(DOCTOR, second), {}).name == ""


def test_a_supplier_is_who_sent_the_request() -> None:
    contact = Contact(name="Pumps and Co", address=("3 Ash Street",))
    assert people.supplier(WHOLE, CLAIM) == Supplier(contact=contact, npi="1111111112")


def test_what_a_request_does_not_say_is_empty() -> None:
    nobody = Contact(name="")
    assert people.member(EMPTY, {}) == Member(name="", id="", contact=nobody)
    assert people.prescriber(EMPTY, {}) == Prescriber(name="", credential="", contact=nobody)
    assert people.supplier(EMPTY, {}) == Supplier(contact=nobody)
    assert people.items({}) == {}


def test_an_entry_that_is_no_resource_is_passed_over() -> None:
    found = {"entry": [None, {}, {"resource": "x"}, {"resource": PATIENT}]}
    assert list(people.resources(found, "Patient")) == [PATIENT]


def test_an_item_with_the_modifier_of_rental_is_rented() -> None:
    rented = {
        "sequence": 2,
        "productOrService": {"coding": [{"display": "none"}, {"code": "E0784", "display": "Insulin pump"}]},
        "modifier": [{"coding": [{"code": "RR"}]}, {"coding": [{"code": "KX"}]}],
        "quantity": {"value": 3},
    }
    bought = {"sequence": 1, "productOrService": {"coding": [{"code": "A4224"}]}}
    assert people.items({"item": [rented, bought]}) == {
        1: Item(hcpcs="A4224", words="item A4224", quantity=1, supply="purchase"),
        2: Item(hcpcs="E0784", words="Insulin pump", quantity=3, supply="rental", modifier="RR KX"),
    }


def test_an_item_is_called_as_the_request_calls_it() -> None:
    said = {"text": "A pump", "coding": [{"code": "E0784", "display": "Insulin pump"}]}
    assert people.items({"item": [{"sequence": 1, "productOrService": said}]})[1].words == "A pump"
