import json

from priorauth.glucose.stream import Flag
from tests.glucose.logs import fixture, flagged, local_times, read, refusal, stream, utc_times, values


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
