import json

import pytest

from priorauth.glucose.stream import Flag
from tests.glucose.logs import fixture, flagged, left_out, lines, local_times, read, refusal, stream, utc_times, values


def datum(value: float, **more: object) -> dict[str, object]:
    return {
        "type": "smbg",
        "value": value,
        "units": "mmol/L",
        "time": "2024-01-01T12:00:00.000Z",
        "timezoneOffset": -300,
        "deviceId": "M1",
        **more,
    }


def test_long_decimals_come_back_to_what_was_measured() -> None:
    log = fixture("tidepool.json")
    assert values(log, "cgm") == [100, 70, 39, 401, 180]
    assert values(log, "meter") == [141, 96, 99, 212]


def test_a_value_out_of_the_sensors_range_is_flagged_as_its_annotation_says() -> None:
    cgm = stream(fixture("tidepool.json"), "cgm")
    assert (flagged(cgm, Flag.LOW), flagged(cgm, Flag.HIGH)) == ([39], [401])


def test_a_fingerstick_that_the_pump_passed_on_or_the_patient_typed_in_counts_once() -> None:
    log = fixture("tidepool.json")
    assert log.counts == {"copy-of-fingerstick": 2}
    assert flagged(stream(log, "meter"), Flag.MANUAL) == [212]  # typed, and in no meter


def test_the_local_hour_skips_when_the_clocks_go_forward() -> None:
    assert local_times(stream(fixture("tidepool.json"), "cgm"))[:2] == ["2024-03-10 01:55", "2024-03-10 03:00"]


def test_a_value_in_mg_is_as_good() -> None:
    log = read(json.dumps([datum(120, units="mg/dL")]))
    assert (values(log, "meter"), log.unit) == ([120], "mg/dL")


def test_a_value_without_a_unit_is_counted_and_never_guessed() -> None:
    log = read(json.dumps([datum(6.7), datum(120, units=None), datum(6.7, units="g/L")]))
    assert (values(log, "meter"), log.counts) == ([121], {"unit-unknown": 2})


def test_the_devices_own_clock_counts_where_there_is_no_instant() -> None:
    log = read(json.dumps([datum(6.7, time=None, deviceTime="2024-01-01T07:00:00")]))
    assert (local_times(stream(log, "meter")), stream(log, "meter").zoneless) == (["2024-01-01 07:00"], True)


def test_a_clock_without_a_zone_cannot_stand_beside_instants() -> None:
    log = read(json.dumps([datum(6.7), datum(7.2, time=None, deviceTime="2024-01-01T08:00:00")]))
    assert (utc_times(stream(log, "meter")), log.counts) == (["2024-01-01 12:00"], {"unreadable-time": 1})


def test_the_data_of_two_users_are_refused() -> None:
    assert "more than one user" in refusal(json.dumps([datum(6.7, userId="a"), datum(6.7, userId="b")]))


def test_a_platform_proves_nothing_whole() -> None:
    assert fixture("tidepool.json").whole == ()


def test_every_kind_of_datum_goes_where_it_belongs() -> None:
    low = [{"code": "bg/out-of-range", "value": "low"}]
    high = [{"code": "bg/out-of-range", "value": "high"}]
    other: list[object] = [7, {"code": "bg/other", "value": "low"}, {"code": "bg/out-of-range"}]
    listed = [
        datum(120, units="mg/dL", type="cbg"),
        datum(39, units="mg/dL", type="cbg", time="2024-01-01T12:05:00Z", annotations=low),
        datum(401, units="mg/dL", type="cbg", time="2024-01-01T12:10:00Z", annotations=high),
        datum(41, units="mg/dL", type="cbg", time="2024-01-01T12:15:00Z", annotations=other),
        datum(42, units="mg/dL", type="cbg", time="2024-01-01T12:20:00Z", annotations="low"),
        datum(131, units="mg/dL", subType="manual"),
        datum(132, units="mg/dL", subType="linked", time="2024-01-01T12:10:00Z"),
        datum(5.5, type="physicalActivity"),
        {**datum(20, type="cbg", time="2024-01-01T12:25:00Z", units="mg/dL"), "value": None},
        datum(6.7, type="cbg", time=None, deviceTime=None),
    ]
    log = read(json.dumps(listed))
    assert lines(log, "cgm") == [
        (1, "2024-01-01 07:00", 120, ""),
        (2, "2024-01-01 07:05", 39, "LOW"),
        (3, "2024-01-01 07:10", 401, "HIGH"),
        (4, "2024-01-01 07:15", 41, ""),
        (5, "2024-01-01 07:20", 42, ""),
    ]
    assert lines(log, "meter") == [(6, "2024-01-01 07:00", 131, "MANUAL"), (7, "2024-01-01 07:10", 132, "")]
    assert left_out(log) == [(9, "no-value"), (10, "unreadable-time")]


@pytest.mark.parametrize(
    ("stated", "offset"), [(840, 840), (841, 0), (-840, -840), (-841, 0), (0, 0), (345.0, 345), ("60", 0), (None, 0)]
)
def test_the_offset_is_what_the_datum_states_up_to_fourteen_hours(stated: object, offset: int) -> None:
    assert stream(read(json.dumps([datum(6.7, timezoneOffset=stated)])), "meter").offsets.tolist() == [offset]


def test_one_test_of_two_devices_is_one_and_two_of_one_device_are_two() -> None:
    second = {"time": "2024-01-01T12:01:00Z"}
    assert read(json.dumps([datum(6.7), datum(6.7, deviceId="P1", **second)])).counts == {"copy-of-fingerstick": 1}
    assert read(json.dumps([datum(6.7), datum(6.7, **second)])).counts == {}


def test_whose_data_they_are_is_said_under_either_name() -> None:
    assert read(json.dumps([datum(6.7, userId="a"), {"type": "upload"}])).patients == ("a",)
    assert read(json.dumps([datum(6.7, _userId="b")])).patients == ("b",)
    assert read(json.dumps([datum(6.7)])).patients == ()
    assert "more than one user" in refusal(json.dumps([datum(6.7, userId="a"), datum(6.7, _userId="b")]))
