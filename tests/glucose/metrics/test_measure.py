"""Each metric by hand, on both sides of its figures."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given

from priorauth.glucose.definitions import definitions
from priorauth.glucose.flags import Flag
from priorauth.glucose.metrics import counts, series
from priorauth.glucose.metrics.engine import ENGINES, EngineName
from priorauth.glucose.metrics.measure import measure, own_days, share_between, sufficient
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import MIDNIGHT, draw, readings, sensor, streams


def value(given: Series, name: str) -> float:
    (only,) = measure(counts.count(given))[name].value
    return float(only)


def test_mean_sd_and_cv_are_the_textbooks_own() -> None:
    glucose = [80, 100, 150, 220]
    assert value(sensor(glucose), "mean_mg_dl") == 137.5
    assert value(sensor(glucose), "sd_mg_dl") == pytest.approx(statistics.stdev(glucose), rel=1e-14)
    assert value(sensor(glucose), "cv_percent") == pytest.approx(100 * statistics.stdev(glucose) / 137.5, rel=1e-14)


def test_gmi_of_a_mean_of_150_is_6_898() -> None:
    assert value(sensor([150, 150]), "gmi_percent") == pytest.approx(6.898)


def test_a_flat_trace_has_a_standard_deviation_of_zero() -> None:
    assert value(sensor([117] * 999), "sd_mg_dl") == 0


def test_one_reading_has_a_mean_and_no_standard_deviation() -> None:
    assert value(sensor([117]), "mean_mg_dl") == 117
    assert math.isnan(value(sensor([117]), "sd_mg_dl"))


def test_70_and_180_are_in_range() -> None:
    assert value(sensor([69, 70, 180, 181]), "time_70_180_percent") == 50


def test_54_is_below_70_and_not_below_54() -> None:
    assert value(sensor([53, 54, 69, 70]), "time_below_54_percent") == 25
    assert value(sensor([53, 54, 69, 70]), "time_below_70_percent") == 75


def test_250_is_above_180_and_not_above_250() -> None:
    assert value(sensor([180, 181, 250, 251]), "time_above_180_percent") == 75
    assert value(sensor([180, 181, 250, 251]), "time_above_250_percent") == 25


def test_gri_weighs_each_range_once() -> None:
    # One reading in ten in each of the four ranges outside: 30 + 24 + 16 + 8.
    assert value(sensor([50, 60, 200, 300, *[100] * 6]), "gri") == pytest.approx(10 * (3.0 + 2.4 + 1.6 + 0.8))


def test_gri_is_at_most_100() -> None:
    assert value(sensor([50] * 10), "gri") == 100


def test_the_share_of_any_range_can_be_asked_for() -> None:
    pregnancy = share_between(sensor([62, 63, 140, 141]), 63, 140)
    assert (pregnancy.value.tolist(), pregnancy.n.tolist()) == ([50.0], [4])


@given(streams())
def test_the_shares_below_in_and_above_range_make_the_whole(trace: Series) -> None:
    parts = [value(trace, name) for name in ("time_below_70_percent", "time_70_180_percent", "time_above_180_percent")]
    if len(trace.minutes):
        assert sum(parts) == pytest.approx(100)
    else:
        assert all(math.isnan(part) for part in parts)


def test_readings_expected_between_the_stamps_count_both_ends() -> None:
    assert value(readings("cgm", (0, 100), (5, 100), (10, 100)), "active_percent") == 100
    assert value(readings("cgm", (0, 100), (5, 100), (10, 100), (20, 100)), "active_percent") == 80


def test_the_window_expects_readings_all_day() -> None:
    twelve_hours = readings("cgm", *[(5 * place, 100) for place in range(144)])
    assert value(twelve_hours, "active_percent") == 100
    assert value(twelve_hours, "active_window_percent") == 50


def test_activity_is_unknown_where_the_interval_is() -> None:
    assert math.isnan(value(readings("cgm", (0, 100), (60, 100)), "active_percent"))


def test_no_events_in_a_stretch_of_ten_minutes_are_unknown_not_none() -> None:
    assert math.isnan(value(readings("cgm", (0, 100), (5, 100)), "hypo_level_1_events"))
    assert value(readings("cgm", (0, 100), (5, 100), (10, 100)), "hypo_level_1_events") == 0


def test_extended_hypoglycemia_is_unknown_in_120_minutes_and_known_in_125() -> None:
    assert math.isnan(value(sensor([100] * 24), "hypo_extended_events"))
    assert value(sensor([100] * 25), "hypo_extended_events") == 0


def test_an_event_is_nocturnal_if_it_begins_before_six() -> None:
    low = [69, 69, 69, 100, 100, 100]
    assert value(sensor(low, start=28_401_120 + 359), "nocturnal_hypo_events") == 1
    assert value(sensor(low, start=28_401_120 + 360), "nocturnal_hypo_events") == 0


def test_the_night_is_the_local_one() -> None:
    low = [69, 69, 69, 100, 100, 100]
    assert value(sensor(low, start=28_401_120 + 540, offset=-300), "nocturnal_hypo_events") == 1


def test_tests_per_day_counts_days_without_a_test() -> None:
    given = readings("meter", (480, 100), (720, 110), (480 + 3 * 1440, 120))
    assert value(given, "tests_per_day") == 3 / 4


def test_days_with_four_tests_ask_for_four() -> None:
    four = [(480 + 60 * place, 100) for place in range(4)]
    three = [(1440 + 480 + 60 * place, 100) for place in range(3)]
    assert value(readings("meter", *four, *three), "days_with_4_tests") == 1


def test_what_a_meter_cannot_tell_is_unknown() -> None:
    given = readings("meter", *[(5 * place, 60 + place % 200) for place in range(400)])
    for name, metric in definitions().metrics.items():
        if metric.device == "cgm":
            assert math.isnan(value(given, name)), name
        if metric.device == "meter":
            assert not math.isnan(value(given, name)), name


def test_without_readings_everything_is_unknown() -> None:
    for device in ("cgm", "meter"):
        found = measure(counts.count(series.one(device, [], [], [], [])))
        assert all(math.isnan(column.value[0]) for column in found.values())


def test_many_streams_at_once_give_what_each_gives_alone() -> None:
    drawn = draw(11, streams=40, most=250)
    together = measure(counts.count(drawn))
    for stream in range(drawn.streams):
        own = slice(int(drawn.starts[stream]), int(drawn.starts[stream + 1]))
        device: series.Device = "meter" if drawn.meters[stream] else "cgm"
        single = series.one(device, drawn.minutes[own], drawn.offsets[own], drawn.glucose[own], drawn.flags[own])
        alone = measure(counts.count(single))
        for name, column in together.items():
            assert np.array_equal(column.value[stream : stream + 1], alone[name].value, equal_nan=True), name


def enough(days: int, share: float) -> bool:
    every_day = [(1440 * day + 5 * place, 100) for day in range(days) for place in range(round(288 * share))]
    found = counts.count(readings("cgm", *every_day))
    window = own_days(found)
    return bool(sufficient(measure(found, window), found, window, definitions())[0])


def test_the_consensus_asks_for_fourteen_days_with_seventy_percent_of_the_readings() -> None:
    assert enough(14, 1)
    assert not enough(13, 1)
    assert enough(14, 0.71)
    assert not enough(14, 0.69)


Shown = dict[str, tuple[float | None, int]]


def rounded(shown: Shown) -> Shown:
    return {name: (None if value is None else round(value, 9), n) for name, (value, n) in shown.items()}


def every(given: Series, engine: EngineName) -> Shown:
    columns = measure(counts.count(given, engine=engine))
    return rounded(
        {
            name: (None if math.isnan(column.value[0]) else float(column.value[0]), int(column.n[0]))
            for name, column in columns.items()
        }
    )


# From midnight, every five minutes: five readings below 70, three of them below 54; seven above 180, three of them
# above 250; nine in range.
NIGHT = [100, 68, 60, 53, 52, 50, 72, 75, 90, 120, 150, 185, 200, 255, 260, 270, 240, 190, 170, 160, 150]
NIGHT_SHOWS: Shown = {
    "mean_mg_dl": (2970 / 21, 21),
    "sd_mg_dl": (statistics.stdev(NIGHT), 21),
    "cv_percent": (100 * statistics.stdev(NIGHT) / (2970 / 21), 21),
    "gmi_percent": (3.31 + 0.02392 * 2970 / 21, 21),
    "time_70_180_percent": (100 * 9 / 21, 21),
    "time_below_70_percent": (100 * 5 / 21, 21),
    "time_below_54_percent": (100 * 3 / 21, 21),
    "time_above_180_percent": (100 * 7 / 21, 21),
    "time_above_250_percent": (100 * 3 / 21, 21),
    "mage_mg_dl": (None, 21),  # shorter than 160 minutes
    "gri": (100, 21),  # (3.0 x 3 + 2.4 x 2 + 1.6 x 3 + 0.8 x 4) of 21 are 103.8
    "hypo_level_1_events": (1, 21),
    "hypo_level_2_events": (1, 21),
    "hypo_extended_events": (None, 21),  # 105 minutes cannot hold more than 120
    "hyper_level_1_events": (1, 21),
    "hyper_level_2_events": (1, 21),
    "hyper_extended_events": (0, 21),
    "nocturnal_hypo_events": (1, 21),
    "active_percent": (100, 21),
    "active_window_percent": (100 * 21 / 288, 21),
    "tests_per_day": (None, 0),
    "tests_per_day_retests_once": (None, 0),
    "days_with_4_tests": (None, 0),
    "premeal_range_mg_dl": (None, 0),
    "premeal_wide_days": (None, 0),
    "premeal_sd_mg_dl": (None, 0),
    "fasting_above_200_days": (None, 0),
    "dawn_days": (None, 0),
    "dawn_rise_mg_dl": (None, 0),
    "nights_below_70": (1, 1),
}

# A meter: minute after the first midnight, mg/dL, flags. The second day has no test.
TESTED = [
    (360, 210, Flag.FASTING),
    (720, 60, Flag.BEFORE_MEAL),
    (724, 62, Flag(0)),  # a retest
    (1080, 250, Flag.BEFORE_MEAL),
    (1320, 53, Flag(0)),
    (2880 + 420, 190, Flag(0)),  # not tagged: the first of the morning
    (2880 + 420, 190, Flag(0)),  # an exact copy
    (2880 + 780, 181, Flag.AFTER_MEAL),
]
TESTED_SHOW: Shown = {
    "mean_mg_dl": (1196 / 8, 8),
    "sd_mg_dl": (statistics.stdev([row[1] for row in TESTED]), 8),
    "cv_percent": (100 * statistics.stdev([row[1] for row in TESTED]) / (1196 / 8), 8),
    "gmi_percent": (None, 0),
    "time_70_180_percent": (0, 8),
    "time_below_70_percent": (100 * 3 / 8, 8),
    "time_below_54_percent": (100 * 1 / 8, 8),
    "time_above_180_percent": (100 * 5 / 8, 8),
    "time_above_250_percent": (0, 8),
    "mage_mg_dl": (None, 0),
    "gri": (None, 0),
    "hypo_level_1_events": (2, 8),  # 60 and 62 are one, 53 another
    "hypo_level_2_events": (1, 8),
    "hypo_extended_events": (None, 0),
    "hyper_level_1_events": (None, 0),
    "hyper_level_2_events": (None, 0),
    "hyper_extended_events": (None, 0),
    "nocturnal_hypo_events": (0, 8),
    "active_percent": (None, 0),
    "active_window_percent": (None, 0),
    "tests_per_day": (7 / 3, 7),
    "tests_per_day_retests_once": (6 / 3, 6),
    "days_with_4_tests": (1, 3),
    "premeal_range_mg_dl": (190, 3),
    "premeal_wide_days": (1, 1),
    "premeal_sd_mg_dl": (statistics.stdev([210, 60, 250]), 3),
    "fasting_above_200_days": (1, 2),
    "dawn_days": (None, 0),
    "dawn_rise_mg_dl": (None, 0),
    "nights_below_70": (None, 0),
}


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_a_night_of_a_sensor_shows_these_metrics_and_no_others(engine: EngineName) -> None:
    assert every(sensor(NIGHT, start=MIDNIGHT), engine) == rounded(NIGHT_SHOWS)


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_three_days_of_a_meter_show_these_metrics_and_no_others(engine: EngineName) -> None:
    minutes, glucose, flags = ([int(row[place]) for row in TESTED] for place in range(3))
    given = series.one("meter", [MIDNIGHT + minute for minute in minutes], [0] * 8, glucose, flags)
    assert every(given, engine) == rounded(TESTED_SHOW)


def test_every_metric_has_its_place_in_the_tables() -> None:
    assert list(NIGHT_SHOWS) == list(TESTED_SHOW) == list(definitions().metrics)


def test_an_event_that_begins_at_midnight_is_nocturnal() -> None:
    assert value(sensor([69, 69, 69, 100, 100, 100], start=MIDNIGHT), "nocturnal_hypo_events") == 1
    assert value(sensor([69, 69, 69, 100, 100, 100], start=MIDNIGHT - 1), "nocturnal_hypo_events") == 0
