import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.derivations import derivations
from priorauth.glucose.episodes import episodes, is_low
from priorauth.glucose.metrics.summary import summary
from priorauth.glucose.readings import Reading
from tests.glucose.evidence_of import VOCABULARY, reading, trace

FIGURES = derivations(VOCABULARY)


def sensor(values: list[int], step: int = 5) -> list[tuple[int, int | None]]:
    """The episodes of a sensor: how many low readings, and the lowest."""
    found = episodes("cgm", FIGURES, trace("2026-06-01T12:00", values, step), instants=True)
    return [(len(low.readings), low.lowest[1]) for low in found]


def test_sixty_nine_is_low_and_seventy_is_not() -> None:
    assert is_low(FIGURES, reading("2026-06-01T07:00", 69))
    assert not is_low(FIGURES, reading("2026-06-01T07:00", 70))


def test_fifteen_minutes_below_seventy_are_an_episode_with_its_nadir() -> None:
    assert sensor([90, 69, 51, 68, 90, 90, 90]) == [(3, 51)]


def test_ten_minutes_below_seventy_are_none() -> None:
    assert sensor([90, 69, 51, 90, 90, 90]) == []


def test_an_episode_ends_with_fifteen_minutes_back() -> None:
    assert sensor([60, 60, 60, 80, 80, 55, 90, 90, 90, 60, 60, 60]) == [(4, 55), (3, 60)]


def test_a_step_of_more_than_twenty_minutes_cuts_an_episode() -> None:
    apart = [*trace("2026-06-01T12:00", [60, 60, 60]), *trace("2026-06-01T12:31", [50, 50, 50])]
    assert len(episodes("cgm", FIGURES, apart, instants=True)) == 2


def test_readings_of_a_meter_within_fifteen_minutes_are_one_episode() -> None:
    tests = [reading("2026-06-01T07:00", 65), reading("2026-06-01T07:15", 48), reading("2026-06-01T07:31", 60)]
    found = episodes("meter", FIGURES, tests, instants=True)
    assert [(low.first.row.low, low.lowest) for low in found] == [(65, (48, 48)), (60, (60, 60))]


def test_below_what_the_sensor_measures_the_nadir_is_open_below() -> None:
    first, *rest = trace("2026-06-01T12:00", [39, 60, 65, 90])
    low = Reading(msgspec.structs.replace(first.row, low=None), first.minute_of_day)
    (found,) = episodes("cgm", FIGURES, [low, *rest], instants=True)
    assert found.lowest == (None, 39)


def test_a_reading_of_unknown_value_is_a_reading_that_is_missing() -> None:
    values = trace("2026-06-01T12:00", [60, 60, 60, 60, 60, 60, 90, 90, 90])
    blank = [one._replace(row=msgspec.structs.replace(one.row, low=None, high=None)) for one in values[1:5]]
    assert len(episodes("cgm", FIGURES, values, instants=True)) == 1
    assert episodes("cgm", FIGURES, [values[0], *blank, *values[5:]], instants=True) == []


@given(st.lists(st.sampled_from([45, 53, 54, 69, 70, 90]), max_size=60))
def test_the_episodes_are_those_that_the_summary_counts(values: list[int]) -> None:
    readings = trace("2026-06-01T12:00", values)
    minutes = [one.row.minute or 0 for one in readings]
    blank = [0] * len(values)
    counted = summary("cgm", minutes, blank, values, blank, engine="numpy").value("hypo_level_1_events")
    assert len(episodes("cgm", FIGURES, readings, instants=True)) == (counted or 0)


def test_episodes_are_of_the_wall_clock_where_instants_do_not_count() -> None:
    values = [
        one._replace(row=msgspec.structs.replace(one.row, minute=None)) for one in trace("2026-06-01T12:00", [60] * 3)
    ]
    (found,) = episodes("cgm", FIGURES, values, instants=False)
    assert (found.start, found.end) == (values[0].wall, values[2].wall)


def test_a_reading_that_may_be_low_is_not_low_for_certain() -> None:
    first, *rest = trace("2026-06-01T12:00", [60, 60, 60, 90, 90, 90])
    maybe = Reading(msgspec.structs.replace(first.row, low=40, high=80), first.minute_of_day)
    above = Reading(msgspec.structs.replace(first.row, low=40, high=None), first.minute_of_day)
    assert episodes("cgm", FIGURES, [maybe, *rest], instants=True) == []
    assert episodes("cgm", FIGURES, [above, *rest], instants=True) == []
    assert not is_low(FIGURES, maybe)
    assert not is_low(FIGURES, above)


@pytest.mark.parametrize("minute", [1 << 40, 1 << 29, -(1 << 29), -(1 << 40)])
def test_what_is_dated_beyond_all_years_is_no_reading(minute: int) -> None:
    values = trace("2026-06-01T12:00", [60, 60, 60, 90, 90, 90])
    far = values[0]._replace(row=msgspec.structs.replace(values[0].row, minute=minute))
    assert len(episodes("cgm", FIGURES, [*values, far], instants=True)) == 1


def test_nothing_low_is_no_episode_of_either_device() -> None:
    assert episodes("meter", FIGURES, [reading("2026-06-01T07:00", 70)], instants=True) == []
    assert episodes("cgm", FIGURES, trace("2026-06-01T12:00", [70] * 9), instants=True) == []


def test_an_episode_holds_its_low_readings_in_order_with_the_minutes_of_both_ends() -> None:
    values = trace("2026-06-01T12:00", [90, 55, 66, 60, 75, 69, 90, 90, 90])
    (found,) = episodes("cgm", FIGURES, values, instants=True)
    assert [one.row.low for one in found.readings] == [55, 66, 60, 69]  # 75 lies between, and is not low
    assert (found.start, found.end) == (values[1].row.minute, values[5].row.minute)
    assert (found.first, found.lowest) == (values[1], (55, 55))
