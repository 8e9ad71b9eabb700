from pathlib import Path

from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.readings import LATER_MEAL, joined, timed, zoned
from tests.glucose.evidence_of import NEW_YORK, book, reading, table

METER_LOG = table([("2026-06-01 07:10", 131, "meter", "fasting"), ("2026-06-01 12:00", 98, "meter", "")])


def test_a_reading_of_a_table_names_its_file_and_line(tmp_path: Path) -> None:
    first, second = book(tmp_path, METER_LOG).readings
    assert [first.row.ref, second.row.ref] == ["log1.csv line 2", "log1.csv line 3"]
    assert (first.row.low, first.minute_of_day, first.fasting, second.fasting) == (131, 430, True, False)


def test_a_reading_of_json_names_its_entry(tmp_path: Path) -> None:
    entries = '[{"type": "sgv", "sgv": 120, "date": 1780308000000, "utcOffset": 0, "device": "a"}]'
    assert [one.row.ref for one in book(tmp_path, entries).readings] == ["log1.csv entry 1"]


def test_readings_of_two_logs_keep_their_own_places(tmp_path: Path) -> None:
    more = table([("2026-06-02 07:00", 110, "meter", "")])
    assert [one.row.ref for one in book(tmp_path, METER_LOG, more).readings][-1] == "log2.csv line 2"


def test_a_wall_clock_without_a_zone_gives_no_instant(tmp_path: Path) -> None:
    assert not zoned(book(tmp_path, METER_LOG).readings)
    (placed, _) = book(tmp_path, METER_LOG, zone=NEW_YORK).readings
    assert (placed.row.minute, placed.minute_of_day) == (placed.wall + 240, 430)


def test_what_is_out_of_the_range_of_a_device_is_known_on_one_side(tmp_path: Path) -> None:
    rows = "time,sensor glucose (mg/dL)\n2026-06-01 07:00,LOW\n2026-06-01 07:05,HIGH\n"
    low, high = (one.row for one in book(tmp_path, rows).readings)
    assert (low.low, high.high) == (None, None)
    assert (low.high, high.low) == (39, 401)


def test_readings_come_in_the_order_of_time_and_of_one_minute_the_lower_first() -> None:
    listed = [reading("2026-06-01T08:00", 90), reading("2026-06-01T07:00", 120), reading("2026-06-01T07:00", 80)]
    assert [one.reading.row.low for one in timed(listed, instants=True)] == [80, 120, 90]


def test_a_reading_without_a_time_has_no_place_in_time() -> None:
    assert timed([reading("2026-06-01", 90)], instants=False) == []


def test_the_same_reading_in_record_and_log_is_one() -> None:
    own, copy = reading("2026-06-01T07:10", 131), reading("2026-06-01T07:11", 131, flags=int(Flag.FASTING))
    every, fresh = joined([own], [copy])
    assert fresh == []
    assert [(one.row, one.fasting) for one in every] == [(own.row, True)]


def test_two_minutes_apart_are_two_readings() -> None:
    _, fresh = joined([reading("2026-06-01T07:10", 131)], [reading("2026-06-01T07:12", 131)])
    assert len(fresh) == 1


def test_a_sensor_and_a_meter_with_the_same_value_are_two_readings() -> None:
    _, fresh = joined([reading("2026-06-01T07:10", 131)], [reading("2026-06-01T07:10", 131, sensor=True)])
    assert len(fresh) == 1


def test_a_reading_of_which_the_record_gives_the_day_only_has_one_copy_on_that_day() -> None:
    log = [reading("2026-06-01T07:10", 131), reading("2026-06-01T12:10", 131), reading("2026-06-02T12:10", 131)]
    _, fresh = joined([reading("2026-06-01", 131)], log)
    assert fresh == log[1:]


def test_record_and_log_are_compared_by_the_wall_clock_where_one_has_no_zone() -> None:
    log = [reading("2026-06-01T07:10", 131, zoned=False)]
    assert joined([reading("2026-06-01T07:10", 131)], log)[1] == []


def test_before_lunch_is_after_the_first_meal() -> None:
    tagged = reading("2026-06-01T07:10", 131, flags=int(Flag.BEFORE_MEAL) | LATER_MEAL)
    assert tagged.before_meal
    assert tagged.after_first_meal
