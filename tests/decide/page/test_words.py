"""The words of pages: days as people write them, rows with their kind, what does not count with its ground."""

from __future__ import annotations

import pytest

from priorauth.decide.decided import Evidence, Refused, Stretch
from priorauth.decide.page import words


@pytest.mark.parametrize(
    ("date", "said"),
    [
        (None, None),
        ("2026-11-20", "20 Nov 2026"),
        ("2026-10-22..2026-11-20", "22 Oct to 20 Nov 2026"),
        ("2025-12-22..2026-01-20", "22 Dec 2025 to 20 Jan 2026"),
        ("2025-06-10..", "since 10 Jun 2025"),
        ("..2026-11-20", "until 20 Nov 2026"),
        ("by 2026-11-20..", "by 20 Nov 2026"),
        ("by 2020-12-31..2021-01-01", "by 31 Dec 2020, until 1 Jan 2021"),
        ("2020-01-01..2020-12-31..", "since a day from 1 Jan to 31 Dec 2020"),
        ("..2020-01-01..2020-12-31", "until a day from 1 Jan to 31 Dec 2020"),
        ("1961-04-12..1961-04-25..9999-12-31", "12 Apr to 25 Apr 1961 or longer"),
        ("2019-01-01..2020-01-01..2020-12-31", "1 Jan 2019 to 1 Jan 2020 to 31 Dec 2020"),
    ],
)
def test_a_date_says_whether_it_is_a_day_a_span_or_an_end(date: str | None, said: str | None) -> None:
    assert words.when(date) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-10-22", "2026-11-20", "22 Oct to 20 Nov 2026"),
        ("2026-11-20", "2026-11-20", "20 Nov 2026"),
        ("2026-11-20", None, "from 20 Nov 2026 on"),
        (None, "2026-11-20", "up to 20 Nov 2026"),
        (None, None, "any day"),
    ],
)
def test_missing_days_are_said_with_both_ends_or_one(first: str | None, last: str | None, said: str) -> None:
    assert words.stretch(Stretch(first, last)) == said


def row(value: str | None, date: str | None = "2026-10-06", display: str = "HbA1c") -> Evidence:
    return Evidence("Observation/a", date, value, "laboratory result", display)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row("8.4 %"), "8.4 %, 6 Oct 2026, laboratory result"),
        (row("present", "2024-09-17..", "type 1 diabetes"), "type 1 diabetes, since 17 Sep 2024, laboratory result"),
        (row("absent", None, "pregnancy"), "no pregnancy, laboratory result"),
        (row("possible", None, "pregnancy"), "possible pregnancy, laboratory result"),
        (row("complete", None, "meter reading"), "complete record of meter reading, laboratory result"),
        (row("type-1-diabetes"), "type 1 diabetes, 6 Oct 2026, laboratory result"),
        (row("2026-10-01", display="visit"), "visit 1 Oct 2026, stated 6 Oct 2026, laboratory result"),
        (row("2026-10-06", display="visit"), "visit, 6 Oct 2026, laboratory result"),
    ],
)
def test_a_row_says_its_value_its_day_and_its_kind_and_never_a_bare_id(one: Evidence, said: str) -> None:
    assert words.row(one) == said


def test_the_full_page_names_the_resource_after_its_kind() -> None:
    assert words.row(row("8.4 %"), reference=True) == "8.4 %, 6 Oct 2026, laboratory result (Observation/a)"


def test_what_is_too_old_or_too_new_says_from_or_up_to_which_day_rows_count() -> None:
    old = Refused("Observation/a", "2025-07-15", "8.7 %", "too old", "2025-11-20", "laboratory result", "HbA1c")
    new = Refused("Observation/a", "2026-12-01", "8.7 %", "too new", "2026-11-20", "laboratory result", "HbA1c")
    assert words.refused(old).endswith(": too old (counts from 21 Nov 2025)")
    assert words.refused(new).endswith(": too new (counts up to 20 Nov 2026)")


def test_many_refused_rows_are_counted_and_an_orders_own_words_are_quoted() -> None:
    many = Refused("Observation/a", "2025-01-01..2025-03-01", None, "too old", None, "meter reading", "self-test", 12)
    own = Refused("ServiceRequest/a", "2026-11-01", "pump, please", "the order's own words", None, "order", "drug")
    assert words.refused(many) == "12 times self-test, 1 Jan to 1 Mar 2025: too old"
    assert words.refused(own) == 'the order says "pump, please" (1 Nov 2026)'


def test_a_text_of_the_engine_loses_its_ids_names_of_facts_and_iso_days() -> None:
    text = "hba1c_exception_granted: not-met (Observation/a, 2026-10-06); Condition/b, Condition/c on Part B/Part D"
    said = words.plain(text, {"Observation/a": "sensor reading"})
    assert said.endswith(": not shown (sensor reading, 6 Oct 2026); diagnosis on Part B/Part D")
    assert "_" not in said


def test_an_exclusion_applies_or_does_not_apply() -> None:
    assert (words.status("met", "exclusion"), words.status("not-met", "exclusion")) == ("applies", "does not apply")
    assert (words.status("met", "criterion"), words.status("unknown", None)) == ("shown", "missing")


def test_a_block_shows_a_line_break_and_makes_none() -> None:
    assert list(words.block("one\ntwo")) == ["one\\ntwo"]


def test_few_names_some_and_counts_the_rest() -> None:
    assert list(words.few(["a", "b", "a", "c"], 2)) == ["a", "b", "and 1 more"]
    assert words.counted(1, "thing is missing", "things are missing") == "1 thing is missing"


STATUSES = {  # a status -> how it is said of a criterion, and of an exclusion or a hand-off
    "met": ("shown", "applies"),
    "not-met": ("not shown", "does not apply"),
    "unknown": ("missing", "open"),
    "conflict": ("two sides", "two sides"),
    "not-applicable": ("does not apply", "not asked of this request"),
}


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_every_status_has_a_word_and_of_an_exclusion_another(status: str) -> None:
    for role, said in zip(("criterion", "exclusion", "hand-off", "document", None), (0, 1, 1, 0, 0), strict=True):
        assert words.status(status, role) == STATUSES[status][said]  # type: ignore[arg-type]  # every status, every role
