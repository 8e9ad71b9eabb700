import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.metrics.summary import share, summary
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.zones import Zone, hours, percent, sides, together, zones
from tests.glucose.drawn import EDGES, draw, readings
from tests.glucose.page.picked import CHOICES

PREGNANCY = Choice("pregnancy")


def found(*glucose: int, choice: Choice | None = None) -> tuple[Zone, ...]:
    return zones(np.array(glucose, np.int16), choice or Choice())


@pytest.mark.parametrize(
    ("glucose", "name"),
    [
        (53, "very-low"), (54, "low"), (69, "low"), (70, "target"), (180, "target"), (181, "high"), (250, "high"),
        (251, "very-high"),
    ],
)  # fmt: skip
def test_a_reading_on_a_limit_is_in_the_zone_that_the_consensus_says(glucose: int, name: str) -> None:
    assert [zone.name for zone in found(glucose) if zone.share] == [name]


@pytest.mark.parametrize(
    ("glucose", "name"), [(62, "low"), (63, "target"), (140, "target"), (141, "high"), (300, "high")]
)
def test_in_pregnancy_the_target_is_63_to_140_and_all_above_is_high(glucose: int, name: str) -> None:
    assert [zone.name for zone in found(glucose, choice=PREGNANCY) if zone.share] == [name]


def test_the_shares_are_those_of_the_metrics() -> None:
    series = draw(7, streams=12, most=500)
    for stream in range(series.streams):
        own = slice(int(series.starts[stream]), int(series.starts[stream + 1]))
        measured = summary("cgm", *(column[own] for column in series[:4]))
        made = zones(series.glucose[own], Choice())
        for names, metric in (
            (("target",), "time_70_180_percent"),
            (("very-low",), "time_below_54_percent"),
            (("very-low", "low"), "time_below_70_percent"),
            (("very-high",), "time_above_250_percent"),
            (("high", "very-high"), "time_above_180_percent"),
        ):
            assert together(made, *names) == pytest.approx(measured.value(metric)), metric


def test_in_pregnancy_the_target_is_the_share_that_can_be_asked_for() -> None:
    series = readings("cgm", *[(5 * place, value) for place, value in enumerate(EDGES.tolist())])
    measured = summary("cgm", *series[:4])
    assert together(zones(series.glucose, PREGNANCY), "target") == share(measured, series, 63, 140).value


@given(st.lists(st.integers(20, 600), min_size=1), st.sampled_from(CHOICES))
def test_all_zones_together_are_all_readings_and_each_reading_is_in_one(glucose: list[int], choice: Choice) -> None:
    made = found(*glucose, choice=choice)
    assert sum(zone.share or 0 for zone in made) == pytest.approx(100)
    for value in glucose:
        assert sum(zone.share == 100 for zone in found(value, choice=choice)) == 1


def test_the_values_of_the_zones_are_written_as_published() -> None:
    assert [zone.values for zone in found()] == [
        "below 54 mg/dL", "54 to 69 mg/dL", "70 to 180 mg/dL", "181 to 250 mg/dL", "above 250 mg/dL",
    ]  # fmt: skip
    assert [zone.values for zone in found(choice=Choice("pregnancy", "mmol/L"))] == [
        "below 3.0 mmol/L", "3.0 to 3.4 mmol/L", "3.5 to 7.8 mmol/L", "above 7.8 mmol/L",
    ]  # fmt: skip


def test_each_population_has_its_own_goals() -> None:
    told = {
        choice.population: ([zone.goal for zone in found(choice=choice)], [side.goal for side in sides((), choice)])
        for choice in CHOICES
    }
    assert told == {
        "adult": (
            ["goal: less than 1 %", "", "goal: more than 70 %", "", "goal: less than 5 %"],
            ["goal: less than 25 %", "goal: less than 4 %"],
        ),
        "older": (
            ["", "", "goal: more than 50 %", "", "goal: less than 10 %"],
            ["goal: less than 50 %", "goal: less than 1 %"],
        ),
        "pregnancy": (
            ["goal: less than 1 %", "", "goal: more than 70 %", ""],
            ["goal: less than 25 %", "goal: less than 4 %"],
        ),
    }


def test_readings_of_a_meter_have_no_goals() -> None:
    made = zones(np.array([100], np.int16), Choice(), timed=False)
    assert {zone.goal for zone in made} | {side.goal for side in sides(made, Choice(), timed=False)} == {""}


def test_without_readings_a_share_is_unknown_and_not_zero() -> None:
    assert {zone.share for zone in found()} == {None}
    assert (together(found(), "low"), percent(None), hours(None)) == (None, "unknown", "unknown")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 min"), (1.0, "14 min"), (70.0, "16 h 48 min"), (25.0, "6 h 00 min"), (100.0, "24 h 00 min")],
)
def test_a_share_of_the_day_is_said_in_hours_and_minutes(share: float, said: str) -> None:
    assert hours(share) == said


def test_a_zone_ends_where_its_limit_says_also_between_whole_values() -> None:
    low, target = found()[1:3]
    assert (low.ends_above(69.9), low.ends_above(70), target.ends_above(180), target.ends_above(180.1)) == (
        True, False, True, False,
    )  # fmt: skip
