"""Scope comes first, then hand-offs, then what is missing, then time; each in the order of the contract."""

from __future__ import annotations

from priorauth.decide import missing
from priorauth.decide.decide import Decision, decide
from priorauth.policy.catalog import open_catalog
from tests.asking import case

CATALOG = open_catalog()
MASSHEALTH = CATALOG.versions("masshealth/insulin-pumps")[-1]
HUSKY = CATALOG.versions("husky/ambulatory-infusion-pumps")[-1]


def decided(given: str, policy: object = MASSHEALTH) -> Decision:
    return decide(policy, case(given), CATALOG.vocabulary, CATALOG.common)  # type: ignore[arg-type]


def test_a_member_of_a_managed_care_plan_is_sent_to_that_plan() -> None:
    found = decided("{plan_type: contracted-mco, request_kind: initial}")
    assert found.outcome == "not-applicable"
    assert found.sent_to


def test_an_unknown_fact_of_scope_is_asked_alone() -> None:
    found = decided("{plan_type: payer-direct, product_code: E0784}")
    assert found.outcome == "request-information"
    assert {fact for one in found.open_leaves if one.finding.result for fact in one.finding.result.asks} == {
        "request_kind"
    }


def test_a_kind_of_request_without_a_pathway_goes_to_a_person() -> None:
    found = decided("{plan_type: payer-direct, product_code: E0784, request_kind: upgrade}")
    assert (found.outcome, found.signs["no_pathway"]) == ("clinical-review", True)


def test_an_exclusion_that_applies_goes_to_a_person_whatever_is_missing() -> None:
    found = decided("{plan_type: payer-direct, product_code: E0784, request_kind: initial, only_for_convenience: yes}")
    assert (found.outcome, found.signs["excluded"]) == ("clinical-review", True)


def test_two_pumps_in_one_request_go_to_a_person() -> None:
    given = "{plan_type: payer-direct, product_code: E0784, request_kind: initial, quantity_requested: '2'}"
    assert decided(given).signs["reserved"]


def test_coverage_that_ended_before_the_service_goes_to_a_person() -> None:
    given = (
        "{plan_type: payer-direct, product_code: E0784, request_kind: initial, "
        "coverage_in_force: [{from: 2020-01-01, until: 2026-10-31}]}"
    )
    assert decided(given).signs["reserved"]


def test_a_clinician_may_accept_other_grounds() -> None:
    given = (
        "{plan_type: payer-direct, product_code: E0784, request_kind: initial, "
        "other_indication_accepted: yes, motivated: no}"
    )
    assert not decided(given).signs["failed"]


def test_a_clinician_may_settle_a_criterion_by_name() -> None:
    given = "{{plan_type: payer-direct, product_code: E0784, request_kind: initial, motivated: no{settled}}}"
    assert decided(given.format(settled="")).signs["failed"]
    assert not decided(given.format(settled=", settle.II.A.T.2: yes")).signs["failed"]


def test_an_insulin_pump_under_husky_goes_to_other_criteria() -> None:
    assert decided("{product_code: E0784, coverage_program: husky-a}", HUSKY).outcome == "other-criteria"


def test_the_first_months_of_rental_need_no_authorization() -> None:
    given = (
        "{product_code: E0781, coverage_program: husky-a, external_criteria_result: none-available, "
        "purchase_or_rental: rental, rental_months_used: '1'}"
    )
    assert decided(given, HUSKY).outcome == "not-required"


ONGOING = """{plan_type: payer-direct, product_code: E0784, request_kind: continued, motivated: yes,
  primary_diagnosis: type-1-diabetes, diabetes: [{from: 2012-05-08}], pump_skill_demonstrated: yes,
  trial_outcome: ongoing, trial_compliance: yes, major_adverse_reaction: no, follows_diet_and_exercise: yes,
  glucose_tests_per_day: [{value: 5 /d, from: 2026-01-15}], works_with_pump_team: yes, prior_approval_on: [2026-08-10],
  hba1c: [{on: 2026-07-10, value: 8.9 %}, {on: 2026-11-10, value: 7.4 %}], able_to_operate_pump: yes,
  ketoacidosis: [2026-05-27], severe_excursions_improved: yes, current_authorization: [{from: 2026-08-10}],
  prescriber_visit: [2026-10-08, {whole: true, from: 2026-01-01, until: 2026-11-20}], request_channel: portal,
  clinical_notes_dated: 2026-11-12, ma_review_form_on_file: yes, prescription_signed_on: 2026-11-12,
  prescription_complete: yes, pump_trial: [{from: START}]}"""


def test_how_a_trial_ended_is_asked_once_its_three_months_are_over_and_not_before() -> None:
    young, over = decided(ONGOING.replace("START", "2026-08-22")), decided(ONGOING.replace("START", "2026-08-21"))
    assert (young.outcome, missing.questions(young.open_leaves, CATALOG.vocabulary)) == ("not-yet", ())
    asked = missing.questions(over.open_leaves, CATALOG.vocabulary)
    assert (over.outcome, [question.fact for question in asked]) == ("request-information", ["trial_outcome"])
