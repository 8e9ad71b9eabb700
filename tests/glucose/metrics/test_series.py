import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import numba, series

GOOD = {"minutes": [0, 5, 10], "offsets": [0, 0, 0], "glucose": [100, 110, 120], "flags": [0, 0, 0]}


def one(**changed: object) -> series.Series:
    return series.one("cgm", **{**GOOD, **changed})  # type: ignore[arg-type]  # wrong types are what is tested


def test_good_arrays_are_taken_in_the_engines_own_types() -> None:
    made = one()
    kinds = [array.dtype.name for array in made]
    assert kinds == ["int32", "int16", "int16", "uint8", "int64", "bool"]
    assert made.streams == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"glucose": [100, 1024, 120]}, "glucose: expected 0 to 1023, found 1024 at place 1"),
        ({"glucose": [100, -1, 120]}, "glucose: expected 0 to 1023, found -1 at place 1"),
        ({"glucose": [100.0, 110.0, 120.0]}, "glucose: expected whole numbers, found float64"),
        ({"glucose": [100.0, float("nan"), 120.0]}, "glucose: expected whole numbers, found float64"),
        ({"glucose": [100, 110]}, "glucose: expected 3 values as in minutes, found 2"),
        ({"glucose": [[100, 110, 120]]}, "glucose: expected one dimension, found 2"),
        ({"minutes": [0, 10, 5]}, "minutes: expected ascending times within a stream, found 5 after 10 at place 2"),
        ({"minutes": [0, 5, 2**31]}, "minutes: expected -36816480 to 120968640, found 2147483648 at place 2"),
        ({"minutes": [-36816481, 5, 6]}, "minutes: expected -36816480 to 120968640, found -36816481 at place 0"),
        ({"minutes": np.array(["2024-01-01", "NaT", "2024-01-02"], "M8[m]")}, "minutes: expected whole numbers"),
        ({"offsets": [0, 0, 1441]}, "offsets: expected -1440 to 1440, found 1441 at place 2"),
        ({"flags": [0, 256, 0]}, "flags: expected 0 to 255, found 256 at place 1"),
    ],
)
def test_an_array_that_is_no_trace_is_refused_by_name_and_place(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("[", r"\[")):
        one(**changed)


def test_a_device_that_is_neither_sensor_nor_meter_is_refused() -> None:
    with pytest.raises(ValueError, match="device: expected 'cgm' or 'meter', found 'pump'"):
        series.one("pump", [], [], [], [])  # type: ignore[arg-type]  # the wrong device is what is tested


@pytest.mark.parametrize("starts", [[0, 2], [1, 3], [0, 4], [0, 3, 2, 3], []])
def test_starts_that_do_not_part_the_readings_are_refused(starts: list[int]) -> None:
    meters = np.zeros(max(len(starts) - 1, 0), bool)
    with pytest.raises(ValueError, match="starts: expected"):
        series.many([0, 5, 10], [0, 0, 0], [100, 110, 120], [0, 0, 0], starts, meters)


def test_meters_must_be_truth_values() -> None:
    with pytest.raises(ValueError, match="meters: expected one truth value for each stream"):
        series.many([0], [0], [100], [0], [0, 1], [1])


def test_time_may_go_back_from_one_stream_to_the_next() -> None:
    made = series.many([10, 5], [0, 0], [100, 110], [0, 0], [0, 1, 2], np.array([False, True]))
    assert made.streams == 2


def test_equal_times_are_ascending() -> None:
    assert one(minutes=[5, 5, 5]).minutes.tolist() == [5, 5, 5]


def test_no_readings_are_a_trace() -> None:
    assert len(series.one("meter", [], [], [], []).minutes) == 0


@given(
    minutes=hnp.arrays(st.sampled_from(["i2", "i4", "i8", "u4", "f8"]), st.integers(0, 6)),
    glucose=hnp.arrays(st.sampled_from(["i2", "i4", "i8", "u2"]), st.integers(0, 6)),
)
def test_whatever_is_handed_over_is_refused_or_counted(minutes: np.ndarray, glucose: np.ndarray) -> None:
    nothing = np.zeros(len(minutes), int)
    try:
        made = series.one("cgm", minutes, nothing, glucose, nothing)
    except ValueError:
        return
    assert numba.day_rows(made, rules())[:, 2].sum() == len(minutes)
    numba.event_rows(made, numba.intervals(made, rules()), rules())
    numba.mage(made, rules())
