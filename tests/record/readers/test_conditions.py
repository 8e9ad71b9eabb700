import pytest

from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import REQUESTED, concept, condition, day, rows, status

TODAY = day(REQUESTED)


def span(row: object) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in ("start_first", "start_last", "end_first", "end_last"))


def test_an_active_diagnosis_holds_from_its_onset_on() -> None:
    (row,) = rows("type_1_diabetes", condition("icd10:E10.65", "2020-03-04"))
    assert span(row) == (day("2020-03-04"), day("2020-03-04"), LAST_DAY, LAST_DAY)
    assert (row.low, row.high, row.ref) == (1, 1, "Condition/cond-1")


@pytest.mark.parametrize(
    "code", ["icd10:E10.65", "icd9:250.01", "snomed:46635009", "urn:oid:2.16.840.1.113883.6.90:E1065"]
)
def test_a_diagnosis_counts_in_every_code_system(code: str) -> None:
    made = condition("icd10:x")
    system, _, last = code.rpartition(":")
    made["code"] = (
        concept(code) if system in ("icd10", "icd9", "snomed") else {"coding": [{"system": system, "code": last}]}
    )
    assert len(rows("type_1_diabetes", made)) == 1


@pytest.mark.parametrize("verification", ["refuted", "entered-in-error"])
def test_a_diagnosis_that_was_refuted_does_not_count(verification: str) -> None:
    assert rows("diabetes", condition("icd10:E10.65", verificationStatus=status(verification))) == ()


@pytest.mark.parametrize("verification", ["provisional", "differential", "unconfirmed"])
def test_a_diagnosis_that_is_only_considered_settles_nothing(verification: str) -> None:
    (row,) = rows("type_1_diabetes", condition("icd10:E10.65", verificationStatus=status(verification)))
    assert (row.low, row.high) == (0, 1)


def test_a_diagnosis_with_an_end_holds_until_that_day() -> None:
    (row,) = rows("chronic_iron_overload", condition("icd10:E83.111", abatementDateTime="2024-02-01"))
    assert span(row)[2:] == (day("2024-02-01"), day("2024-02-01"))


@pytest.mark.parametrize("clinical", ["inactive", "resolved", "remission"])
def test_a_diagnosis_that_is_over_ended_at_a_day_not_known(clinical: str) -> None:
    (row,) = rows("chronic_iron_overload", condition("icd10:E83.111", clinicalStatus=status(clinical)))
    assert span(row)[2:] == (day("2020-03-04"), TODAY)


@pytest.mark.parametrize("clinical", ["active", "recurrence", "relapse"])
def test_a_diagnosis_that_is_active_goes_on(clinical: str) -> None:
    (row,) = rows("chronic_iron_overload", condition("icd10:E83.111", clinicalStatus=status(clinical)))
    assert row.ongoing


def test_a_diagnosis_without_a_clinical_status_goes_on() -> None:
    made = condition("icd10:E10.65")
    del made["clinicalStatus"]
    assert rows("diabetes", made)[0].ongoing


def test_without_an_onset_the_day_it_was_recorded_is_the_latest_start() -> None:
    (row,) = rows("diabetes", condition("icd10:E10.65", None, recordedDate="2021-01-01"))
    assert span(row)[:2] == (FIRST_DAY, day("2021-01-01"))


def test_without_any_date_it_began_by_the_day_of_the_record() -> None:
    (row,) = rows("diabetes", condition("icd10:E10.65", None))
    assert span(row)[:2] == (FIRST_DAY, TODAY)


def test_a_year_of_onset_is_a_span() -> None:
    (row,) = rows("diabetes", condition("icd10:E10.65", "2019"))
    assert span(row)[:2] == (day("2019-01-01"), day("2019-12-31"))


def test_an_age_of_onset_is_the_year_of_life() -> None:
    aged = condition("icd10:E10.65", None, onsetAge={"value": 8, "code": "a"})
    assert span(rows("diabetes", aged)[0])[:2] == (day("1988-05-01"), day("1989-04-30"))
    ranged = condition(
        "icd10:E10.65", None, onsetRange={"low": {"value": 8, "code": "a"}, "high": {"value": 9, "code": "a"}}
    )
    assert span(rows("diabetes", ranged)[0])[:2] == (day("1988-05-01"), day("1990-04-30"))


def test_a_period_of_onset_and_abatement_counts_by_its_ends() -> None:
    made = condition("icd10:E83.111", None, onsetPeriod={"start": "2020-01-01"}, abatementPeriod={"end": "2021-01-01"})
    assert span(rows("chronic_iron_overload", made)[0]) == (day("2020-01-01"),) * 2 + (day("2021-01-01"),) * 2


def test_an_end_before_the_beginning_is_read_as_not_given() -> None:
    made = condition("icd10:E83.111", abatementDateTime="2019-01-01")
    assert rows("chronic_iron_overload", made)[0].ongoing


def test_a_pregnancy_ends_forty_two_weeks_after_its_start_unless_stated() -> None:
    (row,) = rows("pregnancy", condition("icd10:Z33.1", "2026-01-01"))
    assert span(row)[2:] == (day("2026-01-01") + 294,) * 2
    (row,) = rows("pregnancy", condition("icd10:Z33.1", "2026-01-01", abatementDateTime="2026-03-01"))
    assert span(row)[2:] == (day("2026-03-01"),) * 2


def test_a_pregnancy_of_unknown_start_began_at_most_forty_two_weeks_before_it_was_recorded() -> None:
    (row,) = rows("pregnancy", condition("icd10:Z33.1", None, recordedDate="2026-05-01"))
    recorded = day("2026-05-01")
    assert span(row) == (recorded - 294, recorded, recorded, recorded + 294)


def test_the_puerperium_is_no_pregnancy() -> None:
    assert rows("pregnancy", condition("icd10:O24.430", "2026-01-01")) == ()


def test_a_code_for_infection_is_a_hint_for_thirty_days() -> None:
    (row,) = rows("active_infection", condition("icd10:A41.9", "2026-06-01"))
    assert (row.low, row.high) == (0, 1)
    assert row.end_last == day("2026-06-01") + 30
    (row,) = rows("active_infection", condition("icd10:A41.9", "2026-06-01", abatementDateTime="2026-06-05"))
    assert row.end_last == day("2026-06-05")
    assert rows("active_infection", condition("icd10:B20", "2026-06-01")) == ()


def test_a_diagnosis_on_the_claim_is_a_coded_diagnosis_of_unknown_start() -> None:
    claim = {"diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept("icd10:E10.65")}]}
    (row,) = rows("type_1_diabetes", Claim=claim)
    assert span(row) == (FIRST_DAY, TODAY, LAST_DAY, LAST_DAY)
    assert row.ref == "Claim/clm-1"


def test_silence_makes_no_row() -> None:
    assert rows("diabetes") == ()
