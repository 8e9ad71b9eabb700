import msgspec
import pytest

from priorauth.errors import InputRefused
from priorauth.facts.rows import ground_of
from priorauth.record.read import read_bundle
from tests.record.building import (
    UNITS,
    VOCABULARY,
    Json,
    bundle,
    concept,
    condition,
    day,
    observation,
    quantity,
    read,
    read_any,
    ref,
    request,
    rows,
    status,
)

STRANGER = {"resourceType": "Patient", "id": "pat-2"}


def refused(source: dict[str, object]) -> str:
    with pytest.raises(InputRefused) as caught:
        read_any(source)
    return str(caught.value)


@pytest.mark.parametrize("code", ["cancelled", "entered-in-error"])
def test_a_claim_that_was_withdrawn_asks_for_nothing(code: str) -> None:
    assert "expected a Claim with use preauthorization" in refused(bundle(Claim={"status": code}))


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
    monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
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


PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
STRANGE = [{"url": "http://example.org/not", "valueBoolean": True}]
WITHDRAWN = "expected a Claim with use preauthorization that is not withdrawn"
A1C = observation("loinc:4548-4", quantity(8, "%"))


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "found nothing"), ("Active", "found another code"), ("proposed", "found another code"),
     ("draft", "a draft is no request")],
)  # fmt: skip
def test_a_claim_is_active_and_nothing_else(code: str, said: str) -> None:
    found = refused(bundle(Claim={"status": code}))
    assert "Claim/clm-1: status:" in found
    assert said in found
    source = bundle()
    del source["entry"][0]["resource"]["status"]
    assert "Claim/clm-1: status: expected active, found nothing" in refused(source)


def test_a_draft_is_read_where_it_is_only_to_be_checked_and_nothing_else_is() -> None:
    def checked(code: str) -> int:
        source = bundle(Claim={"status": code})
        return len(read_bundle(source, vocabulary=VOCABULARY, units=UNITS, draft=True).requests)

    assert checked("draft") == checked("active") == 1
    for code in ("", "cancelled", "entered-in-error", "proposed"):
        with pytest.raises(InputRefused):
            checked(code)


@pytest.mark.parametrize(
    ("code", "said"), [("draft", "another code"), ("", "nothing"), ("ACTIVE", "another code"), ("x", "another code")]
)
def test_a_coverage_whose_status_is_not_understood_is_refused(code: str, said: str) -> None:
    expected = f"Coverage/cov-1: status: expected active, found {said}"
    assert expected in refused(bundle(Coverage={"status": code}))


@pytest.mark.parametrize("code", ["cancelled", "entered-in-error"])
def test_a_coverage_that_has_ended_is_read_and_is_not_in_force(code: str) -> None:
    found = rows("coverage_in_force", Coverage={"status": code})
    assert [(row.low, row.high) for row in found] == [(0, 0)]


def test_a_modifier_on_a_claim_on_its_parts_and_on_its_coverage_is_refused() -> None:
    item = bundle()["entry"][0]["resource"]["item"][0]
    insurance = bundle()["entry"][0]["resource"]["insurance"][0]
    for claim in (
        {"modifierExtension": STRANGE},
        {"implicitRules": "http://example.org/rules"},
        {"item": [{**item, "modifierExtension": STRANGE}]},
        {"insurance": [{**insurance, "modifierExtension": STRANGE}]},
        {"diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {}, "modifierExtension": STRANGE}]},
        {"careTeam": [{"sequence": 1, "modifierExtension": STRANGE}]},
        {"related": [{"modifierExtension": STRANGE}]},
    ):
        assert "Claim/clm-1: modifierExtension or implicitRules: expected none but" in refused(bundle(Claim=claim))
    for coverage in (
        {"modifierExtension": STRANGE},
        {"implicitRules": "urn:x"},
        {"class": [{"modifierExtension": STRANGE}]},
    ):
        assert "Coverage/cov-1: modifierExtension or implicitRules" in refused(bundle(Coverage=coverage))


def certified(code: str) -> list[Json]:
    return [{"url": f"{PAS}/extension-certificationType", "valueCodeableConcept": concept(f"x12:{code}")}]


def test_a_claim_whose_certification_is_cancel_is_no_request() -> None:
    assert WITHDRAWN in refused(bundle(Claim={"extension": certified("3")}))
    assert len(read(Claim={"extension": certified("I")}).requests) == 1


def items(*changes: Json) -> Json:
    return {"item": [{"sequence": number, "productOrService": concept("hcpcs:E0784"), **change}
                     for number, change in enumerate(changes, 1)]}  # fmt: skip


@pytest.mark.parametrize("name", ["modifierextension-infoCancelled", "modifierextension-infoCancelledFlag"])
def test_an_item_that_is_cancelled_is_no_request_and_the_others_keep_their_places(name: str) -> None:
    def cancelled(**value: bool) -> Json:
        return {"modifierExtension": [{"url": f"{PAS}/{name}", **value}]}

    for gone in (cancelled(valueBoolean=True), cancelled(), {"extension": certified("3")}):
        found = read(Claim=items({}, gone, {})).requests
        assert [(one.item, one.sequence, one.insulin_pumps_in_request) for one in found] == [(1, 1, 2), (3, 3, 2)]
        assert WITHDRAWN in refused(bundle(Claim=items(gone)))
        assert WITHDRAWN in refused(bundle(Claim=items(gone, gone)))
    assert len(read(Claim=items(cancelled(valueBoolean=False), {})).requests) == 2


def test_places_follow_the_sequence_not_the_order_in_the_claim() -> None:
    listed = items({}, {}, {})["item"]
    swapped = [{**listed[2], "sequence": 7}, {**listed[0], "sequence": 2}, {**listed[1], "extension": certified("3")}]
    swapped[2]["sequence"] = 5
    assert [(one.item, one.sequence) for one in read(Claim={"item": swapped}).requests] == [(1, 2), (3, 7)]


@pytest.mark.parametrize("value", [0, -1, 1.5, 0.5, 1e25, 1_000_001, None], ids=str)
def test_a_quantity_is_a_whole_number_of_at_least_one(value: float | None) -> None:
    amount = {} if value is None else {"value": value}
    found = refused(bundle(Claim=items({}, {"quantity": amount})))
    assert found.endswith("Claim/clm-1: item 2: quantity: expected a whole number of at least one")


def test_a_quantity_that_is_no_number_or_has_a_comparator_is_refused() -> None:
    for text in ("NaN", "Infinity", "1e400", '"NaN"', '"Infinity"'):
        with pytest.raises(InputRefused):
            read_any(
                msgspec.json.encode(bundle(Claim=items({"quantity": {"value": 7}}))).replace(
                    b":7}", f":{text}}}".encode()
                )
            )
    assert "without a comparator" in refused(bundle(Claim=items({"quantity": {"value": 1, "comparator": ">="}})))


@pytest.mark.parametrize("value", [1, 2, 1.0, 1_000_000])
def test_every_whole_number_is_read(value: float) -> None:
    source = bundle(
        Claim={"item": [{"sequence": 1, "productOrService": concept("hcpcs:A4224"), "quantity": {"value": value}}]}
    )
    assert len(read_any(source).requests) == 1


# ---- whose it is ----

MEMBER = {"system": "urn:example:member", "value": "M-1"}


def counted(subject: Json, **more: object) -> bool:
    return bool(rows("hba1c", {**A1C, "subject": subject, **more}))


def test_a_subject_that_is_only_displayed_names_nobody() -> None:
    case = read({**A1C, "subject": {"display": "Jane Doe"}})
    assert "hba1c" not in case.requests[0].rows
    assert case.warnings == ("Observation/obs-1: its subject names nobody; it does not count",)
    assert not counted({"identifier": {"system": "urn:example:member"}})


def test_a_subject_may_be_named_by_the_members_identifier_alone() -> None:
    assert counted({"identifier": MEMBER})
    assert counted({"identifier": MEMBER, "type": "Patient"})
    wrong = {"identifier": {**MEMBER, "value": "M-2"}}
    assert "Observation/obs-1: its subject is not Patient/pat-1" in refused(bundle({**A1C, "subject": wrong}))


def test_a_subject_whose_reference_and_identifier_disagree_is_refused() -> None:
    assert counted({**ref("Patient/pat-1"), "identifier": MEMBER})
    assert counted({**ref("Patient/pat-1"), "identifier": {"system": "urn:example:other", "value": "9"}})
    both = {**ref("Patient/pat-1"), "identifier": {**MEMBER, "value": "M-2"}}
    assert "its subject is not Patient/pat-1" in refused(bundle({**A1C, "subject": both}))
    stranger = {**ref("Patient/pat-9"), "identifier": MEMBER}
    assert "its subject is not Patient/pat-1" in refused(bundle({**A1C, "subject": stranger}))


def test_a_second_subject_that_disagrees_is_refused_though_the_first_was_right() -> None:
    both = {**ref("Patient/pat-1"), "identifier": {**MEMBER, "value": "M-2"}}
    second = {**A1C, "id": "obs-2", "subject": both}
    assert "Observation/obs-2: its subject is not" in refused(bundle(A1C, second))


def test_a_contained_patient_is_the_member_by_an_identifier_and_not_by_an_id() -> None:
    def inside(**patient: object) -> Json:
        return {**A1C, "subject": ref("#p"), "contained": [{"resourceType": "Patient", **patient}]}

    assert rows("hba1c", inside(id="p", identifier=[MEMBER]))
    for other in (
        inside(id="p"),
        inside(id="p", identifier=[{**MEMBER, "value": "M-2"}]),
        inside(id="q", identifier=[MEMBER]),
    ):
        assert "its subject is not Patient/pat-1" in refused(bundle(other))
    named = {**inside(id="pat-1"), "subject": ref("#pat-1")}
    assert "its subject is not Patient/pat-1" in refused(bundle(named))


def test_what_is_observed_of_somebody_else_does_not_count() -> None:
    assert counted(ref("Patient/pat-1"), focus=[ref("Patient/pat-1")])
    for focus in ([ref("RelatedPerson/baby")], [ref("Patient/pat-1"), ref("Patient/pat-9")], [{"display": "donor"}]):
        case = read({**A1C, "focus": focus})
        assert "hba1c" not in case.requests[0].rows
        assert case.warnings == ("Observation/obs-1: its focus is not Patient/pat-1; it does not count",)


@pytest.mark.parametrize("large", [False, True])
def test_a_focus_is_seen_in_a_large_bundle_too(monkeypatch: pytest.MonkeyPatch, *, large: bool) -> None:
    if large:
        monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    assert "hba1c" not in request({**A1C, "focus": [ref("RelatedPerson/baby")]}).rows


def test_another_patients_resource_is_refused_even_where_it_is_withdrawn() -> None:
    theirs = condition("icd10:E10.65", subject=ref("Patient/pat-9"), verificationStatus=status("entered-in-error"))
    assert "Condition/cond-1: its subject is not Patient/pat-1" in refused(bundle(theirs))


def test_of_a_withdrawn_resource_that_names_nobody_nothing_is_said() -> None:
    gone = condition("icd10:E10.65", subject={"display": "?"}, verificationStatus=status("entered-in-error"))
    assert read(gone).warnings == ()


def test_a_coverage_of_a_member_named_by_identifier_is_the_members() -> None:
    assert request(Coverage={"beneficiary": {"identifier": MEMBER}}).payer == "masshealth"
    other = {"beneficiary": {"identifier": {**MEMBER, "value": "M-2"}}}
    assert "Coverage/cov-1: its beneficiary is not" in refused(bundle(Coverage=other))


def test_a_bundle_of_one_claim_that_was_answered_is_still_a_request() -> None:
    answer = {"resourceType": "ClaimResponse", "id": "r", "status": "active", "request": ref("Claim/clm-1"),
              "patient": ref("Patient/pat-1"), "outcome": "complete"}  # fmt: skip
    (made,) = read(answer).requests
    assert made.claim == "Claim/clm-1"
    assert made.requested_on == day("2026-06-15")
    assert "already_decided" in made.rows


def test_an_answer_that_is_withdrawn_leaves_the_request_open() -> None:
    answer = {"resourceType": "ClaimResponse", "id": "r", "status": "cancelled", "request": ref("Claim/clm-1"),
              "patient": ref("Patient/pat-1"), "outcome": "complete"}  # fmt: skip
    assert "already_decided" not in request(answer).rows


def test_a_diagnosis_that_points_to_a_withdrawn_condition_is_read_and_counts_for_nothing() -> None:
    gone = condition("icd10:E10.65", verificationStatus=status("refuted"))
    made = request(gone, Claim={"diagnosis": [{"sequence": 1, "diagnosisReference": ref("Condition/cond-1")}]})
    assert "primary_diagnosis" not in made.rows
    assert "diabetes" not in made.rows


def test_a_condition_that_names_nobody_is_found_by_no_reference() -> None:
    nobodys = condition("icd10:E10.65", subject={"display": "Jane Doe"})
    pointed = {"diagnosis": [{"sequence": 1, "diagnosisReference": ref("Condition/cond-1")}]}
    assert "primary_diagnosis" in request(condition("icd10:E10.65"), Claim=pointed).rows
    assert "primary_diagnosis" not in request(nobodys, Claim=pointed).rows
    stay: Json = {"resourceType": "Encounter", "id": "stay", "status": "finished", "class": {"code": "IMP"},
                  "subject": ref("Patient/pat-1"), "period": {"start": "2026-02-01", "end": "2026-02-04"},
                  "diagnosis": [{"condition": ref("Condition/cond-1")}]}  # fmt: skip

    def settled(made: Json) -> list[str]:
        found = request(made, stay).rows.items()
        return [fact for fact, listed in found for row in listed if row.ref == "Encounter/stay" and not ground_of(row)]

    ketoacidosis = condition("icd10:E10.10", "2026-02-01")
    assert settled(ketoacidosis) != []
    assert settled({**ketoacidosis, "subject": {"display": "Jane Doe"}}) == []
