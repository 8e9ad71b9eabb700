import pytest

from priorauth.values.dates import ANY_DAY, FIRST_DAY
from tests.record.building import concept, day, meter, observation, quantity, ref, request, rows, sensor

A1C = "loinc:4548-4"


def test_a_result_is_a_dated_number() -> None:
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), "2026-06-01T09:00:00-04:00"))
    assert (row.low, row.high, row.first, row.last, row.ref) == (
        81,
        81,
        day("2026-06-01"),
        day("2026-06-01"),
        "Observation/obs-1",
    )
    assert row.minute is not None


def test_the_loinc_code_may_stand_anywhere_in_the_list() -> None:
    local = observation(A1C, quantity(8.1, "%"))
    local["code"] = concept("urn:local:HBA1C", A1C)
    assert len(rows("hba1c", local)) == 1


def test_fifty_three_millimoles_per_mole_are_seven_percent() -> None:
    (row,) = rows("hba1c", observation("loinc:59261-8", quantity(53, "mmol/mol")))
    assert row.low == 70


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "registered"])
def test_a_result_that_was_withdrawn_or_is_not_there_does_not_count(status: str) -> None:
    assert rows("hba1c", observation(A1C, quantity(8.1, "%"), status=status)) == ()


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "preliminary"])
def test_a_result_that_stands_counts(status: str) -> None:
    assert len(rows("hba1c", observation(A1C, quantity(8.1, "%"), status=status))) == 1


def test_a_preliminary_result_gives_way_to_the_final_one_of_the_same_time() -> None:
    early = observation(A1C, quantity(9.9, "%"), id="early", status="preliminary")
    final = observation(A1C, quantity(8.1, "%"), id="final")
    assert [row.ref for row in rows("hba1c", early, final)] == ["Observation/final"]
    assert [row.ref for row in rows("hba1c", final, early)] == ["Observation/final"]


def test_a_preliminary_result_of_another_day_stands() -> None:
    early = observation(A1C, quantity(9.9, "%"), "2026-05-01", id="early", status="preliminary")
    assert len(rows("hba1c", early, observation(A1C, quantity(8.1, "%"), id="final"))) == 2


def test_a_preliminary_result_gives_way_to_the_final_one_of_the_same_identifier() -> None:
    number = [{"system": "urn:lab", "value": "7"}]
    early = observation(A1C, quantity(9.9, "%"), "2026-05-01", id="early", status="preliminary", identifier=number)
    final = observation(A1C, quantity(8.1, "%"), "2026-05-02", id="final", identifier=number)
    assert [row.ref for row in rows("hba1c", early, final)] == ["Observation/final"]


def test_a_result_that_is_absent_for_a_reason_makes_no_row() -> None:
    assert rows("hba1c", observation(A1C, dataAbsentReason=concept("x:unknown"))) == ()
    assert rows("hba1c", observation(A1C)) == ()


def test_a_result_in_a_unit_of_another_dimension_is_unknown_and_says_why() -> None:
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "mg/dL")))
    assert (row.low, row.high, row.fault) == (None, None, "unit 'mg/dL' is not a unit of hba1c")


def test_above_fourteen_is_an_open_interval() -> None:
    (row,) = rows("hba1c", observation(A1C, quantity(14, "%", ">")))
    assert (row.low, row.high, row.low_open) == (140, None, True)


def test_a_component_counts_like_a_result() -> None:
    panel = observation("loinc:24321-2", None)
    panel["component"] = [{"code": concept("loinc:2160-0"), "valueQuantity": quantity(1.1, "mg/dL")}]
    (row,) = rows("serum_creatinine", panel)
    assert (row.low, row.first) == (110, day("2026-06-01"))


def test_a_month_is_a_span_of_days() -> None:
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), "2026-05"))
    assert (row.first, row.last) == (day("2026-05-01"), day("2026-05-31"))


def test_a_result_without_a_date_is_of_the_day_its_sample_was_drawn() -> None:
    tube = {"resourceType": "Specimen", "id": "t", "subject": ref("Patient/pat-1"),
            "collection": {"collectedDateTime": "2026-05-03"}}  # fmt: skip
    (row,) = rows("hba1c", tube, observation(A1C, quantity(8.1, "%"), None, specimen=ref("Specimen/t")))
    assert row.first == row.last == day("2026-05-03")


def test_a_result_that_was_only_issued_is_no_younger_than_that() -> None:
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), None, issued="2026-05-03T10:00:00Z"))
    assert (row.first, row.last) == (FIRST_DAY, day("2026-05-03"))


def test_a_result_of_no_date_or_a_date_that_is_none_is_undated() -> None:
    for when in (None, "yesterday"):
        (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), when))
        assert (row.first, row.last) == ANY_DAY[:2]


def test_a_period_is_a_span_and_midnight_ends_the_day_before() -> None:
    lasting = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-15T00:00:00Z"}
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), None, effectivePeriod=lasting))
    assert (row.first, row.last) == (day("2026-05-01"), day("2026-05-14"))


def test_each_capillary_reading_is_a_test_with_its_value() -> None:
    (row,) = rows("glucose_self_test", meter("2026-06-01T07:00:00-04:00", 101))
    assert (row.low, row.high, row.first) == (101, 101, day("2026-06-01"))


def test_an_exact_copy_of_a_reading_is_one_test_in_whatever_zone_it_is_written() -> None:
    here = meter("2026-06-01T07:00:00-04:00", 101)
    copy = {**meter("2026-06-01T11:00:00Z", 101), "id": "a-copy"}
    assert [row.ref for row in rows("glucose_self_test", here, copy)] == ["Observation/a-copy"]
    assert [row.ref for row in rows("glucose_self_test", copy, here)] == ["Observation/a-copy"]


def test_another_value_or_another_minute_is_another_test() -> None:
    first = meter("2026-06-01T07:00:00-04:00", 101)
    assert len(rows("glucose_self_test", first, meter("2026-06-01T07:00:00-04:00", 102))) == 2
    assert len(rows("glucose_self_test", first, meter("2026-06-01T07:01:00-04:00", 101))) == 2


def test_readings_without_a_time_are_no_copies_of_each_other() -> None:
    assert len(rows("glucose_self_test", meter("2026-06-01", 101), {**meter("2026-06-01", 101), "id": "two"})) == 2


def test_control_solution_is_no_test() -> None:
    coded = meter("2026-06-01T07:00:00Z", 101)
    coded["component"] = [{"code": concept("mdc:8417844"), "valueCodeableConcept": concept("mdc:8417860")}]
    said = meter("2026-06-01T08:00:00Z", 101)
    said["component"] = [{"code": {"text": "sample"}, "valueCodeableConcept": {"text": "Control Solution L1"}}]
    drop = {
        "resourceType": "Specimen",
        "id": "t",
        "subject": ref("Patient/pat-1"),
        "type": {"text": "control solution"},
    }
    drawn = meter("2026-06-01T09:00:00Z", 101, specimen=ref("Specimen/t"))
    assert rows("glucose_self_test", coded, said, drop, drawn) == ()


@pytest.mark.parametrize(
    "tag", ["mdc:8417868", "snomed:307165006", "timing:ACM", "timing:ACD", "timing:ACV", "mdc:8417876"]
)
def test_a_reading_tagged_as_before_a_meal_or_fasting_is_a_premeal_reading(tag: str) -> None:
    assert len(rows("premeal_glucose", meter("2026-06-01T12:00:00Z", 101, tag))) == 1
    assert len(rows("premeal_glucose", sensor("2026-06-01T12:00:00Z", 101, tag))) == 1


@pytest.mark.parametrize("tag", ["mdc:8417872", "timing:PC", "timing:HS", None])
def test_other_readings_are_no_premeal_readings(tag: str | None) -> None:
    assert rows("premeal_glucose", meter("2026-06-01T12:00:00Z", 101, tag)) == ()


def test_before_and_after_a_meal_at_once_is_no_tag() -> None:
    both = meter("2026-06-01T12:00:00Z", 101)
    both["component"] = [
        {"code": concept("mdc:8417864"), "valueCodeableConcept": concept("mdc:8417868", "timing:PC")},
    ]
    assert rows("premeal_glucose", both) == ()


def test_a_pregnancy_status_is_a_pregnancy_only_where_it_says_so() -> None:
    status = observation("loinc:82810-3", None, "2026-05-01", valueCodeableConcept=concept("snomed:77386006"))
    (row,) = rows("pregnancy", status)
    assert row.start_last == day("2026-05-01") <= row.end_first
    assert (row.start_first, row.end_last) == (day("2026-05-01") - 294, day("2026-05-01") + 294)
    status["valueCodeableConcept"] = concept("snomed:60001007")
    assert rows("pregnancy", status) == ()


def test_a_result_of_nothing_that_is_asked_makes_no_row() -> None:
    before = request().rows
    assert request(observation("loinc:2093-3", quantity(187, "mg/dL"))).rows == before
