from priorauth.values.dates import LAST_DAY
from tests.record.building import day, meter, observation, quantity, read, rows, sensor

MORNING = "2026-06-01T07:{:02d}:00-04:00"


def run(values: list[int], step: int = 5, start: int = 12 * 60) -> list[dict[str, object]]:
    made = []
    for place, value in enumerate(values):
        at = start + place * step
        made.append(sensor(f"2026-06-01T{at // 60:02d}:{at % 60:02d}:00-04:00", value))
    return made


def test_a_reading_below_seventy_is_hypoglycemia_and_seventy_is_not() -> None:
    assert len(rows("hypoglycemia", meter(MORNING.format(0), 69))) == 1
    assert rows("hypoglycemia", meter(MORNING.format(0), 70)) == ()


def test_low_readings_within_fifteen_minutes_are_one_event_at_their_lowest() -> None:
    (row,) = rows("hypoglycemia", meter(MORNING.format(0), 65), meter(MORNING.format(15), 58))
    assert (row.low, row.high) == (58, 58)
    assert row.ref == "Observation/m-2026-06-01T07:00:00-04:00-65"


def test_low_readings_sixteen_minutes_apart_are_two_events() -> None:
    assert len(rows("hypoglycemia", meter(MORNING.format(0), 65), meter(MORNING.format(16), 58))) == 2


def test_low_readings_of_one_day_without_times_are_one_event() -> None:
    two = [meter("2026-06-01", 60), meter("2026-06-01", 61), meter("2026-06-02", 62)]
    assert [row.first for row in rows("hypoglycemia", *two)] == [day("2026-06-01"), day("2026-06-02")]


def test_three_low_sensor_readings_five_minutes_apart_are_fifteen_minutes() -> None:
    (row,) = rows("hypoglycemia", *run([90, 69, 60, 68, 90, 90, 90]))
    assert (row.low, row.high) == (60, 60)
    assert rows("hypoglycemia", *run([90, 69, 60, 90, 90, 90])) == ()


def test_one_low_reading_of_a_sensor_that_reads_every_fifteen_minutes_is_an_episode() -> None:
    assert len(rows("hypoglycemia", *run([90, 69, 90, 90], step=15))) == 1


def test_an_episode_goes_on_until_fifteen_minutes_at_or_above() -> None:
    short = [60, 60, 60, 80, 80, 60, 60, 60, 90, 90, 90]
    long = [60, 60, 60, 80, 80, 80, 60, 60, 60, 90, 90, 90]
    assert len(rows("hypoglycemia", *run(short))) == 1
    assert len(rows("hypoglycemia", *run(long))) == 2


def test_missing_readings_cut_an_episode_and_nothing_is_filled_in() -> None:
    before, after = run([60, 60]), run([60, 60, 90], start=12 * 60 + 31)
    assert rows("hypoglycemia", *before, *after) == ()


def test_a_meter_reading_during_a_sensor_episode_is_the_same_episode() -> None:
    low = run([60, 60, 60, 60, 90, 90, 90])
    assert len(rows("hypoglycemia", *low, meter("2026-06-01T12:07:00-04:00", 61))) == 1
    assert len(rows("hypoglycemia", *low, meter("2026-06-01T20:07:00-04:00", 61))) == 2


def test_the_night_is_midnight_until_six_on_the_clock_of_the_place() -> None:
    for at, count in (
        ("2026-06-01T00:00:00-04:00", 1),
        ("2026-06-01T05:59:00-04:00", 1),
        ("2026-06-01T06:00:00-04:00", 0),
    ):
        assert len(rows("nocturnal_hypoglycemia", meter(at, 60))) == count


def test_hypoglycemia_of_unknown_time_is_not_said_to_be_at_night() -> None:
    assert rows("nocturnal_hypoglycemia", meter("2026-06-01", 60)) == ()


def test_the_premeal_range_is_the_highest_less_the_lowest_of_a_day() -> None:
    (row,) = rows(
        "premeal_daily_range",
        meter("2026-06-01T07:00:00-04:00", 90, "mdc:8417876"),
        meter("2026-06-01T12:00:00-04:00", 240, "mdc:8417868"),
        meter("2026-06-01T15:00:00-04:00", 400, "mdc:8417872"),
        meter("2026-06-02T12:00:00-04:00", 300, "mdc:8417868"),
    )
    assert (row.low, row.high, row.first) == (150, 150, day("2026-06-01"))


def test_the_day_of_a_reading_is_the_day_written_down() -> None:
    (row,) = rows(
        "premeal_daily_range",
        meter("2026-06-01T00:30:00-04:00", 90, "mdc:8417868"),
        meter("2026-06-01T23:30:00-04:00", 190, "mdc:8417868"),
    )
    assert row.low == 100


def test_a_reading_beyond_the_meter_leaves_the_range_open_above() -> None:
    high = meter("2026-06-01T12:00:00-04:00", 600, "mdc:8417868")
    high["valueQuantity"]["comparator"] = ">"
    (row,) = rows("premeal_daily_range", high, meter("2026-06-01T07:00:00-04:00", 90, "mdc:8417868"))
    assert (row.low, row.high) == (510, None)


def test_a_tagged_fasting_reading_counts_at_any_hour_and_alone() -> None:
    found = rows(
        "fasting_glucose", meter("2026-06-01T11:00:00Z", 120, "mdc:8417876"), meter("2026-06-01T07:00:00Z", 99)
    )
    assert [row.low for row in found] == [120]


def test_the_first_reading_between_four_and_ten_is_fasting() -> None:
    found = rows(
        "fasting_glucose",
        meter("2026-06-01T03:59:00Z", 200), meter("2026-06-01T04:00:00Z", 110), meter("2026-06-01T09:00:00Z", 180),
    )  # fmt: skip
    assert [row.low for row in found] == [110]
    assert rows("fasting_glucose", meter("2026-06-01T10:00:00Z", 110)) == ()


def test_the_first_reading_after_a_meal_is_not_fasting() -> None:
    after = meter("2026-06-01T07:00:00Z", 210, "mdc:8417872")
    assert rows("fasting_glucose", after, meter("2026-06-01T08:00:00Z", 150)) == ()
    assert rows("fasting_glucose", meter("2026-06-01T09:30:00Z", 150, "timing:ACD")) == ()


def test_of_a_sensor_the_last_reading_until_eight_before_the_first_meal_is_fasting() -> None:
    morning = [
        sensor("2026-06-01T04:30:00Z", 100),
        sensor("2026-06-01T08:00:00Z", 130),
        sensor("2026-06-01T08:05:00Z", 160),
    ]
    assert [row.low for row in rows("fasting_glucose", *morning)] == [130]
    eaten = [sensor("2026-06-01T06:00:00Z", 105), sensor("2026-06-01T07:00:00Z", 190, "mdc:8417872"), *morning[1:]]
    assert [row.low for row in rows("fasting_glucose", *eaten)] == [105]


def test_a_sensor_is_in_use_on_unbroken_spans_of_days_with_readings() -> None:
    found = rows("cgm_use", *(sensor(f"2026-06-{number:02d}T12:00:00Z", 120) for number in (1, 2, 3, 5)))
    assert [(row.start_first, row.end_first) for row in found] == [
        (day("2026-06-01"), day("2026-06-03")), (day("2026-06-05"), day("2026-06-05")),
    ]  # fmt: skip
    assert all(row.end_last == LAST_DAY for row in found)  # no reading says that the sensor was laid aside


def test_fourteen_days_of_readings_are_a_log_and_thirteen_are_not() -> None:
    days = [meter(f"2026-05-{number:02d}T12:00:00Z", 120) for number in range(1, 15)]
    assert [row.text for row in rows("glucose_log_on_file", *days)] == ["yes"]
    assert rows("glucose_log_on_file", *days[:13]) == ()


def test_a_reading_in_no_unit_is_a_test_and_nothing_more() -> None:
    odd = meter("2026-06-01T07:00:00Z", 60, "mdc:8417876")
    odd["valueQuantity"] = {"value": 60}
    assert len(rows("glucose_self_test", odd)) == 1
    for fact in ("hypoglycemia", "premeal_glucose", "fasting_glucose"):
        assert rows(fact, odd) == ()


def test_a_laboratory_fasting_glucose_is_one_as_it_stands() -> None:
    assert [row.low for row in rows("fasting_glucose", observation("loinc:1558-6", quantity(148, "mg/dL")))] == [148]


def sampled(data: str, **more: object) -> dict[str, object]:
    """Sensor readings five minutes apart from noon, in one observation."""
    samples = {"origin": {"value": 0, "unit": "mg/dL"}, "period": 300_000, "dimensions": 1, "data": data}
    span = {"start": "2026-06-01T12:00:00-04:00", "end": "2026-06-01T13:00:00-04:00"}
    return observation("loinc:99504-3", when=None, id="chunk", effectivePeriod=span, valueSampledData=samples | more)


def test_readings_in_sampled_data_count_like_readings_of_their_own() -> None:
    chunk = sampled("90 69 51 L 90 U E 90")
    found = rows("cgm_glucose", chunk)
    assert [(row.low, row.high) for row in found] == [
        (90, 90), (69, 69), (51, 51), (None, 39), (90, 90), (401, None), (90, 90),
    ]  # fmt: skip
    assert {row.ref for row in found} == {"Observation/chunk"}
    (low,) = rows("hypoglycemia", chunk)
    assert (low.first, low.low, low.high) == (day("2026-06-01"), None, 39)


def test_a_sample_that_stands_as_an_observation_too_is_one_reading() -> None:
    assert len(rows("cgm_glucose", sampled("90 69 51"), sensor("2026-06-01T12:05:00-04:00", 69))) == 3


def test_samples_that_are_no_readings_are_said() -> None:
    made = read(sampled("90 E 69 x"))
    assert "samples of glucose left out: 1 no-value, 1 unreadable-value" in made.warnings


def test_samples_without_a_time_or_a_unit_show_nothing() -> None:
    chunk = sampled("90 69 51")
    assert rows("cgm_glucose", {**chunk, "effectivePeriod": {}}) == ()
    assert rows("cgm_glucose", sampled("90 69", origin={"value": 0, "unit": "g"})) == ()


def test_sampled_data_that_is_null_is_not_there() -> None:
    assert len(rows("cgm_glucose", {**sensor("2026-06-01T12:05:00-04:00", 69), "valueSampledData": None})) == 1
