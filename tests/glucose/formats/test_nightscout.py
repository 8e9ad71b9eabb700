import json

import pytest

from priorauth.glucose.stream import Flag
from tests.glucose.logs import (
    count,
    fixture,
    flagged,
    left_out,
    lines,
    local_times,
    read,
    refusal,
    stream,
    utc_times,
    values,
)

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


def test_every_kind_of_entry_goes_where_it_belongs() -> None:
    listed: list[dict[str, object]] = [
        sgv(120),
        {"sgv": 121, "date": NOON + 300_000},  # without a type: by its value
        {"mbg": 131, "date": NOON + 300_000},
        {"type": "mbg", "mbg": "High", "date": NOON + 360_000},
        {"type": "cal", "sgv": 99, "date": NOON},
        {"type": "note", "date": NOON},
        {"date": NOON},
        sgv("122", 10),
        sgv(True, 15),
        sgv(123, 20, date="1704110400000"),
        {"type": "sgv", "sgv": 124, "date": (1 << 53) - 1},
        {"type": "sgv", "sgv": 125, "date": 1 << 53, "dateString": "2024-01-01T12:30:00Z"},
        sgv(13, 25),
        sgv(12, 30),
        {"type": "mbg", "mbg": 12, "date": NOON},
    ]
    log = read(entries(*listed))
    assert lines(log, "cgm") == [
        (1, "2024-01-01 12:00", 120, ""),
        (2, "2024-01-01 12:05", 121, ""),
        (8, "2024-01-01 12:10", 122, ""),
        (12, "2024-01-01 12:30", 125, ""),
    ]
    assert lines(log, "meter") == [(3, "2024-01-01 12:05", 131, ""), (4, "2024-01-01 12:06", 401, "HIGH")]
    assert left_out(log) == [
        (6, "not-glucose"),
        (7, "not-glucose"),
        (9, "no-value"),
        (10, "unreadable-time"),
        (11, "unreadable-time"),
        (13, "other-unit"),
        (14, "error-code"),
        (15, "other-unit"),
    ]


@pytest.mark.parametrize(
    ("more", "offset"),
    [
        ({"utcOffset": 840}, 840),
        ({"utcOffset": 841}, 0),
        ({"utcOffset": -840}, -840),
        ({"utcOffset": -841}, 0),
        ({"utcOffset": 0, "dateString": "2024-01-01T12:00:00+01:00"}, 0),
        ({"utcOffset": "60"}, 0),
        ({"dateString": "2024-01-01T12:00:00.000+05:45"}, 345),
        ({"dateString": "2024-01-01T12:00:00-0330"}, -210),
        ({"dateString": "2024-01-01T12:00:00+14:01"}, 0),
        ({"dateString": "2024-01-01T12:00:00Z"}, 0),
    ],
)
def test_the_offset_is_what_the_entry_states_up_to_fourteen_hours(more: dict[str, object], offset: int) -> None:
    assert stream(read(entries({**sgv(120), **more})), "cgm").offsets.tolist() == [offset]


CSV = '"2026-04-05T20:{}:28.000Z",17754207280{},{},"Flat"{}\n'


def test_rows_of_the_csv_are_read_with_their_uploader() -> None:
    one, two = (CSV.format(minute, "00", 120, f',"{name}"') for minute, name in ((25, "xDrip"), (26, "Loop")))
    log = read(one + two + CSV.format(30, "00", 121, "") + CSV.format(35, "00", 39, ',"xDrip"') + '"2026-04",1,2\n')
    assert lines(log, "cgm") == [
        (1, "2026-04-05 20:25", 120, ""),
        (3, "2026-04-05 20:30", 121, ""),
        (4, "2026-04-05 20:35", 39, "LOW"),
    ]
    assert left_out(log) == [(2, "duplicate"), (5, "truncated-line")]


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (CSV.format(25, "00", 120, ""), True),  # 13 digits
        (CSV.format(25, "0", 120, ""), True),  # 12, before September 2001
        (CSV.format(25, "", 120, ""), False),
        (CSV.format(25, "000", 120, ""), False),
        (CSV.format(25, "00", 120, "").replace("T", " "), False),
        (CSV.format(25, "00", 120, "").replace(',"Flat"', ""), False),
        (CSV.format(25, "00", 120, "").replace("1775", "x775"), False),
    ],
)
def test_the_csv_is_known_by_its_instant_written_twice(row: str, known: bool) -> None:  # noqa: FBT001  (a table of it)
    if known:
        assert values(read(row), "cgm") == [120]
    else:
        assert "format not recognised" in refusal(row)


def test_treatments_with_a_glucose_from_a_finger_are_tests() -> None:
    log = fixture("formats/nightscout_treatments.json")
    assert lines(log, "meter") == [
        (1, "2026-03-14 07:10", 131, ""),
        (2, "2026-03-14 12:45", 243, ""),
        (3, "2026-03-14 13:45", 99, "MANUAL"),
    ]
    assert left_out(log) == [(4, "not-glucose"), (5, "device-unknown")]


def test_an_entry_that_was_deleted_is_withdrawn() -> None:
    log = fixture("formats/nightscout_v3.json")
    assert (count(log, "cgm"), log.counts) == (10, {"withdrawn": 1})


@pytest.mark.parametrize("name", ["nightscout.ndjson", "nightscout_mongoexport.json", "nightscout_entries.tsv"])
def test_entries_are_the_same_however_they_were_exported(name: str) -> None:
    assert values(fixture(f"formats/{name}"), "cgm") == [120, 118, 66, 62, 58, 68, 95, 140, 190, 260]


def test_fields_below_a_header_are_entries() -> None:
    rows = (
        "1773446400000,2026-03-14T00:00:00.000Z,120,sgv,xDrip\n1773446700000,,,mbg,\n1773447000000,,39,sgv,\n,,7,sgv,\n"
    )
    log = read("date,dateString,sgv,type,device\n" + rows)
    assert lines(log, "cgm") == [(2, "2026-03-14 00:00", 120, ""), (4, "2026-03-14 00:10", 39, "LOW")]
    assert log.counts == {"no-value": 1, "error-code": 1}
