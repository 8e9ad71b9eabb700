import datetime as dt

import pytest

from priorauth.glucose.metrics.summary import summary
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.period import Span, latest
from tests.glucose.drawn import draw, readings, sensor
from tests.glucose.page.picked import fortnight

FIRST = dt.date(2024, 1, 1)


def test_a_period_is_the_latest_14_days_and_says_the_span_of_the_whole_log() -> None:
    made = latest(fortnight(30))
    assert made.span == Span(dt.date(2024, 1, 17), dt.date(2024, 1, 30), 14 * 288, 14)
    assert made.whole == Span(FIRST, dt.date(2024, 1, 30), 30 * 288, 30)
    assert made.span.days == 14


def test_a_shorter_log_has_the_days_that_it_has() -> None:
    made = latest(fortnight(5))
    assert made.span is not None
    assert (made.span.first, made.span.days) == (FIRST, 5)


def test_the_days_may_be_others_and_end_earlier() -> None:
    made = latest(fortnight(30), days=3, until=dt.date(2024, 1, 10))
    assert made.span == Span(dt.date(2024, 1, 8), dt.date(2024, 1, 10), 3 * 288, 3)
    later = latest(fortnight(30), days=3, until=dt.date(2025, 1, 1)).span
    assert later is not None
    assert later.last == dt.date(2024, 1, 30)


def test_a_period_before_the_first_reading_is_empty_and_keeps_the_span_of_the_log() -> None:
    made = latest(fortnight(2), until=dt.date(2023, 12, 1))
    assert made.span is not None
    assert (made.span.readings, made.span.days, made.summary.readings) == (0, 1, 0)
    assert made.whole is not None
    assert made.whole.readings == 576


def test_days_without_readings_are_in_the_span_and_not_worn() -> None:
    made = latest(readings("meter", (60, 100), (1440 * 9, 120)))
    assert made.span == Span(FIRST, dt.date(2024, 1, 10), 2, 2)
    assert (made.span.days, made.meter) == (10, True)


def test_the_metrics_are_those_of_the_days_of_the_period() -> None:
    series = fortnight(30)
    made = latest(series)
    assert made.span is not None
    own = summary("cgm", *series[:4], from_day=made.span.first, until_day=made.span.last)
    assert made.summary == own
    assert int(made.profile.readings.sum()) == own.readings


def test_an_empty_stream_has_an_empty_period() -> None:
    made = latest(readings("cgm"))
    assert (made.span, made.whole, made.summary.readings) == (None, None, 0)


def test_one_stream_and_a_day_at_least_are_asked_for() -> None:
    with pytest.raises(ValueError, match="expected one stream and at least one day, found 2 and 14"):
        latest(draw(1, streams=2, most=10))
    with pytest.raises(ValueError, match="found 1 and 0"):
        latest(sensor([100]), days=0)


def test_the_choice_is_kept() -> None:
    assert latest(sensor([100]), Choice("older")).choice.population == "older"
