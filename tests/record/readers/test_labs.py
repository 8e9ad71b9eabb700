from typing import Any

import pytest

from priorauth.facts.rows import UNREAD
from tests.record.building import Json, concept, condition, day, observation, quantity, ref, request, rows

DRAW = "2026-05-14T07:40:00-04:00"


def peptide(value: float = 0.3, unit: str = "ng/mL", low: object = None, **more: Any) -> Json:
    made = observation("loinc:13037-7", quantity(value, unit), DRAW, id="cpep")
    made["referenceRange"] = [{"low": low or quantity(0.8, "ng/mL")}]
    return {**made, **more}


def glucose(when: str = DRAW, **more: Any) -> Json:
    return {**observation("loinc:1558-6", quantity(148, "mg/dL"), when, id="glu"), **more}


def test_c_peptide_is_a_percent_of_the_lower_limit_reported_with_it() -> None:
    (row,) = rows("c_peptide_percent_of_lower_limit", peptide())
    assert (row.low, row.high) == (375, 375)


def test_the_percent_is_worked_out_before_rounding() -> None:
    (row,) = rows("c_peptide_percent_of_lower_limit", peptide(0.55, low=quantity(0.5, "ng/mL")))
    assert row.low == 1100


def test_a_limit_without_a_unit_is_in_the_unit_of_the_result() -> None:
    (row,) = rows("c_peptide_percent_of_lower_limit", peptide(100, "pmol/L", {"value": 200}))
    assert row.low == 500


def test_without_a_lower_limit_there_is_no_percent() -> None:
    made = peptide()
    made["referenceRange"] = [{"high": quantity(4, "ng/mL")}]
    assert rows("c_peptide_percent_of_lower_limit", made) == ()


def test_below_the_assay_is_at_most_that_percent() -> None:
    (row,) = rows("c_peptide_percent_of_lower_limit", peptide(valueQuantity=quantity(0.1, "ng/mL", "<")))
    assert (row.low, row.high) == (None, 125)


def test_glucose_of_the_same_specimen_or_the_same_minute_goes_with_the_c_peptide() -> None:
    tube = ref("Specimen/t")
    (row,) = rows("fasting_glucose_with_c_peptide", peptide(specimen=tube), glucose("2026-05-14", specimen=tube))
    assert (row.low, row.specimen) == (148, "Specimen/t")
    assert len(rows("fasting_glucose_with_c_peptide", peptide(), glucose())) == 1


def test_glucose_of_another_minute_or_of_the_same_day_only_does_not() -> None:
    assert rows("fasting_glucose_with_c_peptide", peptide(), glucose("2026-05-14T07:41:00-04:00")) == ()
    assert rows("fasting_glucose_with_c_peptide", peptide(effectiveDateTime="2026-05-14"), glucose("2026-05-14")) == ()


def antibody(code: str = "13926-1", when: str = "2026-02-01", **more: Any) -> Json:
    return {**observation(f"loinc:{code}", None, when, id=f"ab-{code}-{when}"), **more}


POSITIVE: Json = {"interpretation": [concept("x:POS")]}
NEGATIVE: Json = {"interpretation": [concept("x:NEG")]}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (POSITIVE, ["positive"]),
        ({"interpretation": [concept("x:HH")]}, ["positive"]),
        (NEGATIVE, ["negative"]),
        ({"valueCodeableConcept": concept("snomed:10828004")}, ["positive"]),
        ({"valueQuantity": quantity(9, "U/mL"), "referenceRange": [{"high": quantity(5, "U/mL")}]}, ["positive"]),
        ({"valueQuantity": quantity(5, "U/mL"), "referenceRange": [{"high": quantity(5, "U/mL")}]}, ["negative"]),
        ({"valueQuantity": quantity(5, "U/mL", ">"), "referenceRange": [{"high": quantity(5, "U/mL")}]}, ["positive"]),
        ({"valueQuantity": quantity(5, "U/mL", "<"), "referenceRange": [{"high": quantity(5, "U/mL")}]}, ["negative"]),
        ({"valueQuantity": quantity(4, "U/mL", ">"), "referenceRange": [{"high": quantity(5, "U/mL")}]}, [UNREAD]),
        ({"valueQuantity": quantity(9, "U/mL"), "referenceRange": [{"high": quantity(5, "nmol/L")}]}, [UNREAD]),
        ({"valueQuantity": quantity(9, "U/mL")}, [UNREAD]),
    ],
)
def test_an_antibody_is_positive_by_interpretation_or_above_its_range(more: Json, expected: list[str]) -> None:
    assert [row.text for row in rows("beta_cell_autoantibody", antibody(**more))] == expected


def test_one_positive_antibody_suffices_and_a_later_negative_does_not_undo_it() -> None:
    found = rows("beta_cell_autoantibody", antibody(**POSITIVE), antibody(when="2026-05-01", **NEGATIVE))
    assert [(row.text, row.first) for row in found] == [("positive", day("2026-02-01"))]


def test_insulin_antibodies_count_only_when_drawn_before_insulin() -> None:
    insulin = condition("icd10:Z79.4", "2026-03-01")
    assert len(rows("beta_cell_autoantibody", insulin, antibody("8072-1", "2026-02-28", **POSITIVE))) == 1
    assert rows("beta_cell_autoantibody", insulin, antibody("8072-1", "2026-03-01", **POSITIVE)) == ()
    assert rows("beta_cell_autoantibody", antibody("8072-1", "2026-02-28", **POSITIVE)) == ()


def creatinine(when: str = "2026-05-01") -> dict[str, object]:
    return observation("loinc:2160-0", quantity(1.0, "mg/dL"), when, id=f"crea-{when}")


WEIGHT = observation("loinc:29463-7", quantity(72, "kg"), "2026-04-01", id="w")


def test_clearance_is_worked_out_by_cockcroft_and_gault() -> None:
    # (140 - 46) x 72 / (72 x 1.00) x 0.85 = 79.9; the member turns 46 on the day itself
    (row,) = rows("creatinine_clearance", creatinine(), WEIGHT)
    assert (row.low, row.high, row.first) == (80, 80, day("2026-05-01"))
    assert row.ref == "Observation/crea-2026-05-01, Observation/w"


def test_a_man_has_no_factor_and_of_unknown_sex_the_clearance_lies_between() -> None:
    assert rows("creatinine_clearance", creatinine(), WEIGHT, Patient={"gender": "male"})[0].low == 94
    (row,) = rows("creatinine_clearance", creatinine(), WEIGHT, Patient={"gender": "unknown"})
    assert (row.low, row.high) == (80, 94)


def test_of_a_year_of_birth_the_clearance_lies_between() -> None:
    (row,) = rows("creatinine_clearance", creatinine(), WEIGHT, Patient={"birthDate": "1980", "gender": "male"})
    assert (row.low, row.high) == (94, 95)


def test_a_measured_clearance_is_not_overtaken_by_an_older_creatinine() -> None:
    measured = observation("loinc:2164-2", quantity(60, "mL/min"), "2026-05-01", id="crcl")
    assert [row.ref for row in rows("creatinine_clearance", creatinine(), WEIGHT, measured)] == ["Observation/crcl"]
    assert len(rows("creatinine_clearance", creatinine("2026-05-02"), WEIGHT, measured)) == 2


def test_without_a_weight_or_a_birth_date_no_clearance_is_worked_out() -> None:
    assert rows("creatinine_clearance", creatinine()) == ()
    assert rows("creatinine_clearance", creatinine(), WEIGHT, Patient={"birthDate": ""}) == ()


def rate(value: float, when: str, unit: str = "mL/min/{1.73_m2}") -> dict[str, object]:
    return observation("loinc:98979-8", quantity(value, unit), when, id=f"egfr-{when}")


def test_a_latest_filtration_rate_below_fifteen_leaves_end_stage_disease_open() -> None:
    (row,) = rows("end_stage_renal_disease", rate(14.9, "2026-05-01"), rate(30, "2026-01-01"))
    assert (row.low, row.high) == (0, 1)
    assert rows("end_stage_renal_disease", rate(15, "2026-05-01")) == ()
    assert rows("end_stage_renal_disease", rate(14, "2026-01-01"), rate(30, "2026-05-01")) == ()
    assert len(rows("end_stage_renal_disease", rate(14, "2026-05-01", "mL/min/1.73m2"))) == 1


@pytest.mark.parametrize("unit", ["mL/min", "mL/min/1.73", ""])
def test_a_filtration_rate_whose_unit_is_cut_short_is_not_passed_over(unit: str) -> None:
    assert len(rows("end_stage_renal_disease", rate(14, "2026-05-01", unit))) == 1


def test_a_filtration_rate_in_another_unit_may_be_any() -> None:
    assert len(rows("end_stage_renal_disease", rate(1.4, "2026-05-01", "mL/s"))) == 1
    assert len(rows("end_stage_renal_disease", rate(90, "2026-05-01", "mg"))) == 1


def summary(code: str, value: float, unit: str) -> dict[str, object]:
    lasting = {"start": "2026-05-01", "end": "2026-05-14"}
    return observation(f"loinc:{code}", quantity(value, unit), None, effectivePeriod=lasting)


def test_days_of_wear_are_a_percent_of_the_days_of_their_period() -> None:
    (row,) = rows("cgm_days_worn_percent", summary("104636-6", 7, "d"))
    assert (row.low, row.high, row.first) == (500, 500, day("2026-05-14"))


def test_the_percent_of_time_active_is_only_a_lower_bound() -> None:
    (row,) = rows("cgm_days_worn_percent", summary("104637-4", 71.5, "%"))
    assert (row.low, row.high) == (715, None)


def test_a_summary_of_wear_shows_the_sensor_in_use_and_one_of_no_wear_does_not() -> None:
    (row,) = rows("cgm_use", summary("104636-6", 7, "d"))
    assert (row.start_first, row.end_first, row.low) == (day("2026-05-01"), day("2026-05-14"), 1)
    assert row.end_last > day("2026-05-14")  # the summary says nothing of the days after it
    assert "cgm_use" not in request(summary("104636-6", 0, "d")).rows


def test_of_two_lower_limits_the_percent_lies_between() -> None:
    limits = [{"low": quantity(0.8, "ng/mL")}, {"low": quantity(1.0, "ng/mL")}]
    (row,) = rows("c_peptide_percent_of_lower_limit", peptide(0.4, referenceRange=limits))
    assert (row.low, row.high) == (400, 500)
    (row,) = rows("c_peptide_percent_of_lower_limit", peptide(0.4, referenceRange=limits[::-1]))
    assert (row.low, row.high) == (400, 500)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("normal", True), ("therapeutic", False), ("recommended", False), ("treatment", False), ("pre-puberty", False)],
)
def test_only_a_range_of_normal_values_is_a_limit(kind: str, *, counts: bool) -> None:
    of_kind = {"low": quantity(0.8, "ng/mL"), "high": quantity(5, "U/mL"), "type": concept(f"x:{kind}")}
    assert bool(rows("c_peptide_percent_of_lower_limit", peptide(referenceRange=[of_kind]))) is counts
    shown = antibody(valueQuantity=quantity(9, "U/mL"), referenceRange=[of_kind])
    (row,) = rows("beta_cell_autoantibody", shown)
    assert row.text == ("positive" if counts else UNREAD)


def test_an_antibody_with_two_upper_limits_is_not_read() -> None:
    limits = [{"high": quantity(5, "U/mL")}, {"high": quantity(20, "U/mL")}]
    for listed in (limits, limits[::-1]):
        (row,) = rows("beta_cell_autoantibody", antibody(valueQuantity=quantity(9, "U/mL"), referenceRange=listed))
        assert row.text == UNREAD
