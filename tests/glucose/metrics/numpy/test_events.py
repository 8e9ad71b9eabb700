"""Each definition of an event by hand, on both sides of its figures; both engines are held to the same answers."""

import numpy as np
import pytest

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics import numba, numpy, series
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import MIDNIGHT, readings, sensor


def found(given: Series, kind: int) -> list[tuple[int, int]]:
    """Give first and last place of each event of a kind, from both engines, which must agree."""
    steps = numpy.intervals(given, rules())
    rows, _ = numpy.event_rows(given, steps, rules())
    fast, _ = numba.event_rows(given, steps, rules())
    assert np.array_equal(rows, fast)
    return [(int(row[c.FIRST]), int(row[c.LAST])) for row in rows if row[c.KIND] == kind]


def count(glucose: list[int], kind: int, step: int = 5) -> int:
    return len(found(sensor(glucose, step=step), kind))


RECOVERED = [100] * 3


def test_three_readings_five_minutes_apart_below_70_are_a_level_1_event() -> None:
    assert count([100, 69, 69, 69, *RECOVERED], c.HYPO_1) == 1


def test_two_readings_five_minutes_apart_below_70_are_none() -> None:
    assert count([100, 69, 69, *RECOVERED], c.HYPO_1) == 0


def test_readings_of_exactly_70_are_not_below_70() -> None:
    assert count([100, 70, 70, 70, 70, *RECOVERED], c.HYPO_1) == 0


def test_a_reading_of_70_between_low_ones_breaks_the_fifteen_minutes() -> None:
    assert count([100, 69, 69, 70, 69, 69, *RECOVERED], c.HYPO_1) == 0


def test_one_reading_of_a_fifteen_minute_sensor_below_70_is_an_event() -> None:
    assert count([100, 100, 69, 100, 100], c.HYPO_1, step=15) == 1


def test_fifteen_one_minute_readings_below_70_are_an_event_and_fourteen_are_not() -> None:
    assert count([*[100] * 5, *[69] * 15, *[100] * 20], c.HYPO_1, step=1) == 1
    assert count([*[100] * 5, *[69] * 14, *[100] * 20], c.HYPO_1, step=1) == 0


def test_ten_minutes_at_70_do_not_end_an_event() -> None:
    assert count([69, 69, 69, 70, 70, 69, 69, 69, *RECOVERED], c.HYPO_1) == 1


def test_fifteen_minutes_at_70_end_an_event_so_that_the_next_low_stretch_is_another() -> None:
    assert count([69, 69, 69, 70, 70, 70, 69, 69, 69, *RECOVERED], c.HYPO_1) == 2


def test_a_short_dip_after_ten_minutes_of_recovery_belongs_to_the_same_event() -> None:
    assert found(sensor([69, 69, 69, 75, 75, 60, 80, 80, 80, 80]), c.HYPO_1) == [(0, 5)]


def test_an_event_still_going_on_at_the_last_reading_counts() -> None:
    assert count([100, 69, 69, 69], c.HYPO_1) == 1


def test_level_2_asks_for_fifteen_minutes_below_54() -> None:
    assert count([100, 53, 53, 53, *RECOVERED], c.HYPO_2) == 1
    assert count([100, 54, 54, 54, *RECOVERED], c.HYPO_2) == 0
    assert count([100, 60, 53, 53, 60, *RECOVERED], c.HYPO_2) == 0


def test_a_level_2_event_is_a_level_1_event_too() -> None:
    assert count([100, 53, 53, 53, *RECOVERED], c.HYPO_1) == 1


def test_two_level_2_events_may_lie_within_one_level_1_event() -> None:
    glucose = [100, 53, 53, 53, 60, 60, 60, 53, 53, 53, *RECOVERED]
    assert (count(glucose, c.HYPO_1), count(glucose, c.HYPO_2)) == (1, 2)


def test_extended_hypoglycemia_is_more_than_120_consecutive_minutes_below_70() -> None:
    assert count([*[69] * 24, *RECOVERED], c.HYPO_EXTENDED) == 0  # exactly 120 minutes
    assert count([*[69] * 25, *RECOVERED], c.HYPO_EXTENDED) == 1


def test_level_1_hyperglycemia_is_fifteen_minutes_above_180() -> None:
    assert count([100, 181, 181, 181, *RECOVERED], c.HYPER_1) == 1
    assert count([100, 180, 180, 180, *RECOVERED], c.HYPER_1) == 0


def test_level_2_hyperglycemia_is_fifteen_minutes_above_250() -> None:
    assert count([100, 251, 251, 251, *RECOVERED], c.HYPER_2) == 1
    assert count([100, 250, 250, 250, *RECOVERED], c.HYPER_2) == 0


def test_extended_hyperglycemia_is_ninety_minutes_above_250() -> None:
    assert count([*[251] * 18, *RECOVERED], c.HYPER_EXTENDED) == 1
    assert count([*[251] * 17, *RECOVERED], c.HYPER_EXTENDED) == 0


def test_the_ninety_minutes_may_be_interrupted_within_two_hours() -> None:
    assert found(sensor([*[251] * 9, *[200] * 6, *[251] * 9, *RECOVERED]), c.HYPER_EXTENDED) == [(0, 23)]
    assert count([*[251] * 9, *[200] * 7, *[251] * 9, *RECOVERED], c.HYPER_EXTENDED) == 0


def test_fifteen_minutes_at_180_start_the_ninety_minutes_anew() -> None:
    assert count([*[251] * 10, *[180] * 2, *[251] * 8, *RECOVERED], c.HYPER_EXTENDED) == 1
    assert count([*[251] * 10, *[180] * 3, *[251] * 8, *RECOVERED], c.HYPER_EXTENDED) == 0


def test_extended_hyperglycemia_goes_on_until_fifteen_minutes_at_180() -> None:
    glucose = [*[251] * 18, *[200] * 30, *[251] * 18, *RECOVERED]
    assert found(sensor(glucose), c.HYPER_EXTENDED) == [(0, 65)]


def test_a_step_of_twenty_minutes_does_not_cut_the_trace() -> None:
    rows = [(0, 100), (5, 69), (25, 69), (30, 100), (35, 100), (40, 100), (45, 100)]
    assert found(readings("cgm", *rows), c.HYPO_1) == [(1, 2)]


def test_a_step_of_twenty_one_minutes_cuts_the_trace() -> None:
    rows = [(0, 100), (5, 69), (26, 69), (31, 100), (36, 100), (41, 100), (46, 100)]
    assert found(readings("cgm", *rows), c.HYPO_1) == []


def test_an_event_ends_at_a_cut_and_a_low_stretch_after_it_is_another() -> None:
    rows = [(0, 69), (5, 69), (10, 69), (60, 69), (65, 69), (70, 69), (75, 100)]
    assert found(readings("cgm", *rows), c.HYPO_1) == [(0, 2), (3, 5)]


def test_a_minute_lost_in_rounding_the_stamps_does_not_lose_an_event() -> None:
    rows = [(0, 100), (5, 69), (10, 69), (14, 69), (19, 100), (24, 100), (29, 100)]
    assert found(readings("cgm", *rows), c.HYPO_1) == [(1, 3)]


def test_a_minute_won_in_rounding_the_stamps_does_not_make_a_long_event_extended() -> None:
    rows = [(5 * place, 69) for place in range(23)] + [(116, 69), (120, 100), (125, 100), (130, 100)]
    assert found(readings("cgm", *rows), c.HYPO_EXTENDED) == []


def test_events_of_one_stream_do_not_run_into_the_next() -> None:
    minutes = [MIDNIGHT, MIDNIGHT + 5, MIDNIGHT + 5, MIDNIGHT + 10]
    split = series.many(minutes, [0] * 4, [69] * 4, [0] * 4, [0, 2, 4], np.array([False, False]))
    assert found(split, c.HYPO_1) == []


def test_low_readings_of_a_meter_within_fifteen_minutes_are_one_event() -> None:
    assert found(readings("meter", (0, 65), (15, 60), (600, 90)), c.HYPO_1) == [(0, 1)]
    assert found(readings("meter", (0, 65), (16, 60), (600, 90)), c.HYPO_1) == [(0, 0), (1, 1)]


def test_a_single_meter_reading_below_54_is_an_event_of_both_levels() -> None:
    single = readings("meter", (0, 53), (600, 90))
    assert (len(found(single, c.HYPO_1)), len(found(single, c.HYPO_2))) == (1, 1)


def test_a_meter_has_no_events_of_duration() -> None:
    high = readings("meter", *[(5 * place, 300) for place in range(30)])
    assert found(high, c.HYPER_1) == []


@pytest.mark.parametrize(
    ("steps", "interval"),
    [
        ([5, 5, 5, 10], 5),
        ([15, 14, 16, 15, 300], 15),
        ([4, 5], 4),  # the lower of two middle ones
        ([0, 0, 5], 5),  # equal stamps say nothing
        ([20], 20),
        ([21], 0),  # longer than the longest step: unknown
        ([0, 0], 0),
        ([], 0),
    ],
)
def test_the_interval_of_a_sensor_is_the_lower_median_of_its_steps(steps: list[int], interval: int) -> None:
    minutes = [0, *np.cumsum(steps).tolist()] if steps else [0]
    given = readings("cgm", *[(minute, 100) for minute in minutes])
    assert numpy.intervals(given, rules()).tolist() == [interval]
    assert numba.intervals(given, rules()).tolist() == [interval]


def test_a_meter_has_no_interval() -> None:
    given = readings("meter", (0, 100), (5, 100), (10, 100))
    assert numpy.intervals(given, rules()).tolist() == numba.intervals(given, rules()).tolist() == [0]


def test_the_longest_stretch_counts_the_last_reading_for_its_interval() -> None:
    given = readings("cgm", (0, 100), (5, 100), (10, 100), (60, 100), (65, 100))
    for engine in (numpy, numba):
        _, stretches = engine.event_rows(given, engine.intervals(given, rules()), rules())
        assert stretches.tolist() == [15]
