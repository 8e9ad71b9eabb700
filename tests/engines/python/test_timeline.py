"""Timelines: per source and day the latest start counts; what sources exclude is anything between them."""

from __future__ import annotations

from priorauth.engines.python import timeline
from priorauth.engines.python.timeline import ABSENT, MAYBE, PRESENT
from priorauth.facts.rows import Period, Source
from priorauth.values.interval import Interval, exactly


def row(start: int, end: int, low: int | None, high: int | None, source: Source = Source.RECORD) -> Period:
    return Period("x", source, f"{start}-{low}", start, start, end, end, low, high)


def test_the_regimen_that_started_last_rules() -> None:
    line = timeline.regimen((row(1000, 2000, 2, 2), row(1500, 2000, 4, 4)), (), 1400, 1600)
    assert [(part.first, part.last, part.value) for part in line] == [
        (1400, 1499, exactly(2)),
        (1500, 1600, exactly(4)),
    ]


def test_a_day_without_a_row_is_unknown() -> None:
    line = timeline.regimen((row(1000, 1100, 3, 3),), (), 1090, 1120)
    assert [part.value for part in line] == [exactly(3), None]


def test_a_lower_bound_and_an_exact_answer_agree_on_the_answer() -> None:
    line = timeline.regimen((row(1, 9000, 30, None),), (row(1, 9000, 40, 40, Source.ANSWER),), 100, 200)
    assert [part.value for part in line] == [exactly(40)]


def test_sources_that_exclude_each_other_leave_anything_between() -> None:
    line = timeline.regimen((row(1, 9000, 20, 20),), (row(1, 9000, 40, 40, Source.ANSWER),), 100, 200)
    assert [part.value for part in line] == [Interval(20, 40)]


def test_a_condition_is_present_then_ended_and_a_hint_proves_nothing() -> None:
    line = timeline.condition((row(1000, 1100, 1, 1),), 990, 1110)
    assert [part.value for part in line] == [None, PRESENT, ABSENT]
    assert [part.value for part in timeline.condition((row(1, 9000, 0, 1),), 5, 6)] == [MAYBE]
    assert [part.value for part in timeline.condition((row(1, 9000, 0, 1), row(2, 9000, 1, 1)), 5, 6)] == [PRESENT]


def test_no_days_make_no_timeline() -> None:
    assert timeline.condition((), 5, 4) == ()
