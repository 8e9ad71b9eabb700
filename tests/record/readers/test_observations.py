from collections.abc import Callable

import pytest

from priorauth.errors import InputRefused
from priorauth.facts.rows import Event, Measurement, ground_of
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import (
    REQUESTED,
    Json,
    concept,
    day,
    meter,
    observation,
    quantity,
    read,
    ref,
    request,
    rows,
    sensor,
)

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


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_result_that_was_withdrawn_does_not_count(status: str) -> None:
    assert rows("hba1c", observation(A1C, quantity(8.1, "%"), status=status)) == ()


@pytest.mark.parametrize("status", ["registered", "unknown", "Final", "", "sent"])
def test_a_result_of_a_status_that_is_not_one_that_counts_is_a_mention(status: str) -> None:
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), status=status))
    assert (row.low, row.high, row.fault is not None) == (None, None, True)


def test_a_result_that_is_only_registered_is_not_there_yet() -> None:
    assert rows("hba1c", observation(A1C, status="registered")) == ()


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


def test_a_final_result_without_a_value_is_a_mention() -> None:
    (row,) = rows("hba1c", observation(A1C))
    assert (row.low, row.high, row.fault) == (None, None, "without a result")


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


def test_a_result_of_no_date_or_a_date_that_is_none_was_made_by_the_day_of_the_record() -> None:
    for when in (None, "yesterday"):
        (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), when))
        assert (row.first, row.last) == (FIRST_DAY, day(REQUESTED))


def test_a_period_is_a_span_and_midnight_ends_the_day_before() -> None:
    lasting = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-15T00:00:00Z"}
    (row,) = rows("hba1c", observation(A1C, quantity(8.1, "%"), None, effectivePeriod=lasting))
    assert (row.first, row.last) == (day("2026-05-01"), day("2026-05-14"))


def test_each_capillary_reading_is_a_test_with_its_value() -> None:
    (row,) = rows("glucose_self_test", meter("2026-06-01T07:00:00-04:00", 101))
    assert (row.low, row.high, row.first) == (101, 101, day("2026-06-01"))


SENTINELS = ("0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "2199-12-31", "9999-12-31")
"""Dates that systems write where they know none."""
IMPOSSIBLE = ("2024-02-30", "2024-02-30T07:00:00Z", "0000-00-00", "0001", "9999-12")
TIMES = tuple(f"T00:00:00{zone}" for zone in ("", "Z", "-14:00", "+14:00"))


@pytest.mark.parametrize("when", [*IMPOSSIBLE, *(f"{one}{time}" for one in SENTINELS for time in ("", *TIMES))])
@pytest.mark.parametrize(("made", "fact"), [(meter, "glucose_self_test"), (sensor, "cgm_glucose")])
def test_a_low_reading_of_a_date_that_stands_for_none_may_be_of_any_day_and_says_so(
    when: str, made: Callable[[str, int], Json], fact: str
) -> None:
    case = read(made(when, 50))
    (row,) = case.requests[0].rows[fact]
    lows = case.requests[0].rows.get("hypoglycemia", ())
    assert len(lows) == (made is meter)  # one reading of a sensor is no episode
    for one in (row, *lows):
        assert isinstance(one, Measurement | Event)
        assert (one.first, one.last, one.minute, one.high) == (FIRST_DAY, LAST_DAY, None, 50)
    assert any(text.startswith(row.ref) and text.endswith("read as not given") for text in case.warnings)


@pytest.mark.parametrize("when", ["1900-01-02T00:00:00+14:00", "2199-12-30T23:59:00-14:00"])
def test_the_first_and_the_last_day_of_readings_are_read_in_every_time_zone(when: str) -> None:
    case = read(meter(when, 50))
    (row,) = case.requests[0].rows["hypoglycemia"]
    assert isinstance(row, Event)
    assert row.first == row.last == day(when[:10])
    assert not any("its date" in text for text in case.warnings)


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


# ---- results that cannot be read, or stand where no reader looks for them: mentions, each with its ground ----

REPORT = {"resourceType": "DiagnosticReport", "id": "rep", "status": "final", "code": concept("loinc:24323-8"),
          "subject": ref("Patient/pat-1"), "effectiveDateTime": "2026-06-01"}  # fmt: skip


def grounds(fact: str, *resources: Json) -> list[str | None]:
    return [ground_of(row) for row in rows(fact, *resources)]


@pytest.mark.parametrize(
    ("value", "ground"),
    [
        ({"valueString": "8.1 %"}, "valueString cannot be read as a result"),
        ({"valueRange": {"low": quantity(7, "%"), "high": quantity(8, "%")}}, "valueRange cannot be read as a result"),
        ({"valueRatio": {"numerator": quantity(8, "%")}}, "valueRatio cannot be read as a result"),
    ],
)
def test_a_result_of_another_type_is_a_mention_with_its_ground(value: Json, ground: str) -> None:
    made = observation(A1C, **value)
    (row,) = rows("hba1c", made)
    assert (row.low, row.high, row.fault, row.first) == (None, None, ground, day("2026-06-01"))


def test_a_component_is_a_result_by_its_own_code_and_by_that_of_the_whole() -> None:
    inner = [{"code": concept(A1C), "valueQuantity": quantity(8, "%")}]
    for code in (A1C, "loinc:24323-8"):
        (row,) = rows("hba1c", observation(code, component=inner))
        assert (row.low, row.high, row.fault) == (80, 80, None)
    strange = [{**inner[0], "modifierExtension": [{"url": "urn:x"}]}]
    assert grounds("hba1c", observation(A1C, component=strange)) != [None]


def test_a_result_that_a_report_contains_and_a_report_without_a_result_are_mentions() -> None:
    inner = {**observation(A1C, quantity(8, "%")), "id": "in"}
    for report in ({**REPORT, "contained": [inner]}, {**REPORT, "contained": [inner], "result": [ref("#in")]}):
        assert grounds("hba1c", report) == ["contained in a report"]
    assert grounds("hba1c", {**REPORT, "code": concept(A1C)}) == ["without a result"]
    assert grounds("hba1c", {**REPORT, "code": concept(A1C), "status": "cancelled"}) == []
    assert grounds("hba1c", REPORT) == []


def test_a_result_whose_code_is_known_by_its_words_alone_is_a_mention() -> None:
    for words in ({"text": "Hemoglobin A1c"}, {"coding": [{"system": "urn:lab", "code": "1", "display": "HbA1c"}]}):
        made = {**observation(A1C, quantity(8, "%")), "code": words}
        assert grounds("hba1c", made) == ["named by words or by a code that is not known"]
    assert grounds("hba1c", {**observation(A1C, quantity(8, "%")), "code": {"text": "Sodium"}}) == []


def test_a_meter_reading_that_cannot_be_true_may_be_a_test() -> None:
    (row,) = rows("glucose_self_test", meter("2026-06-01T08:00:00Z", 5000))
    assert ground_of(row) is not None
    assert row.last > day("2026-06-01")
    (row,) = rows("glucose_self_test", meter("2026-06-01T08:00:00Z", 120))
    assert (ground_of(row), row.first, row.last) == (None, day("2026-06-01"), day("2026-06-01"))


def test_a_specimen_of_somebody_else_is_refused() -> None:
    theirs = {"resourceType": "Specimen", "id": "sp", "subject": ref("Patient/pat-9")}
    with pytest.raises(InputRefused, match="Specimen/sp: its subject is not Patient/pat-1"):
        request(observation(A1C, quantity(8, "%"), specimen=ref("Specimen/sp")), theirs)


EGFR, PER_SURFACE = "loinc:98979-8", "mL/min/{1.73_m2}"


@pytest.mark.parametrize(
    ("value", "unit", "comparator", "hints"),
    [
        (14, PER_SURFACE, None, True),
        (14.99, PER_SURFACE, None, True),
        (15, PER_SURFACE, None, False),
        (60, PER_SURFACE, None, False),
        (14, "mL/min", None, True),
        (60, "mL/min/1.73m2", None, False),
        (60, "mg/dL", None, True),
        (14, "", None, True),
        (60, "", None, False),
        (15, PER_SURFACE, "<", True),
        (60, PER_SURFACE, "<", True),
        (15, PER_SURFACE, "<=", True),
        (15, PER_SURFACE, ">", False),
        (60, PER_SURFACE, ">", False),
        (14, PER_SURFACE, ">=", True),
        (9999, PER_SURFACE, None, True),
    ],
)
def test_a_filtration_rate_that_is_or_may_be_low_hints_at_end_stage_disease(
    value: float, unit: str, comparator: str | None, *, hints: bool
) -> None:
    found = rows("end_stage_renal_disease", observation(EGFR, quantity(value, unit, comparator)))
    assert [(row.low, row.high) for row in found] == ([(0, 1)] if hints else [])
    assert all(ground_of(row) for row in found)


def test_a_filtration_rate_in_words_hints_and_the_latest_one_counts() -> None:
    low = observation(EGFR, quantity(10, PER_SURFACE))
    assert len(rows("end_stage_renal_disease", observation(EGFR, valueString="< 15"))) == 1
    assert len(rows("end_stage_renal_disease", {**low, "code": {"text": "eGFR"}})) == 1
    later = observation(EGFR, quantity(50, PER_SURFACE), "2026-06-10", id="later")
    assert rows("end_stage_renal_disease", low, later) == ()
    assert len(rows("end_stage_renal_disease", low, {**later, "effectiveDateTime": "2026-05-01"})) == 1


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_a_preliminary_result_gives_way_to_one_of_every_status_that_ends_it(status: str) -> None:
    early = observation(A1C, quantity(9.9, "%"), id="early", status="preliminary")
    late = observation(A1C, quantity(8.1, "%"), id="late", status=status)
    assert [row.ref for row in rows("hba1c", early, late)] == ["Observation/late"]


def test_an_amended_result_gives_way_to_nothing() -> None:
    early = observation(A1C, quantity(9.9, "%"), id="early", status="amended")
    late = observation(A1C, quantity(8.1, "%"), id="late")
    assert sorted(row.ref for row in rows("hba1c", early, late)) == ["Observation/early", "Observation/late"]


@pytest.mark.parametrize(
    ("early", "late", "left"),
    [
        ("2026-06-01T09:00:00Z", "2026-06-01", 1),
        ("2026-06-01", "2026-06-01T09:00:00Z", 1),
        ("2026-06-01", "2026-06-01", 1),
        ("2026-06-01T09:00:00Z", "2026-06-01T09:00:00Z", 1),
        ("2026-06-01T09:00:00Z", "2026-06-01T11:00:00Z", 2),
        ("2026-06-01", "2026-06-02", 2),
    ],
)
def test_a_preliminary_result_gives_way_where_it_may_be_of_the_same_minute(early: str, late: str, left: int) -> None:
    first = observation(A1C, quantity(9.9, "%"), early, id="early", status="preliminary")
    assert len(rows("hba1c", first, observation(A1C, quantity(8.1, "%"), late, id="late"))) == left
