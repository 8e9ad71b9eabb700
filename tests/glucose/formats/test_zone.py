import datetime as dt
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import LogRefused
from priorauth.glucose.formats import zone
from tests.glucose.logs import local_times, read, stream, utc_times

NEW_YORK = "America/New_York"


def log(*stamps: str) -> str:
    rows = [f"{stamp},{100 + number}" for number, stamp in enumerate(stamps)]
    return "\n".join(["timestamp,sensor glucose (mg/dL)", *rows, ""])


def test_the_hour_that_is_there_twice_is_told_apart_where_the_clock_steps_back() -> None:
    found = read(log("2024-11-03 00:50", "2024-11-03 01:50", "2024-11-03 01:05", "2024-11-03 02:05"), zone=NEW_YORK)
    assert utc_times(stream(found, "cgm")) == [
        "2024-11-03 04:50",
        "2024-11-03 05:50",
        "2024-11-03 06:05",
        "2024-11-03 07:05",
    ]
    assert "ambiguous-time" not in found.counts


def test_the_hour_that_is_there_twice_is_told_apart_in_a_file_that_runs_backwards_too() -> None:
    found = read(log("2024-11-03 02:05", "2024-11-03 01:05", "2024-11-03 01:50", "2024-11-03 00:50"), zone=NEW_YORK)
    assert utc_times(stream(found, "cgm")) == [
        "2024-11-03 04:50",
        "2024-11-03 05:50",
        "2024-11-03 06:05",
        "2024-11-03 07:05",
    ]
    assert stream(found, "cgm").glucose.tolist() == [103, 102, 101, 100]


def test_a_time_that_could_be_either_hour_is_counted() -> None:
    found = read(log("2024-11-03 01:05", "2024-11-03 04:05"), zone=NEW_YORK)
    assert found.counts["ambiguous-time"] == 1
    assert utc_times(stream(found, "cgm"))[0] == "2024-11-03 05:05"


def test_a_time_that_never_was_is_counted_and_kept() -> None:
    found = read(log("2024-03-10 01:55", "2024-03-10 02:30", "2024-03-10 03:35"), zone=NEW_YORK)
    assert found.counts["nonexistent-time"] == 1
    assert utc_times(stream(found, "cgm")) == ["2024-03-10 06:55", "2024-03-10 07:30", "2024-03-10 07:35"]


def test_the_wall_clock_is_the_same_with_a_zone_and_without() -> None:
    stamps = ["2024-03-09 23:00", "2024-03-10 12:00", "2024-07-01 00:00"]
    bare, placed = read(log(*stamps)), read(log(*stamps), zone=NEW_YORK)
    assert local_times(stream(bare, "cgm")) == local_times(stream(placed, "cgm")) == stamps
    assert stream(placed, "cgm").offsets.tolist() == [-300, -240, -240]


def test_a_zone_gives_local_time_to_a_log_in_utc() -> None:
    found = read(log("2024-03-10T06:59:00Z", "2024-03-10T07:00:00Z"), zone=NEW_YORK)
    assert local_times(stream(found, "cgm")) == ["2024-03-10 01:59", "2024-03-10 03:00"]


def test_an_offset_that_the_log_states_stands_against_the_zone() -> None:
    found = read(log("2024-03-10T06:59:00+01:00"), zone=NEW_YORK)
    assert stream(found, "cgm").offsets.tolist() == [60]


@pytest.mark.parametrize("name", ["New York", "", "../../etc/passwd", "Mars/Olympus"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(LogRefused, match="expected an IANA time zone"):
        zone.find("log", name)


@given(
    st.sampled_from([NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo"]),
    st.integers(0, 28_000_000),
)
def test_offsets_are_those_of_the_time_zone_database(name: str, minute: int) -> None:
    place = zoneinfo.ZoneInfo(name)
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    offset = int(zone.from_utc(np.array([minute]), place)[0])
    expected = moment.astimezone(place).utcoffset()
    assert expected is not None
    assert offset == expected // dt.timedelta(minutes=1)
    shift = zone.from_wall(np.array([minute + offset]), place)
    assert shift.missing == 0
    assert shift.ambiguous or int(shift.offsets[0]) == offset


def test_a_time_just_outside_the_hour_that_is_there_twice_is_not_ambiguous() -> None:
    for stamp, either in (("00:59", 0), ("01:00", 1), ("01:59", 1), ("02:00", 0)):
        assert read(log(f"2024-11-03 {stamp}"), zone=NEW_YORK).counts.get("ambiguous-time", 0) == either, stamp


def test_a_time_just_outside_the_hour_that_never_was_is_a_time() -> None:
    for stamp, never in (("01:59", 0), ("02:00", 1), ("02:59", 1), ("03:00", 0)):
        assert read(log(f"2024-03-10 {stamp}"), zone=NEW_YORK).counts.get("nonexistent-time", 0) == never, stamp


def test_both_nights_of_a_year_are_counted() -> None:
    found = read(log("2024-03-10 02:30", "2024-03-10 02:31", "2024-11-03 01:30", "2025-03-09 02:30"), zone=NEW_YORK)
    assert (found.counts["nonexistent-time"], found.counts["ambiguous-time"]) == (3, 1)


def test_half_hours_of_a_zone_are_kept() -> None:
    found = read(log("2024-04-06T14:59:00Z", "2024-04-06T15:00:00Z"), zone="Australia/Lord_Howe")
    assert stream(found, "cgm").offsets.tolist() == [660, 630]  # summer time there is half an hour
