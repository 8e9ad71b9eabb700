import math
from statistics import stdev

import pytest

from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.metrics import counts, series
from priorauth.glucose.metrics.daily import Column
from priorauth.glucose.metrics.measure import measure
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import MIDNIGHT, readings

HOUR, DAY = 60, 1440


def column(given: Series, name: str) -> Column:
    return measure(counts.count(given))[name]


def shown(given: Series, name: str) -> tuple[float, int]:
    found = column(given, name)
    return float(found.value[0]), int(found.n[0])


def before_meals(*days: tuple[int, ...]) -> Series:
    """Give a meter's readings tagged before breakfast, lunch and dinner, a tuple per day."""
    rows = [
        (DAY * day + hour * HOUR, value)
        for day, values in enumerate(days)
        for hour, value in zip((7, 12, 18), values, strict=False)
    ]
    return readings("meter", *rows, flags=int(Flag.BEFORE_MEAL))


def test_the_spread_before_meals_is_shown_three_ways() -> None:
    given = before_meals((100, 150, 220), (90, 110, 120), (300,))
    assert shown(given, "premeal_range_mg_dl") == (210, 7)
    assert shown(given, "premeal_wide_days") == (1, 2)  # one wide day of two with two readings
    assert column(given, "premeal_sd_mg_dl").value[0] == pytest.approx(stdev([100, 150, 220, 90, 110, 120, 300]))


def test_a_days_range_of_exactly_100_is_not_wide() -> None:
    assert shown(before_meals((100, 200)), "premeal_wide_days") == (0, 1)
    assert shown(before_meals((100, 201)), "premeal_wide_days") == (1, 1)


def test_wide_days_are_unknown_without_a_day_of_two_readings() -> None:
    found = column(before_meals((100,), (300,)), "premeal_wide_days")
    assert math.isnan(found.value[0])


def test_tags_tell_what_is_before_a_meal_and_the_column_says_so() -> None:
    assert column(before_meals((100, 200)), "premeal_range_mg_dl").told_by(0) == "tags"


def test_without_tags_the_time_of_day_tells_it_and_the_column_says_so() -> None:
    found = column(readings("meter", (7 * HOUR, 100), (8 * HOUR, 400), (12 * HOUR, 180)), "premeal_range_mg_dl")
    assert (found.value[0], found.told_by(0)) == (80, "windows")


def test_a_metric_that_is_not_about_meals_says_nothing_of_tags() -> None:
    assert column(before_meals((100,)), "mean_mg_dl").told_by(0) == ""


def test_fasting_above_200_counts_mornings_of_mornings() -> None:
    given = readings("meter", (6 * HOUR, 200), (DAY + 6 * HOUR, 201), (2 * DAY + 14 * HOUR, 300))
    assert shown(given, "fasting_above_200_days") == (1, 2)


def night(day: int, lowest: int, breakfast: int, *, every: int = 5, until: int = 360) -> list[tuple[int, int]]:
    """Give a night's readings, the lowest at 03:00, and one before breakfast at 07:30."""
    asleep = [(DAY * day + minute, lowest if minute == 180 else lowest + 15) for minute in range(0, until, every)]
    return [*asleep, (DAY * day + 450, breakfast)]


def test_dawn_is_a_rise_of_twenty_from_the_lowest_of_the_night() -> None:
    given = readings("cgm", *night(0, 100, 120), *night(1, 100, 119), *night(2, 100, 150))
    assert shown(given, "dawn_days") == (2, 3)
    assert shown(given, "dawn_rise_mg_dl") == (20, 3)


def test_the_rise_of_an_even_number_of_mornings_is_between_the_middle_ones() -> None:
    given = readings("cgm", *night(0, 100, 120), *night(1, 100, 150))
    assert shown(given, "dawn_rise_mg_dl") == (35, 2)


def test_one_morning_is_too_few_for_the_dawn_phenomenon() -> None:
    assert math.isnan(shown(readings("cgm", *night(0, 100, 150)), "dawn_days")[0])


def test_a_morning_after_a_low_night_is_no_dawn() -> None:
    given = readings("cgm", *night(0, 69, 150), *night(1, 70, 150), *night(2, 100, 150))
    assert shown(given, "dawn_days") == (2, 2)
    assert shown(given, "nights_below_70") == (1, 3)


def test_a_night_recorded_by_less_than_seventy_percent_has_no_lowest_for_dawn() -> None:
    full = [*night(0, 100, 150), *night(1, 100, 150)]
    assert shown(readings("cgm", *full, *night(2, 100, 150, until=255)), "dawn_days") == (3, 3)
    assert shown(readings("cgm", *full, *night(2, 100, 150, until=250)), "dawn_days") == (2, 2)


def test_a_meter_has_no_dawn_and_still_has_fasting_values() -> None:
    given = readings("meter", (6 * HOUR, 250), (DAY + 6 * HOUR, 180))
    assert math.isnan(shown(given, "dawn_days")[0])
    assert shown(given, "fasting_above_200_days") == (1, 2)


def test_a_fasting_tag_after_the_windows_still_makes_a_fasting_value() -> None:
    given = series.one("meter", [MIDNIGHT + 11 * HOUR], [0], [220], [int(Flag.FASTING)])
    assert shown(given, "fasting_above_200_days") == (1, 1)
