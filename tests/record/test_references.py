from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.record.elements import Identifier, Reference
from priorauth.record.references import References, tail
from priorauth.record.structs import Practitioner
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
