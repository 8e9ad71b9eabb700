import numpy as np
import pytest

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics.profile import profile, smoothed
from tests.glucose.drawn import draw, readings

FIVE_DAYS = [(1440 * day + 480, value) for day, value in enumerate((100, 110, 120, 130, 240))]


def test_percentiles_of_five_days_at_eight_are_those_of_five_readings() -> None:
    made = profile(readings("cgm", *FIVE_DAYS))
    at_eight = made.values[480 // made.width]
    assert at_eight.tolist() == pytest.approx([102, 110, 120, 130, 218])
    assert (made.days, made.percentiles) == (5, (5, 25, 50, 75, 95))


def test_an_hour_with_readings_of_four_days_has_no_percentiles_however_many_they_are() -> None:
    made = profile(readings("cgm", *FIVE_DAYS[:4]))
    assert np.isnan(made.values).all()
    assert made.readings[480 // made.width] == 4
    thick = profile(readings("cgm", *[(1440 * day + 480 + minute, 100) for day in range(4) for minute in range(60)]))
    assert np.isnan(thick.values).all()


def test_the_time_of_day_is_local() -> None:
    made = profile(readings("cgm", *FIVE_DAYS, offset=-300))
    assert made.line(50)[180 // made.width] == 120


def test_percentiles_are_those_of_numpy_in_every_bin() -> None:
    series = draw(21, streams=5, most=4000)
    made = profile(series, 2)
    own = slice(int(series.starts[2]), int(series.starts[3]))
    clock = (series.minutes[own].astype(int) + series.offsets[own]) % 1440
    for place, begin in enumerate(made.begins.tolist()):
        inside = series.glucose[own][(clock >= begin) & (clock < begin + made.width)]
        assert made.readings[place] == len(inside)
        local = series.minutes[own].astype(int) + series.offsets[own]
        days = set((local[(clock >= begin) & (clock < begin + made.width)] // 1440).tolist())
        asked = definitions().profile
        known = len(inside) >= asked.readings and len(days) >= asked.days
        assert np.isnan(made.values[place]).all() != known
        if known:
            assert np.array_equal(made.values[place], np.percentile(inside, made.percentiles))


def test_a_stream_without_readings_has_an_empty_profile() -> None:
    made = profile(readings("cgm"))
    assert (made.days, int(made.readings.sum())) == (0, 0)


def test_an_hour_holds_its_first_minute_and_not_the_next_one_s() -> None:
    days = [(1440 * day + minute, 100 + minute) for day in range(5) for minute in (0, 1, 59, 60)]
    made = profile(readings("cgm", *days))
    assert (made.readings[:3].tolist(), made.begins[:3].tolist(), made.width) == ([15, 5, 0], [0, 60, 120], 60)
    assert made.line(50)[0] == 101
    assert made.definition == "glucose.agp-60min.1"
    assert (len(made.values), len(made.begins), made.begins[-1]) == (24, 24, 1380)


def test_an_hour_is_smoothed_with_its_neighbours_around_midnight() -> None:
    values = np.arange(24.0)[:, None] * 6
    made = smoothed(values, (1, 4, 1))[:, 0]
    assert made[5] == 30  # of 24, 30 and 36
    assert made[0] == (138 + 4 * 0 + 6) / 6
    assert made[23] == (132 + 4 * 138 + 0) / 6


def test_a_neighbour_without_percentiles_has_no_weight_and_gets_none() -> None:
    values = np.array([[60.0], [np.nan], [120.0], [180.0]])
    made = smoothed(values, (1, 4, 1))[:, 0].tolist()
    assert made[0] == (180 + 4 * 60) / 5
    assert made[2] == (4 * 120 + 180) / 5
    assert np.isnan(made[1])


def test_smoothed_percentiles_stay_in_order_and_within_those_of_the_day() -> None:
    made = profile(draw(21, streams=5, most=4000), 2)
    known = made.smoothed[~np.isnan(made.smoothed[:, 0])]
    assert len(known)
    assert (np.diff(known, axis=1) >= 0).all()
    assert (known.min(axis=0) >= np.nanmin(made.values, axis=0)).all()
    assert (known.max(axis=0) <= np.nanmax(made.values, axis=0)).all()
