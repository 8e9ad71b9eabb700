"""MAGE by hand, and against the published algorithm's own program (the compiled engine is held to the same answers)."""

import math

import numpy as np
import pytest

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import numba, numpy, series
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import MIDNIGHT, readings, sensor


def mage(given: Series) -> float:
    (plain,), (fast,) = numpy.mage(given, rules()), numba.mage(given, rules())
    assert plain == fast or (math.isnan(plain) and math.isnan(fast))
    return float(plain)


def triangles(low: int, high: int, slope: int, times: int) -> list[int]:
    up = list(range(low, high, slope))
    return [*(up + list(range(high, low, -slope))) * times, low]


def test_equal_swings_have_their_own_height() -> None:
    # Every rise and every fall between two turning points is 100 high.
    assert mage(sensor([100] * 40 + triangles(100, 200, 5, 6) + [100] * 40)) == 100


def test_swings_smaller_than_one_standard_deviation_do_not_count() -> None:
    large, small = triangles(100, 220, 6, 3), triangles(100, 110, 1, 3)
    assert mage(sensor([*small, *large, *small])) == pytest.approx(120, abs=10)
    assert mage(sensor(large)) == 120


def test_a_flat_trace_has_no_mage() -> None:
    assert math.isnan(mage(sensor([120] * 200)))


def test_a_trace_shorter_than_the_long_mean_has_none() -> None:
    swing = triangles(80, 200, 15, 2)
    assert len(swing) > 32
    assert not math.isnan(mage(sensor(swing[:32])))
    assert math.isnan(mage(sensor(swing[:31])))


def test_a_meter_has_none() -> None:
    assert math.isnan(mage(readings("meter", *[(5 * place, 100 + place % 50) for place in range(100)])))


def test_one_reading_or_none_has_none() -> None:
    assert math.isnan(mage(readings("cgm")))
    assert math.isnan(mage(readings("cgm", (0, 100))))


def test_a_swing_is_the_same_seen_from_any_height() -> None:
    swing = triangles(100, 180, 4, 5)
    assert mage(sensor(swing)) == mage(sensor([value + 60 for value in swing]))


def test_a_bridged_gap_changes_nothing_on_a_straight_line() -> None:
    whole = [(600 + 5 * place, value) for place, value in enumerate(triangles(100, 200, 5, 6))]
    holed = [pair for place, pair in enumerate(whole) if not 61 <= place <= 68]  # 45 minutes of a straight rise
    assert mage(readings("cgm", *holed)) == mage(readings("cgm", *whole))


def test_more_than_three_hours_part_the_trace() -> None:
    swing = triangles(100, 200, 5, 3)
    first = [(600 + 5 * place, value) for place, value in enumerate(swing)]
    later = [(minute + 5 * len(swing) + 400, value + 100) for minute, value in first]
    assert mage(readings("cgm", *first, *later)) == pytest.approx(mage(readings("cgm", *first)))


def wave(count: int, *terms: tuple[int, float]) -> list[int]:
    return [round(140 + sum(height * math.sin(place / pace) for height, pace in terms)) for place in range(count)]


def cut(minutes: list[int], begin: int, end: int, *terms: tuple[int, float]) -> tuple[list[int], list[int]]:
    kept = [minute for minute in minutes if not begin <= minute < end]
    whole = wave(minutes[-1] // 5 + 1, *terms)
    return kept, [whole[minute // 5] for minute in kept]


EVERY_5 = [list(range(0, 5 * count, 5)) for count in (300, 400, 500)]
DRIFT = [min(400, max(40, round(100 + place * 0.25 + 35 * math.sin(place / 9)))) for place in range(600)]

# What R package iglu 4.3.0 gives: mage(version = "ma"), its defaults. Run on these very series; only numbers came over.
KNOWN = {
    "one wave": (EVERY_5[0], wave(300, (60, 12)), 106.7),
    "two waves": (EVERY_5[1], wave(400, (55, 11), (25, 3)), 143.333333333333),
    "three waves": (EVERY_5[2], wave(500, (45, 17), (30, 5), (12, 1.7)), 87.1153846153846),
    "a gap that is bridged": (*cut(EVERY_5[0], 500, 540, (60, 12), (15, 2.5)), 126.125),
    "a gap left open": (*cut(EVERY_5[0], 500, 640, (60, 12), (15, 2.5)), 126.125),
    "two segments": (*cut(EVERY_5[1], 700, 1000, (50, 13), (30, 4)), 127.118836291913),
    "off the grid": ([minute + 3 for minute in EVERY_5[0]], wave(300, (50, 9), (20, 4)), 112.93),
    "every 15 minutes": (list(range(0, 15 * 200, 15)), wave(200, (60, 4), (20, 1.3)), 137.465277777778),
    "slow drift": (list(range(0, 5 * 600, 5)), DRIFT, 70.05),
}


@pytest.mark.parametrize("name", KNOWN)
def test_mage_is_what_the_program_of_its_authors_gives(name: str) -> None:
    minutes, glucose, expected = KNOWN[name]
    stamps = np.array(minutes) + MIDNIGHT + 605
    nothing = np.zeros(len(stamps), int)
    assert mage(series.one("cgm", stamps, nothing, glucose, nothing)) == pytest.approx(expected, abs=1e-9)
