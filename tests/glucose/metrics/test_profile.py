import numpy as np
import pytest

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics.profile import profile
from tests.glucose.drawn import draw, readings

FIVE_DAYS = [(1440 * day + 480, value) for day, value in enumerate((100, 110, 120, 130, 240))]


def test_percentiles_of_five_days_at_eight_are_those_of_five_readings() -> None:
    made = profile(readings("cgm", *FIVE_DAYS))
    at_eight = made.values[480 // made.width]
    assert at_eight.tolist() == pytest.approx([102, 110, 120, 130, 218])
    assert (made.days, made.percentiles) == (5, (5, 25, 50, 75, 95))


def test_a_time_of_day_with_four_readings_has_no_percentiles() -> None:
    made = profile(readings("cgm", *FIVE_DAYS[:4]))
    assert np.isnan(made.values).all()
    assert made.readings[480 // made.width] == 4


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
        if len(inside) >= definitions().profile.readings:
            assert np.array_equal(made.values[place], np.percentile(inside, made.percentiles))


def test_a_stream_without_readings_has_an_empty_profile() -> None:
    made = profile(readings("cgm"))
    assert (made.days, int(made.readings.sum())) == (0, 0)


def test_a_quarter_of_an_hour_holds_its_first_minute_and_not_the_next_ones() -> None:
    made = profile(readings("cgm", *[(minute, 100 + minute) for minute in (0, 1, 7, 13, 14, 15)]))
    assert (made.readings[:3].tolist(), made.begins[:3].tolist(), made.width) == ([5, 1, 0], [0, 15, 30], 15)
    assert made.line(50)[0] == 107
    assert made.definition == "glucose.agp-15min.1"
    assert (len(made.values), len(made.begins), made.begins[-1]) == (96, 96, 1425)
