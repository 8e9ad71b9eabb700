import datetime as dt
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.stream import Flag, Log, LogRefused, RejectReason, merge, read_log, read_log_bytes, read_logs
from tests.glucose.logs import (
    DATA,
    FIXTURES,
    assert_canonical,
    count,
    fixture,
    local_times,
    read,
    refusal,
    stream,
    utc_times,
    values,
)
from tests.glucose.writers import EXPORTS, Reading

METER = "timestamp,meter glucose (mg/dL)\n"
SENSOR = "timestamp,sensor glucose (mg/dL)\n"


@pytest.mark.parametrize(("name", "expected"), FIXTURES.items())
def test_every_fixture_is_read_to_the_last_reading_in_canonical_form(name: str, expected: tuple[int, int]) -> None:
    log = fixture(name)
    assert_canonical(log)
    assert (count(log, "cgm"), count(log, "meter")) == expected


@pytest.mark.parametrize("name", FIXTURES)
def test_a_log_read_twice_is_the_same_to_the_byte(name: str) -> None:
    once, again = fixture(name), fixture(name)
    assert [found.minutes.tobytes() for found in once.streams] == [found.minutes.tobytes() for found in again.streams]
    assert (once.rejects, once.counts, once.notes) == (again.rejects, again.counts, again.notes)


DRAWN = st.lists(
    st.tuples(st.integers(0, 60 * 24 * 60), st.integers(20, 600)),
    min_size=1,
    max_size=30,
    unique_by=lambda pair: pair[0],
)


@pytest.mark.parametrize("name", EXPORTS)
@given(DRAWN)
def test_readings_that_are_exported_and_read_again_are_the_same_readings(
    name: str, drawn: list[tuple[int, int]]
) -> None:
    start = dt.datetime(2024, 1, 13)  # noqa: DTZ001  (a wall clock)
    kept = [
        (minute, value) for minute, value in sorted(drawn) if name not in {"nightscout", "nightscout_csv"} or value > 12
    ]
    written = [Reading(start + dt.timedelta(minutes=minute), value) for minute, value in kept]
    export = EXPORTS[name]
    log = read(export.write(written))
    found = stream(log, export.device)
    assert_canonical(log)
    assert found.glucose.tolist() == [value for _, value in kept]
    assert local_times(found) == [f"{reading.time:%Y-%m-%d %H:%M}" for reading in written]
    assert found.zoneless is not export.zoned
    assert log.counts == {}


def test_every_row_is_in_a_stream_or_in_the_counts() -> None:
    rows = ["120", "", "0", "x", "120", "Low", "700", "121"]
    log = read(METER + "".join(f"2024-01-15 08:00,{value}\n" for value in rows))
    assert len(stream(log, "meter")) + sum(log.counts.values()) == len(rows)
    assert log.counts == {
        "no-value": 1,
        "unreadable-value": 1,
        "out-of-range": 2,
        "duplicate": 1,
    }


def test_a_reject_says_its_row_and_why() -> None:
    [reject] = read(METER + "2024-01-15 08:00,120\n2024-01-15 09:00,\n").rejects
    assert reject == (3, RejectReason.NO_VALUE)


def test_times_that_run_backwards_are_sorted_and_counted() -> None:
    log = read(METER + "2024-01-15 08:00,120\n2024-01-15 10:00,122\n2024-01-15 09:00,121\n2024-01-15 11:00,123\n")
    assert (values(log, "meter"), log.counts) == ([120, 121, 122, 123], {"backwards": 1})


def test_a_log_that_runs_newest_first_is_not_out_of_order() -> None:
    log = read(METER + "2024-01-15 10:00,122\n2024-01-15 09:00,121\n2024-01-15 08:00,120\n")
    assert (values(log, "meter"), stream(log, "meter").rows.tolist(), log.counts) == ([120, 121, 122], [4, 3, 2], {})


def test_two_different_readings_of_one_minute_are_both_kept() -> None:
    assert values(read(METER + "2024-01-15 08:00,120\n2024-01-15 08:00,131\n"), "meter") == [120, 131]


def test_wall_clock_times_are_flagged_until_a_zone_places_them() -> None:
    text = SENSOR + "2024-07-01 08:00,120\n"
    bare, placed = stream(read(text), "cgm"), stream(read(text, zone="Europe/Berlin"), "cgm")
    assert (bare.zoneless, utc_times(bare), bare.offsets.tolist()) == (True, ["2024-07-01 08:00"], [0])
    assert (placed.zoneless, utc_times(placed), placed.offsets.tolist()) == (False, ["2024-07-01 06:00"], [120])
    assert local_times(bare) == local_times(placed)


def test_times_in_utc_alone_are_noted() -> None:
    text = SENSOR + "2024-07-01T08:00:00Z,120\n"
    assert "local time is taken to be UTC" in read(text).notes[0]
    assert read(text, zone="Europe/Berlin").notes == ()


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(METER + "2024-01-15 08:00,120\n")
    with pytest.raises(LogRefused, match=r"log\.csv: expected at most 52 bytes, found 53"):
        read_log(path, limit=52)
    assert count(read_log(path, limit=53), "meter") == 1


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(LogRefused, match=r"^none\.csv: cannot be read: No such file or directory$"):
        read_log(tmp_path / "none.csv")


def test_a_picture_is_refused() -> None:
    assert refusal(b"\x89PNG\r\n\x1a\n" + bytes(100)) == "log: a picture; expected a glucose log as text"


@pytest.mark.parametrize("name", [name for name in FIXTURES if name.endswith(".csv")])
def test_a_table_cut_off_anywhere_never_gains_a_reading(name: str) -> None:
    data = (DATA / name).read_bytes()[:4000]
    whole = read((DATA / name).read_bytes())
    known = {
        (found.device, minute, value)
        for found in whole.streams
        for minute, value in zip(found.minutes.tolist(), found.glucose.tolist(), strict=True)
    }
    for end in range(len(data) - 200, len(data), 7):
        try:
            log = read(data[:end], dates=None)
        except LogRefused:
            continue
        last = {int(found.rows.max()) for found in log.streams}
        new = {
            (found.device, minute, value)
            for found in log.streams
            for minute, value, row in zip(
                found.minutes.tolist(), found.glucose.tolist(), found.rows.tolist(), strict=True
            )
            if row not in last
        }
        assert new <= known


def merged(*logs: Log) -> dict[str, list[int]]:
    return {found.device: found.glucose.tolist() for found in merge(logs)}


def test_two_logs_of_one_sensor_that_overlap_are_one_stream() -> None:
    first = read(SENSOR + "2024-01-15 08:00,120\n2024-01-15 08:05,125\n", "a.csv")
    second = read(SENSOR + "2024-01-15 08:05,125\n2024-01-15 08:10,130\n", "b.csv")
    assert merged(first, second) == {"cgm": [120, 125, 130]}


def test_a_reading_of_a_merged_stream_says_from_which_file_it_is() -> None:
    first = read(SENSOR + "2024-01-15 08:00,120\n", "a.csv")
    second = read(SENSOR + "2024-01-15 08:05,125\n", "b.csv")
    third = read(SENSOR + "2024-01-15 08:10,130\n", "c.csv")
    [found] = merge([first, second, third])
    assert [found.place(n) for n in range(3)] == [("a.csv", 2), ("b.csv", 2), ("c.csv", 2)]
    assert (found.source, found.format) == ("a.csv + b.csv + c.csv", "plain")


def test_a_fingerstick_of_the_meter_and_of_the_pump_counts_once() -> None:
    meter = read(METER + "2024-01-15 08:00,120\n2024-01-15 12:00,140\n", "meter.csv")
    pump = read(METER + "2024-01-15 08:01,120\n2024-01-15 18:00,150\n", "pump.csv")
    assert merged(meter, pump) == merged(pump, meter) == {"meter": [120, 140, 150]}


def test_sensor_and_meter_stay_two_streams() -> None:
    log = fixture("carelink_semicolon.csv")
    assert {device: len(found) for device, found in merged(log, fixture("glooko_bg.csv")).items()} == {
        "cgm": 8,
        "meter": 10,
    }


def test_one_log_merges_to_its_own_streams() -> None:
    log = fixture("tidepool.json")
    assert merge([log]) == log.streams
    assert merge([]) == ()


def test_logs_with_a_zone_and_without_cannot_be_merged_until_one_is_given() -> None:
    text = SENSOR + "2024-01-15 08:00,120\n"
    zoned = read(SENSOR + "2024-01-15T13:00:00Z,120\n", "b.csv")
    with pytest.raises(LogRefused, match=r"^a\.csv: times without a zone .* expected zone= for this log$"):
        merge([read(text, "a.csv"), zoned])
    assert merged(read(text, "a.csv", zone="America/New_York"), zoned) == {"cgm": [120]}


@given(DRAWN, DRAWN)
def test_merging_loses_nothing_that_differs_and_gains_nothing(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    start = dt.datetime(2024, 1, 13)  # noqa: DTZ001  (a wall clock)
    logs = []
    for drawn in (left, right):
        readings = [Reading(start + dt.timedelta(minutes=minute), value) for minute, value in sorted(drawn)]
        logs.append(read(EXPORTS["plain"].write(readings)))
    [found] = merge(logs)
    pairs = set(zip(found.minutes.tolist(), found.glucose.tolist(), strict=True))
    start_minute = int((start - dt.datetime(1970, 1, 1)).total_seconds() // 60)  # noqa: DTZ001
    written = {(start_minute + minute, value) for minute, value in (*left, *right)}
    assert pairs <= written
    assert {value for _, value in written} == {value for _, value in pairs}
    assert len(pairs) == len(found)
    assert (np.diff(found.minutes) >= 0).all()


def test_a_log_never_shows_the_patients_name_when_it_is_printed() -> None:
    assert "Muster" not in repr(fixture("glooko_bg.csv"))


def test_bytes_and_files_are_read_alike() -> None:
    path = DATA / "glooko_bg.csv"
    from_bytes, from_file = read_log_bytes(path.read_bytes(), path.name), read_log(path)
    assert from_bytes.streams[0].minutes.tolist() == from_file.streams[0].minutes.tolist()
    assert from_bytes.streams[0].source == "glooko_bg.csv"
    assert not from_bytes.streams[0].flags[0] & Flag.FASTING


CLARITY = "Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Glucose Value (mg/dL),Source Device ID\n"


@pytest.mark.parametrize(
    ("stamps", "zone", "whole"),
    [
        (["2024-01-01T23:59:00", "2024-01-05T00:00:00"], None, ("2024-01-02", "2024-01-04")),
        (["2024-01-01T00:00:00", "2024-01-03T23:59:00"], None, ("2024-01-02", "2024-01-02")),
        (["2024-01-01T00:00:00", "2024-01-02T23:59:00"], None, None),
        (["2024-01-01T00:00:00"], None, None),
        # By the local wall clock, whatever the day in UTC.
        (["2024-01-01T23:59:00", "2024-01-05T00:00:00"], "America/New_York", ("2024-01-02", "2024-01-04")),
        (["2024-01-01T23:59:00", "2024-01-05T00:00:00"], "Asia/Tokyo", ("2024-01-02", "2024-01-04")),
    ],
)
def test_a_download_is_whole_on_the_days_between_its_first_and_its_last(
    stamps: list[str], zone: str | None, whole: tuple[str, str] | None
) -> None:
    log = read(CLARITY + "".join(f"{stamp},EGV,120,iOS\n" for stamp in stamps), zone=zone)
    spans = [(span.device, span.from_day, span.until_day) for span in log.whole]
    assert spans == ([] if whole is None else [("cgm", *(dt.date.fromisoformat(each).toordinal() for each in whole))])


def test_steps_back_are_counted_against_the_direction_of_the_file() -> None:
    def backwards(*minutes: int) -> int:
        rows = "".join(f"2024-01-15 08:{minute:02},{100 + minute}\n" for minute in minutes)
        return read(SENSOR + rows).counts.get("backwards", 0)

    assert backwards(1, 2, 3, 4) == backwards(4, 3, 2, 1) == backwards(1) == 0
    assert backwards(1, 2, 4, 3, 5) == backwards(5, 3, 4, 2, 1) == 1
    assert backwards(1, 1, 2) == 0


def test_times_in_utc_are_noted_unless_an_offset_or_a_zone_says_otherwise() -> None:
    def noted(stamp: str, zone: str | None = None) -> bool:
        return bool(read(SENSOR + f"{stamp},120\n", zone=zone).notes)

    assert noted("2024-07-01T08:00:00Z")
    assert not noted("2024-07-01T08:00:00+01:00")
    assert not noted("2024-07-01T08:00:00")
    assert not noted("2024-07-01T08:00:00Z", zone="UTC")


def test_a_clock_without_a_zone_beside_instants_is_placed_by_a_zone_and_else_left_out() -> None:
    text = SENSOR + "2024-07-01T08:00:00Z,120\n2024-07-01T10:30:00,121\n2024-07-01T12:00:00+03:00,122\n"
    bare, placed = read(text), read(text, zone="Europe/Berlin")
    assert (values(bare, "cgm"), bare.counts["unreadable-time"]) == ([120, 122], 1)
    assert utc_times(stream(placed, "cgm")) == ["2024-07-01 08:00", "2024-07-01 08:30", "2024-07-01 09:00"]
    assert stream(placed, "cgm").offsets.tolist() == [120, 120, 180]
    assert not stream(placed, "cgm").zoneless


def test_a_merged_stream_keeps_all_of_a_reading_beside_it() -> None:
    first = read("timestamp,meter glucose (mg/dL),meal\n2024-01-15T08:00:00+01:00,120,fasting\n", "a.csv")
    second = read("timestamp,meter glucose (mg/dL),manual\n\n2024-01-15T06:00:00Z,130,yes\n", "b.csv")
    [found] = merge([first, second])
    assert (found.device, found.sources) == ("meter", ("a.csv", "b.csv"))
    assert local_times(found) == ["2024-01-15 06:00", "2024-01-15 08:00"]
    assert found.offsets.tolist() == [0, 60]
    assert found.glucose.tolist() == [130, 120]
    assert found.flags.tolist() == [Flag.MANUAL, Flag.FASTING]
    assert [found.place(n) for n in range(2)] == [("b.csv", 3), ("a.csv", 2)]


def test_streams_that_were_merged_before_are_merged_by_their_files() -> None:
    parts = [read(SENSOR + f"2024-01-15 08:{10 * n:02},{120 + n}\n", f"{n}.csv") for n in range(3)]
    [two] = merge(parts[:2])
    whole = replace(parts[0], streams=(two,))
    [found] = merge([whole, parts[2]])
    assert [found.place(n) for n in range(3)] == [("0.csv", 2), ("1.csv", 2), ("2.csv", 2)]
    assert found.source == "0.csv + 1.csv + 2.csv"


def test_a_log_without_readings_says_what_it_held() -> None:
    assert refusal(METER + "2024-01-15 08:00,\n2024-01-15 08:00,x\n") == (
        "log: no readings (1 no-value, 1 unreadable-value); expected at least one"
    )
    assert refusal(METER) == "log: no readings (no rows with glucose); expected at least one"


def test_a_stream_says_where_each_reading_stands() -> None:
    found = stream(read(METER + "\n2024-01-15 08:00,120\n2024-01-15 09:00,121\n", "m.csv"), "meter")
    assert (len(found), found.place(0), found.place(1)) == (2, ("m.csv", 3), ("m.csv", 4))


def test_a_merged_stream_names_each_format_once() -> None:
    first = read(SENSOR + "2024-03-16 08:00,120\n", "a.csv")
    [found] = merge([first, fixture("glooko_cgm.csv"), read(SENSOR + "2024-03-16 08:05,121\n", "c.csv")])
    assert found.format == "plain + glooko"


def archive(*persons: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for number, person in enumerate(persons):
            text = f"patient,timestamp,meter glucose (mg/dL)\n{person},2024-01-15 0{number}:00,120\n"
            files.writestr(f"{number}.csv", text)
    return packed.getvalue()


def test_an_archive_is_of_one_person() -> None:
    assert len(read_logs(archive("A", "A"), "a.zip")) == 2
    with pytest.raises(LogRefused, match="holds the logs of two people"):
        read_logs(archive("A", "B"), "a.zip")
