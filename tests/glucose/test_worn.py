import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose import worn
from priorauth.glucose.stream import merge
from tests.glucose.logs import count, read, values


def uploaded(
    device: str, *, shift: int = 0, first: int = 0, last: int = 12, glucose: int = 110
) -> list[dict[str, object]]:
    """A reading every five minutes by one uploader, from one step to another."""
    return [
        {"type": "sgv", "sgv": glucose, "date": (step * 5 + shift) * 60_000 + 1_773_446_400_000, "device": device}
        for step in range(first, last)
    ]


def test_two_uploaders_of_one_sensor_are_one_sensor() -> None:
    log = read(json.dumps(uploaded("a") + uploaded("b", shift=2, last=11)))
    assert (count(log, "cgm"), log.counts["second-device"]) == (12, 11)


def test_the_device_with_the_most_readings_is_kept_and_its_gap_filled() -> None:
    kept = uploaded("a", last=5) + uploaded("a", first=9, last=20)
    log = read(json.dumps(kept + uploaded("b", shift=2, last=12, glucose=99)))
    assert values(log, "cgm").count(110) == 16
    assert values(log, "cgm").count(99) == 3  # of 27, 32 and 37 minutes past, between those of 20 and 45


def test_one_sensor_after_another_is_two_sensors() -> None:
    log = read(json.dumps(uploaded("a") + uploaded("b", first=20, last=30)))
    assert (count(log, "cgm"), log.counts) == (22, {})


def test_two_logs_of_one_sensor_are_one_sensor() -> None:
    logs = [read(json.dumps(uploaded("a")), "a.json"), read(json.dumps(uploaded("b", shift=2, last=9)), "b.json")]
    (stream,) = merge(logs)
    assert len(stream) == 12


def test_fingersticks_of_two_meters_are_each_a_test() -> None:
    rows = [f"2026-03-14T0{hour}:0{minute}:00Z" for hour in range(8) for minute in (0, 3)]
    entries = [{"type": "mbg", "mbg": 100 + n, "dateString": when, "device": str(n % 2)} for n, when in enumerate(rows)]
    assert count(read(json.dumps(entries)), "meter") == 16


MADE = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 2)), min_size=1, max_size=60)


@given(MADE)
def test_the_busiest_device_is_kept_whole_and_nothing_is_dropped_that_nothing_covers(
    made: list[tuple[int, int]],
) -> None:
    made = sorted(set(made))
    minutes = np.array([minute for minute, _ in made], dtype=np.int64)
    makers = np.array([maker for _, maker in made], dtype=np.int32)
    drop = worn.second(minutes, makers)
    busiest = int(np.argmax(np.bincount(makers)))
    assert not drop[makers == busiest].any()
    for place in np.flatnonzero(drop):
        steps = np.abs(minutes[~drop] - minutes[place])
        assert steps.min() <= 301  # half of the longest interval that the times allow


@pytest.mark.parametrize(("readings", "dropped"), [(3, 0), (4, 1)])
def test_a_device_with_too_few_readings_has_no_interval(readings: int, dropped: int) -> None:
    minutes = np.array([5 * n for n in range(readings)] + [2], dtype=np.int64)
    makers = np.array([0] * readings + [1], dtype=np.int32)
    order = np.argsort(minutes, kind="stable")
    assert int(worn.second(minutes[order], makers[order]).sum()) == dropped
