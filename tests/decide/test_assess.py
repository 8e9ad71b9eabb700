"""Findings in words: every open criterion says why, every settled one shows what settled it."""

from __future__ import annotations

from priorauth.decide import assess
from priorauth.decide.decided import Assessed
from priorauth.decide.evidence import Rows
from priorauth.documents.beside import NOT_CONFIRMED
from priorauth.engines.python.finding import Why
from priorauth.engines.python.tree import evaluate
from tests.asking import criterion, finding, view


def assessed(tree: str, given: str = "{}") -> Assessed:
    of = view(given)
    return assess.Speaker(Rows(of)).assess(evaluate(criterion(tree), of))


def test_every_reason_has_its_words() -> None:
    assert set(assess.WORDS) == set(Why)


def test_a_numbered_criterion_lists_the_rows_of_the_steps_that_decide_it() -> None:
    tree = "{id: A, title: Signs, any: [latest hba1c > 7.0 %, motivated]}"
    shown = assessed(tree, "hba1c: [{on: 2026-10-02, value: 8.1 %, ref: Observation/a}]")
    assert (shown.status, shown.value, shown.why) == ("met", "8.1 %", None)
    assert [row.reference for row in shown.evidence] == ["Observation/a"]


def test_an_open_criterion_says_why_once() -> None:
    shown = assessed("{id: A, title: Both, all: [motivated, diabetes]}")
    assert (shown.status, shown.why) == ("unknown", "nothing on file")


def test_long_evidence_is_cut_and_counted() -> None:
    given = "glucose_self_test: [{daily: 10, from: 2026-10-23, until: 2026-11-21}]"
    shown = assessed("daily average of glucose_self_test within 30 days >= 4 /d", given)
    assert (len(shown.evidence), shown.more_evidence) == (assess.MOST_EVIDENCE, 300 - assess.MOST_EVIDENCE)


def test_what_was_read_and_lies_outside_the_window_is_refused_with_the_day_that_bounds_it() -> None:
    given = """
hba1c:
  - {on: 2024-05-01, value: 9.9 %, ref: Observation/older}
  - {on: 2025-07-15, value: 8.7 %, ref: Observation/old}
  - {on: 2026-10-02, value: 8.1 %, ref: Observation/a}
"""
    shown = assessed("{id: A, title: HbA1c, when: latest hba1c within 12 months > 7.0 %}", given)
    assert [row.reference for row in shown.evidence] == ["Observation/a"]
    assert [(row.reference, row.date, row.value, row.ground, row.bound) for row in shown.refused] == [
        ("Observation/older", "2024-05-01", "9.9 %", "too old", "2025-11-21"),
        ("Observation/old", "2025-07-15", "8.7 %", "too old", "2025-11-21"),
    ]
    assert {row.kind for row in shown.evidence} == {row.kind for row in shown.refused} == {"laboratory result"}
    assert {row.display for row in shown.evidence} == {row.display for row in shown.refused} == {"HbA1c"}


def test_a_paper_of_too_long_ago_is_refused_and_no_evidence() -> None:
    given = "prescription_signed_on: [{is: 2025-01-02, ref: DocumentReference/rx}]"
    shown = assessed("documented prescription_signed_on within 12 months", given)
    assert (shown.status, shown.evidence) == ("unknown", ())
    assert [(row.reference, row.ground, row.bound, row.kind) for row in shown.refused] == [
        ("DocumentReference/rx", "too old", "2025-11-21", "document")
    ]


def test_many_readings_that_count_need_no_word_about_those_before_them() -> None:
    given = "glucose_self_test: [{daily: 5, from: 2026-01-01, until: 2026-11-21}]"
    shown = assessed("daily average of glucose_self_test within 30 days >= 4 /d", given)
    assert (shown.status, shown.refused) == ("met", ())


def test_silence_is_named_only_where_the_criterion_applies() -> None:
    guarded = finding("{when: unable_to_monitor_glucose, only when: age < 21 years}", "birth_date: 1980-01-01")
    assert assess.assumed((guarded,)) == ()
    assert assess.assumed((finding("unable_to_monitor_glucose"),)) == ("unable_to_monitor_glucose",)


def test_a_document_known_only_by_an_answer_was_stated_not_seen() -> None:
    def stated(*rows: str) -> tuple[str, ...]:
        given = f"prescription_signed_on: [{', '.join(rows)}]"
        of, line = view(given), "documented prescription_signed_on within 12 months"
        return assess.stated_not_seen((evaluate(criterion(line), of),), of)

    answered = "{is: 2026-11-02, source: answer, ref: Z}"
    assert stated(answered) == ("prescription_signed_on",)
    assert stated("{is: 2026-11-02}") == ()
    assert stated(answered, "{is: 2026-11-02, source: document, ref: A}") == ()
    assert stated(answered, "{is: 2026-11-02, source: proposal, mention: not confirmed, ref: A}") == (
        "prescription_signed_on",
    )
    assert stated(answered, "{is: 2026-11-01, source: document, ref: A}") == ()  # two dates: a conflict, nothing is met


def test_what_a_document_says_and_nobody_confirmed_is_the_reason_why_it_is_open() -> None:
    given = f"motivated: [{{is: yes, source: proposal, mention: '{NOT_CONFIRMED}'}}]"
    shown = assessed("{id: A, title: Motivated, when: motivated}", given)
    assert (shown.status, shown.why) == ("unknown", assess.UNCONFIRMED)
    assert [row.ground for row in shown.refused] == [NOT_CONFIRMED]
