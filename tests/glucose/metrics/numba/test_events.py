import numpy as np
from hypothesis import given

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics import numba, numpy, series
from priorauth.glucose.metrics.series import Series
from tests.glucose.drawn import MIDNIGHT, draw, streams


def agree(series: Series) -> bool:
    steps = numba.intervals(series, rules())
    fast, plain = numba.event_rows(series, steps, rules()), numpy.event_rows(series, steps, rules())
    return (
        np.array_equal(steps, numpy.intervals(series, rules()))
        and np.array_equal(fast[0], plain[0])
        and np.array_equal(fast[1], plain[1])
    )


def test_both_engines_find_the_same_events_in_six_thousand_traces() -> None:
    for seed in range(60):
        assert agree(draw(1000 + seed, streams=100, most=200))


def test_the_drawn_traces_hold_events_of_every_kind() -> None:
    drawn = draw(1000, streams=100, most=200)
    found, _ = numba.event_rows(drawn, numba.intervals(drawn, rules()), rules())
    assert (np.bincount(found[:, c.KIND], minlength=c.KINDS) > 5).all()


@given(streams())
def test_both_engines_find_the_same_events_in_any_trace(series: Series) -> None:
    assert agree(series)


def test_more_events_than_expected_are_all_found() -> None:
    # One reading of a 15-minute sensor is an event, the next one its recovery: as many events as there can be.
    count = 4000
    glucose = np.where(np.arange(count) % 2, 100, 50)
    minutes = MIDNIGHT + 15 * np.arange(count)
    every = series.one("cgm", minutes, np.zeros(count, int), glucose, np.zeros(count, int))
    found, _ = numba.event_rows(every, numba.intervals(every, rules()), rules())
    assert len(found) == count  # level 1 and level 2, each time
    assert agree(every)
