import numpy as np
from hypothesis import given

from priorauth.glucose import kernel, twin
from priorauth.glucose.definitions import rules
from priorauth.glucose.traces import Traces
from tests.glucose.drawn import draw, streams


def agree(traces: Traces) -> bool:
    return np.array_equal(kernel.mage(traces, rules()), twin.mage(traces, rules()), equal_nan=True)


def test_kernel_and_twin_give_the_same_mage_of_two_thousand_traces_to_the_last_bit() -> None:
    for seed in range(20):
        assert agree(draw(2000 + seed, streams=100, most=300))


def test_most_of_the_drawn_sensors_have_a_mage() -> None:
    traces = draw(2000, streams=100, most=300)
    known = ~np.isnan(kernel.mage(traces, rules()))
    assert known.sum() > 0.5 * (~traces.meters).sum()


@given(streams())
def test_kernel_and_twin_give_the_same_mage_of_any_trace(traces: Traces) -> None:
    assert agree(traces)
