"""Days and hours of a plan: weekends, holidays of nation and state, days of its own, changes of the hour."""

from __future__ import annotations

import datetime as dt
import sys

import pytest

from priorauth.errors import PriorAuthError
from priorauth.ledger.clocks.calendar import MOMENT, Calendar, holidays_of, utc

INDIANA = Calendar("America/Indiana/Indianapolis", "IN")
NEW_YORK = Calendar("America/New_York")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str, calendar: Calendar = NEW_YORK) -> dt.datetime:
    local = dt.datetime.fromisoformat(text)
    return calendar.start_of(local.date()) + dt.timedelta(hours=local.hour, minutes=local.minute)


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        ("2026-11-25", True),
        ("2026-11-26", False),  # Thanksgiving
        ("2026-11-27", False),  # Lincoln's birthday, as Indiana keeps it
        ("2026-11-28", False),  # a Saturday
        ("2026-11-30", True),
        ("2026-11-03", False),  # Election Day
        ("2026-02-16", False),  # a holiday of the nation that the state keeps on another day
        ("2026-07-03", False),  # Independence Day, observed
        ("2028-02-29", True),
    ],
)
def test_holidays_of_nation_and_state_and_weekends_do_not_count_in_indiana(on: str, *, counts: bool) -> None:
    assert INDIANA.counts(day(on)) is counts


def test_the_day_after_thanksgiving_counts_where_no_state_says_otherwise() -> None:
    assert NEW_YORK.counts(day("2026-11-27"))


def test_a_state_that_has_no_list_of_holidays_has_those_of_the_nation() -> None:
    assert holidays_of("ZZ", 2026) == holidays_of(None, 2026)


def test_days_of_the_plans_own_do_not_count_and_a_holiday_that_it_works_does() -> None:
    own = Calendar(
        INDIANA.zone, "IN", frozenset({day("2026-11-25")}), frozenset({day("2026-11-27"), day("2026-11-28")})
    )
    found = [own.counts(day(f"2026-11-{number}")) for number in (24, 25, 26, 27, 28)]
    assert found == [True, False, False, True, True]


def test_a_day_ends_with_its_last_moment_also_where_it_has_23_or_25_hours() -> None:
    for text, hours in (("2026-11-01", 25), ("2027-03-14", 23), ("2026-11-02", 24)):
        start, end = NEW_YORK.start_of(day(text)), NEW_YORK.end_of(day(text))
        assert end + MOMENT - start == dt.timedelta(hours=hours)
        assert (NEW_YORK.day(start), NEW_YORK.day(end), NEW_YORK.day(end + MOMENT)) == (
            day(text), day(text), day(text) + dt.timedelta(days=1),
        )  # fmt: skip


def test_business_days_are_counted_after_the_first_day_up_to_the_last() -> None:
    assert INDIANA.business_days(day("2026-11-25"), day("2026-11-30")) == 1
    assert INDIANA.business_days(day("2026-11-25"), day("2026-11-25")) == 0
    assert INDIANA.business_day(day("2026-11-25"), 2) == day("2026-12-01")
    assert INDIANA.business_day(day("2026-11-28"), 0) == day("2026-11-28")


def test_hours_of_business_days_leave_out_whole_days() -> None:
    since, until = at("2026-11-25 16:10", INDIANA), at("2026-11-30 01:00", INDIANA)
    assert INDIANA.counted_time(since, until) == dt.timedelta(hours=8, minutes=50)
    assert INDIANA.after_counted(since, dt.timedelta(hours=8, minutes=50)) == until
    assert INDIANA.after_counted(since, dt.timedelta()) == since


def test_a_moment_that_lies_on_a_weekend_has_no_counted_time_until_monday() -> None:
    since = at("2026-11-14 12:00", INDIANA)
    assert INDIANA.counted_time(since, at("2026-11-15 12:00", INDIANA)) == dt.timedelta()
    assert INDIANA.after_counted(since, dt.timedelta(hours=1)) == at("2026-11-16 01:00", INDIANA)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="with its time zone"):
        utc(dt.datetime(2026, 11, 2))  # noqa: DTZ001 - the fault


def test_without_the_package_of_holidays_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(PriorAuthError, match=r"pip install 'priorauth\[server\]'"):
        holidays_of("IN", 1999)
