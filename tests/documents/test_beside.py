"""What nobody has confirmed: shown where it changes nothing, else a mention; never more certain than before."""

from __future__ import annotations

import pytest

from priorauth.documents.beside import NOT_CONFIRMED
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, ground_of
from priorauth.values.dates import LAST_DAY
from tests.documents.stated import document, open_rows, says

SHOWN, OPEN = ["shown"], ["proposal"]


def sources(given: str, fact: str, value: str = "yes", date: str | None = None, **more: object) -> list[str]:
    return [str(row.source) for row in open_rows(given, document(says(fact, value, date, **more)))]


@pytest.mark.parametrize(
    ("value", "date", "found"),
    [
        ("8.1 %", "2026-10-02", SHOWN),
        ("8 %", "2026-10-02", SHOWN),  # a note rounds
        ("65 mmol/mol", "2026-10", SHOWN),
        ("8.1 %", None, SHOWN),
        ("8.1 %", "2026-09-02", OPEN),
        ("8.3 %", "2026-10-02", OPEN),
        ("8.3 %", None, OPEN),
        (">8 %", "2026-10-02", SHOWN),
        ("<8 %", "2026-10-02", OPEN),
    ],
)
def test_a_result_of_the_same_days_that_agrees_changes_nothing(value: str, date: str | None, found: list[str]) -> None:
    assert sources("hba1c: [{on: 2026-10-02, value: 8.1 %}]", "hba1c", value, date) == found


def test_a_result_that_nothing_else_gives_is_a_mention_without_its_number() -> None:
    (row,) = open_rows("{}", document(says("hba1c", "8.4 %", "2026-10-06")))
    assert isinstance(row, Measurement)
    assert (row.source, row.ref, row.low, row.high, row.fault) == (
        "proposal", "document 3#page=2&at=118", None, None, NOT_CONFIRMED,
    )  # fmt: skip


def test_a_value_that_does_not_follow_is_a_mention_with_its_ground() -> None:
    (row,) = open_rows("{}", document(says("hba1c", "84 %", "2026-10-06")))
    assert "no plausible value" in (ground_of(row) or "")


def test_an_event_of_the_same_days_changes_nothing_and_another_may_have_happened() -> None:
    given = "hypoglycemia: [{on: 2026-09-22, value: 44 mg/dL}]"
    assert sources(given, "hypoglycemia", "44 mg/dL", "2026-09-22") == SHOWN
    assert sources(given, "hypoglycemia", "yes", "2026-09") == SHOWN
    assert sources(given, "hypoglycemia", "52 mg/dL", "2026-09-22") == OPEN
    (row,) = open_rows(given, document(says("hypoglycemia", "yes", "2026-10-01")))
    assert isinstance(row, Event)
    assert row.last == LAST_DAY - 1


def test_what_is_denied_and_nobody_claims_changes_nothing() -> None:
    assert sources("{}", "ketoacidosis", "none", polarity="denied") == []
    assert sources("{}", "pregnancy", "no", polarity="denied") == SHOWN
    assert sources("{}", "unable_to_monitor_glucose", "no", polarity="denied") == SHOWN
    assert sources("{}", "insulin_injections", "none", polarity="denied") == OPEN
    assert sources("pregnancy: [{from: 2026-08-01}]", "pregnancy", "no", polarity="denied") == OPEN


def test_a_statement_that_may_be_the_newest_and_says_something_else_is_a_mention() -> None:
    old, new = "motivated: [{is: no, on: 2026-11-01}]", "motivated: [{is: no, on: 2026-11-15}]"
    assert sources(old, "motivated") == OPEN
    assert sources(new, "motivated") == SHOWN
    assert sources(old.replace("no", "yes"), "motivated") == SHOWN
    assert sources("{}", "motivated") == OPEN
    assert (
        sources("prescription_signed_on: [{is: 2026-11-02, on: 2026-11-05}]", "prescription_signed_on", "2026-11")
        == SHOWN
    )


def test_a_condition_is_a_hint_where_nothing_says_it_and_shown_where_something_does() -> None:
    (hint,) = open_rows("{}", document(says("pregnancy")))
    assert isinstance(hint, Period)
    assert (hint.low, hint.high, hint.ground) == (0, 1, NOT_CONFIRMED)
    assert sources("pregnancy: [{from: 2026-08-01}]", "pregnancy") == SHOWN
    assert sources("pregnancy: [{from: 2020-08-01, until: 2021-02-01}]", "pregnancy", since="2026-08") == OPEN


def test_a_condition_that_is_stated_against_a_no_that_is_not_newer_may_be_so() -> None:
    def told(until: str) -> list[Row]:
        absent = f"end_stage_renal_disease: [{{value: no, until: {until}, source: answer}}]"
        return open_rows(absent, document(says("end_stage_renal_disease", since="2026-05")))

    (row,) = told("2026-11-10")
    assert isinstance(row, Period)
    assert (row.source, row.low, row.high, row.ground) == ("proposal", 1, 1, NOT_CONFIRMED)
    assert row.end_first < row.start_last  # on no day for certain
    (older,) = told("2026-11-20")
    assert older.source == "shown"


def test_a_regimen_widens_what_counts_on_its_side_to_what_the_document_says() -> None:
    given = "insulin_injections: [{value: 4 /d, from: 2025-06-10}]"
    assert sources(given, "insulin_injections", "4 /d") == SHOWN
    assert sources(given, "insulin_injections", "5 /d", "2024-05-01") == SHOWN  # older than what counts
    (row,) = open_rows(given, document(says("insulin_injections", "3 /d")))
    assert isinstance(row, Period)
    assert (row.source, row.low, row.high, row.ground) == (Source.DOCUMENT, 30, 40, NOT_CONFIRMED)
    assert row.end_first < row.start_last  # on no day for certain
    both = "insulin_injections: [{value: 2 /d, from: 2025-06-10}, {value: 5 /d, from: 2025-06-10, source: answer}]"
    told = open_rows(both, document(says("insulin_injections", "3 /d")))
    assert [(one.source, one.low, one.high) for one in told if isinstance(one, Period)] == [
        ("document", 20, 50), ("answer", 20, 50),
    ]  # fmt: skip


def test_a_statement_without_any_day_may_be_the_newest() -> None:
    told = open_rows("motivated: [{is: no, on: 2026-11-15}]", document(says("motivated"), dated=None))
    assert [(row.source, row.first) for row in told if isinstance(row, Answer)] == [("proposal", 1)]
