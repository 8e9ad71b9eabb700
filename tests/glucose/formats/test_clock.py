import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.formats.clock import NO_DAY, Order, Times, unpack
from priorauth.glucose.reject import GlucoseFileError

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
    with pytest.raises(GlucoseFileError, match="expected --dates dmy or --dates mdy"):
        moments(["03/04/2024 10:00", "05/06/2024 10:00"])


def test_days_that_never_pass_twelve_are_read_in_the_order_asked_for() -> None:
    assert moments(["03/04/2024 10:00"], "dmy") == ["2024-04-03 10:00"]
    assert moments(["03/04/2024 10:00"], "mdy") == ["2024-03-04 10:00"]


def test_an_order_asked_for_that_the_file_contradicts_is_refused() -> None:
    with pytest.raises(GlucoseFileError, match="a month is above 12"):
        moments(["25/04/2024 10:00"], "mdy")


def test_dates_in_both_orders_are_refused() -> None:
    with pytest.raises(GlucoseFileError, match="different orders"):
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
