import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose import duplicates
from priorauth.glucose.formats.reading import Device, Flag, Readings
from priorauth.glucose.reject import Tally

TYPED = int(Flag.MANUAL)


def readings(*given_: tuple[int, int, int] | tuple[int, int, int, int], device: Device = "meter") -> Readings:
    """Readings as (minute, value, maker) or (minute, value, maker, flags), in file order."""
    rows = [(*row, 0)[:4] for row in given_]
    columns = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    return Readings(
        device=device,
        minutes=columns[:, 0],
        offsets=np.zeros(len(rows), np.int16),
        zoned=np.ones(len(rows), np.bool_),
        glucose=columns[:, 1].astype(np.int16),
        flags=columns[:, 3].astype(np.uint8),
        rows=np.arange(1, len(rows) + 1, dtype=np.int32),
        makers=columns[:, 2].astype(np.int32),
    )


def kept(found: Readings) -> tuple[list[int], dict[str, int]]:
    tally = Tally()
    places = duplicates.keep(found, tally)
    return found.rows[places].tolist(), dict(tally.counts())


def test_the_same_minute_and_value_of_one_meter_is_a_duplicate() -> None:
    assert kept(readings((0, 120, 1), (0, 120, 1), (0, 121, 1))) == ([1, 3], {"duplicate": 1})


def test_the_same_minute_and_value_of_another_meter_is_a_copy() -> None:
    assert kept(readings((0, 120, 1), (0, 120, 2))) == ([1], {"copy-of-fingerstick": 1})


def test_the_same_value_a_minute_later_in_another_device_is_a_copy() -> None:
    assert kept(readings((0, 120, 1), (1, 120, 2), (3, 120, 2))) == ([1, 3], {"copy-of-fingerstick": 1})


def test_the_same_value_two_minutes_later_in_another_device_is_a_test() -> None:
    assert kept(readings((0, 120, 1), (2, 120, 2))) == ([1, 2], {})


def test_a_retest_with_the_same_result_on_the_same_meter_is_a_test() -> None:
    assert kept(readings((0, 120, 1), (1, 120, 1))) == ([1, 2], {})


def test_a_retest_and_its_two_copies_are_two_tests() -> None:
    assert kept(readings((0, 120, 1), (1, 120, 1), (0, 120, 2), (1, 120, 2)))[1] == {"copy-of-fingerstick": 2}


def test_of_two_copies_the_one_that_the_meter_wrote_is_kept() -> None:
    assert kept(readings((0, 120, 1, TYPED), (1, 120, 2)))[0] == [2]
    assert kept(readings((0, 120, 1, TYPED), (0, 120, 2)))[0] == [2]


def test_a_sensors_reading_through_two_receivers_is_a_duplicate() -> None:
    assert kept(readings((0, 120, 1), (1, 120, 2), device="cgm")) == ([1], {"duplicate": 1})


def test_nothing_is_kept_of_nothing() -> None:
    assert kept(readings()) == ([], {})


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(100, 102), st.integers(0, 2), st.sampled_from([0, TYPED])), max_size=14
    )
)
def test_every_reading_is_kept_or_counted_and_none_is_kept_twice(rows: list[tuple[int, int, int, int]]) -> None:
    found = readings(*rows)
    tally = Tally()
    places = duplicates.keep(found, tally)
    assert len(places) + sum(tally.counts().values()) == len(rows)
    pairs = list(zip(found.minutes[places].tolist(), found.glucose[places].tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert pairs == sorted(pairs, key=lambda pair: pair[0])
    assert {pair[1] for pair in pairs} == {row[1] for row in rows}


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(100, 400)), unique=True, max_size=20))
def test_one_device_loses_nothing_that_differs(rows: list[tuple[int, int]]) -> None:
    assert len(kept(readings(*[(minute, value, 1) for minute, value in rows]))[0]) == len(rows)


@pytest.mark.parametrize(
    ("rows", "kept_rows", "counts"),
    [
        # (minute, value, device, typed) in the order of the file
        ([(1, 120, 2), (0, 120, 1)], [2], {"copy-of-fingerstick": 1}),  # whichever comes first in the file
        ([(0, 120, 1, TYPED), (1, 120, 2, TYPED)], [1], {"copy-of-fingerstick": 1}),
        ([(0, 120, 1), (1, 120, 2, TYPED)], [1], {"copy-of-fingerstick": 1}),
        ([(0, 120, 1, TYPED), (1, 120, 2)], [2], {"copy-of-fingerstick": 1}),
        ([(0, 120, 1), (0, 120, 1, TYPED)], [1], {"duplicate": 1}),
        ([(0, 120, 1, TYPED), (0, 120, 1)], [2], {"duplicate": 1}),
        ([(0, 120, 1), (1, 120, 2), (2, 120, 1)], [1, 3], {"copy-of-fingerstick": 1}),  # one copy each at most
        ([(0, 120, 1), (1, 120, 2), (2, 120, 1), (3, 120, 2)], [1, 3], {"copy-of-fingerstick": 2}),
        ([(0, 120, 1), (1, 121, 2)], [1, 2], {}),
        ([(5, 120, 1), (0, 121, 1), (5, 119, 2)], [2, 1, 3], {}),  # in order of time, then of device
        ([(0, 121, 2), (0, 120, 1)], [2, 1], {}),
        ([(0, 120, 1), (0, 120, 1), (0, 120, 2)], [1], {"duplicate": 1, "copy-of-fingerstick": 1}),
    ],
)
def test_of_the_readings_of_a_meter_these_are_kept(
    rows: list[tuple[int, int, int]], kept_rows: list[int], counts: dict[str, int]
) -> None:
    assert kept(readings(*rows)) == (kept_rows, counts)


def test_what_is_left_out_is_told_by_its_row() -> None:
    tally = Tally()
    duplicates.keep(readings((0, 120, 1), (9, 130, 1), (0, 120, 1), (9, 130, 2)), tally)
    assert [(reject.row, str(reject.reason)) for reject in tally.rejects()] == [
        (3, "duplicate"),
        (4, "copy-of-fingerstick"),
    ]


def test_readings_of_one_minute_and_device_stay_in_the_order_of_the_file() -> None:
    assert kept(readings((0, 121, 1), (0, 119, 1), (0, 120, 1)))[0] == [1, 2, 3]
