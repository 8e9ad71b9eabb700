import numpy as np
from hypothesis import given

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import numba, numpy
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import draw, streams


def test_both_engines_make_the_same_day_rows_of_four_thousand_traces() -> None:
    for seed in range(40):
        series = draw(seed, streams=100, most=150)
        assert np.array_equal(numba.day_rows(series, rules()), numpy.day_rows(series, rules()))


@given(streams())
def test_both_engines_make_the_same_day_rows_of_any_trace(series: Series) -> None:
    assert np.array_equal(numba.day_rows(series, rules()), numpy.day_rows(series, rules()))
