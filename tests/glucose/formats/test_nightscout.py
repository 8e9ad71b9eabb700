import json

from priorauth.glucose.stream import Flag
from tests.glucose.logs import count, fixture, flagged, local_times, read, refusal, stream, utc_times, values

NOON = 1_704_110_400_000  # 2024-01-01T12:00Z


def entries(*listed: dict[str, object]) -> str:
    return json.dumps(list(listed))


def sgv(value: object, minute: float = 0, **more: object) -> dict[str, object]:
    return {"type": "sgv", "sgv": value, "date": NOON + int(minute * 60_000), **more}


def test_the_public_entries_are_all_read() -> None:
    log = fixture("nightscout_entries.json")
    assert (count(log, "cgm"), log.counts) == (1000, {})


def test_four_values_in_a_row_below_what_the_sensor_measures_are_kept_and_flagged() -> None:
    cgm = stream(fixture("nightscout_entries.json"), "cgm")
    below = [place for place, value in enumerate(cgm.glucose) if value < 39]
    assert below == list(range(below[0], below[0] + 4))
    assert [int(cgm.glucose[place]) for place in below] == [38, 34, 32, 34]
    assert all(cgm.flags[place] & Flag.LOW for place in below)


def test_thirty_nine_is_nightscouts_word_for_low() -> None:
    log = read(entries(sgv(39), sgv(40, 5), sgv(400, 10), sgv(401, 15)))
    assert (flagged(stream(log, "cgm"), Flag.LOW), flagged(stream(log, "cgm"), Flag.HIGH)) == ([39], [401])


def test_error_codes_of_the_receiver_are_counted() -> None:
    log = read(entries(*[sgv(code, code) for code in range(1, 13)], sgv(120, 20)))
    assert (values(log, "cgm"), log.counts) == ([120], {"error-code": 12})


def test_a_fingerstick_is_the_meters_and_a_calibration_is_nobodys() -> None:
    log = read(
        entries(sgv(120), {"type": "mbg", "mbg": 131, "date": NOON}, {"type": "cal", "slope": 800, "date": NOON})
    )
    assert (values(log, "cgm"), values(log, "meter"), log.counts) == ([120], [131], {})


def test_the_uploaders_offset_gives_local_time() -> None:
    log = read(entries(sgv(120, utcOffset=-300)))
    assert (utc_times(stream(log, "cgm")), local_times(stream(log, "cgm"))) == (
        ["2024-01-01 12:00"],
        ["2024-01-01 07:00"],
    )


def test_the_offset_of_the_text_counts_where_there_is_no_other() -> None:
    log = read(entries(sgv(120, dateString="2024-01-01T07:00:00.000-05:00")))
    assert local_times(stream(log, "cgm")) == ["2024-01-01 07:00"]


def test_the_text_of_the_instant_counts_where_the_number_is_missing() -> None:
    log = read(entries({"type": "sgv", "sgv": 120, "dateString": "2024-01-01T07:00:00.000-05:00"}))
    assert (utc_times(stream(log, "cgm")), local_times(stream(log, "cgm"))) == (
        ["2024-01-01 12:00"],
        ["2024-01-01 07:00"],
    )


def test_one_reading_of_two_uploaders_counts_once() -> None:
    twice = [sgv(value, minute, device=name) for minute, value in ((0, 120), (5, 121)) for name in ("xDrip", "Loop")]
    twice[1]["date"] = NOON + 61_000
    log = read(entries(*twice))
    assert (values(log, "cgm"), log.counts) == ([120, 121], {"duplicate": 2})


def test_one_uploader_may_see_the_same_value_each_minute() -> None:
    log = read(entries(*[sgv(120, minute, device="xDrip") for minute in range(5)]))
    assert values(log, "cgm") == [120] * 5


def test_entries_in_mmol_are_refused() -> None:
    assert "cannot be in the unit" in refusal(entries(*[sgv(5.5 + n / 10, n) for n in range(1, 5)]))


def test_entries_of_another_kind_and_entries_without_time_are_counted() -> None:
    log = read(
        entries(sgv(120), {"type": "sgv", "sgv": 130}, {"type": "sensorNote"}, sgv(None, 5), sgv(140, date=1e300))
    )
    assert values(log, "cgm") == [120]
    assert log.counts == {"no-value": 1, "not-glucose": 1, "unreadable-time": 2}


def test_the_csv_without_a_header_is_read() -> None:
    log = fixture("nightscout_entries.csv")
    assert values(log, "cgm") == [167, 162, 39, 401, 120]
    assert stream(log, "cgm").rows.tolist() == [1, 2, 4, 5, 6]
    assert log.counts == {"error-code": 1}


def test_what_an_uploader_sent_proves_nothing_whole() -> None:
    assert fixture("nightscout_entries.json").whole == ()
    assert count(fixture("nightscout_entries.json"), "meter") == 0
