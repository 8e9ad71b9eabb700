import pytest

from priorauth.record.read import RefusedInput
from tests.record.building import bundle, condition, observation, quantity, read, read_any, ref

STRANGER = {"resourceType": "Patient", "id": "pat-2"}


def refused(source: dict[str, object]) -> str:
    with pytest.raises(RefusedInput) as caught:
        read_any(source)
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_claim_that_was_withdrawn_asks_for_nothing(status: str) -> None:
    assert "expected a Claim with use preauthorization" in refused(bundle(Claim={"status": status}))


def test_a_claim_for_payment_is_no_request() -> None:
    assert "preauthorization" in refused(bundle(Claim={"use": "claim"}))


def test_a_claim_without_items_is_refused() -> None:
    assert "Claim/clm-1: expected at least one item" in refused(bundle(Claim={"item": []}))


def test_a_claim_of_too_many_items_is_refused() -> None:
    items = [{"sequence": number} for number in range(1, 502)]
    assert "Claim/clm-1: expected at most 500 items, found 501" in refused(bundle(Claim={"item": items}))
    assert len(read(Claim={"item": items[:3]}).requests) == 3


@pytest.mark.parametrize("created", ["", "soon", "2026-06"])
def test_a_claim_needs_its_day(created: str) -> None:
    assert "Claim/clm-1: created" in refused(bundle(Claim={"created": created}))


def test_nobody_is_born_after_the_request() -> None:
    assert "birthDate lies after" in refused(bundle(Patient={"birthDate": "2026-06-16"}))
    assert read(Patient={"birthDate": "2026-06-15"}).patient == "Patient/pat-1"


def test_a_birth_date_that_is_none_is_refused() -> None:
    assert "birthDate: expected a date" in refused(bundle(Patient={"birthDate": "1980-13-01"}))


def test_a_bundle_without_a_patient_is_refused() -> None:
    source = bundle()
    source["entry"] = [one for one in source["entry"] if one["resource"]["resourceType"] != "Patient"]
    assert "expected a Patient" in refused(source)


def test_a_claim_of_a_patient_who_is_not_there_is_refused() -> None:
    assert "Claim/clm-1: patient is not in the Bundle" in refused(bundle(Claim={"patient": ref("Patient/other")}))


def test_a_second_patient_is_refused_unless_the_subscriber() -> None:
    assert "Patient/pat-2 is another patient" in refused(bundle(STRANGER))
    assert read(STRANGER, Coverage={"subscriber": ref("Patient/pat-2")}).patient == "Patient/pat-1"


def test_another_patients_resource_is_refused() -> None:
    theirs = condition("icd10:E10.65", subject=ref("Patient/pat-9"))
    assert "Condition/cond-1: its subject is not Patient/pat-1" in refused(bundle(theirs))


def test_another_patients_reading_is_refused_in_a_large_bundle_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.record.bundle.LARGE", 0)
    theirs = observation("loinc:4548-4", quantity(7, "%"), subject=ref("Patient/pat-9"))
    assert "Observation/obs-1: its subject is not Patient/pat-1" in refused(bundle(theirs))


def test_another_patients_resource_of_a_type_not_read_is_refused_too() -> None:
    theirs = {"resourceType": "Immunization", "id": "i-1", "patient": ref("Patient/pat-9")}
    assert "Immunization/i-1: its patient is not Patient/pat-1" in refused(bundle(theirs))


def test_every_fault_is_named_at_once() -> None:
    theirs = [condition("icd10:E10.65", id=f"c-{number}", subject=ref("Patient/pat-9")) for number in (1, 2)]
    assert refused(bundle(*theirs)).count("its subject is not") == 2


def test_a_resource_that_names_nobody_does_not_count() -> None:
    nobodys = condition("icd10:E10.65")
    del nobodys["subject"]
    case = read(nobodys)
    assert "diabetes" not in case.requests[0].rows
    assert case.warnings == ("Condition/cond-1 names no patient and does not count",)


def test_an_observation_of_a_device_does_not_count() -> None:
    case = read(observation("loinc:4548-4", quantity(7, "%"), subject=ref("Device/meter-1")))
    assert "hba1c" not in case.requests[0].rows
    assert case.warnings == ("Observation/obs-1: its subject is no patient; it does not count",)


def test_a_coverage_of_another_member_is_refused() -> None:
    assert "Coverage/cov-1: its beneficiary is not" in refused(bundle(Coverage={"beneficiary": ref("Patient/pat-9")}))


def test_a_coverage_that_is_not_there_is_refused() -> None:
    insurance = [{"sequence": 1, "coverage": ref("Coverage/none")}]
    assert "insurance.coverage is not in the Bundle" in refused(bundle(Claim={"insurance": insurance}))
    assert "expected insurance" in refused(bundle(Claim={"insurance": []}))


def test_a_payor_that_is_not_there_is_refused() -> None:
    assert "Coverage/cov-1: payor is not in the Bundle" in refused(bundle(Coverage={"payor": [ref("Organization/no")]}))
    assert "expected a payor" in refused(bundle(Coverage={"payor": []}))


def test_a_diagnosis_that_points_nowhere_is_refused() -> None:
    claim = {"diagnosis": [{"sequence": 1, "diagnosisReference": ref("Condition/none")}]}
    assert "diagnosis 1: its Condition is not in the Bundle" in refused(bundle(Claim=claim))


def test_the_focal_coverage_counts() -> None:
    second = {"resourceType": "Coverage", "id": "cov-2", "status": "active", "beneficiary": ref("Patient/pat-1"),
              "payor": [ref("Organization/dme-1")]}  # fmt: skip
    insurance = [
        {"sequence": 1, "focal": False, "coverage": ref("Coverage/cov-2")},
        {"sequence": 2, "focal": True, "coverage": ref("Coverage/cov-1")},
    ]
    assert read(second, Claim={"insurance": insurance}).coverage == "Coverage/cov-1"


def test_an_earlier_request_that_was_answered_is_not_asked_again() -> None:
    earlier = {**bundle()["entry"][0]["resource"], "id": "clm-0"}
    answer = {
        "resourceType": "ClaimResponse",
        "id": "r",
        "request": ref("Claim/clm-0"),
        "patient": ref("Patient/pat-1"),
    }
    assert [one.claim for one in read(earlier, answer).requests] == ["Claim/clm-1"]


def test_a_request_that_another_follows_on_is_not_asked_again() -> None:
    earlier = {**bundle()["entry"][0]["resource"], "id": "clm-0"}
    case = read(earlier, Claim={"related": [{"claim": ref("Claim/clm-0")}]})
    assert [one.claim for one in case.requests] == ["Claim/clm-1"]


def test_two_open_claims_are_requests_each() -> None:
    second = {**bundle()["entry"][0]["resource"], "id": "clm-2"}
    assert [one.claim for one in read(second).requests] == ["Claim/clm-1", "Claim/clm-2"]
