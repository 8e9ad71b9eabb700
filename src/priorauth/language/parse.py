"""Text of a leaf into its form: one line of a policy is read by the grammar, readings are put in where they are named.

A fault is a :class:`LeafFault` with the column; :mod:`priorauth.language.check` finds everything that grammar cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

from lark import Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken, v_args
from lark.exceptions import VisitError
from msgspec.structs import replace

from priorauth.language import forms as f
from priorauth.language import grammar
from priorauth.values import dates
from priorauth.values.dates import Duration
from priorauth.values.interval import Op
from priorauth.values.units import number

MAX_CHARACTERS = 400
Reading = f.Amount | f.Length


class LeafFault(ValueError):
    """A leaf that cannot be read or does not fit the vocabulary: the column (1-based) and what was expected."""

    def __init__(self, column: int, message: str) -> None:
        """Keep the column beside the message."""
        super().__init__(message)
        self.column, self.message = column, message


def parse(text: str, readings: Mapping[str, Reading] | None = None) -> f.Form:
    """Read one leaf; names that stand where a number or a length is expected are looked up in ``readings``."""
    if len(text) > MAX_CHARACTERS:
        raise LeafFault(1, f"expected at most {MAX_CHARACTERS} characters, found {len(text)}")
    try:
        tree = grammar.parser().parse(text)
        return _Forms(readings or {}).transform(tree)  # type: ignore[no-any-return]  # the transformer is untyped
    except (UnexpectedCharacters, UnexpectedToken) as fault:
        column, found = _found(fault, text)
        raise LeafFault(column, f"expected {_expected(fault)}, found {found}") from None
    except UnexpectedEOF as fault:  # pragma: no cover - LALR reports the end as a token
        raise LeafFault(len(text) + 1, "unexpected end") from fault
    except VisitError as fault:
        if isinstance(fault.orig_exc, LeafFault):
            raise fault.orig_exc from None
        raise


def parse_reading(text: str, name: str) -> Reading:
    """Read the value of a reading: a number with an optional unit, or a calendar length."""
    parts = text.split()
    try:
        value = number(parts[0])
    except (ValueError, IndexError):
        raise LeafFault(1, f"reading {name}: expected a number or a length of time, found {text!r}") from None
    unit = " ".join(parts[1:]) or None
    if value < 0:
        raise LeafFault(1, f"reading {name}: expected no negative number, found {text!r}")
    if unit and unit.removesuffix("s") in ("day", "week", "month", "year") and value.denominator == 1:
        return f.Length(Duration(int(value), unit.removesuffix("s")), name)  # type: ignore[arg-type]
    return f.Amount(value, unit, name, text)


def _found(fault: UnexpectedCharacters | UnexpectedToken, text: str) -> tuple[int, str]:
    """Return the column of a fault and the word there; the end lies behind the last word."""
    if isinstance(fault, UnexpectedToken) and fault.token.type == "$END":
        return len(text.rstrip()) + 1, "the end"
    start = cast("int", fault.pos_in_stream)
    return start + 1, repr(text[start : start + 1] + text[start + 1 :].partition(" ")[0])


def _expected(fault: UnexpectedCharacters | UnexpectedToken) -> str:
    names = fault.accepts if isinstance(fault, UnexpectedToken) else fault.allowed
    listed = set(names or ())
    if "$END" in listed:
        listed.discard("STATED")  # every line may say it behind what it says
    words = sorted(_WORDS.get(name, name.lower()) for name in listed)
    return " or ".join(words[:8]) + (" ..." if len(words) > 8 else "") if words else "something else"  # noqa: PLR2004 - a list that fits a line


_WORDS = {
    "NAME": "a name",
    "NUMBER": "a number",
    "UNIT": "a unit",
    "$END": "the end",
    "VALUE": "a value",
    "OP": "> >= < <= =",
}
_WORDS |= {"CALENDAR": "days, weeks, months or years", "YEARS": "years", "DATE": "a date", "COMMA": "a comma"}


@v_args(inline=True)
class _Forms(Transformer[Token, Any]):
    """Each rule of the grammar into its form."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        super().__init__()
        self.readings = readings

    def __default__(self, rule: Token, children: list[object], _: object) -> f.Form:
        """Make the form that a rule is named for, its parts in the order in which they are written."""
        named: type[f.Form] = getattr(f, str(rule).capitalize())
        return named(*(str(child) if isinstance(child, Token) else child for child in children))  # type: ignore[arg-type]  # the test over the grammar holds it

    def stated_by(self, form: f.Form, role: Token) -> f.Form:
        if not isinstance(form, f.Roled):
            said = "F, `F is X`, `F op Q`, `documented F`, or a date `before`, `since`, `within` or after another"
            raise LeafFault(role.column or 1, f"`stated by` stands behind a statement: {said}")
        return replace(form, role=str(role))

    # ---- numbers and lengths

    def number(self, value: Token, unit: Token | None) -> f.Amount:
        text = f"{value} {unit}" if unit else str(value)
        return f.Amount(_number(value), str(unit) if unit else None, None, text)

    def plain(self, value: Token) -> f.Amount:
        return f.Amount(_number(value), None, None, str(value))

    def date(self, value: Token) -> f.Amount:
        try:
            return f.Amount(Fraction(dates.day(str(value))), "date", None, str(value))
        except ValueError as fault:
            raise LeafFault(value.column or 1, str(fault)) from None

    def named(self, name: Token) -> f.Amount:
        found = self.reading(name)
        if not isinstance(found, f.Amount):
            raise LeafFault(name.column or 1, f"reading {name}: expected a number, it is a length of time")
        return found

    def duration(self, value: Token, unit: Token) -> f.Length:
        if "." in value:
            raise LeafFault(value.column or 1, f"expected a whole number of {unit}")
        return f.Length(Duration(int(value), str(unit).removesuffix("s")))  # type: ignore[arg-type]

    def named_length(self, name: Token) -> f.Length:
        found = self.reading(name)
        if not isinstance(found, f.Length):
            raise LeafFault(name.column or 1, f"reading {name}: expected a length of time, it is a number")
        return found

    def reading(self, name: Token) -> Reading:
        if str(name) not in self.readings:
            raise LeafFault(name.column or 1, f"no reading is named {str(name)!r}")
        return self.readings[str(name)]

    # ---- windows and tests

    def within(self, length: f.Length, anchor: Token | None) -> f.Window:
        return f.Within(length, str(anchor or "request"))

    def since_anchor(self, anchor: Token) -> f.Window:
        return f.Since(str(anchor))

    def before_anchor(self, anchor: Token) -> f.Window:
        return f.Before(str(anchor))

    def while_regimen(self, fact: Token, op: Token, amount: f.Amount) -> f.Window:
        return f.While(str(fact), f.Compare(str(op), amount))  # type: ignore[arg-type]

    def compare(self, op: Token, amount: f.Amount) -> f.Compare:
        return f.Compare(str(op), amount)  # type: ignore[arg-type]

    def between(self, low: f.Amount, high: f.Amount) -> f.Between:
        return f.Between(low, high)

    def partner(self, fact: Token, compare: f.Compare) -> f.Partner:
        return f.Partner(str(fact), compare)

    # ---- forms with windows

    def latest(self, fact: Token, *rest: object) -> f.Form:
        return f.Latest(str(fact), _windows(rest[:-1]), cast("f.Compare", rest[-1]))

    def latest_of(self, fact: Token, *windows: f.Window) -> f.Measure:
        return f.Latest(str(fact), windows, None)

    def no(self, fact: Token, *windows: f.Window) -> f.Form:
        return f.NoRow(str(fact), windows)

    def any(self, fact: Token, compare: f.Compare | None, *rest: object) -> f.Form:
        return f.AnyRow(str(fact), compare, _windows(rest[:-1]), cast("f.Partner | None", rest[-1]))

    def share_of(self, fact: Token, above: f.Amount, *windows: f.Window) -> f.Share:
        return f.Share(str(fact), above, windows, None, None)

    def share(self, measure: f.Share, compare: f.Compare, least: f.Amount) -> f.Form:
        return f.Share(measure.fact, measure.above, measure.windows, compare, least)

    def count_of(self, fact: Token, test: f.Test | None, *windows: f.Window) -> f.Count:
        return f.Count(str(fact), test, windows, None)

    def count(self, measure: f.Count, compare: f.Compare) -> f.Form:
        return f.Count(measure.fact, measure.test, measure.windows, compare)

    def count_alone(self, fact: Token, compare: f.Compare) -> f.Form:
        return f.Count(str(fact), None, (), compare)

    def days_of(self, fact: Token, test: f.Test | None, *windows: f.Window) -> f.DaysWith:
        return f.DaysWith(str(fact), test, windows, None)

    def days(self, measure: f.DaysWith, compare: f.Compare) -> f.Form:
        return f.DaysWith(measure.fact, measure.test, measure.windows, compare)

    def days_alone(self, fact: Token, compare: f.Compare) -> f.Form:
        return f.DaysWith(str(fact), None, (), compare)

    def average_of(self, fact: Token, *windows: f.Window) -> f.Average:
        return f.Average(str(fact), windows, None)

    def average(self, measure: f.Average, compare: f.Compare) -> f.Form:
        return f.Average(measure.fact, measure.windows, compare)

    def spread_of(self, fact: Token, *windows: f.Window) -> f.Spread:
        return f.Spread(str(fact), windows, None)

    def spread(self, measure: f.Spread, compare: f.Compare) -> f.Form:
        return f.Spread(measure.fact, measure.windows, compare)

    def sum(self, fact: Token, *rest: object) -> f.Form:
        return f.Sum(str(fact), _windows(rest[:-1]), cast("f.Compare", rest[-1]))

    def spaced(self, least: f.Amount, fact: Token, test: f.Test | None, *rest: object) -> f.Form:
        return f.Spaced(str(fact), test, _windows(rest[:-1]), f.Compare(">=", least), cast("f.Length", rest[-1]))

    def gap(self, fact: Token, *rest: object) -> f.Form:
        op, length = cast("Op", str(rest[-2])), cast("f.Length", rest[-1])
        return f.Gap(str(fact), _windows(rest[:-2]), op, length)

    def documented(self, fact: Token, *windows: f.Window) -> f.Form:
        return f.Documented(str(fact), windows)

    # ---- forms that begin with the fact

    def regimen(self, fact: Token, compare: f.Compare, length: f.Length, anchor: Token | None) -> f.Form:
        return f.Throughout(str(fact), compare, length, str(anchor or "request"))

    def condition(self, fact: Token, length: f.Length, anchor: Token | None) -> f.Form:
        return f.Throughout(str(fact), None, length, str(anchor or "request"))

    def on(self, fact: Token, compare: f.Compare | None, anchor: Token) -> f.Form:
        return f.On(str(fact), str(anchor), compare)

    def is_one(self, fact: Token, *values: Token) -> f.Form:
        return f.Is(str(fact), tuple(str(value) for value in values))

    def attribute(self, fact: Token, compare: f.Compare) -> f.Form:
        return f.Has(str(fact), compare)

    def age(self, op: Token, years: f.Amount, _: Token, anchor: Token | None) -> f.Form:
        return f.Age(str(op), years, str(anchor or "request"))  # type: ignore[arg-type]

    def before(self, fact: Token, anchor: Token) -> f.Form:
        return f.Earlier(str(fact), str(anchor))

    def since(self, fact: Token, anchor: Token) -> f.Form:
        return f.Later(str(fact), str(anchor))

    def recent(self, fact: Token, length: f.Length, anchor: Token | None) -> f.Form:
        return f.Recent(str(fact), length, str(anchor or "request"))

    def no_worse(self, measure: f.Measure, anchor: Token, by: f.Amount | None) -> f.Form:
        return f.NoWorse(measure, str(anchor), by)


def _number(value: Token) -> Fraction:
    try:
        return number(str(value))
    except ValueError as fault:
        raise LeafFault(value.column or 1, str(fault)) from None


def _windows(parts: tuple[object, ...]) -> tuple[f.Window, ...]:
    """Say of what stands between a fact and its test that it is windows: the grammar admits nothing else there."""
    return cast("tuple[f.Window, ...]", parts)
