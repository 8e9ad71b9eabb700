from pathlib import Path

import msgspec
import pytest

from priorauth.glucose.definitions import definitions
from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.readings import LATER_MEAL, below, joined, timed, zoned
from priorauth.values.dates import EARLIEST, EPOCH, LATEST, MINUTES_A_DAY
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


def test_every_minute_of_the_days_of_readings_is_within_the_bounds_in_every_time_zone() -> None:
    bounds, farthest = definitions().bounds, 14 * 60
    assert (EARLIEST - EPOCH) * MINUTES_A_DAY - farthest >= bounds.earliest
    assert (LATEST + 1 - EPOCH) * MINUTES_A_DAY + farthest <= bounds.latest


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


def test_readings_without_a_time_of_day_do_not_say_whether_there_is_a_zone() -> None:
    assert zoned([reading("2026-06-01", 90)])
    assert zoned([reading("2026-06-01", 90), reading("2026-06-01T07:00", 90)])
    assert not zoned([reading("2026-06-01T07:00", 90), reading("2026-06-01T07:00", 90, zoned=False)])


def test_readings_are_below_a_limit_where_their_highest_is() -> None:
    known, unknown = reading("2026-06-01T07:00", 69), reading("2026-06-01T07:00", 70)
    open_above = known._replace(row=msgspec.structs.replace(known.row, high=None))
    open_below = known._replace(row=msgspec.structs.replace(known.row, low=None))
    assert below([known, unknown, open_above, open_below], 70) == [known, open_below]
    assert [each.known for each in (known, open_above, open_below)] == [True, True, True]
    blank = known._replace(row=msgspec.structs.replace(known.row, low=None, high=None))
    assert not blank.known


def test_the_flags_of_a_reading_say_what_they_say() -> None:
    said = {
        Flag.FASTING: (True, True, False),
        Flag.BEFORE_MEAL: (False, True, False),
        Flag.AFTER_MEAL: (False, False, True),
        LATER_MEAL: (False, False, True),
        Flag.MANUAL: (False, False, False),
        Flag(0): (False, False, False),
    }
    for flag, expected in said.items():
        found = reading("2026-06-01T07:00", 69, flags=int(flag))
        assert (found.fasting, found.before_meal, found.after_first_meal) == expected, flag


def test_of_one_minute_the_lower_comes_first_and_of_equal_ones_the_place() -> None:
    low, high = reading("2026-06-01T07:00", 80), reading("2026-06-01T07:00", 120)
    open_below = low._replace(row=msgspec.structs.replace(low.row, low=None, high=39, ref="z"))
    other = low._replace(row=msgspec.structs.replace(low.row, ref="a"))
    ordered = [one.reading for one in timed([high, low, open_below, other], instants=True)]
    assert ordered == [open_below, other, low, high]


def test_times_are_of_the_wall_clock_where_instants_do_not_count() -> None:
    at = reading("2026-06-01T07:00", 80)
    east = at._replace(row=msgspec.structs.replace(at.row, minute=(at.row.minute or 0) - 120))
    assert [one.at for one in timed([east], instants=True)] == [at.wall - 120]
    assert [one.at for one in timed([east], instants=False)] == [at.wall]


@pytest.mark.parametrize(
    ("minute", "copy"), [("07:08", False), ("07:09", True), ("07:10", True), ("07:11", True), ("07:12", False)]
)
def test_a_copy_stands_within_a_minute(minute: str, copy: bool) -> None:  # noqa: FBT001  (a table of it)
    _, fresh = joined([reading("2026-06-01T07:10", 131)], [reading(f"2026-06-01T{minute}", 131)])
    assert (fresh == []) is copy


def test_each_reading_of_the_record_has_one_copy() -> None:
    own = [reading("2026-06-01T07:10", 131)]
    log = [reading("2026-06-01T07:09", 131), reading("2026-06-01T07:10", 131), reading("2026-06-01T07:11", 131)]
    every, fresh = joined(own, log)
    assert (len(every), fresh) == (3, log[1:])


def test_the_tags_of_both_are_kept() -> None:
    own = reading("2026-06-01T07:10", 131, flags=int(Flag.FASTING))
    copy = reading("2026-06-01T07:10", 131, flags=int(Flag.AFTER_MEAL))
    assert joined([own], [copy])[0][0].flags == Flag.FASTING | Flag.AFTER_MEAL


def test_another_value_at_the_same_time_is_another_reading() -> None:
    _, fresh = joined([reading("2026-06-01T07:10", 131)], [reading("2026-06-01T07:10", 132)])
    assert len(fresh) == 1


def test_where_one_side_has_nothing_the_other_is_all() -> None:
    one = [reading("2026-06-01T07:10", 131)]
    assert joined([], one) == (one, one)
    assert joined(one, []) == (one, [])


def test_typed_by_hand_and_zoneless_are_no_tags_of_a_row(tmp_path: Path) -> None:
    text = table([("2026-06-01 07:10", 131, "meter", "fasting")]).replace("meal\n", "meal,manual\n", 1)
    (found,) = book(tmp_path, text.replace("fasting\n", "fasting,yes\n")).readings
    assert found.flags == Flag.FASTING
    assert (found.row.minute, found.row.low, found.row.high) == (None, 131, 131)


def test_a_copy_of_a_day_is_open_on_the_same_side() -> None:
    own, other = reading("2026-06-01", 39), reading("2026-06-01T07:10", 39)
    low, logged = (each._replace(row=msgspec.structs.replace(each.row, low=None)) for each in (own, other))
    assert joined([low], [logged])[1] == []
    assert joined([own], [logged])[1] == [logged]


def test_a_log_without_a_zone_is_compared_by_the_wall_clock_however_far_off_the_instant() -> None:
    own = reading("2026-06-01T07:10", 131)
    east = own._replace(row=msgspec.structs.replace(own.row, minute=(own.row.minute or 0) - 120))
    assert joined([east], [reading("2026-06-01T07:10", 131, zoned=False)])[1] == []
