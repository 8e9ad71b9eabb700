"""Days are written with their weekday, hours as people say them."""

import datetime as dt

import pytest

from priorauth.letters import days


def test_a_day_is_promised_with_its_weekday() -> None:
    assert days.written(dt.date(2026, 12, 3)) == "Thursday, 3 December 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "midnight"), (0, 5, "12:05 a.m."), (9, 0, "9:00 a.m."), (12, 0, "noon"), (12, 1, "12:01 p.m."),
        (16, 10, "4:10 p.m."),
    ],
)  # fmt: skip
def test_an_hour_is_said_as_people_say_it(hour: int, minute: int, said: str) -> None:
    assert days.clock(dt.datetime(2026, 11, 27, hour, minute, tzinfo=dt.UTC)) == said


def test_a_moment_bears_the_name_of_its_zone() -> None:
    at = dt.datetime(2026, 11, 27, 16, 10, tzinfo=dt.UTC)
    assert days.moment(at, "Eastern time") == "Friday, 27 November 2026, 4:10 p.m. Eastern time"
