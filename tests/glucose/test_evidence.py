import datetime as dt
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.facts.rows import Event, Measurement, Row
from priorauth.glucose import evidence
from priorauth.glucose.formats.reading import Flag
from priorauth.values.dates import LAST_DAY, day
from tests.glucose.evidence_of import (
    HANDED_IN,
    NEW_YORK,
    VOCABULARY,
    book,
    placeless,
    reading,
    rows_of,
    shown,
    table,
    trace,
)
from tests.record import building

FASTING, BEFORE, AFTER = int(Flag.FASTING), int(Flag.BEFORE_MEAL), int(Flag.AFTER_MEAL)
EVENING = dt.datetime(2026, 3, 1, 22, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
CODES = {"": None, "fasting": "mdc:8417876", "before meal": "mdc:8417868", "after meal": "mdc:8417872"}


def values(rows: list[Row]) -> list[tuple[int | None, int | None]]:
    return [(row.low, row.high) for row in rows if isinstance(row, Event | Measurement)]


def test_an_episode_names_the_lines_from_which_it_can_be_recounted(tmp_path: Path) -> None:
    log = "time,sensor glucose (mg/dL)\n" + "".join(
        f"2026-06-01 07:{5 * place:02d},{value}\n" for place, value in enumerate([90, 68, 52, 66, 90, 90, 90])
    )
    (low,) = [row for row in rows_of(book(tmp_path, log)) if row.fact == "hypoglycemia"]
    assert isinstance(low, Event)
    assert (low.ref, low.first, low.low) == ("log1.csv lines 3 to 5", day("2026-06-01"), 52)


def test_a_range_before_meals_names_its_lowest_and_its_highest(tmp_path: Path) -> None:
    log = table([("2026-06-01 07:00", 90, "meter", "pre"), ("2026-06-01 12:00", 231, "meter", "pre")])
    (row,) = [row for row in rows_of(book(tmp_path, log)) if row.fact == "premeal_daily_range"]
    assert (row.ref, values([row])) == ("log1.csv line 2, log1.csv line 3", [(141, 141)])


def test_what_a_meter_shows_within_a_sensor_episode_is_the_same_episode() -> None:
    sensor = trace("2026-06-01T12:00", [60, 60, 60, 60, 90, 90, 90])
    assert len(shown([*sensor, reading("2026-06-01T12:07", 48)], "hypoglycemia")) == 1
    assert len(shown([*sensor, reading("2026-06-01T20:07", 48)], "hypoglycemia")) == 2


def test_meter_and_sensor_without_a_zone_are_held_against_each_other_by_the_wall_clock() -> None:
    sensor = trace("2026-06-01T12:00", [60, 60, 60, 60, 90, 90, 90])
    assert len(shown([*sensor, reading("2026-06-01T12:07", 48, zoned=False)], "hypoglycemia")) == 1


@pytest.mark.parametrize(("at", "count"), [("00:00", 1), ("05:59", 1), ("06:00", 0), ("23:59", 0)])
def test_the_night_is_from_midnight_until_six(at: str, count: int) -> None:
    assert len(shown([reading(f"2026-06-01T{at}", 60)], "nocturnal_hypoglycemia")) == count


def test_a_fasting_reading_below_what_the_meter_measures_is_one(tmp_path: Path) -> None:
    log = "time,capillary glucose (mg/dL)\n2026-06-01 07:00,LO\n"
    (row,) = [row for row in rows_of(book(tmp_path, log)) if row.fact == "fasting_glucose"]
    assert values([row]) == [(None, 39)]


def test_a_tagged_fasting_reading_counts_before_an_earlier_one() -> None:
    morning = [reading("2026-06-01T05:00", 99), reading("2026-06-01T11:00", 120, flags=FASTING)]
    assert values(shown(morning, "fasting_glucose")) == [(120, 120)]


def test_a_sensor_fasting_value_is_the_last_before_the_first_meal_and_not_after_eight() -> None:
    morning = trace("2026-06-01T07:30", [100, 110, 120, 130, 140, 150, 160, 170])
    assert values(shown(morning, "fasting_glucose")) == [(160, 160)]
    eaten = [*morning[:3], morning[3]._replace(flags=AFTER), *morning[4:]]
    assert values(shown(eaten, "fasting_glucose")) == [(120, 120)]


def test_no_reading_says_that_a_sensor_was_laid_aside() -> None:
    (row,) = shown(trace("2026-06-01T12:00", [100]), "cgm_use")
    assert getattr(row, "end_first", None) == day("2026-06-01")
    assert getattr(row, "end_last", None) == LAST_DAY


def test_fourteen_days_are_a_log_and_thirteen_are_not() -> None:
    days = [reading(f"2026-05-{number:02d}T12:00", 120) for number in range(1, 15)]
    assert [row.ref for row in shown(days, "glucose_log_on_file")] == ["reading 2026-05-14T12:00 120"]
    assert shown(days[:13], "glucose_log_on_file") == []


def test_no_readings_show_nothing() -> None:
    assert shown([], "glucose_log_on_file") == []


def observation(at: dt.datetime, value: int, device: str, tag: str) -> dict[str, Any]:
    made = (building.meter if device == "meter" else building.sensor)(at.isoformat(), value, CODES[tag])
    return {**made, "id": f"{at:%d%H%M}-{value}-{device}"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 144),
            st.sampled_from([45, 60, 69, 70, 99, 150, 201, 300]),
            st.sampled_from(["meter", "cgm"]),
            st.sampled_from(list(CODES)),
        ),
        min_size=1,
        max_size=60,
        unique_by=lambda drawn: (drawn[0], drawn[2]),
    )
)
def test_fhir_observations_and_a_table_of_the_same_readings_show_the_same(
    tmp_path: Path, drawn: list[tuple[int, int, str, str]]
) -> None:
    readings = [
        (EVENING + dt.timedelta(minutes=5 * step), value, device, tag) for step, value, device, tag in sorted(drawn)
    ]
    log = table((f"{at:%Y-%m-%d %H:%M}", value, device, tag) for at, value, device, tag in readings)
    of_log = rows_of(book(tmp_path, log, zone=NEW_YORK))
    bundle = building.request(*(observation(*one) for one in readings))
    facts = {row.fact for row in of_log} | {"glucose_self_test", "cgm_glucose", "hypoglycemia", "fasting_glucose"}
    of_bundle = [row for fact in facts for row in bundle.rows.get(fact, ())]
    assert placeless(of_bundle) == placeless(of_log)


def test_a_reading_takes_little_memory(tmp_path: Path) -> None:
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    lines = (f"{begin + dt.timedelta(minutes=5 * n):%Y-%m-%d %H:%M},{60 + n % 200}" for n in range(10_000))
    found = book(tmp_path, "\n".join(["time,sensor glucose (mg/dL)", *lines, ""]))
    tracemalloc.start()
    rows = rows_of(found)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(row.fact == "cgm_glucose" for row in rows) == 10_000
    assert most < 10_000 * 1_500


def test_every_fact_that_readings_show_is_in_the_vocabulary() -> None:
    days = [trace(f"2026-05-{number:02d}T02:00", [60] * 60) for number in range(1, 15)]
    tagged = [reading(f"2026-05-01T{hour:02d}:00", 100 + hour, flags=BEFORE) for hour in (7, 12)]
    readings = [*tagged, *(one for listed in days for one in listed)]
    facts = {row.fact for row in evidence.rows(VOCABULARY, readings, HANDED_IN)}
    assert facts == {
        "hypoglycemia", "nocturnal_hypoglycemia", "premeal_glucose", "premeal_daily_range", "fasting_glucose",
        "cgm_use", "glucose_log_on_file",
    }  # fmt: skip
    assert all(fact in VOCABULARY for fact in facts)
