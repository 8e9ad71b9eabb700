import numpy as np

from priorauth.glucose.definitions import rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics import counts
from priorauth.glucose.metrics.engine import ENGINES
from priorauth.glucose.metrics.measure import consensus, measure
from tests.glucose.drawn import draw, sensor


def test_totals_are_the_sums_of_each_streams_days() -> None:
    found = counts.count(draw(3, streams=30, most=100))
    for stream in range(30):
        own = found.days[found.days[:, c.STREAM] == stream]
        assert found.summed(c.READINGS)[stream] == own[:, c.READINGS].sum()
        assert found.summed(c.SUM)[stream] == own[:, c.SUM].sum()


def test_every_reading_is_in_one_day() -> None:
    series = draw(4, streams=30, most=100)
    assert np.array_equal(counts.count(series, mage=False).summed(c.READINGS), np.diff(series.starts))


def test_days_of_two_halves_of_a_stream_add_up_to_those_of_the_whole() -> None:
    glucose = [60 + (13 * place) % 200 for place in range(600)]
    whole = counts.count(sensor(glucose), mage=False)
    first = counts.count(sensor(glucose[:144]), mage=False)  # up to midnight
    second = counts.count(sensor(glucose[144:], start=int(whole.series.minutes[144])), mage=False)
    assert np.array_equal(
        first.totals[0, c.READINGS : c.CLIPPED] + second.totals[0, c.READINGS : c.CLIPPED],
        whole.totals[0, c.READINGS : c.CLIPPED],
    )


def test_mage_is_left_out_when_not_asked_for() -> None:
    assert counts.count(sensor([100] * 10), mage=False).mages is None


def test_other_figures_than_the_shipped_ones_may_be_given() -> None:
    trace = sensor([100, 65, 65, 65, 100, 100, 100])
    stricter = rules()._replace(low=63)
    assert counts.count(trace).events_of(c.HYPO_1).tolist() == [1]
    assert counts.count(trace, figures=stricter).events_of(c.HYPO_1).tolist() == [0]


def test_totals_without_days_are_the_same_totals() -> None:
    for engine in ENGINES[1:]:
        series = draw(5, streams=60, most=200)
        plain, days = counts.count_totals(series, engine=engine), counts.count(series, mage=False, engine=engine)
        assert np.array_equal(plain.totals[:, c.READINGS : c.CLIPPED], days.totals[:, c.READINGS : c.CLIPPED])
        assert np.array_equal(plain.intervals, days.intervals)


def test_the_consensus_metrics_need_the_totals_only() -> None:
    series = draw(6, streams=60, most=200)
    every, few = measure(counts.count(series)), consensus(counts.count_totals(series))
    for name in ("mean_mg_dl", "sd_mg_dl", "time_70_180_percent", "time_above_250_percent"):
        assert np.array_equal(few[name].value, every[name].value, equal_nan=True)
    sensors = ~series.meters
    assert np.array_equal(few["active_percent"].value[sensors], every["active_percent"].value[sensors], equal_nan=True)
