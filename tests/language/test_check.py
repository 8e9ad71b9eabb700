"""A leaf either fits the vocabulary, with its numbers in the terms of the rows, or every fault is named."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.facts import vocabulary
from priorauth.language import forms as f
from priorauth.language.check import Checker
from priorauth.language.contents import amounts_of
from priorauth.language.parse import LeafFault, parse
from priorauth.values import units
from priorauth.values.interval import Number
from tests.language.leaves import Drawn, leaves


def check(text: str) -> tuple[f.Form, list[str]]:
    checker = Checker(vocabulary.load(), units.load())
    return checker.check(parse(text)), checker.faults


def limits(text: str) -> list[Number | None]:
    form, faults = check(text)
    assert faults == []
    return [amount.limit for amount in amounts_of(form)]


# ---- one leaf of every form

FITTING = [
    "latest hba1c within 12 months > 7.0 %",
    "any ketoacidosis within 12 months",
    "any c_peptide <= 1.1 ng/mL with fasting_glucose_with_c_peptide <= 225 mg/dL",
    "no severe_hypoglycemia since pump_start",
    "count of hypoglycemia within 6 months >= 2",
    "count of premeal_glucose between 80 mg/dL and 130 mg/dL within 30 days >= 2",
    "days with glucose_self_test within 30 days >= 50 %",
    "daily average of glucose_self_test within 30 days >= 4 /d",
    "share of premeal_glucose above 140 mg/dL within 30 days > 50 % of at least 10",
    "spread of premeal_glucose within 30 days > 100 mg/dL",
    "sum of diabetes_hospital_stay within 12 months >= 5 d",
    "at least 2 of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g within 6 months at least 3 months apart",
    "longest gap between prescriber_visit within 12 months <= 3 months",
    "insulin_injections >= 3 /d throughout 6 months",
    "frequent_dose_self_adjustment throughout 6 months before pump_start",
    "diabetes",
    "coverage_in_force on service",
    "motivated",
    "pump_trial lasts 3 months",
    "total_daily_insulin lasts 3 months",
    "documented prescription_signed_on within 90 days",
    "documented diabetes_education_completed",
    "documented ma_review_form_on_file",
    "request_kind is one of initial, replacement",
    "quantity_requested > 1",
    "reservoir_volume >= 300 [iU]",
    "warranty_ends_on < 2026-10-01",
    "age < 21 years on service",
    "prescription_signed_on before service",
    "hypoglycemia_unawareness since pump_start",
    "clinical_notes_dated within 6 months",
    "service_until >= 3 months after service",
    "latest hba1c no worse than before pump_start by 0.5 %",
    "count of severe_hypoglycemia no worse than before pump_start by 1",
    "daily average of hypoglycemia no worse than before pump_start by 0.5 /d",
    "share of cgm_glucose above 180 mg/dL no worse than before pump_start by 5 %",
    "spread of premeal_glucose no worse than before pump_start by 10 mg/dL",
    "any hypoglycemia while insulin_injections >= 3 /d",
    "judged hba1c_exception_granted",
    "refused no_cheaper_equivalent",
]


@pytest.mark.parametrize("text", FITTING)
def test_a_leaf_that_fits_has_all_its_numbers_set(text: str) -> None:
    form, faults = check(text)
    assert faults == []
    assert all(amount.limit is not None for amount in amounts_of(form))


def test_every_form_has_a_leaf_that_fits() -> None:
    assert {type(check(text)[0]) for text in FITTING} == set(f.Form.__args__)


def test_a_bare_condition_is_asked_on_the_day_of_the_request() -> None:
    assert check("diabetes") == (f.On("diabetes", "request"), [])
    assert check("motivated") == (f.Stated("motivated"), [])


# ---- numbers become whole multiples of the resolution


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("latest hba1c > 7 %", [70]),
        ("latest hba1c > 7.0 %", [70]),
        ("latest hba1c > 7.5 %", [75]),
        ("insulin_injections >= 21 /wk throughout 6 months", [30]),
        ("any c_peptide <= 1.1 ng/mL with fasting_glucose_with_c_peptide <= 225 mg/dL", [110, 225]),
        ("count of premeal_glucose between 80 mg/dL and 130 mg/dL >= 2", [80, 130, 2]),
        ("days with cgm_glucose > 250 mg/dL within 14 days >= 20 %", [250, 20]),
        ("share of premeal_glucose above 140 mg/dL > 50 % of at least 10", [140, 50, 10]),
        ("latest hba1c no worse than before pump_start by 0.5 %", [5]),
        ("reservoir_volume >= 3 mL", [3000]),
        ("age < 21 years", [21]),
        ("daily average of glucose_self_test within 30 days >= 4.5 /d", [Fraction(9, 2)]),
        ("any hypoglycemia while insulin_injections >= 3 /d", [30]),
    ],
)
def test_a_limit_is_in_the_terms_in_which_rows_are_held(text: str, expected: list[Fraction]) -> None:
    assert limits(text) == expected


def test_a_tolerance_is_a_difference_so_that_the_constant_of_a_conversion_does_not_count() -> None:
    # 100 mmol/mol more of HbA1c are 9.148 % more, not 11.3 %: finer than a tenth, so it has to be said in percent
    _, faults = check("latest hba1c no worse than before pump_start by 100 mmol/mol")
    assert faults == ["100 mmol/mol: finer than the resolution of hba1c, 0.1 %"]


def test_a_number_finer_than_the_resolution_is_refused_not_rounded() -> None:
    assert check("latest hba1c > 7.05 %")[1] == ["7.05 %: finer than the resolution of hba1c, 0.1 %"]


def test_an_amount_that_was_never_checked_has_no_number() -> None:
    with pytest.raises(ValueError, match="was not checked"):
        f.Amount(Fraction(7), "%", None, "7 %").number  # noqa: B018 - to ask for it is the point


# ---- faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("latest hba1x > 7 %", "no fact is named 'hba1x'"),
        ("any hypoglycemia while insuline >= 3 /d", "no fact is named 'insuline'"),
        ("any ketoacidosis within 3 months before birth", "no anchor is named 'birth'; expected one of request,"),
        ("latest ketoacidosis > 7 %", "ketoacidosis is an event; `latest` takes a measurement"),
        ("any motivated", "motivated is an attestation; `any` takes an event or a measurement"),
        ("motivated throughout 3 months", "motivated is an attestation;"),
        ("diabetes > 3 /d throughout 3 months", "diabetes is a condition;"),
        ("insulin_injections throughout 3 months", "insulin_injections is a regimen;"),
        ("insulin_injections on request", "insulin_injections is a regimen; a statement takes a condition"),
        ("diabetes >= 3 /d on request", "diabetes is a condition; a comparison on a day takes a regimen"),
        (
            "quantity_requested >= 3 on request",
            "quantity_requested is an attribute; a comparison on a day takes a regimen",
        ),
        ("insulin_injections >= 3 kg on request", "3 kg: kg does not become /d"),
        ("insulin_injections >= 3 /d on requset", "no anchor is named 'requset'; expected one of request,"),
        ("hba1c", "hba1c is a measurement; a statement takes an attestation"),
        ("hba1c_exception_granted", "write `judged hba1c_exception_granted`"),
        ("judged motivated", "motivated is an attestation; `judged` takes a judgment"),
        ("request_kind is urgent", "request_kind has no value 'urgent'"),
        ("request_kind > 3", "request_kind is one of initial, continued,"),
        ("birth_date is young", "birth_date is a date; compare it with > >= < <= ="),
        ("quantity_requested is two", "quantity_requested is an integer; compare it"),
        ("request_kind before service", "request_kind is no date"),
        ("request_kind within 3 months", "request_kind is no date"),
        ("documented request_kind", "request_kind is no date"),
        ("latest hba1c > 7", "7: expected a unit that becomes %"),
        ("latest hba1c > 7 mg/dL", "7 mg/dL: mg/dL does not become %"),
        ("count of ketoacidosis > 3 mg/dL within 6 months >= 1", "3 mg/dL: ketoacidosis carries no number"),
        ("count of hypoglycemia >= 1.5", "1.5: expected a whole number without a unit"),
        ("count of hypoglycemia >= 2 %", "2 %: expected a whole number without a unit"),
        ("share of premeal_glucose above 140 mg/dL > 50 of at least 10", "50: expected a percentage"),
        ("share of premeal_glucose above 140 mg/dL > 50 % of at least 10 %", "10 %: expected a whole number"),
        ("daily average of glucose_self_test within 30 days >= 4 %", "4 %: expected a number per day"),
        ("age < 20.5 years", "20.5: expected a whole number without a unit"),
        ("quantity_requested > 2026-01-01", "2026-01-01: expected a whole number without a unit"),
        ("warranty_ends_on < 3", "3: expected a date, YYYY-MM-DD"),
        ("latest hba1c > 2026-01-01", "2026-01-01: date does not become %"),
        ("any hypoglycemia while diabetes >= 3 /d", "`while` takes a regimen; diabetes is a condition"),
        ("daily average of glucose_self_test >= 4 /d", "expected a window with two ends"),
        ("days with glucose_self_test before request >= 50 %", "expected a window with two ends"),
        ("motivated no worse than before service", None),
    ],
)
def test_what_does_not_fit_is_named(text: str, fault: str | None) -> None:
    if fault is None:  # the grammar knows that a statement is no measure
        with pytest.raises(ValueError, match="expected"):
            check(text)
    else:
        faults = check(text)[1]
        assert [found for found in faults if fault in found], faults


def test_all_faults_of_a_leaf_are_found_at_once() -> None:
    faults = check("count of ketoacidosis > 3 mg/dL within 6 months before birth >= 1.5")[1]
    assert len(faults) == 3


def test_a_share_of_days_needs_a_window_but_a_number_of_days_does_not() -> None:
    assert check("days with glucose_self_test >= 5")[1] == []
    assert check("days with glucose_self_test since pump_start >= 50 %")[1] == []
    assert check("days with glucose_self_test >= 50 %")[1] != []


@given(leaves())
def test_a_leaf_of_any_shape_is_checked_without_a_crash(drawn: Drawn) -> None:
    _, form = drawn
    checker = Checker(vocabulary.load(), units.load())
    checked = checker.check(form)
    if not checker.faults:
        assert all(amount.limit is not None for amount in amounts_of(checked))


@given(st.integers(0, 200), st.sampled_from(["<", "<=", ">", ">=", "="]))
def test_a_limit_in_tenths_of_a_percent_is_that_many_tenths(tenths: int, op: str) -> None:
    assert limits(f"latest hba1c {op} {tenths // 10}.{tenths % 10} %") == [tenths]


def test_a_share_of_no_readings_is_refused() -> None:
    _, faults = check("share of fasting_glucose above 200 mg/dL within 3 months >= 25 % of at least 0")
    assert faults == ["0: expected at least 1: of no readings there is no share"]


FORMS = {  # a line with a hole for the fact, and the kinds of facts that it takes
    "latest {} > 7 %": "measurement",
    "any {}": "event measurement",
    "no {}": "event measurement",
    "count of {} >= 2": "event measurement",
    "days with {} within 30 days >= 3": "event measurement",
    "daily average of {} within 30 days >= 4": "event measurement",
    "spread of {} > 7 %": "measurement",
    "sum of {} > 7 %": "measurement",
    "longest gap between {} within 12 months <= 3 months": "event",
    "{}": "attestation condition",
    "{} on service": "condition",
    "{} lasts 3 months": "condition regimen",
    "{} throughout 6 months": "condition",
    "documented {}": "attestation attribute event measurement",
    "{} is initial": "attribute",
    "{} before service": "attribute condition",
    "{} since service": "attribute condition",
    "judged {}": "judgment",
    "refused {}": "judgment",
}
ONE_OF_EACH = {
    "measurement": "hba1c",
    "event": "ketoacidosis",
    "condition": "diabetes",
    "regimen": "insulin_injections",
    "attestation": "motivated",
    "attribute": "request_kind",
    "judgment": "no_cheaper_equivalent",
}


@pytest.mark.parametrize("kind", sorted(ONE_OF_EACH))
@pytest.mark.parametrize("line", sorted(FORMS))
def test_a_form_takes_these_kinds_of_facts_and_no_others(line: str, kind: str) -> None:
    faults = check(line.format(ONE_OF_EACH[kind]))[1]
    taken = not any(" takes a" in fault for fault in faults)
    assert taken is (kind in FORMS[line].split()), faults


@pytest.mark.parametrize(
    ("unit", "fits"), [("", True), (" /d", True), (" /wk", False), (" /mo", False), (" %", False), (" mg/dL", False)]
)
def test_an_average_is_a_number_a_day(unit: str, fits: bool) -> None:  # noqa: FBT001  # drawn
    assert (check(f"daily average of glucose_self_test within 30 days >= 4{unit}")[1] == []) is fits


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("at least 2 of hypoglycemia at least 0 days apart", "expected a length of at least one day"),
        ("at least 2.5 of hypoglycemia at least 1 day apart", "2.5: expected a whole number without a unit"),
        (
            "at least 2 of diabetes at least 1 day apart",
            "diabetes is a condition; `spaced` takes an event or a measurement",
        ),
        ("purchase_or_rental >= 3 months after service", "purchase_or_rental is no date"),
        ("hba1c >= 3 months after service", "hba1c is a measurement; `offset` takes an attribute"),
    ],
)
def test_rows_apart_and_days_after_a_day_want_what_they_can_count(text: str, fault: str) -> None:
    assert check(text)[1] == [fault]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "sum of hba1c > 7 %",
            "numbers of hba1c do not add up: one of its units is converted with a constant",
        ),
        ("sum of diabetes_hospital_stay > 7", "7: expected a unit that becomes d"),
        ("sum of diabetes_hospital_stay > 7 kg", "7 kg: kg does not become d"),
        ("sum of hypoglycemia > 7 mg/dL", "hypoglycemia is an event; `sum` takes a measurement"),
    ],
)
def test_a_sum_is_of_numbers_that_add_up(text: str, fault: str) -> None:
    assert check(text)[1] == [fault]


@pytest.mark.parametrize("least", [None, Fraction(-3)])
def test_a_sum_of_what_may_be_negative_is_refused(least: Fraction | None) -> None:
    known = units.load()
    bounds = {**known.bounds, "diabetes_hospital_stay": (least, Fraction(366))}
    checker = Checker(vocabulary.load(), units.Units(known.by_fact, bounds, known.codes))
    checker.check(parse("sum of diabetes_hospital_stay within 12 months >= 5 d"))
    said = "`sum of` takes what is never negative; diabetes_hospital_stay has no `plausible` least of 0 or more"
    assert checker.faults == [said]


@pytest.mark.parametrize("fact", ["insulin_injections", "hba1c", "request_kind", "ketoacidosis"])
def test_a_fact_that_is_no_statement_is_not_read_as_one(fact: str) -> None:
    form, faults = check(fact)
    assert form == f.Stated(fact)
    assert len(faults) == 1
    assert faults[0].endswith("a statement takes an attestation")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "motivated stated by physicain",
            "no role is named 'physicain'; expected one of prescriber, .* mean 'physician'",
        ),
        ("diabetes stated by physician", "diabetes is a condition; `stated by` takes an attestation or an attribute"),
        ("documented prescriber_visit stated by physician", "prescriber_visit is an event; `stated by` takes"),
        ("motivated stated by supplier", "motivated is a clinical fact, of which the supplier settles nothing"),
    ],
)
def test_who_states_it_is_a_role_and_it_is_a_statement(text: str, fault: str) -> None:
    found = check(text)[1]
    assert any(re.search(fault, one) for one in found), found


def test_what_is_no_statement_is_stated_by_nobody() -> None:
    with pytest.raises(LeafFault, match="`stated by` stands behind a statement"):
        parse("latest hba1c > 7.0 % stated by physician")


def test_the_supplier_may_be_asked_for_documents_and_for_what_is_asked_of_the_supplier() -> None:
    assert check("documented clinical_notes_dated stated by supplier")[1] == []
    assert check("warranty_ends_on before request stated by supplier")[1] == []
