import numpy as np

from priorauth.glucose import census, metrics
from priorauth.glucose import columns as c
from priorauth.glucose.definitions import rules
from tests.glucose.drawn import draw, sensor


def test_totals_are_the_sums_of_each_streams_days() -> None:
    found = census.take(draw(3, streams=30, most=100))
    for stream in range(30):
        own = found.days[found.days[:, c.STREAM] == stream]
        assert found.summed(c.READINGS)[stream] == own[:, c.READINGS].sum()
        assert found.summed(c.SUM)[stream] == own[:, c.SUM].sum()


def test_every_reading_is_in_one_day() -> None:
    traces = draw(4, streams=30, most=100)
    assert np.array_equal(census.take(traces, mage=False).summed(c.READINGS), np.diff(traces.starts))


def test_days_of_two_halves_of_a_stream_add_up_to_those_of_the_whole() -> None:
    glucose = [60 + (13 * place) % 200 for place in range(600)]
    whole = census.take(sensor(glucose), mage=False)
    first = census.take(sensor(glucose[:144]), mage=False)  # up to midnight
    second = census.take(sensor(glucose[144:], start=int(whole.traces.minutes[144])), mage=False)
    assert np.array_equal(
        first.totals[0, c.READINGS : c.CLIPPED] + second.totals[0, c.READINGS : c.CLIPPED],
        whole.totals[0, c.READINGS : c.CLIPPED],
    )


def test_mage_is_left_out_when_not_asked_for() -> None:
    assert census.take(sensor([100] * 10), mage=False).mages is None


def test_other_figures_than_the_shipped_ones_may_be_given() -> None:
    trace = sensor([100, 65, 65, 65, 100, 100, 100])
    stricter = rules()._replace(low=63)
    assert census.take(trace).events_of(c.HYPO_1).tolist() == [1]
    assert census.take(trace, figures=stricter).events_of(c.HYPO_1).tolist() == [0]


def test_totals_without_days_are_the_same_totals() -> None:
    for name in ("kernel", "twin"):
        traces = draw(5, streams=60, most=200)
        plain, days = census.take_totals(traces, name=name), census.take(traces, mage=False, name=name)
        assert np.array_equal(plain.totals[:, c.READINGS : c.CLIPPED], days.totals[:, c.READINGS : c.CLIPPED])
        assert np.array_equal(plain.intervals, days.intervals)


def test_the_consensus_metrics_need_the_totals_only() -> None:
    traces = draw(6, streams=60, most=200)
    every, few = metrics.measure(census.take(traces)), metrics.consensus(census.take_totals(traces))
    for name in ("mean_mg_dl", "sd_mg_dl", "time_70_180_percent", "time_above_250_percent"):
        assert np.array_equal(few[name].value, every[name].value, equal_nan=True)
    sensors = ~traces.meters
    assert np.array_equal(few["active_percent"].value[sensors], every["active_percent"].value[sensors], equal_nan=True)
