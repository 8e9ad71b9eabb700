"""How often a day a dose is given: a number or an interval, from FHIR's Timing; text alone is not computed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from priorauth.fhir.prescriptions import Dosage, Repeat, Timing
from priorauth.record.chart import codings
from priorauth.record.tables import EVENTS_EACH_MEAL, EVENTS_ONCE, MEALS_A_DAY, TIMES_A_DAY, UNDER_THE_SKIN
from priorauth.values.units import number

_DAYS: Final = {
    "s": Fraction(1, 86400),
    "min": Fraction(1, 1440),
    "h": Fraction(1, 24),
    "d": Fraction(1),
    "wk": Fraction(7),
}
"""Days in a unit of time; months and years have no fixed number of days and are not computed."""
_WEEK: Final = 7


class Rate(NamedTuple):
    """How often a day: between ``low`` and ``high``; None is without bound."""

    low: Fraction
    high: Fraction | None


UNKNOWN: Final = Rate(Fraction(0), None)


def per_day(dosage: Dosage) -> Rate | None:
    """Return how often a day a dose is given; None where its timing cannot be computed, or it is given by a pump.

    A repeat of a number of doses and nothing else says how many there are, not how often.
    """
    if "pump" in f"{dosage.text} {dosage.patient_instruction}".lower() or dosage.timing is None:
        return None
    repeat = dosage.timing.repeat
    found = None if repeat is None else _repeated(_given(repeat))
    return _coded(dosage.timing) if found is None else found


def as_needed(dosage: Dosage) -> bool:
    """Whether a dose is given only as needed."""
    return dosage.as_needed_boolean or dosage.as_needed_codeable_concept is not None


def by_the_hour(dosage: Dosage) -> bool:
    """Whether a dose runs in at a rate."""
    return any(part.rate_ratio or part.rate_range or part.rate_quantity is not None for part in dosage.dose_and_rate)


def injected(dosage: Dosage) -> bool:
    """Return whether a dose may be an injection: not what runs in at a rate, nor what is given by another route.

    Of a route that is not coded nothing is known, and it may be one.
    """
    if by_the_hour(dosage):
        return False
    routes = {coding.code.upper() for coding in codings(dosage.route)}
    if routes:
        return not routes.isdisjoint(UNDER_THE_SKIN)
    words = "" if dosage.route is None else dosage.route.words
    return not any(word in words for word in _OTHER_ROUTES)


_OTHER_ROUTES: Final = ("intraven", " iv", "iv ", "infusion", "inhal", "oral", "by mouth")


class _Given(NamedTuple):
    """What of a repeat says how often, periods as written: the same in most orders, so that it is worked out once."""

    frequency: int | None
    frequency_max: int | None
    period: str
    period_max: str
    period_unit: str
    day_of_week: tuple[str, ...]
    time_of_day: tuple[str, ...]
    when: tuple[str, ...]


def _given(repeat: Repeat) -> _Given:
    return _Given(
        repeat.frequency, repeat.frequency_max,
        "" if repeat.period is None else str(repeat.period), str(repeat.period_max or ""), repeat.period_unit,
        tuple(repeat.day_of_week), tuple(repeat.time_of_day), tuple(repeat.when),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _repeated(repeat: _Given) -> Rate | None:
    share = Fraction(len(set(repeat.day_of_week)) or _WEEK, _WEEK)
    if repeat.time_of_day:
        times = len(set(repeat.time_of_day)) * share
        return Rate(times, times)
    events = _events(repeat.when)
    if repeat.frequency is None and not repeat.period:
        return None if events is None else _scaled(events, share)
    rate = _frequency(repeat)
    if rate is None:
        return None
    rate = _scaled(rate, share if repeat.period_unit != "wk" else Fraction(1))
    if events is None or events.low == rate.low:
        return rate
    spread = [rate.low, events.low, *(high for high in (rate.high, events.high) if high is not None)]
    return Rate(min(spread), max(spread))


def _frequency(repeat: _Given) -> Rate | None:
    """Return frequency over period; where either is a range, an interval."""
    days = _DAYS.get(repeat.period_unit)
    if days is None or not repeat.period or not Decimal(repeat.period) > 0:
        return None
    try:
        shortest = number(Decimal(repeat.period)) * days
        longest = number(Decimal(repeat.period_max or repeat.period)) * days
    except ValueError:
        return None
    least = 1 if repeat.frequency is None else repeat.frequency
    most = repeat.frequency_max or least
    if least < 0 or most < least or longest < shortest:
        return None
    return Rate(least / longest, most / shortest)


def _events(when: Sequence[str]) -> Rate | None:
    """Count events of the day: three meals at least, where each meal is meant."""
    if not when or any(code not in EVENTS_ONCE | EVENTS_EACH_MEAL for code in when):
        return None
    meals = any(code in EVENTS_EACH_MEAL for code in when)
    low = Fraction(len({code for code in when if code in EVENTS_ONCE}) + (MEALS_A_DAY if meals else 0))
    return Rate(low, None if meals else low)


def _coded(timing: Timing) -> Rate | None:
    """Read a coded timing (BID, TID, ...); a text counts where it is nothing but such a code."""
    if timing.code is None:
        return None
    codes = [coding.code for coding in codings(timing.code)] or [timing.code.text.strip().upper()]
    for code in codes:
        if code in TIMES_A_DAY:
            times, days = TIMES_A_DAY[code]
            return Rate(Fraction(times, days), Fraction(times, days))
        if (events := _events([code])) is not None:
            return events
    return None


def _scaled(rate: Rate, share: Fraction) -> Rate:
    return Rate(rate.low * share, None if rate.high is None else rate.high * share)
