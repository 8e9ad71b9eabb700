"""Scope comes first, then hand-offs, then what is missing, then time; each in the order of the contract."""

from __future__ import annotations

from pathlib import Path

from priorauth.engines.python import missing
from priorauth.engines.python.outcome import Decision, decide
from priorauth.policy.catalog import Catalog, open_catalog
from priorauth.values import dates
from tests.asking import case
from tests.policy.files import SMALL, folder, require

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
        "purchase_or_rental: rental, rental_months_used: '1', service_on: 2026-12-01, service_until: {until}}}"
    )
    given = given.replace("{product", "{{product")
    found = [decided(given.format(until=until), HUSKY).outcome for until in ("2027-01-31", "2027-02-01")]
    assert found == ["not-required", "request-information"]


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
    assert (young.outcome, missing.asked(young.open_leaves, CATALOG.vocabulary)) == ("not-yet", {})
    asked = missing.asked(over.open_leaves, CATALOG.vocabulary)
    assert (over.outcome, list(asked)) == ("request-information", ["trial_outcome"])


def own(place: Path, text: str) -> Catalog:
    """Give a catalog with one more policy."""
    folder(place, text)
    return open_catalog(place)


def of_own(catalog: Catalog, given: str) -> Decision:
    (policy,) = catalog.versions("payer-x/pumps")
    return decide(policy, case(given), catalog.vocabulary, catalog.common)


def test_of_two_waits_the_longer_decides_and_of_two_ways_to_wait_too(tmp_path: Path) -> None:
    catalog = own(tmp_path, require("all: [pump_trial lasts 3 months, insulin_treatment lasts 6 months]"))
    found = of_own(catalog, "{pump_trial: [{from: 2026-09-14}], insulin_treatment: [{from: 2026-10-01}]}")
    assert (found.outcome, dates.iso(found.decide_after or 1)) == ("not-yet", "2027-04-01")
    found = of_own(catalog, "{pump_trial: [{from: 2026-11-20}], insulin_treatment: [{from: 2026-06-01}]}")
    assert (found.outcome, dates.iso(found.decide_after or 1)) == ("not-yet", "2027-02-20")


EXCLUSION = """\
excluded:
  - id: X
    title: Not for convenience of a child
    only when: age < 18 years
    when: judged only_for_convenience
"""


def test_an_exclusion_whose_guard_does_not_hold_excludes_nothing(tmp_path: Path) -> None:
    catalog = own(tmp_path, SMALL + EXCLUSION)
    fine = "hba1c: [{on: 2026-10-01, value: 8.1 %}]"
    adult = f"{{birth_date: 1980-01-01, only_for_convenience: yes, {fine}}}"
    child = f"{{birth_date: 2015-01-01, only_for_convenience: yes, {fine}}}"
    other = f"{{birth_date: 2015-01-01, only_for_convenience: no, {fine}}}"
    assert [of_own(catalog, given).signs["excluded"] for given in (adult, child, other)] == [False, True, False]
    assert [of_own(catalog, given).outcome for given in (adult, child, other)] == [
        "approve",
        "clinical-review",
        "approve",
    ]


def test_what_only_the_payer_knows_is_not_asked_of_the_provider(tmp_path: Path) -> None:
    catalog = own(tmp_path, require("all: [plan_type is payer-direct, motivated]"))
    payers, both = of_own(catalog, "motivated: yes"), of_own(catalog, "{}")
    assert (payers.signs["askable"], payers.outcome) == (False, "clinical-review")
    assert (both.signs["askable"], both.outcome) == (True, "request-information")
