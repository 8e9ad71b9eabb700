"""Rows say what is known and no more: a row without a number may be any number, one without a date any day."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.facts.rows import (
    NEVER,
    SIDES,
    UNDATED,
    UNREAD,
    Answer,
    Event,
    Measurement,
    Period,
    Row,
    Source,
    Whole,
    each_once,
    ground_of,
    mentioned,
    shown_date,
)
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
    assert [str(source) for source in Source] == [
        "record",
        "answer",
        "judgment",
        "ledger",
        "document",
        "proposal",
        "shown",
    ]


# ---- mentions ----

GROUND = "its unit is not known"


def test_what_a_mention_says_of_a_number_is_nothing_and_its_day_stays() -> None:
    row = Measurement("hba1c", RECORD, "a", 10, 12, 5, 70, 80, low_open=True, high_open=True, specimen="s")
    told = mentioned(row, GROUND)
    assert told.value == ANYTHING
    assert (told.first, told.last, told.minute, told.specimen, told.fault) == (10, 12, 5, "s", GROUND)
    assert compare(told.value, ">", 70) == UNKNOWN


def test_a_mentioned_event_may_have_happened_on_its_day_or_never() -> None:
    told = mentioned(Event("ketoacidosis", RECORD, "a", 10, 10, 600, 50, 60), GROUND)
    assert (told.first, told.last, told.minute, told.low, told.high, told.ground) == (
        10,
        NEVER,
        None,
        None,
        None,
        GROUND,
    )
    assert NEVER < LAST_DAY


def test_a_mentioned_condition_may_be_present_and_a_mentioned_regimen_may_be_any_number() -> None:
    row = Period("diabetes", RECORD, "a", 10, 11, 20, 21)
    told = mentioned(row, GROUND)
    assert (told.low, told.high, told.ground) == (0, 1, GROUND)
    assert (told.start_first, told.start_last, told.end_first, told.end_last) == (10, 11, 20, 21)
    told = mentioned(Period("insulin_injections", RECORD, "a", low=40, high=40), GROUND, regimen=True)
    assert (told.low, told.high) == (0, None)


def test_a_mentioned_absence_is_no_absence() -> None:
    told = mentioned(Period("diabetes", RECORD, "a", low=0, high=0), GROUND)
    assert (told.low, told.high) == (0, 1)


def test_a_mentioned_statement_says_neither_yes_nor_no_and_no_value() -> None:
    told = mentioned(Answer("service_on", RECORD, "a", "2026-01-01", 10, 10, 7, 20, 20), GROUND)
    assert (told.text, told.low, told.high, told.ground) == (UNREAD, None, None, GROUND)
    assert (told.first, told.last, told.minute) == (10, 10, 7)


def test_the_row_that_a_mention_was_made_of_is_as_it_was() -> None:
    row = Answer("motivated", RECORD, "a", "yes")
    mentioned(row, GROUND)
    assert (row.text, ground_of(row)) == ("yes", None)


@pytest.mark.parametrize("row", [row for row in EVERY if not isinstance(row, Whole)])
def test_every_mention_has_its_ground_and_a_row_that_counts_has_none(row: Row) -> None:
    assert not isinstance(row, Whole)
    assert ground_of(row) is None
    assert ground_of(mentioned(row, GROUND)) == GROUND
    assert ground_of(mentioned(mentioned(row, "first"), GROUND)) == GROUND


def test_a_statement_of_wholeness_has_no_ground() -> None:
    assert ground_of(Whole("ketoacidosis", RECORD, "a", 1, 2)) is None


def test_a_result_with_a_value_and_no_date_settles_nothing() -> None:
    assert ground_of(Measurement("hba1c", RECORD, "a", FIRST_DAY, 20, low=70, high=70)) == UNDATED
    assert ground_of(Measurement("hba1c", RECORD, "a", FIRST_DAY, LAST_DAY, low=70, high=70)) == UNDATED
    assert ground_of(Measurement("hba1c", RECORD, "a", 19, 20, low=70, high=70)) is None
    assert ground_of(Measurement("hba1c", RECORD, "a", FIRST_DAY, 20, low=70, high=70, fault=GROUND)) == GROUND


def test_everybody_who_counts_on_a_side_counts_among_all_and_what_is_only_shown_counts_nowhere() -> None:
    for sources in SIDES.values():
        assert set(sources) <= set(SIDES["all"])
    assert {source for source in Source if source not in SIDES["all"]} == {Source.SHOWN}
    assert not set(SIDES["answers"]) & set(SIDES["record"])


def test_no_engine_names_the_sources_of_the_record_itself() -> None:
    """A further source of the record, such as the ledger or documents that were read, is one line in ``SIDES``."""
    engines = Path(__file__).parents[2] / "src" / "priorauth" / "engines"
    files = [path for path in engines.rglob("*") if path.suffix in (".py", ".sql", ".cql")]
    assert len(files) > 50
    assert [path.name for path in files if "ledger" in path.read_text("utf-8").lower()] == []


@pytest.mark.parametrize(
    ("ends", "ongoing"),
    [((LAST_DAY, LAST_DAY), True), ((9, LAST_DAY), True), ((9, 9), False), ((9, LAST_DAY - 1), False)],
)
def test_a_period_goes_on_where_it_may_and_has_ended_where_its_last_day_is_known(
    ends: tuple[int, int],
    ongoing: bool,  # noqa: FBT001
) -> None:
    assert Period("cgm_use", RECORD, "a", 1, 1, *ends).ongoing == ongoing


def test_a_date_of_any_day_is_no_date_to_show() -> None:
    assert shown_date(FIRST_DAY, LAST_DAY) is None
    assert shown_date(FIRST_DAY, LAST_DAY - 1) == (FIRST_DAY, LAST_DAY - 1)


def test_a_mention_without_a_number_is_not_called_undated_and_a_number_without_a_date_is() -> None:
    assert ground_of(Measurement("hba1c", RECORD, "a")) is None
    assert ground_of(Measurement("hba1c", RECORD, "a", low=70, high=70)) == UNDATED


def test_rows_that_are_equal_stand_once_whether_or_not_others_are_of_the_same_resource() -> None:
    one, two = Event("hypoglycemia", Source.RECORD, "a", 5, 5), Event("hypoglycemia", Source.RECORD, "b", 3, 3)
    later, again = Event("hypoglycemia", Source.RECORD, "a", 9, 9), Event("hypoglycemia", Source.RECORD, "a", 5, 5)
    assert each_once([one, two]) == (one, two)
    assert each_once([one, two, later, again, two]) == (one, two, later)
