"""A leaf weighs answers against the record, and says what silence means."""

from __future__ import annotations

from priorauth.decide.finding import Why
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.asking import ask


def test_an_answer_ninety_days_after_a_coded_result_that_it_turns_is_a_conflict() -> None:
    given = "hba1c: [{on: 2026-07-03, value: 6.8 %}, {on: 2026-10-01, value: 8.1 %, source: answer}]"
    assert ask("latest hba1c > 7.0 %", given).conflict


def test_an_answer_ninety_one_days_after_a_coded_result_counts_as_the_newest() -> None:
    given = "hba1c: [{on: 2026-07-02, value: 6.8 %}, {on: 2026-10-01, value: 8.1 %, source: answer}]"
    assert ask("latest hba1c > 7.0 %", given).truth == MET


def test_a_coded_result_after_an_answer_counts_without_a_conflict() -> None:
    given = "hba1c: [{on: 2026-10-02, value: 6.8 %}, {on: 2026-10-01, value: 8.1 %, source: answer}]"
    found = ask("latest hba1c > 7.0 %", given)
    assert (found.truth, found.conflict) == (NOT_MET, False)


def test_what_the_supplier_says_of_a_clinical_fact_is_never_counted() -> None:
    assert ask("motivated", "motivated: [{is: yes, source: shown}]").truth == UNKNOWN


def test_silence_says_no_only_where_the_vocabulary_says_so() -> None:
    excluded, clinical = ask("unable_to_monitor_glucose"), ask("motivated")
    assert (excluded.truth, excluded.assumed) == (NOT_MET, ("unable_to_monitor_glucose",))
    assert (clinical.truth, clinical.why) == (UNKNOWN, Why.NO_DATA)


def test_silence_about_end_stage_complications_waits_while_the_record_hints_at_renal_failure() -> None:
    hint = "end_stage_renal_disease: [{from: 2026-01-01, value: maybe}]"
    assert ask("judged end_stage_complication").truth == NOT_MET
    assert ask("judged end_stage_complication", hint).truth == UNKNOWN
    assert ask("end_stage_renal_disease", hint).asks == ()


def test_an_unknown_date_to_count_from_is_asked_with_the_fact() -> None:
    found = ask("daily average of glucose_self_test within 30 days before enrollment >= 4 /d")
    assert (found.why, found.asks) == (Why.ANCHOR, ("enrolled_on", "glucose_self_test"))


def test_both_sides_of_a_conflict_are_told() -> None:
    given = "diabetes: [{from: 2020-01-01}, {value: no, from: 2020-01-01, source: answer}]"
    found = ask("diabetes", given)
    assert found.conflict
    assert [side.split(":")[0] for side in found.sides] == ["answers", "record"]


def test_a_result_that_fails_the_test_is_not_called_nothing_on_file() -> None:
    found = ask("any premeal_daily_range > 100 mg/dL", "premeal_daily_range: [{on: 2026-10-01, value: 40 mg/dL}]")
    assert (found.truth, found.why) == (UNKNOWN, Why.NOT_WHOLE)
