import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import InputRefused
from priorauth.facts.rows import UNREAD, Answer
from priorauth.fhir.bundle import Record
from priorauth.fhir.bundle import read as load
from priorauth.fhir.structs import Patient
from priorauth.record.read import read_member
from tests.record import building
from tests.record.building import (
    bundle,
    concept,
    condition,
    day,
    form,
    item,
    meter,
    on,
    order,
    read,
    read_any,
    ref,
    times,
    yes,
)

EVERYTHING = [
    condition("icd10:E10.65"),
    condition("icd10:E10.649", "2026-05-02", id="low-1", encounter=ref("Encounter/er-1")),
    {"resourceType": "Encounter", "id": "er-1", "status": "finished", "class": {"code": "EMER"},
     "subject": ref("Patient/pat-1"), "period": {"start": "2026-05-02T10:00:00-04:00"}},
    order("rxnorm:51428", repeat=times(3)),
    order("rxnorm:274783", repeat=times(1)),
    *(meter(f"2026-05-{number:02d}T07:00:00-04:00", 60 + number, "mdc:8417876") for number in range(1, 20)),
    building.observation("loinc:4548-4", building.quantity(8.1, "%"), id="a1c-1"),
    building.device_order(),
    form(item("motivated", yes()), item("hypoglycemia", on("2026-04-01"), on("2026-03-01"))),
]  # fmt: skip


def test_a_bundle_is_one_request_for_each_item_in_item_order() -> None:
    items = [
        {"sequence": 2, "productOrService": concept("hcpcs:E0781")},
        {"sequence": 1, "productOrService": concept("hcpcs:E0784")},
    ]
    case = read(Claim={"item": items})
    assert [(one.item, one.product) for one in case.requests] == [(1, "E0784"), (2, "E0781")]


def test_an_item_keeps_the_sequence_that_the_claim_gave_it() -> None:
    pump = {"productOrService": concept("hcpcs:E0784")}
    case = read(Claim={"item": [{"sequence": 12, **pump}, {"sequence": 7, **pump}]})
    assert [(one.item, one.sequence) for one in case.requests] == [(1, 7), (2, 12)]
    assert [one.sequence for one in read(Claim={"item": [pump]}).requests] == [1]


def test_bytes_and_mappings_read_alike() -> None:
    source = bundle(*EVERYTHING)
    assert read_any(json.dumps(source).encode()) == read_any(source)


@given(st.permutations(range(len(EVERYTHING))))
def test_the_order_of_the_bundle_does_not_matter(places: list[int]) -> None:
    assert read(*(EVERYTHING[place] for place in places)) == read(*EVERYTHING)


@given(st.randoms(use_true_random=False))
def test_the_claim_need_not_come_first(random: Any) -> None:
    source = bundle(*EVERYTHING)
    random.shuffle(source["entry"])
    assert read_any(source) == read(*EVERYTHING)


def test_a_large_bundle_is_read_like_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    small = read(*EVERYTHING)
    monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    assert read(*EVERYTHING) == small


def test_an_unknown_resource_type_is_skipped_in_small_and_large_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = {"resourceType": "Nonsense", "id": "x", "status": 7}
    assert read(odd, *EVERYTHING) == read(*EVERYTHING)
    monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    assert read(odd, *EVERYTHING) == read(*EVERYTHING)


def test_the_request_bears_its_days_and_haste() -> None:
    claim = {"priority": {"coding": [{"code": "stat"}]}, "item": [
        {"sequence": 1, "productOrService": concept("hcpcs:E0784"), "servicedPeriod": {"start": "2026-07-01"}}
    ]}  # fmt: skip
    made = read(form(item("request_received_on", on("2026-06-17"))), Claim=claim).requests[0]
    assert (made.requested_on, made.received_on, made.service_on) == (
        day("2026-06-15"),
        day("2026-06-17"),
        day("2026-07-01"),
    )
    assert made.expedited


def test_without_more_the_request_is_received_and_served_on_its_own_day() -> None:
    made = read().requests[0]
    assert made.requested_on == made.received_on == made.service_on == day("2026-06-15")
    assert not made.expedited


def test_a_request_names_its_claim_its_payer_and_its_product() -> None:
    made = read().requests[0]
    assert made.claim == "Claim/clm-1"
    assert made.claim_identifiers == ("urn:example:request|R-1",)
    assert (made.payer, made.payer_names) == ("masshealth", ("MassHealth",))
    assert (made.product, made.insulin_pumps_in_request) == ("E0784", 1)


def test_an_answer_of_the_supplier_on_a_clinical_fact_is_a_mention() -> None:
    said = form(item("motivated", yes()), item("current_pump_works", yes()), author=ref("Organization/dme-1"))
    made = read(said, building.device_order()).requests[0]
    assert [row.text for row in made.rows["motivated"] if isinstance(row, Answer)] == [UNREAD]
    assert [row.text for row in made.rows["current_pump_works"] if isinstance(row, Answer)] == ["yes"]


def test_what_the_supplier_only_repeats_is_left_out() -> None:
    theirs = form(item("motivated", yes()), author=ref("Organization/dme-1"), id="qr-2")
    made = read(form(item("motivated", yes())), theirs, building.device_order()).requests[0]
    assert [row.ref for row in made.rows["motivated"]] == ["QuestionnaireResponse/qr-1"]


def test_a_questionnaire_entered_in_error_says_nothing() -> None:
    assert "motivated" not in read(form(item("motivated", yes()), status="entered-in-error")).requests[0].rows


def test_a_fault_is_one_line_that_names_file_and_place_and_no_value() -> None:
    source = bundle()
    source["entry"][1]["resource"]["birthDate"] = {"secret": "Mary"}
    with pytest.raises(InputRefused) as caught:
        read_any(source)
    (fault,) = caught.value.faults
    assert (fault.file, fault.place) == ("bundle", "entry[1].resource.birthDate")
    assert str(fault) == "bundle: entry[1].resource.birthDate: Expected `str`, got `object`"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "expected JSON"),
        (b"not json", "expected JSON"),
        (b'{"resourceType":"Bundle","entry":[', "expected JSON"),
        (b"[]", "Expected `object`"),
        (b'{"resourceType":"Patient"}', "expected resourceType Bundle, found Patient"),
        (b'{"resourceType":"Bundle","type":"history"}', "type collection, found history"),
        (b'{"resourceType":"Bundle","type":"collection"}', "expected a Claim with use preauthorization"),
        (b'{"resourceType":"Bundle","entry":[{"resource":{"id":"x"}}]}', "resourceType"),
        (b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"\xff"}}]}', "expected"),
    ],
)
def test_what_is_no_request_is_refused_with_one_clear_line(text: bytes, said: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read_any(text)
    assert len(caught.value.faults) == 1
    assert str(caught.value).startswith("bundle: ")
    assert said in str(caught.value)


def test_warnings_are_sorted_and_stand_on_every_request() -> None:
    case = read(form(item("nonsense", yes()), item("more_nonsense", yes())))
    assert case.warnings == ("QuestionnaireResponse/qr-1: ignored, no facts: nonsense, more_nonsense",)
    assert case.requests[0].warnings == case.warnings


def test_reading_leaves_its_input_as_it_was() -> None:
    source = bundle(*EVERYTHING)
    before = copy.deepcopy(source)
    read_any(source)
    assert source == before


def test_a_member_who_asks_for_nothing_is_read_as_of_a_day() -> None:
    record = load_record(bundle(*EVERYTHING))
    (patient,) = record.all(Patient)
    found = read_member(record, patient, day("2026-06-15"), building.VOCABULARY, building.UNITS)
    asked = read(*EVERYTHING).requests[0].rows
    for fact in ("type_1_diabetes", "hba1c", "hypoglycemia", "insulin_injections", "birth_date", "coverage_in_force"):
        assert found[fact] == asked[fact]
    assert "product_code" not in found
    assert "prescriber_visit" not in found


def load_record(source: dict[str, object]) -> Record:
    return load(source, "x", max_bytes=10**6)
