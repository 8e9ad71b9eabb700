"""Values and rows in words: ``8.1 %``, ``5.2 a day``, ``12 days``. Dates are ISO, decimals have a point, always."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from priorauth.engines.python.measures import Measured
from priorauth.facts.rows import NEVER, UNREAD, Answer, Event, Measurement, Period, Row, Whole
from priorauth.facts.vocabulary import Fact
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from priorauth.values.interval import Interval, Number
from priorauth.values.units import show as multiple

if TYPE_CHECKING:
    from priorauth.engines.python.finding import Result
    from priorauth.engines.python.view import View


def amount(form: f.Form, measured: Measured, view: View) -> str | None:
    """Write what a measure gave, in the unit a person expects; None where it gave nothing."""
    value = measured.value
    if value is None:
        return None
    match form:
        case f.Latest() | f.AnyRow() | f.Spread() | f.Sum():
            return number(value, view.vocabulary[form.fact])
        case f.DaysWith():
            percent = form.compare is not None and form.compare.amount.unit == "%"
            return _between(value, " % of days" if percent else " days")
        case f.Average():
            return _between(value, " a day")
        case f.Share():
            return f"{_between(value, ' %')}" + (f" ({measured.of})" if measured.of else "")
        case f.Gap():
            return _between(value, " days")
        case _ if isinstance(form, f.Counted):
            return _between(value, "")
        case _:
            return None


def number(value: Interval, fact: Fact) -> str | None:
    """Write an interval of whole multiples of a fact's resolution with its unit."""
    unit = f" {_UNITS.get(fact.unit or '1', fact.unit)}" if fact.unit not in (None, "1") else ""
    low = None if value.low is None else multiple(int(value.low), fact.resolution)
    if low is not None and value.low == value.high:
        return f"{low}{unit}"
    high = None if value.high is None else multiple(int(value.high), fact.resolution)
    if low is not None and low == high:
        return f"{low}{unit}"
    if low is None and high is None:
        return None
    if high is None:
        return None if value.low == 0 and not value.low_open else f"{'>' if value.low_open else '>='} {low}{unit}"
    if low is None or (value.low == 0 and not value.low_open):
        return f"{'<' if value.high_open else '<='} {high}{unit}"
    return f"{low} to {high}{unit}"


_WHOLE = 100
"""Percent of all: at most so much says nothing."""
_UNITS = {
    "/d": "a day",
    "[iU]/d": "units a day",
    "[iU]": "units",
    "{USD}": "USD",
    "{unit}": "units",
    "{strip}": "strips",
    "{lancet}": "lancets",
    "mo": "months",
    "d": "days",
}


def _between(value: Interval, unit: str) -> str | None:
    if value.low == value.high is not None:
        return f"{_plain(value.high)}{' day' if unit == ' days' and value.high == 1 else unit}"
    if value.high is None or (unit.startswith(" %") and value.high >= _WHOLE):
        return f"at least {_plain(value.low or 0)}{unit}" if value.low else None
    if not value.low:
        return f"at most {_plain(value.high)}{unit}"
    return f"{_plain(value.low)} to {_plain(value.high)}{unit}"


def _plain(value: Number) -> str:
    """Write a number with at most one decimal, rounded half-up."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    tenths = (exact * 10 + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}"


def row_date(row: Row) -> str | None:
    """Write when a row was: a day, a span of days it may have been, or a period."""
    return _WHEN[type(row)](row)


def _of_event(row: Event) -> str | None:
    if row.last == NEVER:
        return None if row.first == FIRST_DAY else dates.iso(row.first)
    return _span(row.first, row.last)


def _of_days(row: Measurement | Answer) -> str | None:
    return _span(row.first, row.last)


def _of_period(row: Period) -> str | None:
    start = None if row.start_last == FIRST_DAY else _span(row.start_first, row.start_last)
    if row.start_first == FIRST_DAY < row.start_last:
        start = f"by {dates.iso(row.start_last)}"
    end = None if row.end_first == LAST_DAY else _span(row.end_first, row.end_last)
    return None if start is None and end is None else f"{start or ''}..{end or ''}"


def _of_whole(row: Whole) -> str:
    return f"{'' if row.first == FIRST_DAY else dates.iso(row.first)}..{dates.iso(row.last)}"


_WHEN: Final[Mapping[type[Row], Callable[[Any], str | None]]] = {
    Event: _of_event,
    Measurement: _of_days,
    Answer: _of_days,
    Period: _of_period,
    Whole: _of_whole,
}
"""How the day of a row of each shape is written."""


def _span(first: int, last: int) -> str | None:
    if first == last:
        return dates.iso(first)
    return None if first == FIRST_DAY and last == LAST_DAY else f"{dates.iso(first)}..{dates.iso(last)}"


def row_value(row: Row, fact: Fact | None) -> str | None:
    """Write what a row says."""
    match row:
        case Event():
            return number(row.value, fact) if fact and fact.unit else None
        case Answer():
            return None if row.text == UNREAD else row.text
        case Whole():
            return "complete"
        case Period() if fact is None or fact.unit is None:
            return {(1, 1): "present", (0, 0): "absent"}.get((row.low or 0, row.high or 0), "possible")
        case Measurement() if row.fault:
            return row.fault
        case Measurement() | Period():
            return number(row.value, fact) if fact and fact.unit else None


def listed(result: Result, view: View) -> str:
    """Write the rows of a result in one line: what each says and when, the reference last."""
    shown = []
    for row in result.rows[:4]:
        fact = view.vocabulary.facts.get(row.fact)
        parts = (row_value(row, fact), row_date(row), row.ref)
        shown.append(", ".join(part for part in parts if part))
    more = len(result.rows) - len(shown)
    text = "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
    return f"{result.value}: {text}" if result.value and len(result.rows) > 1 else text
