import numpy as np
from hypothesis import given

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import numba, numpy
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import draw, streams


def agree(series: Series) -> bool:
    return np.array_equal(numba.mage(series, rules()), numpy.mage(series, rules()), equal_nan=True)


def test_both_engines_give_the_same_mage_of_two_thousand_traces_to_the_last_bit() -> None:
    for seed in range(20):
        assert agree(draw(2000 + seed, streams=100, most=300))


def test_most_of_the_drawn_sensors_have_a_mage() -> None:
    series = draw(2000, streams=100, most=300)
    known = ~np.isnan(numba.mage(series, rules()))
    assert known.sum() > 0.5 * (~series.meters).sum()


@given(streams())
def test_both_engines_give_the_same_mage_of_any_trace(series: Series) -> None:
    assert agree(series)
