import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import LogRefused
from priorauth.glucose.formats.clock import NO_DAY, Order, Times, unpack

EPOCH = dt.date(1970, 1, 1)


def moments(texts: list[str], asked: Order | None = None) -> list[str | None]:
    times = Times()
    stamps = times.stamps(texts)
    day, minute, offset, zoned, readable = unpack(stamps, times.days("log", asked))
    found: list[str | None] = []
    for n in range(len(texts)):
        if day[n] == NO_DAY or not readable[n]:
            found.append(None)
            continue
        date = EPOCH + dt.timedelta(days=int(day[n]))
        suffix = f" {int(offset[n]):+d}" if zoned[n] else ""
        found.append(f"{date} {int(minute[n]) // 60:02}:{int(minute[n]) % 60:02}{suffix}")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-15T08:05:59", "2024-03-15 08:05"),
        ("2024-03-15 08:05", "2024-03-15 08:05"),
        ("2024/03/15 8:05", "2024-03-15 08:05"),
        ("15-03-2024 08:05", "2024-03-15 08:05"),
        ("15.03.2024 08.05", "2024-03-15 08:05"),
        ("3/15/2024 8:05 PM", "2024-03-15 20:05"),
        ("3/15/24 12:05 AM", "2024-03-15 00:05"),
        ("3/15/2024 12:05:30 p.m.", "2024-03-15 12:05"),
        ("2024-03-15T08:05:59.123Z", "2024-03-15 08:05 +0"),
        ("2024-03-15T08:05:59-04:00", "2024-03-15 08:05 -240"),
        ("2024-03-15T08:05:59+0530", "2024-03-15 08:05 +330"),
        ("1961-04-12 00:56:47", "1961-04-12 00:56"),
    ],
)
def test_a_stamp_is_read_in_every_form_that_exports_use(text: str, expected: str) -> None:
    assert moments([text]) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "08:00", "2024-03-15", "2024-03-15 25:00", "2024-03-15 08:61", "2024-02-30 08:00"),
        *("2024-13-01 08:00", "1850-01-01 08:00", "2150-01-01 08:00", "2024-03-15T08:00+19:00", "٢٠٢٤-03-15 08:00"),
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moments([text]) == [None]


def test_a_day_above_twelve_settles_the_order_for_the_whole_file() -> None:
    assert moments(["03/04/2024 10:00", "25/04/2024 10:00"]) == ["2024-04-03 10:00", "2024-04-25 10:00"]
    assert moments(["03/04/2024 10:00", "04/25/2024 10:00"]) == ["2024-03-04 10:00", "2024-04-25 10:00"]


def test_days_that_never_pass_twelve_are_refused_with_the_way_to_settle_them() -> None:
    with pytest.raises(LogRefused, match="expected dates='dmy' or dates='mdy'"):
        moments(["03/04/2024 10:00", "05/06/2024 10:00"])


def test_days_that_never_pass_twelve_are_read_in_the_order_asked_for() -> None:
    assert moments(["03/04/2024 10:00"], "dmy") == ["2024-04-03 10:00"]
    assert moments(["03/04/2024 10:00"], "mdy") == ["2024-03-04 10:00"]


def test_an_order_asked_for_that_the_file_contradicts_is_refused() -> None:
    with pytest.raises(LogRefused, match="a month is above 12"):
        moments(["25/04/2024 10:00"], "mdy")


def test_dates_in_both_orders_are_refused() -> None:
    with pytest.raises(LogRefused, match="different orders"):
        moments(["25/04/2024 10:00", "04/25/2024 10:00"])


def test_a_date_that_reads_the_same_in_both_orders_needs_no_settling() -> None:
    assert moments(["05/05/2024 10:00"]) == ["2024-05-05 10:00"]


def test_a_date_of_the_heading_settles_the_order_of_the_rows() -> None:
    times = Times()
    stamps = times.stamps(["03/04/2024 10:00"])
    days = times.days("log", also=["30/04/2024", "no date"])
    assert EPOCH + dt.timedelta(days=int(days[stamps[0] >> 24])) == dt.date(2024, 4, 3)


def test_a_bare_date_among_full_stamps_is_midnight() -> None:
    times = Times()
    stamps = times.midnights(times.stamps(["2000-02-07 23:55:00", "2000-02-08", "2000-02-08 00:05:00"]))
    _, minute, _, _, readable = unpack(stamps, times.days("log"))
    assert readable.all()
    assert minute.tolist() == [1435, 0, 5]


def test_bare_dates_alone_say_nothing_of_the_time() -> None:
    times = Times()
    stamps = times.midnights(times.stamps(["2000-02-07", "2000-02-08"]))
    assert not unpack(stamps, times.days("log"))[4].any()


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 12, 31)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))  # noqa: DTZ001
def test_every_minute_of_two_centuries_comes_back(moment: dt.datetime, form: str) -> None:
    expected = f"{moment:%Y-%m-%d %H:%M}"
    assert moments([moment.strftime(f"{form} %H:%M:%S"), "31/12/1999 00:00"], None)[0] == expected


@given(st.integers(-36_000_000, 68_000_000), st.booleans())
def test_minutes_and_stamps_are_two_spellings_of_one_thing(minute: int, zoned: bool) -> None:  # noqa: FBT001
    times = Times()
    stamps = times.of_minutes(np.array([minute], dtype=np.int64), zoned=zoned)
    day, clock, offset, has_zone, readable = unpack(stamps, times.days("log"))
    assert (int(day[0]) * 1440 + int(clock[0]), int(offset[0]), bool(has_zone[0])) == (minute, 0, zoned)
    assert readable[0]


def test_minutes_outside_the_years_of_a_log_have_no_day() -> None:
    times = Times()
    stamps = times.of_minutes(np.array([-(1 << 40), 1 << 40], dtype=np.int64), zoned=True)
    assert (unpack(stamps, times.days("log"))[0] == NO_DAY).all()


@pytest.mark.parametrize(
    ("stated", "minutes"),
    [
        ("Z", 0),
        ("UTC", 0),
        (" GMT", 0),
        ("+14:00", 840),  # the Line Islands, the farthest there is
        ("+14:01", None),
        ("-14:00", -840),
        ("-14:01", None),
        ("+1400", 840),
        ("-0330", -210),
        ("+05:45", 345),
        ("-00:30", -30),
        ("+5:45", None),
        ("EST", None),
    ],
)
def test_an_offset_is_read_up_to_fourteen_hours(stated: str, minutes: int | None) -> None:
    found = None if minutes is None else f"2024-03-15 08:05 {minutes:+d}"
    assert moments([f"2024-03-15T08:05{stated}"]) == [found]


@pytest.mark.parametrize(
    ("clock", "read"),
    [
        ("00:00", "00:00"),
        ("23:59:59", "23:59"),
        ("23:59:60", "23:59"),  # a leap second
        ("23:59:61", None),
        ("23:60", None),
        ("24:00", "24:00"),
        ("24:01", None),
        ("12:00 AM", "00:00"),
        ("12:59 AM", "00:59"),
        ("1:00 AM", "01:00"),
        ("11:59 AM", "11:59"),
        ("12:00 PM", "12:00"),
        ("12:59 PM", "12:59"),
        ("1:00 PM", "13:00"),
        ("11:59 pm", "23:59"),
        ("8.05", "08:05"),
        ("08:05:30,5", "08:05"),
        ("8:5", None),
        ("123:05", None),
    ],
)
def test_a_clock_is_read_minute_by_minute(clock: str, read: str | None) -> None:
    assert moments([f"2024-03-15 {clock}"]) == [read and f"2024-03-15 {read}"]


def test_the_midnight_that_ends_a_day_begins_the_next() -> None:
    times = Times()
    day, minute, *_ = unpack(times.stamps(["2024-03-15 24:00", "2024-03-16 00:00"]), times.days("log"))
    assert [int(each) for each in day * 1440 + minute] == [28509120, 28509120]


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("1900-01-01", "1900-01-01"),
        ("1899-12-31", None),
        ("2100-12-31", "2100-12-31"),
        ("2101-01-01", None),
        ("31/12/69", "2069-12-31"),
        ("31/12/70", "1970-12-31"),
        ("31/12/99", "1999-12-31"),
        ("31/12/00", "2000-12-31"),
        ("29/02/2024", "2024-02-29"),
        ("29/02/2023", None),
        ("31.12.2024.", "2024-12-31"),
        ("2024-3-5", "2024-03-05"),
        ("31/12-2024", None),
        ("31/12/024", None),
        ("2024-12-31 00:00:00", "2024-12-31"),  # a spreadsheet's date
        ("2024-12-31T0:00", "2024-12-31"),
        ("2024-12-31 00:00:00.000", "2024-12-31"),
        ("2024-12-31 00:01:00", None),
        ("2024-12-31 01:00:00", None),
    ],
)
def test_a_date_in_a_column_of_its_own_is_read(date: str, read: str | None) -> None:
    times = Times()
    stamps = times.pairs([date, "31/12/1999"], ["08:05", "08:05"])
    day = int(unpack(stamps, times.days("log"))[0][0])
    assert day == (NO_DAY if read is None else (dt.date.fromisoformat(read) - EPOCH).days)


@pytest.mark.parametrize(
    ("dates", "asked", "first"),
    [
        (["11/12/2024", "13/12/2024"], None, "2024-12-11"),
        (["11/12/2024", "12/13/2024"], None, "2024-11-12"),
        (["12/12/2024", "11/11/2024"], None, "2024-12-12"),
        (["13/01/2024"], "dmy", "2024-01-13"),
        (["01/13/2024"], "mdy", "2024-01-13"),
        (["12/11/2024"], "dmy", "2024-11-12"),
        (["24-03-15"], "ymd", "2024-03-15"),
        (["24-03-31"], "ymd", "2024-03-31"),
        (["24-03-32"], "ymd", None),  # 32 can only be a year
        (["01/13/2024"], "dmy", None),
        (["13/01/2024"], "mdy", None),
        (["13/01/2024", "01/13/2024"], "dmy", None),
        (["12/11/2024"], None, None),
    ],
)
def test_the_order_of_day_and_month_is_settled_or_refused(
    dates: list[str], asked: Order | None, first: str | None
) -> None:
    texts = [f"{date} 08:05" for date in dates]
    if first is None:
        with pytest.raises(LogRefused):
            moments(texts, asked)
    else:
        assert moments(texts, asked)[0] == f"{first} 08:05"


def test_dates_that_begin_with_the_year_need_no_order() -> None:
    assert moments(["2024-03-04 10:00", "2024/04/03 10:00"], "mdy") == ["2024-03-04 10:00", "2024-04-03 10:00"]


def test_a_time_without_a_date_and_a_date_without_a_time_are_none() -> None:
    assert moments(["2024-03-15 08:05", "2024-03-15", "08:05", "2024-03-15 "]) == ["2024-03-15 08:05", None, None, None]


def test_instants_in_minutes_are_of_utc_or_of_the_wall() -> None:
    times = Times()
    minutes = np.array([-1, 0, 28509120], dtype=np.int64)
    for zoned in (True, False):
        stamps = times.of_minutes(minutes, zoned=zoned)
        day, minute, offset, has_zone, readable = unpack(stamps, times.days("log"))
        assert (day * 1440 + minute).tolist() == minutes.tolist()
        assert (offset.tolist(), has_zone.tolist(), readable.tolist()) == ([0] * 3, [zoned] * 3, [True] * 3)
