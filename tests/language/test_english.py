"""Every form is read aloud as a nurse would say it."""

from __future__ import annotations

import pytest

from priorauth.facts import vocabulary as vocabularies
from priorauth.language.check import Checker
from priorauth.language.english import labels, say
from priorauth.language.parse import parse, parse_reading
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import leaves
from priorauth.values import units

VOCABULARY = vocabularies.load()
READINGS = {"hba1c_age": parse_reading("12 months", "hba1c_age")}

SAID = {
    "latest hba1c within hba1c_age > 7.0 %": "the newest HbA1c within the 12 months before the request is above 7.0 %",
    "latest hba1c while insulin_injections >= 3 /d > 7.0 %": (
        "the newest HbA1c while on insulin injections of at least 3 a day is above 7.0 %"
    ),
    "no ketoacidosis within 2 years": "no episode of ketoacidosis within the 2 years before the request",
    "any premeal_daily_range > 100 mg/dL": (
        "at least one swing of glucose before meals within one day of more than 100 mg/dL"
    ),
    "any c_peptide_percent_of_lower_limit <= 110 % with fasting_glucose_with_c_peptide <= 225 mg/dL": (
        "at least one C-peptide as a percentage of the laboratory's lower limit of at most 110 %, "
        "with fasting glucose of at most 225 mg/dL in the same draw"
    ),
    "count of hypoglycemia < 54 mg/dL within 6 months before prior_approval >= 2": (
        "at least 2 episodes of hypoglycemia below 54 mg/dL within the 6 months before the last approval"
    ),
    "count of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g < 2": (
        "fewer than 2 urine albumin-creatinine ratios between 30 mg/g and 300 mg/g"
    ),
    "days with cgm_glucose within 30 days >= 70 %": (
        "on at least 70 % of the days within the 30 days before the request there is at least one sensor reading"
    ),
    "days with hypoglycemia since pump_start > 3": (
        "on more than 3 days since the start of the pump there is at least one episode of hypoglycemia"
    ),
    "daily average of glucose_self_test within 30 days >= 4 /d": (
        "self-tests of glucose within the 30 days before the request: at least 4 a day on average"
    ),
    "share of fasting_glucose above 200 mg/dL >= 25 % of at least 3": (
        "the share of fasting glucose readings above 200 mg/dL is at least 25 %, of at least 3 on file"
    ),
    "spread of premeal_glucose within 1 day > 100 mg/dL": (
        "the highest less the lowest of the glucose readings before meals within the day before the request "
        "is above 100 mg/dL"
    ),
    "sum of diabetes_hospital_stay within 12 months < 5 d": (
        "hospital stays for ketoacidosis or hypoglycemia within the 12 months before the request: "
        "less than 5 days in all"
    ),
    "longest gap between prescriber_visit since prior_approval <= 3 months": (
        "the longest time without visits to the prescriber since the last approval is at most 3 months"
    ),
    "at least 2 of urine_albumin_creatinine_ratio >= 30 mg/g within 6 months at least 3 months apart": (
        "at least 2 urine albumin-creatinine ratios at least 30 mg/g within the 6 months before the request, "
        "each at least 3 months from the next"
    ),
    "insulin_injections >= 3 /d throughout 6 months before pump_start": (
        "insulin injections, at least 3 a day, on every day of the 6 months before the start of the pump"
    ),
    "insulin_injections >= 3 /d on request": "insulin injections, at least 3 a day, on the day of the request",
    "insulin_injections >= 3 /d on pump_start": (
        "insulin injections, at least 3 a day, on the day of the start of the pump"
    ),
    "insulin_injections >= 3 /d throughout 1 day": "insulin injections, at least 3 a day, on the day of the request",
    "cgm_use throughout 30 days": "use of a continuous glucose monitor on every day of the 30 days before the request",
    "diabetes": "diabetes on the day of the request",
    "coverage_in_force on service": "coverage in force on the day of service",
    "motivated": 'the answer is yes to "Is the member motivated to keep glucose under control?"',
    "pump_trial lasts 3 months": "the trial of the pump has lasted at least 3 months",
    "documented prescription_signed_on within 12 months": (
        "on file, dated within the 12 months before the request: signed prescription"
    ),
    "documented ma_review_form_on_file": "on file: MassHealth review form for insulin pumps",
    "request_kind is one of initial, continued, repair": "the kind of request is initial, continued or repair",
    "coverage_program is husky-a": "the program is HUSKY A",
    "service_on >= 2013-07-01": "the date of the service is on or after 2013-07-01",
    "infusion_hours < 8 h": "the length of one infusion is below 8 hours",
    "age < 21 years": "the member is younger than 21 years old",
    "age >= 18 years on service": "the member is at least 18 years old on the day of service",
    "service_on before request": "the date of the service lies before the request",
    "cgm_use before pump_start": "use of a continuous glucose monitor before the start of the pump",
    "pump_trial since prior_approval": "the trial of the pump began after the last approval",
    "prescription_signed_on since prior_approval": "the date of the signed prescription lies after the last approval",
    "prescription_signed_on within 91 days": (
        "the date of the signed prescription lies within the 91 days before the request"
    ),
    "service_until >= 3 months after service": (
        "the date of the end of the requested period lies at least 3 months after the day of service"
    ),
    "warranty_ends_on before request stated by supplier": (
        "the date of the end of the warranty lies before the request, stated by the supplier"
    ),
    "service_until < 1 month after service": (
        "the date of the end of the requested period lies less than 1 month after the day of service"
    ),
    "latest hba1c no worse than before prior_approval by 0.3 %": (
        "the newest HbA1c since the last approval is no worse than over the same time before, or by no more than 0.3 %"
    ),
    "count of ketoacidosis no worse than before prior_approval": (
        "the number of episodes of ketoacidosis since the last approval is no worse than over the same time before"
    ),
    "judged only_for_convenience": (
        'a clinician of the payer answers yes to "Is the pump wanted only for convenience or preference?"'
    ),
    "refused no_cheaper_equivalent": (
        'a clinician of the payer answers no to "Is there no cheaper alternative that would serve this member as well?"'
    ),
}


@pytest.mark.parametrize(("text", "said"), SAID.items())
def test_the_line_is_read_aloud(text: str, said: str) -> None:
    checker = Checker(VOCABULARY, units.load())
    form = checker.check(parse(text, READINGS))
    assert checker.faults == []
    assert say(form, VOCABULARY) == said


def test_every_line_of_the_shipped_policies_has_a_sentence_without_names_of_facts() -> None:
    catalog = open_catalog()
    forms = [leaf.form for policy in catalog.all() for root in policy.roots() for leaf in leaves(root)]
    said = [say(form, catalog.vocabulary) for form in forms]
    assert [text for text in said if "_" in text or "  " in text] == []


def test_every_label_belongs_to_a_fact() -> None:
    assert [name for name in labels().facts if name not in VOCABULARY] == []
    assert [name for name in labels().anchor_facts.values() if name not in VOCABULARY] == []


def test_every_anchor_can_be_spoken() -> None:
    assert set(labels().anchors) == set(vocabularies.ANCHORS)


def test_a_fact_without_a_label_is_spoken_by_its_name() -> None:
    assert labels().one("hba1c_exception_granted") == "HbA1c exception granted"


def said(text: str) -> str:
    """Say a line that fits."""
    checker = Checker(VOCABULARY, units.load())
    form = checker.check(parse(text))
    assert checker.faults == []
    return say(form, VOCABULARY)


OPERATORS = {  # how each operator is said of a number of rows, of a number, of an age, and of a day
    ">": ("more than 3 episodes", "above 7.0 %", "older than 21 years", "after 1 October 2026"),
    ">=": ("at least 3 episodes", "at least 7.0 %", "at least 21 years", "on or after 1 October 2026"),
    "<": ("fewer than 3 episodes", "below 7.0 %", "younger than 21 years", "before 1 October 2026"),
    "<=": ("at most 3 episodes", "at most 7.0 %", "at most 21 years", "on or before 1 October 2026"),
    "=": ("exactly 3 episodes", "exactly 7.0 %", "exactly 21 years", "on 1 October 2026"),
}


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_every_operator_is_said_in_its_own_words(op: str) -> None:
    rows, number, age, day = OPERATORS[op]
    assert rows in said(f"count of ketoacidosis {op} 3")
    assert number in said(f"latest hba1c {op} 7.0 %")
    assert age in said(f"age {op} 21 years")
    assert day.replace("1 October 2026", "2026-10-01") in said(f"warranty_ends_on {op} 2026-10-01")


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("within 6 months", "within the 6 months before the request"),
        ("within 1 day", "within the day before the request"),
        ("since pump_start", "since the start of the pump"),
        ("before pump_start", "up to the start of the pump"),
        ("before service", "up to the day of service"),
    ],
)
def test_every_window_is_said_in_its_own_words(window: str, words: str) -> None:
    assert words in said(f"any ketoacidosis {window}")


def test_the_words_of_a_document_are_of_a_document_whatever_it_is_called() -> None:
    for reference in ("document 3#page=2&at=118", "DocumentReference/a#page=1&at=0", "Claim/1 file 2#page=1&at=0"):
        assert labels().kind(reference, VOCABULARY["hba1c"]) == "document"
    assert labels().kind("document 3", None) == labels().kinds["other"]  # a log of readings
