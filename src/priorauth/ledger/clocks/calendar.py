"""The days and hours of a plan: its time zone, weekends, holidays of nation and state, and days of its own.

Moments are aware and given back in UTC. A day ends with its last microsecond, so that what happened at or before the
end of a clock is in time. Nothing here reads a clock or the machine's time zone.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from functools import cache
from typing import Final

import msgspec

from priorauth.errors import Fault, PriorAuthError

MOMENT: Final = dt.timedelta(microseconds=1)
DAY: Final = dt.timedelta(days=1)
SATURDAY: Final = 5


class Calendar(msgspec.Struct, frozen=True):
    """The calendar of one plan. ``closed`` are days of its own that do not count, ``counted`` days that do count
    although a list of holidays names them.
    """

    zone: str
    state: str | None = None
    closed: frozenset[dt.date] = frozenset()
    counted: frozenset[dt.date] = frozenset()

    def local(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment as the plan's clocks on the wall show it."""
        return utc(moment).astimezone(zoneinfo.ZoneInfo(self.zone))

    def day(self, moment: dt.datetime) -> dt.date:
        """Return the plan's day of a moment."""
        return self.local(moment).date()

    def start_of(self, day: dt.date) -> dt.datetime:
        """Return the first moment of a day."""
        return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(self.zone)).astimezone(dt.UTC)

    def end_of(self, day: dt.date) -> dt.datetime:
        """Return the last moment of a day."""
        return self.start_of(day + DAY) - MOMENT

    def counts(self, day: dt.date) -> bool:
        """Whether a day is a business day: no weekend, no holiday of nation or state, no day of the plan's own."""
        if day in self.closed:
            return False
        if day in self.counted:
            return True
        return day.weekday() < SATURDAY and day not in holidays_of(self.state, day.year)

    # ---- business days

    def business_days(self, after: dt.date, until: dt.date) -> int:
        """Count the business days after one day, up to and with another."""
        return sum(self.counts(after + DAY * n) for n in range(1, (until - after).days + 1))

    def business_day(self, after: dt.date, number: int) -> dt.date:
        """Return the business day that comes as the given one after a day; the day itself for none."""
        day = after
        while number > 0:
            day += DAY
            number -= self.counts(day)
        return day

    # ---- hours of business days

    def counted_time(self, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
        """Return how much of a stretch lies on business days."""
        return sum((min(end, until) - start for start, end in self.counted_stretches(since, until)), dt.timedelta())

    def counted_stretches(self, since: dt.datetime, until: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return the parts of a stretch that lie on business days."""
        found = []
        day, last = self.day(since), self.day(until)
        while day <= last:
            start, end = max(utc(since), self.start_of(day)), min(utc(until), self.start_of(day + DAY))
            if self.counts(day) and start < end:
                found.append((start, end))
            day += DAY
        return found

    def after_counted(self, since: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return the moment at which so much time of business days has gone by."""
        day, left = self.day(since), length
        while True:
            if self.counts(day):
                start, end = max(utc(since), self.start_of(day)), self.start_of(day + DAY)
                if left <= end - start:
                    return start + left
                left -= end - start
            day += DAY


def utc(moment: dt.datetime) -> dt.datetime:
    """Return a moment in UTC; raises ValueError where it has no zone."""
    if moment.utcoffset() is None:
        raise ValueError("expected a moment with its time zone")
    return moment.astimezone(dt.UTC)


@cache
def holidays_of(state: str | None, year: int) -> frozenset[dt.date]:
    """Return the public holidays of the nation and of a state, days on which they are observed with them."""
    try:
        import holidays
    except ImportError:
        message = "holidays are not installed here; install them with  pip install 'priorauth[server]'"
        raise PriorAuthError(Fault(None, None, message)) from None
    found = set(holidays.country_holidays("US", years=year))
    if state is not None and state in holidays.country_holidays("US").subdivisions:
        found |= set(holidays.country_holidays("US", subdiv=state, years=year))
    return frozenset(found)
