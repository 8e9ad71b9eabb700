"""Pieces of SQL: literals, days, and comparisons as pairs of conditions that are never NULL.

All text is made here and in ``forms/*.sql`` from checked policy trees; :func:`literal` is the one place where a value
becomes SQL. NULL appears only as an open end of a number and is turned into TRUE or FALSE where it is compared.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration
from priorauth.values.interval import Number, Op

FORMS = Path(__file__).parent / "forms"


class Pair(NamedTuple):
    """A verdict as two SQL conditions: it can hold, it can fail. Neither is ever NULL."""

    can: str
    fail: str

    @property
    def met(self) -> str:
        """The condition that it is proven."""
        return f"NOT ({self.fail})"

    @property
    def not_met(self) -> str:
        """The condition that it is disproven."""
        return f"NOT ({self.can})"

    @property
    def open(self) -> str:
        """The condition that it is unknown."""
        return f"({self.can}) AND ({self.fail})"


MET = Pair("TRUE", "FALSE")
NOT_MET = Pair("FALSE", "TRUE")
UNKNOWN = Pair("TRUE", "TRUE")


class Ends(NamedTuple):
    """A number known only to lie between two ends, each a SQL fraction ``n / of``; a NULL end is open to infinity."""

    low: str
    high: str
    low_of: str = "1"
    high_of: str = "1"
    low_open: str | None = None
    high_open: str | None = None


def literal(value: str | int | bool) -> str:  # noqa: FBT001 - the value is what is written
    """Write a value as SQL."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def listed(values: tuple[str, ...]) -> str:
    """Write a list of texts for IN."""
    return "(" + ", ".join(literal(value) for value in values) + ")"


def date(day: int) -> str:
    """Write a day."""
    return f"DATE '{dates.iso(day)}'"


FIRST, LAST = date(FIRST_DAY), date(LAST_DAY)


def fill(form: str, **parts: str) -> str:
    """Fill the SQL text of a form."""
    return _template(form).substitute(parts).strip()


@cache
def _template(form: str) -> Template:
    return Template((FORMS / f"{form}.sql").read_text(encoding="utf-8"))


# ---- days


def shifted(day: str, length: Duration, sign: str) -> str:
    """Move a day by a calendar length, clipped to the last day of the month and to the ends of the calendar."""
    unit = length.unit.upper()
    moved = f"CAST({day} {sign} INTERVAL {length.count} {unit} AS DATE)"
    return f"greatest({moved}, {FIRST})" if sign == "-" else f"least({moved}, {LAST})"


def next_day(day: str) -> str:
    """Give the day after."""
    return f"CAST({day} + INTERVAL 1 DAY AS DATE)"


def day_before(day: str) -> str:
    """Give the day before."""
    return f"CAST({day} - INTERVAL 1 DAY AS DATE)"


def ordinal(day: str) -> str:
    """Give the number of a day: 1 is 0001-01-01."""
    return f"(CAST(date_diff('day', {FIRST}, {day}) AS BIGINT) + 1)"


# ---- comparisons


def compare(value: Ends, op: Op, limit: Number) -> Pair:
    """Say whether a number known only to lie between two ends stands in a relation to a limit."""
    surely_above, may_be_above = _above(value, limit)
    surely_below, may_be_below = _below(value, limit)
    match op:
        case ">":
            return Pair(f"({may_be_above} OR {surely_above})", f"NOT {surely_above}")
        case "<=":
            return Pair(f"NOT {surely_above}", f"({may_be_above} OR {surely_above})")
        case "<":
            return Pair(f"({may_be_below} OR {surely_below})", f"NOT {surely_below}")
        case ">=":
            return Pair(f"NOT {surely_below}", f"({may_be_below} OR {surely_below})")
        case "=":
            either = f"({may_be_above} OR {surely_above} OR {may_be_below} OR {surely_below})"
            return Pair(f"(NOT {surely_above} AND NOT {surely_below})", either)


def passes(value: Ends, test: f.Test | None) -> Pair:
    """Say whether a row's number passes a test; without a test every row does."""
    if test is None:
        return MET
    if isinstance(test, f.Between):
        low = compare(value, ">=", test.low.number)
        high = compare(value, "<=", test.high.number)
        return both(low, high)
    return compare(value, test.op, test.amount.number)


def both(*parts: Pair) -> Pair:
    """Say whether every part holds."""
    listed = [part for part in parts if part != MET]
    if not listed:
        return MET
    if len(listed) == 1:
        return listed[0]
    can = " AND ".join(part.can for part in listed)
    return Pair(f"({can})", "(" + " OR ".join(part.fail for part in listed) + ")")


def negate(part: Pair) -> Pair:
    """Swap what can hold and what can fail."""
    return Pair(part.fail, part.can)


def _above(value: Ends, limit: Number) -> tuple[str, str]:
    surely = _relation(value.low, value.low_of, ">", limit)
    if value.low_open:
        surely = f"{surely} OR ({_relation(value.low, value.low_of, '=', limit)} AND {value.low_open})"
    return f"coalesce({surely}, FALSE)", f"coalesce({_relation(value.high, value.high_of, '>', limit)}, TRUE)"


def _below(value: Ends, limit: Number) -> tuple[str, str]:
    surely = _relation(value.high, value.high_of, "<", limit)
    if value.high_open:
        surely = f"{surely} OR ({_relation(value.high, value.high_of, '=', limit)} AND {value.high_open})"
    return f"coalesce({surely}, FALSE)", f"coalesce({_relation(value.low, value.low_of, '<', limit)}, TRUE)"


def _relation(number: str, of: str, relation: str, limit: Number) -> str:
    """Compare ``number / of`` with a fraction in whole numbers: no rounding, no division."""
    exact = Fraction(limit)
    left = number if exact.denominator == 1 else f"{number} * {exact.denominator}"
    right = str(exact.numerator) if of == "1" else f"{exact.numerator} * {of}"
    return f"{left} {relation} {right}"


def day_of(number: str) -> str:
    """Give the day of a number: 1 is 0001-01-01."""
    return f"CAST({FIRST} + to_days(CAST({number} - 1 AS INTEGER)) AS DATE)"


_SPANS = f"list_sort(list({ordinal('r.last')} * 10000000 + {ordinal('r.first')}))"
FEWEST_DAYS = (
    f"list_reduce(list_prepend(CAST(0 AS BIGINT), {_SPANS}), lambda held, row:"
    " CASE WHEN row % 10000000 > held % 10000000 THEN (held // 10000000 + 1) * 10000000 + row // 10000000 ELSE held END"
    ") // 10000000"
)
"""Over spans of days in the order of their last days: one more day for each span that the day before does not reach.

A span is one number (last * 10^7 + first), and so is what is held while it runs (days found * 10^7 + newest day).
"""
