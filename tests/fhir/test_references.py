from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.fhir.bundle import decoder
from priorauth.fhir.elements import Identifier, Reference
from priorauth.fhir.references import References, tail
from priorauth.fhir.structs import ObservationHead, Practitioner
from tests.record.building import bundle, read, read_any, rows

UUID = "urn:uuid:6f1e1b1e-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("Patient/pat-1", "Patient/pat-1"),
        ("https://ehr.example.org/fhir/Patient/pat-1/_history/3", "Patient/pat-1"),
        ("Patient/pat-1/_history/1", "Patient/pat-1"),
        ("#inner", ""),
        ("urn:uuid:1-2", ""),
    ],
)
def test_the_tail_of_a_reference_is_type_and_id(reference: str, found: str) -> None:
    assert tail(reference) == found


FORMS = ["Patient/pat-1", "Patient/pat-1/_history/2", "https://ehr.example.org/fhir/Patient/pat-1",
         "https://ehr.example.org/fhir/Patient/pat-1/_history/7"]  # fmt: skip


@given(st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_every_way_of_naming_the_patient_means_the_patient(of_claim: str, of_coverage: str) -> None:
    case = read(Claim={"patient": {"reference": of_claim}}, Coverage={"beneficiary": {"reference": of_coverage}})
    assert case.patient == "Patient/pat-1"


def test_a_patient_is_known_by_business_identifier_too() -> None:
    member = {"identifier": {"system": "urn:example:member", "value": "M-1"}, "type": "Patient"}
    assert read(Claim={"patient": member}).patient == "Patient/pat-1"


def with_urls(full_url: str, reference: str, *, keep_id: bool) -> dict[str, Any]:
    source = bundle()
    for entry in source["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            entry["fullUrl"] = full_url
            if not keep_id:
                del resource["id"]
        for element in ("patient", "beneficiary"):
            if element in resource:
                resource[element] = {"reference": reference}
    return source


@pytest.mark.parametrize("keep_id", [True, False])
def test_a_urn_uuid_means_the_entry_of_that_full_url(keep_id: bool) -> None:  # noqa: FBT001
    assert len(read_any(with_urls(UUID, UUID, keep_id=keep_id)).requests) == 1


def test_a_urn_uuid_means_a_resource_of_that_id_where_there_is_no_full_url() -> None:
    source = with_urls("", "urn:uuid:pat-1", keep_id=True)
    assert read_any(source).patient == "Patient/pat-1"


def test_an_absolute_reference_to_another_server_means_someone_else() -> None:
    references = References(None)  # type: ignore[arg-type]  # nothing contained is looked for
    doctor = Practitioner(id="d")
    references.add("https://a.example.org/Practitioner/d", doctor)
    assert references.find(Reference(reference="https://b.example.org/Practitioner/d")) is None
    assert references.find(Reference(reference="https://a.example.org/Practitioner/d/_history/1")) is doctor
    assert references.find(Reference(reference="Practitioner/d")) is doctor


def test_what_is_not_in_the_bundle_still_has_a_key() -> None:
    references = References(None)  # type: ignore[arg-type]  # nothing contained is looked for
    absolute, relative = "https://a.example.org/Practitioner/d/_history/2", "Practitioner/d"
    assert references.key(Reference(reference=absolute)) == references.key(Reference(reference=relative)) == relative
    assert references.key(Reference(identifier=Identifier(system="s", value="v"))) == "s|v"
    assert references.key(Reference(display="Dr. Who")) is None
    assert references.key(None) is None


def test_a_contained_medication_is_found() -> None:
    held = {"resourceType": "MedicationRequest", "id": "rx", "status": "active", "intent": "order",
            "subject": {"reference": "Patient/pat-1"}, "authoredOn": "2026-01-01",
            "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "ingredient": [
                {"itemCodeableConcept": {"coding": [
                    {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "51428"}]}}]}]}  # fmt: skip
    assert len(rows("insulin_treatment", held)) == 1


# ---- the rule for fullUrl ----

A, B = "https://a.example.org/fhir", "https://b.example.org/fhir"


def doctor(name: str = "d", **more: Any) -> Practitioner:
    return Practitioner(id=name, **more)


def empty() -> References:
    return References(decoder())


def to(reference: str) -> Reference:
    return Reference(reference=reference)


def test_a_relative_reference_means_the_resource_of_the_same_server() -> None:
    references = empty()
    of_a, of_b, owner = doctor(), doctor(), doctor("owner")
    references.add(f"{A}/Practitioner/d", of_a)
    references.add(f"{B}/Practitioner/d", of_b)
    references.add(f"{B}/Practitioner/owner", owner)
    assert references.find(to("Practitioner/d"), owner) is of_b
    assert references.find(to("Practitioner/d")) is None
    references.place(A, owner)
    assert references.find(to("Practitioner/d"), owner) is of_a


def test_a_relative_reference_never_means_a_resource_of_another_server() -> None:
    references = empty()
    owner = doctor("owner")
    references.add(f"{A}/Practitioner/d", doctor())
    references.add(f"{B}/Practitioner/owner", owner)
    assert references.find(to("Practitioner/d"), owner) is None


def test_a_relative_reference_may_mean_the_one_resource_that_names_no_server() -> None:
    for url in ("", "urn:uuid:1"):
        references = empty()
        plain, owner = doctor(), doctor("owner")
        references.add(url, plain)
        references.add(f"{B}/Practitioner/owner", owner)
        assert references.find(to("Practitioner/d"), owner) is plain
        references.add("urn:uuid:2", doctor())
        assert references.find(to("Practitioner/d"), owner) is None


def test_a_urn_means_its_full_url_or_the_id_of_a_resource_that_has_none() -> None:
    references = empty()
    one, two = doctor("x"), doctor("6f1e1b1e")
    references.add("urn:uuid:1", one)
    references.add("", two)
    assert references.find(to("urn:uuid:1")) is one
    assert references.find(to("urn:uuid:6f1e1b1e")) is two
    assert references.find(to("urn:uuid:x")) is None


def test_an_absolute_reference_may_mean_a_resource_without_a_server_but_of_one_server_only() -> None:
    references = empty()
    plain = doctor()
    references.add("", plain)
    assert references.find(to(f"{A}/Practitioner/d")) is plain
    assert references.find(to(f"{A}/Practitioner/d/_history/2")) is plain
    assert references.find(to(f"{B}/Practitioner/d")) is None
    assert references.find(to(f"{A}/Practitioner/d")) is plain


def test_a_further_full_url_means_the_same_resource_and_takes_no_other_ones() -> None:
    references = empty()
    one, two = doctor("one"), doctor("two")
    references.add("urn:uuid:1", one)
    references.add("urn:uuid:2", two)
    references.also("urn:uuid:3", one)
    references.also("urn:uuid:2", one)
    assert references.find(to("urn:uuid:3")) is one
    assert references.find(to("urn:uuid:2")) is two


def test_what_is_hidden_is_found_only_by_who_asks_for_it() -> None:
    references = empty()
    gone, later = doctor(identifier=[Identifier(system="s", value="v")]), doctor("later")
    references.add(f"{A}/Practitioner/d", gone, hidden=True)
    references.add(f"{A}/Practitioner/later", later)
    for reference in (to(f"{A}/Practitioner/d"), to("Practitioner/d"), Reference(identifier=Identifier("s", "v"))):
        assert references.find(reference) is None
        assert references.find(reference, hidden=True) is gone
    assert references.find(to("Practitioner/later")) is later
    references.hide(later)
    assert references.find(to("Practitioner/later")) is None


def test_what_is_contained_refers_to_its_siblings_and_to_the_server_of_its_container() -> None:
    kit_of = {"resourceType": "Medication", "id": "kit", "ingredient": [{"itemReference": {"reference": "#part"}}]}
    held = [kit_of, {"resourceType": "Medication", "id": "#part"}, {"resourceType": "Nothing", "id": "n"}, 7]
    owner = decode({"resourceType": "MedicationRequest", "id": "rx", "contained": held})
    references = empty()
    references.add(f"{A}/MedicationRequest/rx", owner)
    of_a = doctor()
    references.add(f"{A}/Practitioner/d", of_a)
    references.add(f"{B}/Practitioner/d", doctor())
    kit = references.find(to("#kit"), owner)
    assert kit is not None
    part = references.find(to("#part"), kit)
    assert (part.id, part.kind) == ("#part", "Medication") if part is not None else False
    assert references.find(to("#kit"), part) is kit
    assert references.find(to("Practitioner/d"), kit) is of_a
    assert references.find(to("#kit")) is None
    assert references.find(to("#part"), of_a) is None
    assert references.contained(owner) == [kit, part]


def decode(resource: dict[str, Any]) -> Any:
    return decoder().decode(msgspec.json.encode(resource))


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("http://hl7.org/fhir/sid/us-npi", "urn:oid:2.16.840.1.113883.4.6", True),
        ("http://hl7.org/fhir/sid/us-npi", "https://hl7.org/fhir/sid/us-npi", True),
        ("http://hl7.org/fhir/sid/us-npi/", " urn:oid:2.16.840.1.113883.4.6", True),
        ("http://hl7.org/fhir/sid/us-npi", "http://hl7.org/fhir/sid/us-ssn", False),
        ("", "http://hl7.org/fhir/sid/us-npi", False),
    ],
)
def test_a_national_provider_identifier_is_the_same_however_its_system_is_spelled(
    one: str, two: str, *, same: bool
) -> None:
    references = empty()
    known = doctor(identifier=[Identifier(system=one, value="1234567893")])
    references.add("", known)
    said = Reference(identifier=Identifier(system=two, value=" 1234567893 "))
    assert (references.find(said) is known) is same
    shared = references.keys(to("Practitioner/d")) & references.keys(
        Reference(identifier=Identifier(two, "1234567893"))
    )
    assert bool(shared) is same


def test_a_logical_reference_of_a_type_means_no_resource_of_another_type() -> None:
    references = empty()
    known = doctor(identifier=[Identifier(system="s", value="v")])
    references.add("", known)
    assert references.find(Reference(identifier=Identifier("s", "v"), type="Practitioner")) is known
    assert references.find(Reference(identifier=Identifier("s", "v"), type="Organization")) is None
    assert references.find(Reference(identifier=Identifier("s", ""), type="Practitioner")) is None


def test_a_reading_is_known_to_be_in_the_bundle_without_being_kept() -> None:
    references = empty()
    heads = [(A, f"{A}/Observation/o", ObservationHead(id="o")), ("", "urn:uuid:9", ObservationHead(id="p"))]
    references.readings(heads)
    for reference in ("Observation/o", f"{A}/Observation/o/_history/1", "urn:uuid:9", "Observation/p"):
        assert references.has_reading(to(reference)), reference
    for reference in ("Observation/q", "urn:uuid:8", "Patient/o", "#o", ""):
        assert not references.has_reading(to(reference)), reference
    assert references.find(to("Observation/o")) is None
