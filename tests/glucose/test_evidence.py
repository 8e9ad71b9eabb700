import datetime as dt
import tracemalloc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row
from priorauth.glucose import evidence
from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.readings import LATER_MEAL, Reading
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


def vague(at: str, value: int | None, *, flags: int = 0, sensor: bool = False, days: int = 7) -> Reading:
    """A reading of which the record says no more than some days, and of its value nothing where it is None."""
    made = reading(at, value or 0, flags=flags, sensor=sensor)
    row = msgspec.structs.replace(made.row, last=made.row.first + days - 1, minute=None, low=value, high=value)
    return Reading(row, None, flags)


def told(rows: list[Row]) -> list[str]:
    """The rows in short: where they stand, when, and what they are worth."""
    lines = []
    for row in rows:
        assert isinstance(row, Event | Measurement)
        days = dt.date.fromordinal(row.first).isoformat()
        if row.last != row.first:
            days += f" to {dt.date.fromordinal(row.last).isoformat()}"
        at = "" if row.minute is None else f" {row.minute % 1440 // 60:02}:{row.minute % 60:02}"
        lines.append(f"{row.ref.removeprefix('reading ')}: {days}{at} {row.low}-{row.high}")
    return lines


def test_low_readings_without_a_time_count_once_a_day_that_has_no_other_episode() -> None:
    listed = [
        reading("2026-06-03", 60),
        reading("2026-06-03", 50),
        reading("2026-06-02", 69),
        reading("2026-06-02", 70),
        reading("2026-06-01", 55),
        reading("2026-06-01T07:00", 65),
        vague("2026-06-05", 66),
    ]
    assert told(shown(listed, "hypoglycemia")) == [
        "2026-06-01T07:00 65: 2026-06-01 07:00 65-65",
        "2026-06-02 69: 2026-06-02 69-69",
        "2026-06-03 50: 2026-06-03 50-50",
        "2026-06-05 66: 2026-06-05 to 2026-06-11 66-66",
    ]


@pytest.mark.parametrize(
    ("at", "same"),
    [("11:44", False), ("11:45", True), ("12:15", True), ("12:30", True), ("12:31", False)],
)
def test_a_meter_is_within_a_sensors_episode_up_to_fifteen_minutes_before_and_after(at: str, same: bool) -> None:  # noqa: FBT001
    sensor = trace("2026-06-01T12:00", [60, 60, 60, 60, 90, 90, 90])  # low from 12:00 to 12:15
    found = shown([*sensor, reading(f"2026-06-01T{at}", 50)], "hypoglycemia")
    assert len(found) == (1 if same else 2)


def test_an_episode_is_dated_by_its_first_reading_and_worth_its_lowest() -> None:
    sensor = trace("2026-05-31T23:50", [60, 52, 58, 61, 90, 90, 90])
    assert told(shown(sensor, "hypoglycemia")) == ["2026-05-31T23:50 60: 2026-05-31 23:50 52-52"]
    assert shown(sensor, "nocturnal_hypoglycemia") == []  # it began before midnight
    night = trace("2026-06-01T00:00", [60, 52, 58, 61, 90, 90, 90])
    assert told(shown(night, "nocturnal_hypoglycemia")) == ["2026-06-01T00:00 60: 2026-06-01 00:00 None-None"]


def test_readings_before_meals_are_those_that_are_tagged_and_known() -> None:
    listed = [
        reading("2026-06-01T07:00", 100, flags=FASTING),
        reading("2026-06-01T12:00", 150, flags=BEFORE),
        reading("2026-06-01T14:00", 300, flags=AFTER),
        reading("2026-06-01T18:00", 90),
        reading("2026-06-02T07:00", 110, flags=BEFORE),
        vague("2026-06-03", 120, flags=BEFORE),
        vague("2026-06-04", None, flags=BEFORE, days=1),
    ]
    assert told(shown(listed, "premeal_glucose")) == [
        "2026-06-01T07:00 100: 2026-06-01 07:00 100-100",
        "2026-06-01T12:00 150: 2026-06-01 12:00 150-150",
        "2026-06-02T07:00 110: 2026-06-02 07:00 110-110",
        "2026-06-03 120: 2026-06-03 to 2026-06-09 120-120",
    ]
    # One reading makes no range, and neither does one that may be of any of some days.
    assert told(shown(listed, "premeal_daily_range")) == [
        "2026-06-01T07:00 100, reading 2026-06-01T12:00 150: 2026-06-01 50-50"
    ]


@pytest.mark.parametrize(
    ("values", "range_of"),
    [
        ([(100, 100), (150, 150), (90, 90)], (60, 60)),
        ([(100, 100), (100, 100)], (0, 0)),
        ([(None, 39), (100, 100)], (61, None)),  # below 40, nobody knows how far
        ([(401, None), (100, 100)], (301, None)),
        ([(None, 39), (401, None)], (362, None)),
        ([(None, 39), (None, 39)], (0, None)),
        ([(401, None), (401, None)], (0, None)),
    ],
)
def test_a_days_range_before_meals_is_as_wide_as_is_certain(
    values: list[tuple[int | None, int | None]], range_of: tuple[int, int | None]
) -> None:
    listed = []
    for hour, (low, high) in enumerate(values, 7):
        made = reading(f"2026-06-01T{hour:02}:00", 100, flags=BEFORE)
        listed.append(made._replace(row=msgspec.structs.replace(made.row, low=low, high=high)))
    (row,) = shown(listed, "premeal_daily_range")
    assert isinstance(row, Measurement)
    assert (row.low, row.high, row.low_open, row.high_open, row.minute) == (*range_of, False, False, None)


@pytest.mark.parametrize(
    ("readings", "fasting"),
    [
        ([("03:59", 0), ("04:00", 0), ("09:59", 0)], ["04:00"]),
        ([("09:59", 0)], ["09:59"]),
        ([("10:00", 0)], []),
        ([("07:00", AFTER), ("08:00", 0)], []),
        ([("07:00", BEFORE | LATER_MEAL), ("08:00", 0)], []),
        ([("07:00", BEFORE), ("08:00", 0)], ["07:00"]),
        ([("07:00", 0), ("11:00", FASTING)], ["11:00"]),
        ([("06:00", FASTING), ("11:00", FASTING)], ["06:00", "11:00"]),
    ],
)
def test_a_meters_fasting_reading_is_tagged_or_the_first_of_the_morning(
    readings: list[tuple[str, int]], fasting: list[str]
) -> None:
    listed = [reading(f"2026-06-01T{at}", 120, flags=flags) for at, flags in readings]
    assert [row.ref for row in shown(listed, "fasting_glucose")] == [f"reading 2026-06-01T{at} 120" for at in fasting]


@pytest.mark.parametrize(
    ("readings", "fasting"),
    [
        ([("03:59", 0)], []),
        ([("04:00", 0)], ["04:00"]),
        ([("04:00", 0), ("08:00", 0), ("08:01", 0)], ["08:00"]),
        ([("06:00", 0), ("07:00", BEFORE), ("08:00", 0)], ["07:00"]),
        ([("06:00", 0), ("07:00", FASTING), ("08:00", 0)], ["08:00"]),
        ([("06:00", 0), ("07:00", AFTER), ("08:00", 0)], ["06:00"]),
        ([("06:00", AFTER), ("07:00", 0)], []),
    ],
)
def test_a_sensors_fasting_reading_is_the_last_before_the_first_meal(
    readings: list[tuple[str, int]], fasting: list[str]
) -> None:
    listed = [reading(f"2026-06-01T{at}", 120, flags=flags, sensor=True) for at, flags in readings]
    assert [row.ref for row in shown(listed, "fasting_glucose")] == [f"reading 2026-06-01T{at} 120" for at in fasting]


def test_each_morning_has_a_fasting_reading_of_its_own() -> None:
    listed = [reading(f"2026-06-0{number}T07:00", 100 + number) for number in (2, 1, 3)]
    assert sorted(values(shown(listed, "fasting_glucose"))) == [(101, 101), (102, 102), (103, 103)]


def test_a_sensor_is_worn_on_unbroken_spans_of_days() -> None:
    worn = [reading(f"2026-06-{number:02}T12:00", 120, sensor=True) for number in (1, 2, 4, 5, 6)]
    rows = shown(
        [*worn, reading("2026-06-02T06:00", 99, sensor=True), vague("2026-06-10", 120, sensor=True)], "cgm_use"
    )
    assert [
        (row.ref, row.start_first, row.start_last, row.end_first, row.end_last)
        for row in rows
        if isinstance(row, Period)
    ] == [
        ("reading 2026-06-01T12:00 120", day("2026-06-01"), day("2026-06-01"), day("2026-06-02"), LAST_DAY),
        ("reading 2026-06-04T12:00 120", day("2026-06-04"), day("2026-06-04"), day("2026-06-06"), LAST_DAY),
    ]


def test_a_day_of_wear_is_named_by_its_first_reading() -> None:
    listed = [reading(f"2026-06-01T{at}", 120, sensor=True) for at in ("12:00", "06:00", "23:00")]
    assert [row.ref for row in shown(listed, "cgm_use")] == ["reading 2026-06-01T06:00 120"]


def test_a_log_on_file_is_fourteen_days_that_are_known_and_named_by_its_last_reading() -> None:
    days = [reading(f"2026-05-{number:02d}T12:00", 120) for number in range(1, 14)]
    last = [reading("2026-05-14T08:00", 99), reading("2026-05-14T21:00", 98)]
    assert shown([*days, vague("2026-05-20", 120)], "glucose_log_on_file") == []
    (row,) = shown([*last[::-1], *days], "glucose_log_on_file")
    assert isinstance(row, Answer)
    assert (row.ref, row.text, row.first, row.last) == ("reading 2026-05-14T21:00 98", "yes", HANDED_IN, HANDED_IN)


@pytest.mark.parametrize("zoneless", ["meter", "sensor"])
def test_one_device_without_a_zone_puts_both_on_the_wall_clock(zoneless: str) -> None:
    # On the wall the test stands within the sensor's episode; its instant, where it has one, lies two hours off.
    sensor, test = trace("2026-06-01T12:00", [60, 60, 60, 60, 90, 90, 90]), reading("2026-06-01T12:07", 48)

    def bare(one: Reading) -> Reading:
        return one._replace(row=msgspec.structs.replace(one.row, minute=None))

    def east(one: Reading) -> Reading:
        return one._replace(row=msgspec.structs.replace(one.row, minute=(one.row.minute or 0) - 120))

    assert len(shown([*sensor, east(test)], "hypoglycemia")) == 2
    if zoneless == "meter":
        assert len(shown([*map(east, sensor), bare(test)], "hypoglycemia")) == 1
    else:
        assert len(shown([*map(bare, sensor), east(test)], "hypoglycemia")) == 1
