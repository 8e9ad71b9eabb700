"""Days, partial dates and calendar lengths, without a clock and without a time zone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.values import dates
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY, Duration, Unit, When

days = st.dates().map(dt.date.toordinal)
units: st.SearchStrategy[Unit] = st.sampled_from(["day", "week", "month", "year"])
durations = st.builds(Duration, st.integers(0, 3000), units)


def on(text: str) -> int:
    return dates.day(text)


# ---- reading


@given(st.dates())
def test_a_day_is_read_as_it_is_written(date: dt.date) -> None:
    assert dates.iso(dates.day(date.isoformat())) == date.isoformat()
    assert dates.read(date.isoformat()) == When(date.toordinal(), date.toordinal())


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_is_all_its_days_and_a_year_all_its_months(year: int, month: int) -> None:
    whole = dates.read(f"{year:04}-{month:02}")
    first, last = dt.date.fromordinal(whole.first), dt.date.fromordinal(whole.last)
    assert (first.day, first.month, last.month) == (1, month, month)
    assert last == dt.date.max or (last + dt.timedelta(1)).day == 1
    assert dates.read(f"{year:04}").first <= whole.first <= whole.last <= dates.read(f"{year:04}").last


@given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_an_instant_keeps_the_day_as_written_and_the_minute_of_the_world(moment: dt.datetime, offset: int) -> None:
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    read = dates.read(f"{moment:%Y}".rjust(4, "0") + f"{moment:-%m-%dT%H:%M:%S}{zone}")
    assert read.first == read.last == moment.date().toordinal()
    assert read.minute_of_day == moment.hour * 60 + moment.minute
    since = (moment.replace(second=0, microsecond=0) - dt.datetime(1970, 1, 1)) // dt.timedelta(minutes=1)  # noqa: DTZ001 - the offset is taken off by hand
    assert read.minute == since - offset


def test_noon_in_boston_is_seventeen_hours_utc() -> None:
    assert dates.read("2026-10-02T12:00:00-05:00").minute == dates.read("2026-10-02T17:00:00Z").minute


def test_the_same_instant_may_be_two_days_as_written() -> None:
    late, early = dates.read("2026-10-02T23:30:00-05:00"), dates.read("2026-10-03T04:30:00Z")
    assert late.minute == early.minute
    assert late.first == early.first - 1


def test_a_time_without_a_zone_has_no_instant() -> None:
    read = dates.read("2026-10-02T10:15:00")
    assert (read.minute, read.minute_of_day) == (None, 615)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-1-1",
        "2026-13",
        "2026-02-29",
        "2026-04-31",
        "0000-01-01",
        "02/10/2026",
        "2026-10-02 10:00",
        "2026-10-02T",
        "2026-10-02T24:00:00Z",
        "2026-10-02T10:60:00Z",
        "2026-10-02T10:00:61Z",
        "2026-10-02T10:00:00+15:00",
        "2026-10-02T10:00:00+14:01",
        "2026-10-02T10:00:00-14:30",
        "2026-10-02T10:00:00-15:00",
        "2026-10-02T10:00:00+24:00",
        "2026-10-02T10:00:00+01:60",
        "٢٠٢٦",
        "2026-10-02\n",
    ],
)
def test_what_is_no_date_is_refused_and_says_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected a"):
        dates.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2000-02-29",
        "2026-10-02T23:59:60Z",
        "2026-10-02T10:00:00+14:00",
        "2026-10-02T10:00:00-14:00",
        "2026-10-02T10:00:00+13:59",
        "2026-10-02T10:00:00+05:45",
    ],
)
def test_rare_dates_that_exist_are_read(text: str) -> None:
    assert dates.read(text).exact


@pytest.mark.parametrize("text", ["2026", "2026-10"])
def test_a_full_date_is_asked_for_where_a_part_will_not_do(text: str) -> None:
    with pytest.raises(ValueError, match="expected a full date"):
        dates.day(text)
    assert not dates.read(text).exact


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_fault(text: str) -> None:
    try:
        read = dates.read(text)
    except ValueError:
        return
    assert FIRST_DAY <= read.first <= read.last <= LAST_DAY


def test_no_date_at_all_is_any_day() -> None:
    assert not ANY_DAY.exact
    assert (ANY_DAY.first, ANY_DAY.last) == (FIRST_DAY, LAST_DAY)


# ---- counting


@pytest.mark.parametrize(
    ("day", "length", "expected"),
    [
        ("2026-03-31", Duration(1, "month"), "2026-02-28"),
        ("2024-03-31", Duration(1, "month"), "2024-02-29"),
        ("2026-01-31", Duration(1, "month"), "2025-12-31"),
        ("2026-08-31", Duration(6, "month"), "2026-02-28"),
        ("2026-02-28", Duration(1, "month"), "2026-01-28"),
        ("2024-02-29", Duration(1, "year"), "2023-02-28"),
        ("2024-02-29", Duration(4, "year"), "2020-02-29"),
        ("2026-11-21", Duration(12, "month"), "2025-11-21"),
        ("2026-11-21", Duration(2, "week"), "2026-11-07"),
        ("2026-03-01", Duration(1, "day"), "2026-02-28"),
        ("2024-03-01", Duration(1, "day"), "2024-02-29"),
        ("2026-11-21", Duration(0, "month"), "2026-11-21"),
    ],
)
def test_months_clip_to_the_last_day_and_days_do_not(day: str, length: Duration, expected: str) -> None:
    assert dates.iso(dates.minus(on(day), length)) == expected


@pytest.mark.parametrize(
    ("day", "length", "expected"),
    [
        ("2026-09-14", Duration(3, "month"), "2026-12-14"),
        ("2026-08-31", Duration(6, "month"), "2027-02-28"),
        ("2024-02-29", Duration(1, "year"), "2025-02-28"),
        ("2026-12-31", Duration(1, "day"), "2027-01-01"),
    ],
)
def test_forward_months_clip_too(day: str, length: Duration, expected: str) -> None:
    assert dates.iso(dates.plus(on(day), length)) == expected


@given(days, durations)
def test_back_is_never_later_and_forward_never_earlier(day: int, length: Duration) -> None:
    assert FIRST_DAY <= dates.minus(day, length) <= day <= dates.plus(day, length) <= LAST_DAY


@given(days, st.integers(0, 1200))
def test_counting_months_lands_in_that_month_and_on_that_day_where_it_has_one(day: int, months: int) -> None:
    start, moved = dt.date.fromordinal(day), dt.date.fromordinal(dates.minus(day, Duration(months, "month")))
    wanted = start.year * 12 + start.month - months
    if wanted > 12:
        assert moved.year * 12 + moved.month == wanted
        clipped = moved.toordinal() == LAST_DAY or (moved + dt.timedelta(1)).month != moved.month
        assert moved.day == start.day or (moved.day < start.day and clipped)


@given(days, days, st.integers(0, 600))
def test_of_two_days_the_later_stays_the_later(one: int, two: int, months: int) -> None:
    first, last = sorted((one, two))
    length = Duration(months, "month")
    assert dates.minus(first, length) <= dates.minus(last, length)
    assert dates.plus(first, length) <= dates.plus(last, length)


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_an_absurd_length_stops_at_the_ends_of_the_calendar(unit: Unit) -> None:
    assert dates.minus(on("2026-11-21"), Duration(10**30, unit)) == FIRST_DAY
    assert dates.plus(on("2026-11-21"), Duration(10**30, unit)) == LAST_DAY


def test_a_length_is_said_as_a_person_says_it() -> None:
    assert [str(Duration(1, "month")), str(Duration(12, "month")), str(Duration(0, "day"))] == [
        "1 month",
        "12 months",
        "0 days",
    ]


# ---- age


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2005-11-21", "2026-11-21", 21),
        ("2005-11-22", "2026-11-21", 20),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
        ("2026-11-21", "2026-11-21", 0),
    ],
)
def test_age_turns_on_the_birthday(birth: str, day: str, age: int) -> None:
    assert dates.years_between(on(birth), on(day)) == age


@given(days, days)
def test_an_older_person_is_never_younger(one: int, two: int) -> None:
    older, younger = sorted((one, two))
    assert dates.years_between(older, LAST_DAY) >= dates.years_between(younger, LAST_DAY)


def test_the_last_year_of_the_calendar_is_still_counted_by_months() -> None:
    assert dates.iso(dates.plus(dates.day("9998-06-01"), dates.Duration(1, "year"))) == "9999-06-01"
    assert dates.plus(dates.day("9999-06-01"), dates.Duration(1, "year")) == dates.LAST_DAY


@pytest.mark.parametrize(
    "length", [Duration(1, "month"), Duration(6, "month"), Duration(1, "year"), Duration(30, "day")]
)
def test_a_window_is_full_on_the_first_day_that_looks_back_no_further_than_the_start(length: Duration) -> None:
    for start in range(on("2023-12-25"), on("2025-03-05")):
        full = dates.filled(start, length)
        assert dates.minus(full, length) >= start - 1 > dates.minus(full - 1, length)


# ---- on pages


def test_every_day_in_a_text_is_written_as_people_write_it() -> None:
    assert dates.spoken("from 2026-01-02 to 2026-11-20.") == "from 2 Jan 2026 to 20 Nov 2026."


def test_ids_and_months_that_are_none_stay() -> None:
    assert dates.spoken("note-2026-11-06, 2026-13-01, 2026-11-0612") == "note-2026-11-06, 2026-13-01, 2026-11-0612"


def test_every_month_has_its_name() -> None:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert [dates.spoken(f"2026-{month:02}-09") for month in range(1, 13)] == [f"9 {name} 2026" for name in names]
