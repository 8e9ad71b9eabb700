import pytest

from priorauth.facts.rows import UNREAD, Period, Source, Whole
from priorauth.record.derived import whole_months
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import Json, concept, condition, day, form, item, on, quantity, ref, rows, yes


def trial(start: str = "2026-02-03", end: str | None = "2026-05-15") -> Json:
    parts = [item("pump_trial.value", yes()), item("pump_trial.from", on(start))]
    parts += [item("pump_trial.until", on(end))] if end else []
    return form(item("pump_trial", parts=parts))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2026-02-03", "2026-05-03", 3), ("2026-02-03", "2026-05-02", 2), ("2026-01-31", "2026-02-28", 1),
     ("2026-01-31", "2026-01-31", 0), ("2016-01-01", "2026-01-01", 120)],
)  # fmt: skip
def test_months_are_whole_calendar_months(start: str, end: str, months: int) -> None:
    assert whole_months(day(start), day(end)) == months


def test_a_trial_lasts_whole_months_until_its_end_or_the_request() -> None:
    (row,) = rows("pump_trial_months", trial())
    assert (row.low, row.high, row.first, row.source) == (30, 30, day("2026-05-15"), Source.ANSWER)
    (row,) = rows("pump_trial_months", trial(end=None))
    assert (row.low, row.first) == (40, day("2026-06-15"))


def test_a_trial_of_uncertain_start_lasts_between() -> None:
    (row,) = rows("pump_trial_months", trial("2026-02"))
    assert (row.low, row.high) == (20, 30)


def test_coded_harm_within_the_trial_is_a_yes_and_outside_it_says_nothing() -> None:
    inside, before = (condition("icd10:E10.10", on_day) for on_day in ("2026-03-01", "2026-01-01"))
    assert [row.text for row in rows("major_adverse_reaction", trial(), inside)] == ["yes"]
    assert rows("major_adverse_reaction", trial(), before) == ()
    assert rows("major_adverse_reaction", inside) == ()


def cost(fact: str, value: float, when: str | None) -> Json:
    parts = [] if when is None else [item(f"{fact}.date", on(when))]
    return item(fact, {"valueQuantity": quantity(value, "{USD}")}, parts=parts)


def test_a_repair_is_a_percent_of_a_replacement_dated_by_the_later() -> None:
    said = form(cost("repair_cost", 600, "2026-05-01"), cost("replacement_cost", 4000, "2026-05-20"))
    (row,) = rows("repair_cost_percent_of_replacement", said)
    assert (row.low, row.high, row.first, row.source) == (150, 150, day("2026-05-20"), Source.ANSWER)


def test_without_a_date_or_without_one_of_the_two_there_is_no_percent() -> None:
    for said in (
        form(cost("repair_cost", 600, None), cost("replacement_cost", 4000, "2026-05-20")),
        form(cost("repair_cost", 600, "2026-05-01")),
        form(cost("repair_cost", 600, "2026-05-01"), cost("replacement_cost", 0, "2026-05-20")),
    ):
        assert rows("repair_cost_percent_of_replacement", said) == ()


def test_two_costs_of_the_same_day_are_no_latest_cost() -> None:
    said = form(cost("repair_cost", 600, "2026-05-01"), cost("repair_cost", 700, "2026-05-01"),
                cost("replacement_cost", 4000, "2026-05-20"))  # fmt: skip
    assert rows("repair_cost_percent_of_replacement", said) == ()


PREGNANT = condition("icd10:Z33.1", "2026-03-01")
MAN = {"gender": "male"}
GIRL, WOMAN_OF_70 = {"birthDate": "2019-05-01"}, {"birthDate": "1956-05-01"}
FACTS = ("pregnancy", "planning_pregnancy")


@pytest.mark.parametrize(
    "member", [MAN, GIRL, WOMAN_OF_70, {"gender": "unknown", **GIRL}, {**MAN, "birthDate": "2010"}]
)
def test_sex_or_age_that_excludes_a_pregnancy_is_a_no_of_the_record(member: Json) -> None:
    whole, absent = rows("pregnancy", Patient=member)
    assert isinstance(absent, Period)
    assert isinstance(whole, Whole)
    assert (absent.low, absent.high, absent.source, absent.ref) == (0, 0, Source.RECORD, "Patient/pat-1")
    assert absent.start_last <= day("2026-06-15") <= absent.end_first
    assert (whole.first, whole.last) == (absent.start_first, absent.end_last)
    (row,) = rows("planning_pregnancy", Patient=member)
    assert (row.text, row.source, row.ref, row.first) == ("no", Source.RECORD, "Patient/pat-1", day("2026-06-15"))


@pytest.mark.parametrize(
    "member", [{}, {"gender": "other"}, {"gender": "unknown"}, {"gender": "male", "birthDate": ""}]
)
def test_otherwise_nothing_is_derived(member: Json) -> None:
    expected = 1 if member.get("gender") == "male" else 0
    assert len(rows("planning_pregnancy", Patient=member)) == expected  # of a man no birth date is needed
    assert bool(rows("pregnancy", Patient=member)) == bool(expected)


@pytest.mark.parametrize(
    ("born", "certain"),
    [("2017-06-16", True), ("2017-06-15", False), ("2017", False), ("1961-06-16", False), ("1961-06-15", True),
     ("1961", False), ("1960", True), ("2018", True)],
)  # fmt: skip
def test_the_ages_count_in_whole_years_and_a_birth_date_known_in_part_must_be_certain(
    born: str, certain: object
) -> None:
    assert bool(rows("planning_pregnancy", Patient={"birthDate": born})) == certain
    assert bool(rows("pregnancy", Patient={"birthDate": born})) == certain


def test_an_age_excludes_only_the_time_of_that_age() -> None:
    _, absent = rows("pregnancy", Patient=GIRL)
    assert (absent.start_first, absent.end_last) == (FIRST_DAY, day("2028-04-30"))
    _, absent = rows("pregnancy", Patient=WOMAN_OF_70)
    assert (absent.start_first, absent.end_last) == (day("2021-05-01"), LAST_DAY)


def test_a_pregnancy_of_long_ago_does_not_speak_of_today() -> None:
    before, _, absent = rows("pregnancy", condition("icd10:Z33.1", "1985-03-01"), Patient=WOMAN_OF_70)
    assert (before.low, absent.low) == (1, 0)


@pytest.mark.parametrize("member", [MAN, GIRL, WOMAN_OF_70])
def test_what_says_that_it_is_so_or_may_be_stands_alone(member: Json) -> None:
    assert [row.low for row in rows("pregnancy", PREGNANT, Patient=member)] == [1]
    unsure = {**PREGNANT, "verificationStatus": {"coding": [{"code": "provisional"}]}}
    assert [(row.low, row.high) for row in rows("pregnancy", unsure, Patient=member)] == [(0, 1)]
    said = form(item("pregnancy", yes()), item("planning_pregnancy", yes()))
    assert [row.source for row in rows("pregnancy", said, Patient=member)] == [Source.ANSWER]
    assert [row.text for row in rows("planning_pregnancy", said, Patient=member)] == ["yes"]


def test_an_answer_that_says_no_agrees() -> None:
    said = form(item("pregnancy", yes(False)), item("planning_pregnancy", yes(False)))
    assert {row.source for row in rows("pregnancy", said, Patient=MAN)} == {Source.ANSWER, Source.RECORD}
    assert [row.text for row in rows("planning_pregnancy", said, Patient=MAN)] == ["no", "no"]


def test_a_supplier_who_says_no_repeats_what_is_certain_and_one_who_says_yes_is_heard() -> None:
    for answer, found in ((False, ["no"]), (True, [UNREAD])):
        said = form(item("planning_pregnancy", yes(answer)), author=ref("Organization/dme-1"))
        assert [row.text for row in rows("planning_pregnancy", said, Patient=MAN)] == found
    said = form(item("pregnancy", yes(False)), author=ref("Organization/dme-1"))
    assert {row.source for row in rows("pregnancy", said, Patient=MAN)} == {Source.RECORD}


@pytest.mark.parametrize("code", ["F", "UNK", "248152002"])
def test_a_patient_of_whom_another_sex_is_on_file_is_asked(code: str) -> None:
    told = {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": code}
    for fact in FACTS:
        assert rows(fact, Patient={**MAN, "extension": [told]}) == ()
        assert rows(fact, Patient={**MAN, "extension": [{**told, "valueCode": "M"}]}) != ()
    nested = {"url": "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse",
              "extension": [{"url": "value", "valueCodeableConcept": concept("x:female-typical")}]}  # fmt: skip
    identity = {"url": "http://hl7.org/fhir/StructureDefinition/individual-genderIdentity",
                "valueCoding": concept("snomed:446151000124109")["coding"][0]}  # fmt: skip
    assert rows("pregnancy", Patient={**MAN, "extension": [nested]}) == ()
    assert rows("pregnancy", Patient={**MAN, "extension": [identity]}) != ()


def test_a_stated_sex_or_birth_date_that_differs_leaves_it_open() -> None:
    sex = form(item("sex", {"valueCoding": {"code": "female"}}))
    assert rows("pregnancy", sex, Patient=MAN) == ()
    born = form(item("birth_date", on("1980-05-01")))
    assert rows("pregnancy", born, Patient=GIRL) == ()


def test_a_patient_in_doubt_makes_nothing_certain() -> None:
    assert rows("pregnancy", Patient={**MAN, "implicitRules": "urn:rules"}) == ()


STAY = {"resourceType": "Encounter", "id": "in-1", "status": "finished", "class": {"code": "IMP"},
        "subject": ref("Patient/pat-1"), "reasonCode": [concept("icd10:E10.649")],
        "period": {"start": "2026-03-01", "end": "2026-03-04"}}  # fmt: skip


@pytest.mark.parametrize(
    "harm",
    [condition("icd10:E10.10", "2026-03-01"), condition("icd10:E10.641", "2026-03-01"), STAY],
    ids=["ketoacidosis", "severe hypoglycemia", "a stay in hospital for diabetes"],
)
def test_each_harm_that_the_record_tells_of_within_a_trial_is_a_yes(harm: Json) -> None:
    assert "yes" in [row.text for row in rows("major_adverse_reaction", trial(), harm)]


def test_a_trial_that_begins_on_the_day_of_the_request_has_lasted_no_month() -> None:
    (row,) = rows("pump_trial_months", trial("2026-06-15", end=None))
    assert (row.low, row.high) == (0, 0)
    assert rows("pump_trial_months", trial("2026-06-16", end=None)) == ()
