import datetime as dt
from collections import Counter
from pathlib import Path

from priorauth.glucose.definitions import Shares, Zones, definitions, rules


def test_every_metric_names_a_source_that_is_listed() -> None:
    table = definitions()
    assert {metric.source for metric in table.metrics.values()} <= set(table.sources)


def test_every_definition_has_an_id_of_its_own() -> None:
    table = definitions()
    ids = [*(metric.id for metric in table.metrics.values()), table.profile.id]
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_what_a_summary_prints_is_defined() -> None:
    assert set(definitions().printed) <= set(definitions().metrics)


def test_the_thresholds_are_those_of_the_consensus() -> None:
    given = rules()
    assert (given.very_low, given.low, given.high, given.very_high) == (54, 70, 180, 250)


def test_more_than_120_whole_minutes_are_121() -> None:
    assert rules().extended_low == 121


def test_the_words_of_a_share_say_its_own_figures() -> None:
    for name, metric in definitions().metrics.items():
        figures = [part for part in name.split("_") if part.isdigit()]
        if name.startswith("time_"):
            assert all(figure in metric.says and figure in metric.id for figure in figures), name


def test_the_docs_explain_every_definition_in_the_words_of_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "glucose-definitions.md").read_text("utf-8")
    table = definitions()
    for name, metric in table.metrics.items():
        assert f"| `{name}` | {metric.id} | {metric.says}" in page, name
    assert table.profile.id in page
    assert [name for name, source in table.sources.items() if f"**{name}**: {source}" not in page] == []


def test_every_figure_by_which_the_engine_counts_is_the_published_one() -> None:
    assert rules()._asdict() == {
        "very_low": 54,
        "low": 70,
        "high": 180,
        "very_high": 250,
        "longest_step": 20,
        "jitter": 1,
        "event": 15,
        "recovery": 15,
        "extended_low": 121,
        "extended_high": 90,
        "extended_within": 120,
        "meter_apart": 15,
        "night_from": 0,
        "night_until": 6 * 60,
        "meter_fasting_from": 4 * 60,
        "meter_fasting_until": 10 * 60,
        "sensor_fasting_from": 4 * 60,
        "sensor_fasting_until": 8 * 60 + 1,  # 08:00 itself counts
        "meal_1_from": 5 * 60,
        "meal_1_until": 10 * 60,
        "meal_2_from": 11 * 60,
        "meal_2_until": 14 * 60,
        "meal_3_from": 17 * 60,
        "meal_3_until": 20 * 60,
        "retest": 5,
        "mage_step": 5,
        "mage_bridge": 45,
        "mage_segment_gap": 180,
        "mage_short": 5,
        "mage_long": 32,
        "mage_readings": 2,
    }


def test_every_other_figure_is_the_published_one() -> None:
    table = definitions()
    assert (table.gmi, table.gri) == (
        {"constant": 3.31, "slope": 0.02392},
        {"very_low": 3.0, "low": 2.4, "very_high": 1.6, "high": 0.8, "highest": 100},
    )
    assert (table.sufficiency, table.cv, table.dawn) == (
        {"days": 14, "share": 70},
        {"stable": 36},
        {"rise": 20, "days": 2},
    )
    assert (table.night["share"], table.fasting.high, table.meals.wide, table.tests["often"]) == (70, 200, 100, 4)
    made = table.profile
    assert (made.bin, made.percentiles, made.readings, made.days) == (60, (5, 25, 50, 75, 95), 5, 5)
    assert (made.smooth, made.step, table.report) == ((1, 4, 1), 10, {"days": 14, "row": 7})
    assert (table.picture, table.mg_dl_per_mmol_l, table.edition) == ({"floor": 0, "ceiling": 350}, 18.0156, 1)


def test_the_goals_are_the_published_ones() -> None:
    goals = definitions().goals
    assert {name: one.ranges for name, one in goals.items()} == {
        "adult": Zones(54, 70, 180, 250),
        "older": Zones(54, 70, 180, 250),
        "pregnancy": Zones(54, 63, 140),
    }
    assert {name: one.shares for name, one in goals.items()} == {
        "adult": Shares(target=70, high=25, low=4, very_high=5, very_low=1),
        "older": Shares(target=50, high=50, low=1, very_high=10),
        "pregnancy": Shares(target=70, high=25, low=4, very_low=1),
    }
    assert {name: (one.mean, one.gmi) for name, one in goals.items()} == {
        "adult": (154, 7),
        "older": (None, None),
        "pregnancy": (None, None),
    }


def test_the_goals_name_sources_that_are_listed_and_adults_have_the_thresholds_of_the_metrics() -> None:
    table = definitions()
    for goals in table.goals.values():
        assert {part for part in goals.source.replace(",", " ").split() if "-" in part} <= set(table.sources)
    own, ranges = table.goals["adult"].ranges, table.ranges
    assert (own.very_low, own.low, own.high, own.very_high) == (
        ranges.very_low,
        ranges.low,
        ranges.high,
        ranges.very_high,
    )


def test_an_array_may_hold_what_a_reader_hands_over() -> None:
    bounds = definitions().bounds
    first, last = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
    assert [bounds.earliest, bounds.latest] == [int(at.timestamp()) // 60 for at in (first, last)]
    assert (bounds.lowest, bounds.highest, bounds.offset) == (0, 1023, 24 * 60)


# What each metric needs: the device that can tell it (any: -), and whether the consensus asks for days and readings.
NEEDS = """
mean_mg_dl - consensus, sd_mg_dl - consensus, cv_percent - consensus, gmi_percent cgm consensus,
time_70_180_percent - consensus, time_below_70_percent - consensus, time_below_54_percent - consensus,
time_above_180_percent - consensus, time_above_250_percent - consensus, mage_mg_dl cgm any, gri cgm consensus,
hypo_level_1_events - consensus, hypo_level_2_events - consensus, hypo_extended_events cgm consensus,
hyper_level_1_events cgm consensus, hyper_level_2_events cgm consensus, hyper_extended_events cgm consensus,
nocturnal_hypo_events - consensus, active_percent cgm any, active_window_percent cgm any, tests_per_day meter any,
tests_per_day_retests_once meter any, days_with_4_tests meter any, premeal_range_mg_dl - any, premeal_wide_days - any,
premeal_sd_mg_dl - any, fasting_above_200_days - any, dawn_days cgm any, dawn_rise_mg_dl cgm any,
nights_below_70 cgm any
"""


def test_each_metric_says_what_it_needs() -> None:
    found = [f"{name} {metric.device or '-'} {metric.sufficient}" for name, metric in definitions().metrics.items()]
    assert found == [part.strip() for part in NEEDS.split(",")]
