"""A leaf weighs answers against the record, and says what silence means."""

from __future__ import annotations

import pytest

from priorauth.engines.python.finding import Why
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
    assert (found.truth, found.why, found.asks) == (UNKNOWN, Why.NOT_WHOLE, ("premeal_daily_range",))


DRAW = "any c_peptide_percent_of_lower_limit <= 110 % with fasting_glucose_with_c_peptide <= 225 mg/dL"
PEPTIDE = "c_peptide_percent_of_lower_limit"
GLUCOSE = "fasting_glucose_with_c_peptide"


def drawn(percent: str, glucose: str = "[]") -> str:
    return f"{{{PEPTIDE}: [{{on: 2026-10-01, value: {percent}, ref: c}}], {GLUCOSE}: {glucose}}}"


def test_a_result_on_file_that_fails_is_shown_and_not_asked_again() -> None:
    alone = ask(DRAW, drawn("140 %"))
    beside = ask(DRAW, drawn("90 %", "[{on: 2026-10-01, value: 260 mg/dL}]"))
    for found in (alone, beside):
        assert (found.truth, found.why, found.asks) == (UNKNOWN, Why.FAILED, ())
        assert [row.ref for row in found.rows] == ["c"]


def test_of_a_result_that_passes_only_what_was_drawn_with_it_is_asked() -> None:
    assert ask(DRAW, drawn("90 %")).asks == (GLUCOSE,)
    assert ask(DRAW, drawn("90 %", "[{on: 2026-10-01, value: 210 mg/dL}]")).truth == MET


@pytest.mark.parametrize(
    "given",
    [
        "{}",
        f"{PEPTIDE}: [{{on: 2026-10-01, value: '>90 %'}}]",  # known in part: it may pass
        f"{PEPTIDE}: [{{on: 2026-10-01, value: 140 %}}, {{on: 2026-10-02, value: '>90 %'}}]",
        f"{PEPTIDE}: [{{on: 2026-10-01, value: 140 %}}, {{value: 90 %}}]",  # one without its date may pass
    ],
)
def test_a_result_that_may_pass_is_asked_for(given: str) -> None:
    assert PEPTIDE in ask(DRAW, given).asks


def test_a_failing_result_outside_the_window_or_perhaps_outside_it_does_not_count() -> None:
    line = f"any {PEPTIDE} <= 110 % within 30 days"
    for day in ("2026-10-01", "2026-10"):
        found = ask(line, f"{PEPTIDE}: [{{on: {day}, value: 140 %}}]")
        assert (found.truth, found.asks) == (UNKNOWN, (PEPTIDE,))


def test_a_whole_record_of_failing_results_is_a_no_as_before() -> None:
    whole = "{whole: true, from: 0001-01-01, until: 2026-11-21, source: answer}"
    assert ask(f"any {PEPTIDE} <= 110 %", f"{PEPTIDE}: [{{on: 2026-10-01, value: 140 %}}, {whole}]").truth == NOT_MET


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("latest hba1c within 12 months > 7.0 %", "hba1c: [{on: 2024-10-01, value: 8 %}, %s]"),
        (
            "share of fasting_glucose above 200 mg/dL within 30 days >= 25 % of at least 3",
            "fasting_glucose: [{on: 2026-11-01, value: 240 mg/dL}, {on: 2026-11-02, value: 240 mg/dL}, %s]",
        ),
    ],
)
def test_none_or_too_few_of_a_record_that_is_whole_are_not_asked_again(line: str, rows: str) -> None:
    whole = "{whole: true, from: 2020-01-01, until: 2026-11-21, source: answer}"
    closed, short = ask(line, rows.replace("%s", whole)), ask(line, rows.replace("%s", whole.replace("21,", "01,")))
    fact = rows.partition(":")[0]
    assert (closed.truth, closed.why, closed.asks) == (UNKNOWN, Why.NONE, ())
    assert (short.truth, short.asks) == (UNKNOWN, (fact,))
    undated = ask(line, rows.replace("%s", f"{whole}, {{value: 8 {'%' if fact == 'hba1c' else 'mg/dL'}}}"))
    assert (undated.why, undated.asks) == (Why.UNDATED, (fact,))


@pytest.mark.parametrize(
    ("line", "also"),
    [
        ("count of hypoglycemia within 6 months before prior_approval >= 2", ("hypoglycemia",)),
        ("longest gap between prescriber_visit since prior_approval <= 3 months", ("prescriber_visit",)),
        ("latest hba1c no worse than before prior_approval by 0.3 %", ("hba1c",)),
    ],
)
def test_the_day_of_an_approval_that_never_was_is_not_asked_nor_what_lies_around_it(
    line: str, also: tuple[str, ...]
) -> None:
    never = "prior_approval_on: [{whole: true, from: 0001-01-01, until: 2026-11-21, source: answer}]"
    recent = "prior_approval_on: [{whole: true, from: 2026-01-01, until: 2026-11-21, source: answer}]"
    for given, asked in (("{}", ("prior_approval_on", *also)), (recent, ("prior_approval_on", *also)), (never, ())):
        found = ask(line, given)
        assert (found.truth, found.why, found.asks) == (UNKNOWN, Why.ANCHOR, asked)
