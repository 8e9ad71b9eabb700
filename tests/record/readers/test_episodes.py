import pytest

from priorauth.facts.rows import NEVER
from tests.record.building import Json, concept, condition, day, ref, rows, status

HYPO = "icd10:E10.649"
PROBLEM = {"category": [status("problem-list-item")]}


def encounter(
    kind: str = "IMP", number: int = 1, start: str = "2026-03-03", end: str | None = "2026-03-06", **more: object
) -> dict[str, object]:
    period = {"start": start} if end is None else {"start": start, "end": end}
    return {
        "resourceType": "Encounter", "id": f"enc-{number}", "status": "finished", "class": {"code": kind},
        "subject": ref("Patient/pat-1"), "period": period, **more,
    }  # fmt: skip


def test_a_coded_episode_is_an_event_at_its_onset() -> None:
    (row,) = rows("ketoacidosis", condition("icd10:E10.10", "2026-03-03T10:00:00Z"))
    assert (row.first, row.ref) == (day("2026-03-03"), "Condition/cond-1")
    assert row.minute is not None


def test_without_an_onset_it_is_of_its_encounter_else_of_the_day_it_was_recorded() -> None:
    seen = condition("icd10:E10.10", None, encounter=ref("Encounter/enc-1"), recordedDate="2026-04-04")
    assert rows("ketoacidosis", encounter(), seen)[0].first == day("2026-03-03")
    assert rows("ketoacidosis", condition("icd10:E10.10", None, recordedDate="2026-04-04"))[0].first == day(
        "2026-04-04"
    )


def test_hypoglycemia_counts_once_per_encounter() -> None:
    both = [condition(HYPO, "2026-03-03", id=f"c-{number}", encounter=ref("Encounter/enc-1")) for number in (1, 2)]
    assert len(rows("hypoglycemia", encounter(), *both)) == 1
    other = condition(HYPO, "2026-05-03", id="c-3", encounter=ref("Encounter/enc-2"))
    assert len(rows("hypoglycemia", encounter(), encounter(number=2), *both, other)) == 2


def test_the_encounter_may_name_the_diagnosis_instead() -> None:
    visit = encounter(diagnosis=[{"condition": ref("Condition/c-1")}, {"condition": ref("Condition/c-2")}])
    both = [condition(HYPO, f"2026-03-0{number}", id=f"c-{number}") for number in (3, 4)]
    both[0]["id"], both[1]["id"] = "c-1", "c-2"
    assert len(rows("hypoglycemia", visit, *both)) == 1


def test_diagnoses_of_no_encounter_count_once_a_day() -> None:
    days = ["2026-03-03", "2026-03-03", "2026-03-04"]
    assert len(rows("hypoglycemia", *(condition(HYPO, one, id=f"c-{place}") for place, one in enumerate(days)))) == 2


def test_a_repeat_on_the_problem_list_does_not_count() -> None:
    seen = condition(HYPO, "2026-03-03", encounter=ref("Encounter/enc-1"))
    listed = condition(HYPO, "2026-05-05", id="p", **PROBLEM)
    assert [row.ref for row in rows("hypoglycemia", encounter(), seen, listed)] == ["Condition/cond-1"]


def test_a_problem_list_alone_tells_of_one_event() -> None:
    listed = [condition(HYPO, f"2026-05-0{number}", id=f"p-{number}", **PROBLEM) for number in (1, 2)]
    assert [row.first for row in rows("hypoglycemia", *listed)] == [day("2026-05-01")]


@pytest.mark.parametrize("verification", ["refuted", "entered-in-error"])
def test_an_episode_that_is_refuted_is_no_event(verification: str) -> None:
    assert rows("ketoacidosis", condition("icd10:E10.10", verificationStatus=status(verification))) == ()


@pytest.mark.parametrize("verification", ["unconfirmed", "provisional", "differential", "maybe"])
def test_an_episode_that_is_not_confirmed_may_have_happened(verification: str) -> None:
    (row,) = rows("ketoacidosis", condition("icd10:E10.10", verificationStatus=status(verification)))
    assert (row.last, row.ground is not None) == (NEVER, True)


def test_the_reason_of_an_emergency_visit_is_an_event_and_of_an_office_visit_not() -> None:
    reason: Json = {"reasonCode": [concept("icd10:E10.10")]}
    assert [row.ref for row in rows("ketoacidosis", encounter("EMER", **reason))] == ["Encounter/enc-1"]
    assert rows("ketoacidosis", encounter("AMB", **reason)) == ()
    assert rows("ketoacidosis", encounter("EMER", status="cancelled", **reason)) == ()


def test_a_stay_for_ketoacidosis_lasts_from_its_first_to_its_last_day() -> None:
    (row,) = rows("diabetes_hospital_stay", encounter(reasonCode=[concept("icd10:E10.10")]))
    assert (row.low, row.high, row.first) == (3, 3, day("2026-03-03"))


def test_a_stay_is_known_by_its_diagnosis_either_way() -> None:
    seen = condition(HYPO, "2026-03-03")
    assert len(rows("diabetes_hospital_stay", encounter(diagnosis=[{"condition": ref("Condition/cond-1")}]), seen)) == 1
    seen["encounter"] = ref("Encounter/enc-1")
    assert len(rows("diabetes_hospital_stay", encounter(), seen)) == 1


@pytest.mark.parametrize("kind", ["AMB", "EMER", "OBSENC"])
def test_a_visit_is_no_stay(kind: str) -> None:
    assert rows("diabetes_hospital_stay", encounter(kind, reasonCode=[concept("icd10:E10.10")])) == ()


def test_a_stay_for_something_else_is_none_of_these() -> None:
    assert rows("diabetes_hospital_stay", encounter(reasonCode=[concept("icd10:I21.9")])) == ()


def test_a_stay_that_goes_on_has_lasted_at_least_until_the_request() -> None:
    (row,) = rows(
        "diabetes_hospital_stay", encounter(start="2026-06-10", end=None, reasonCode=[concept("icd10:E10.10")])
    )
    assert (row.low, row.high) == (5, None)
