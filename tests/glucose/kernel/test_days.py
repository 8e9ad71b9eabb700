import numpy as np
from hypothesis import given

from priorauth.glucose import kernel, twin
from priorauth.glucose.definitions import rules
from priorauth.glucose.traces import Traces
from tests.glucose.drawn import draw, streams


def test_kernel_and_twin_make_the_same_day_rows_of_four_thousand_traces() -> None:
    for seed in range(40):
        traces = draw(seed, streams=100, most=150)
        assert np.array_equal(kernel.day_rows(traces, rules()), twin.day_rows(traces, rules()))


@given(streams())
def test_kernel_and_twin_make_the_same_day_rows_of_any_trace(traces: Traces) -> None:
    assert np.array_equal(kernel.day_rows(traces, rules()), twin.day_rows(traces, rules()))
