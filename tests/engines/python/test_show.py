"""Values in words: units a person expects, one decimal where needed, ISO dates, nothing invented."""

from __future__ import annotations

import pytest

from priorauth.engines.python.show import _between, listed, number, row_date, row_value
from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.rows import Measurement, Period, Source
from priorauth.values.dates import LAST_DAY, day
from priorauth.values.interval import Interval, exactly
from tests.asking import ask, view

WORDS = vocabularies.load()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (exactly(81), "8.1 %"),
        (Interval(140, None, low_open=True), "> 14.0 %"),
        (Interval(None, 50), "<= 5.0 %"),
        (Interval(70, 80), "7.0 to 8.0 %"),
        (Interval(0, 80), "<= 8.0 %"),
        (Interval(0, None), None),
        (Interval(None, None), None),
    ],
)
def test_a_result_is_written_with_its_unit_and_comparator(value: Interval, expected: str | None) -> None:
    assert number(value, WORDS["hba1c"]) == expected


def test_periods_show_their_ends_and_partial_starts() -> None:
    ongoing = Period("diabetes", Source.RECORD, "r", day("2020-01-01"), day("2020-12-31"), LAST_DAY, LAST_DAY)
    by = Period("diabetes", Source.RECORD, "r", 1, day("2020-12-31"), day("2021-01-01"), day("2021-01-01"))
    assert row_date(ongoing) == "2020-01-01..2020-12-31.."
    assert row_date(by) == "by 2020-12-31..2021-01-01"


def test_a_result_that_cannot_be_converted_says_why() -> None:
    row = Measurement("hba1c", Source.RECORD, "r", 1, 2, fault="unit kg does not become %")
    assert row_value(row, WORDS["hba1c"]) == "unit kg does not become %"


def test_a_list_of_rows_is_cut_and_counted() -> None:
    given = "hypoglycemia: [" + ", ".join(f"2026-10-{n:02}" for n in range(1, 10)) + "]"
    assert listed(ask("count of hypoglycemia within 3 months >= 1", given), view(given)).endswith("and 5 more")


def test_an_average_has_one_decimal() -> None:
    given = (
        "glucose_self_test: [{daily: 5, from: 2026-10-23, until: 2026-11-20}, "
        "{whole: true, from: 2026-10-01, until: 2026-11-21}]"
    )
    assert ask("daily average of glucose_self_test within 30 days >= 4 /d", given).value == "4.8 a day"


def test_a_measure_that_may_be_nothing_at_all_says_at_most_and_one_that_may_be_anything_says_nothing() -> None:
    assert _between(Interval(0, 83), " days") == "at most 83 days"
    assert _between(Interval(0, None), " days") is None
    assert _between(Interval(0, 100), " % of days") is None
    assert _between(Interval(48, 100), " % of days") == "at least 48 % of days"
    assert _between(exactly(100), " % of days") == "100 % of days"


def test_a_statement_of_wholeness_is_written_as_one() -> None:
    given = "hypoglycemia: [{whole: true, from: 2026-01-01, until: 2026-11-20}]"
    (row,) = view(given).rows("hypoglycemia", "all")
    assert row_value(row, WORDS["hypoglycemia"]) == "complete"


@pytest.mark.parametrize(
    ("given", "shown"), [("[{from: 2026-01-01}]", "present"), ("no", "absent"), ("[{value: maybe}]", "possible")]
)
def test_a_state_is_written_as_present_absent_or_possible(given: str, shown: str) -> None:
    (row, *_) = view(f"diabetes: {given}").rows("diabetes", "all")
    assert row_value(row, WORDS["diabetes"]) == shown
