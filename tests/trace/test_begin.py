"""The beginning of a trace: what can be guessed, and what is left to an analyst."""

from __future__ import annotations

from priorauth.trace import begin
from tests.trace.invented import NEW, OLD, copy, policy, traced


def test_labels_that_lead_to_an_outline_id_and_codes_are_guessed() -> None:
    found = {row.at: row.rules for row in begin.begin(copy(), policy()) if row.rules}
    said = {row.at: row.rules for row in traced().rows}
    assert len(found) >= 15
    assert [at for at in found if found[at] != said[at]] == [11]  # the heading of II, whose sentence is the one below


def test_headings_citations_and_history_are_guessed() -> None:
    found = [row.otherwise for row in begin.begin(copy(), policy())]
    assert (found.count("heading"), found.count("reference"), found.count("history")) == (12, 2, 1)


def test_what_is_not_guessed_is_left_open() -> None:
    assert [row for row in begin.begin(copy(), policy()) if not row.rules and row.otherwise is None]


def test_sentences_that_an_older_trace_knows_keep_what_it_says() -> None:
    known = traced()
    again = begin.begin(copy(OLD), policy(), known)
    assert [(row.hash, row.rules, row.otherwise) for row in again] == [
        (row.hash, row.rules, row.otherwise) for row in known.rows
    ]
    newer = begin.begin(copy(NEW), policy(), known)
    hashes = {row.hash for row in known.rows}
    assert all(row.rules or row.otherwise for row in newer if row.hash in hashes)
