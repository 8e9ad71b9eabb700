"""Findings in words: every open criterion says why, every settled one shows what settled it."""

from __future__ import annotations

from priorauth.decide import assess
from priorauth.decide.finding import Why
from priorauth.facts import vocabulary as vocabularies
from tests.asking import finding

WORDS = vocabularies.load()


def test_every_reason_has_its_words() -> None:
    assert set(assess.WORDS) == set(Why)


def test_a_numbered_criterion_lists_the_rows_of_the_steps_that_decide_it() -> None:
    tree = "{id: A, title: Signs, any: [latest hba1c > 7.0 %, motivated]}"
    shown = assess.assess(finding(tree, "hba1c: [{on: 2026-10-02, value: 8.1 %, ref: Observation/a}]"), WORDS)
    assert (shown.status, shown.value, shown.why) == ("met", "8.1 %", None)
    assert [row.reference for row in shown.evidence] == ["Observation/a"]


def test_an_open_criterion_says_why_once() -> None:
    shown = assess.assess(finding("{id: A, title: Both, all: [motivated, diabetes]}"), WORDS)
    assert (shown.status, shown.why) == ("unknown", "nothing on file")


def test_long_evidence_is_cut_and_counted() -> None:
    given = "glucose_self_test: [{daily: 10, from: 2026-10-23, until: 2026-11-21}]"
    shown = assess.assess(finding("daily average of glucose_self_test within 30 days >= 4 /d", given), WORDS)
    assert (len(shown.evidence), shown.more_evidence) == (assess.MOST_EVIDENCE, 300 - assess.MOST_EVIDENCE)


def test_silence_is_named_only_where_the_criterion_applies() -> None:
    guarded = finding("{when: unable_to_monitor_glucose, only when: age < 21 years}", "birth_date: 1980-01-01")
    assert assess.assumed((guarded,)) == ()
    assert assess.assumed((finding("unable_to_monitor_glucose"),)) == ("unable_to_monitor_glucose",)


def test_a_document_known_only_by_an_answer_was_stated_not_seen() -> None:
    line = "documented prescription_signed_on within 12 months"
    answered = finding(line, "prescription_signed_on: [{is: 2026-11-02, source: answer}]")
    recorded = finding(line, "prescription_signed_on: [{is: 2026-11-02}]")
    assert assess.stated_not_seen((answered, recorded), WORDS) == ("prescription_signed_on",)
    assert assess.stated_not_seen((recorded,), WORDS) == ()
