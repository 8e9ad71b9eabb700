import numpy as np

from priorauth.glucose.formats.reading import Flag, Readings


def readings(*minutes: int) -> Readings:
    count = len(minutes)
    return Readings(
        device="meter",
        minutes=np.array(minutes, dtype=np.int64),
        offsets=np.zeros(count, np.int16),
        zoned=np.ones(count, np.bool_),
        glucose=np.arange(100, 100 + count, dtype=np.int16),
        flags=np.zeros(count, np.uint8),
        rows=np.arange(1, count + 1, dtype=np.int32),
        makers=np.zeros(count, np.int32),
    )


def test_each_flag_is_a_bit_of_its_own_and_all_fit_a_byte() -> None:
    assert sum(Flag) == 127


def test_readings_chosen_keep_their_rows_and_values_together() -> None:
    chosen = readings(5, 10, 15).chosen(np.array([True, False, True]))
    assert (chosen.minutes.tolist(), chosen.glucose.tolist(), chosen.rows.tolist()) == ([5, 15], [100, 102], [1, 3])


def test_readings_placed_elsewhere_in_time_keep_all_else() -> None:
    at = readings(5, 10)
    moved = at.placed(at.minutes + 60, at.offsets, at.flags)
    assert (moved.minutes.tolist(), moved.glucose.tolist(), len(moved)) == ([65, 70], [100, 101], 2)
