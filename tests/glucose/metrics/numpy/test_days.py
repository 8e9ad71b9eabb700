"""What a day row holds, by hand (the compiled engine is held to the same rows)."""

import numpy as np

from priorauth.glucose.definitions import rules
from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics import numba, numpy, series
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import MIDNIGHT, readings

HOUR = 60


def rows(given: Series) -> list[list[int]]:
    made = numpy.day_rows(given, rules())
    assert np.array_equal(made, numba.day_rows(given, rules()))
    return [[int(cell) for cell in made_row] for made_row in made]


def row(given: Series) -> list[int]:
    (only,) = rows(given)
    return only


def tagged(device: series.Device, *given: tuple[int, int, int]) -> Series:
    """Give readings as minute after midnight, mg/dL and flags."""
    minutes, glucose, flags = ([part[place] for part in given] for place in range(3))
    return series.one(device, [MIDNIGHT + minute for minute in minutes], [0] * len(given), glucose, flags)


def test_a_day_counts_its_readings_by_range_strictly_beyond_each_threshold() -> None:
    day = row(
        readings("cgm", *[(600 + place, value) for place, value in enumerate((53, 54, 69, 70, 180, 181, 250, 251))])
    )
    assert [day[column] for column in (c.READINGS, c.VERY_LOW, c.LOW, c.HIGH, c.VERY_HIGH)] == [8, 1, 3, 3, 1]
    assert day[c.SUM] == 53 + 54 + 69 + 70 + 180 + 181 + 250 + 251


def test_a_day_begins_at_local_midnight() -> None:
    east, west = (readings("cgm", (23 * HOUR, 100), (25 * HOUR, 110), offset=offset) for offset in (0, -120))
    assert [made[c.READINGS] for made in rows(east)] == [1, 1]
    assert [made[c.READINGS] for made in rows(west)] == [2]


def test_the_hour_that_comes_twice_in_autumn_belongs_to_one_day() -> None:
    # 02:30 in summer time, then 02:30 in winter time, an hour later.
    made = rows(series.one("cgm", [MIDNIGHT + 30, MIDNIGHT + 90], [120, 60], [100, 110], [0, 0]))
    assert [(day[c.READINGS], day[c.NIGHT_READINGS]) for day in made] == [(2, 2)]


def test_a_day_that_a_traveller_enters_twice_has_one_row() -> None:
    minutes = [MIDNIGHT - 10, MIDNIGHT + 10, MIDNIGHT + 20, MIDNIGHT + 100]
    made = rows(series.one("cgm", minutes, [0, 0, -60, 0], [100, 110, 120, 130], [0] * 4))
    assert [(day[c.DAY], day[c.SUM]) for day in made] == [(19722, 220), (19723, 240)]


def test_the_night_is_from_midnight_up_to_six() -> None:
    day = row(readings("cgm", (0, 90), (5 * HOUR + 59, 80), (6 * HOUR, 60)))
    assert (day[c.NIGHT_READINGS], day[c.NIGHT_LOWEST]) == (2, 80)


def test_a_day_without_a_reading_at_night_has_no_lowest() -> None:
    assert row(readings("cgm", (6 * HOUR, 60)))[c.NIGHT_LOWEST] == c.NONE


def test_a_sensors_fasting_value_is_the_last_one_up_to_eight() -> None:
    day = row(readings("cgm", (3 * HOUR, 90), (7 * HOUR, 100), (8 * HOUR, 110), (8 * HOUR + 1, 120)))
    assert (day[c.FASTING], day[c.FASTING_BY]) == (110, c.BY_OPEN_WINDOW)


def test_a_sensors_fasting_value_is_the_one_before_the_first_meal() -> None:
    day = row(tagged("cgm", (6 * HOUR, 100, 0), (7 * HOUR, 105, Flag.BEFORE_MEAL), (8 * HOUR, 180, 0)))
    assert (day[c.FASTING], day[c.FASTING_BY]) == (105, c.BY_CLOSED_WINDOW)
    day = row(tagged("cgm", (6 * HOUR, 100, 0), (7 * HOUR, 160, Flag.AFTER_MEAL), (8 * HOUR, 180, 0)))
    assert day[c.FASTING] == 100


def test_a_tagged_fasting_value_goes_before_any_other() -> None:
    day = row(tagged("meter", (5 * HOUR, 90, 0), (9 * HOUR, 210, Flag.FASTING)))
    assert (day[c.FASTING], day[c.FASTING_BY]) == (210, c.BY_TAG)


def test_a_meters_fasting_value_is_the_first_between_four_and_ten() -> None:
    day = row(readings("meter", (3 * HOUR + 59, 90), (4 * HOUR, 120), (9 * HOUR, 130)))
    assert day[c.FASTING] == 120
    assert row(readings("meter", (10 * HOUR, 120)))[c.FASTING] == c.NONE


def test_a_morning_whose_first_meter_reading_follows_a_meal_has_no_fasting_value() -> None:
    day = row(tagged("meter", (8 * HOUR, 190, Flag.AFTER_MEAL), (9 * HOUR, 130, 0)))
    assert day[c.FASTING] == c.NONE


def test_readings_tagged_before_a_meal_or_fasting_are_before_meals() -> None:
    day = row(tagged("meter", (420, 120, Flag.FASTING), (720, 230, Flag.BEFORE_MEAL), (800, 300, Flag.AFTER_MEAL)))
    found = [day[column] for column in (c.PREMEAL_READINGS, c.PREMEAL_SUM, c.PREMEAL_LOWEST, c.PREMEAL_HIGHEST)]
    assert found == [2, 350, 120, 230]


def test_the_first_reading_in_each_window_stands_for_before_the_meal() -> None:
    day = row(readings("meter", (5 * HOUR, 101), (6 * HOUR, 102), (12 * HOUR, 103), (20 * HOUR, 104)))
    assert [day[column] for column in (c.MEAL_1, c.MEAL_2, c.MEAL_3)] == [101, 103, c.NONE]


def test_an_exact_copy_is_no_second_test() -> None:
    day = row(readings("meter", (480, 100), (480, 110), (480, 100), (720, 90)))
    assert day[c.TESTS] == 3


def test_a_test_within_five_minutes_repeats_the_one_counted_before_it() -> None:
    day = row(readings("meter", (480, 100), (484, 110), (485, 105), (486, 108), (492, 90)))
    assert (day[c.TESTS], day[c.TESTS_SPACED]) == (5, 3)


def test_a_retest_after_midnight_still_repeats_the_test_before_it() -> None:
    made = rows(readings("meter", (-2, 100), (1, 110)))
    assert [(day[c.TESTS], day[c.TESTS_SPACED]) for day in made] == [(1, 1), (1, 0)]


def test_a_sensor_makes_no_tests() -> None:
    assert row(readings("cgm", (480, 100), (485, 110)))[c.TESTS] == 0


def test_readings_beyond_the_device_and_typed_ones_are_counted() -> None:
    day = row(tagged("cgm", (1, 39, Flag.LOW), (2, 401, Flag.HIGH), (3, 100, Flag.MANUAL)))
    assert (day[c.CLIPPED], day[c.TYPED]) == (2, 1)


def test_no_readings_make_no_rows() -> None:
    assert rows(readings("cgm")) == []


def test_days_before_1970_keep_their_order() -> None:
    early = series.one("cgm", [-1441, -1, 1], [0, 0, 0], [100, 110, 120], [0, 0, 0])
    assert [day[c.DAY] for day in rows(early)] == [-2, -1, 0]
