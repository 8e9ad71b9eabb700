"""Pieces of SQL: literals, days, and comparisons as pairs of conditions that are never NULL.

All text is made here and in ``forms/*.sql`` from checked policy trees. What a policy or a person wrote becomes SQL in
four places alone: a value by :func:`literal`, a name by :func:`identifier`, part of a name by :func:`slug`, and what is
said beside the text by :func:`comment`. NULL appears only as an open end of a number and is turned into TRUE or FALSE
where it is compared.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal, NamedTuple

from priorauth.facts.rows import SIDES, Source
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration
from priorauth.values.interval import Number, Op
from priorauth.values.printable import printable

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
    return "'" + _without_nul(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Write a name as SQL, whatever stands in it."""
    return '"' + _without_nul(name).replace('"', '""') + '"'


def slug(name: str) -> str:
    """Return a name, or part of one, that SQL takes without quotes."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name.lower())


def comment(text: str) -> str:
    """Write text as the rest of a line that says nothing to a database."""
    return f"-- {printable(text)}"


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("expected text without the character U+0000")
    return text


def listed(values: tuple[str, ...]) -> str:
    """Write a list of texts for IN."""
    return "(" + ", ".join(literal(value) for value in values) + ")"


def date(day: int) -> str:
    """Write a day."""
    return f"DATE '{dates.iso(day)}'"


FIRST, LAST = date(FIRST_DAY), date(LAST_DAY)


def fill(form: str, **parts: str) -> str:
    """Fill the SQL text of a form with pieces of SQL; ``fact_name`` stands in its comment alone."""
    if "fact_name" in parts:
        parts["fact_name"] = printable(parts["fact_name"])
    return _template(form).substitute(_SOURCES, **parts).strip()


@cache
def _template(form: str) -> Template:
    return Template((FORMS / f"{form}.sql").read_text(encoding="utf-8"))


# ---- sources

RECORD_SOURCES = listed(tuple(SIDES["record"]))
_SHOWN = {source for source in Source if not any(source in sources for sources in SIDES.values())}
(SHOWN_SOURCE,) = [literal(source) for source in sorted(_SHOWN)]
_SOURCES = {
    "record_sources": RECORD_SOURCES,
    "told_sources": listed((*SIDES["answers"], *SIDES["record"])),
    "shown_source": SHOWN_SOURCE,
}
"""What every form may say of sources: those of the record, those of answers and record, what is only shown."""

# ---- days


def shifted(day: str, length: Duration, sign: str) -> str:
    """Move a day by a calendar length, clipped to the last day of the month and to the ends of the calendar."""
    unit = length.unit.upper()
    moved = f"CAST({day} {sign} INTERVAL {length.count} {unit} AS DATE)"
    return f"greatest({moved}, {FIRST})" if sign == "-" else f"least({moved}, {LAST})"


def filled(start: str, length: Duration) -> str:
    """Return the first day whose window of this length, its start open, holds no day before ``start``."""
    before = day_before(start)
    day = shifted(before, length, "+")
    return f"CASE WHEN {shifted(day, length, '-')} >= {before} THEN {day} ELSE {next_day(day)} END"


def next_day(day: str) -> str:
    """Return the day after."""
    return f"CAST({day} + INTERVAL 1 DAY AS DATE)"


def day_before(day: str) -> str:
    """Return the day before."""
    return f"CAST({day} - INTERVAL 1 DAY AS DATE)"


def ordinal(day: str) -> str:
    """Return the number of a day: 1 is 0001-01-01."""
    return f"(CAST(date_diff('day', {FIRST}, {day}) AS BIGINT) + 1)"


# ---- comparisons


def compare(value: Ends, op: Op, limit: Number) -> Pair:
    """Return whether a number known only to lie between two ends stands in a relation to a limit."""
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
    """Return whether a row's number passes a test; without a test every row does."""
    if test is None:
        return MET
    if isinstance(test, f.Between):
        low = compare(value, ">=", test.low.number)
        high = compare(value, "<=", test.high.number)
        return both(low, high)
    return compare(value, test.op, test.amount.number)


def both(*parts: Pair) -> Pair:
    """Return whether every part holds."""
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
    """Return the day of a number: 1 is 0001-01-01."""
    return f"CAST({FIRST} + to_days(CAST({number} - 1 AS INTEGER)) AS DATE)"


def in_turn(first: str, relation: Literal[">", ">="]) -> str:
    """Return how many rows count, in the order of their last days: each that begins behind the one counted before it.

    ``first`` is the day on which a row ``r`` begins; ``relation`` is its relation to the last day of the one before.
    """
    rows = f"list_sort(list({{'last': r.last, 'first': {first}}}))"
    none = f"{{'last': {day_before(FIRST)}, 'found': CAST(0 AS BIGINT)}}"
    step = f"CASE WHEN row.first {relation} held.last THEN {{'last': row.last, 'found': held.found + 1}} ELSE held END"
    return f"list_reduce({rows}, lambda held, row: {step}, {none}).found"
