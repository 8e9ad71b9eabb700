"""Rows say what is known and no more: a row without a number may be any number, one without a date any day."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole, shown_date
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY
from priorauth.values.interval import ANYTHING, Interval, compare
from priorauth.values.truth import MET, UNKNOWN

RECORD = Source.RECORD
EVERY: list[Row] = [
    Measurement("hba1c", RECORD, "a"),
    Event("ketoacidosis", RECORD, "a"),
    Period("diabetes", RECORD, "a"),
    Answer("motivated", RECORD, "a", "yes"),
    Whole("ketoacidosis", RECORD, "a", 1, 2),
]


def test_a_result_without_a_number_may_be_any_number() -> None:
    row = Measurement("hba1c", RECORD, "a", 1, 1, fault="unit mg/dL does not become %")
    assert row.value == ANYTHING
    assert compare(row.value, ">", 70) == UNKNOWN


def test_a_result_with_a_comparator_is_an_open_interval() -> None:
    row = Measurement("hba1c", RECORD, "a", 1, 1, low=140, low_open=True)
    assert row.value == Interval(140, None, True, False)
    assert compare(row.value, ">", 140) == MET


@pytest.mark.parametrize("row", EVERY[:2])
def test_a_row_without_a_date_may_be_of_any_day(row: Measurement | Event) -> None:
    assert (row.first, row.last) == (ANY_DAY.first, ANY_DAY.last)
    assert shown_date(row.first, row.last) is None


def test_a_statement_without_a_date_may_be_of_any_day() -> None:
    assert shown_date(Answer("motivated", RECORD, "a", "yes").first, LAST_DAY) is None


@given(st.integers(FIRST_DAY, LAST_DAY), st.integers(0, 400))
def test_a_date_that_is_known_in_part_is_shown(first: int, width: int) -> None:
    last = min(first + width, LAST_DAY - 1)
    assert shown_date(first, last) == (first, last)


def test_a_period_without_dates_is_present_at_all_times_and_goes_on() -> None:
    row = Period("diabetes", RECORD, "a")
    assert (row.start_last, row.end_first, row.value, row.ongoing) == (FIRST_DAY, LAST_DAY, Interval(1, 1), True)


def test_a_period_that_ended_does_not_go_on() -> None:
    assert not Period("diabetes", RECORD, "a", 1, 1, 100, 130).ongoing


def test_an_attribute_that_is_a_date_in_part_is_the_days_it_may_be() -> None:
    assert Answer("birth_date", RECORD, "a", "2005", low=10, high=20).value == Interval(10, 20)


@pytest.mark.parametrize("row", EVERY, ids=lambda row: type(row).__name__)
def test_a_row_is_a_value_that_nobody_changes(row: Row) -> None:
    assert msgspec.structs.replace(row) == row
    assert {row, msgspec.structs.replace(row)} == {row}
    with pytest.raises(AttributeError):
        row.fact = "other"  # type: ignore[misc]  # that this is refused is the point


def test_a_source_is_the_word_for_it() -> None:
    assert [str(source) for source in Source] == ["record", "answer", "judgment", "ledger", "shown"]
