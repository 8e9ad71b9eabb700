"""A form in as few words as a table has room for."""

from __future__ import annotations

import pytest

from priorauth.facts import vocabulary as vocabularies
from priorauth.language.check import Checker
from priorauth.language.parse import parse
from priorauth.language.terse import terse
from priorauth.values import units

VOCABULARY = vocabularies.load()

SAID = {
    "latest hba1c within 12 months > 7.0 %": "newest HbA1c > 7.0 % (12 months)",
    "insulin_injections >= 3 /d on request": "insulin injections \u2265 3 a day on the day of the request",
    "motivated stated by physician": "motivated, by physician",
    "any ketoacidosis": "any episode of ketoacidosis",
    "any c_peptide_percent_of_lower_limit <= 110 % with fasting_glucose_with_c_peptide <= 225 mg/dL": (
        "any C-peptide as a percentage of the laboratory's lower limit \u2264 110 %, "
        "fasting glucose \u2264 225 mg/dL in the same draw"
    ),
    "no ketoacidosis since pump_start": "no episode of ketoacidosis (since the start of the pump)",
    "count of hypoglycemia < 54 mg/dL within 6 months >= 2": "episodes of hypoglycemia < 54 mg/dL: \u2265 2 (6 months)",
    "count of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g >= 2": (
        "urine albumin-creatinine ratios 30 mg/g to 300 mg/g: \u2265 2"
    ),
    "at least 2 of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g at least 3 months apart": (
        "urine albumin-creatinine ratios 30 mg/g to 300 mg/g: \u2265 2, 3 months apart"
    ),
    "sum of diabetes_hospital_stay within 12 months <= 5 d": (
        "hospital stays for ketoacidosis or hypoglycemia: \u2264 5 days in all (12 months)"
    ),
    "service_until >= 3 months after service": "end of the requested period \u2265 3 months after the day of service",
    "days with cgm_glucose within 30 days >= 70 %": "sensor reading on \u2265 70 % of days (30 days)",
    "days with hypoglycemia before pump_start >= 3": (
        "episode of hypoglycemia on \u2265 3 days (before the start of the pump)"
    ),
    "daily average of glucose_self_test within 30 days >= 4 /d": (
        "self-tests of glucose \u2265 4 a day, average (30 days)"
    ),
    "share of fasting_glucose above 200 mg/dL while insulin_injections >= 3 /d >= 25 % of at least 3": (
        "\u2265 25 % of fasting glucose readings > 200 mg/dL (while insulin injections \u2265 3 a day)"
    ),
    "insulin_injections >= 3 /d throughout 6 months before pump_start": (
        "insulin injections \u2265 3 a day for 6 months before the start of the pump"
    ),
    "cgm_use throughout 30 days": "use of a continuous glucose monitor for 30 days",
    "documented prescription_signed_on within 12 months": "signed prescription (12 months)",
    "diabetes": "diabetes",
    "motivated": "motivated",
    "judged only_for_convenience": "a clinician of the payer finds: only for convenience",
    "refused no_cheaper_equivalent": "a clinician of the payer refuses: no cheaper equivalent",
    "request_kind is initial": "the kind of request is initial",
}


@pytest.mark.parametrize(("text", "said"), SAID.items())
def test_the_line_has_terse_words(text: str, said: str) -> None:
    checker = Checker(VOCABULARY, units.load())
    form = checker.check(parse(text))
    assert checker.faults == []
    assert terse(form, VOCABULARY) == said
