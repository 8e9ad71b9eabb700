"""A leaf as a call of the shared CQL library: one branch a form, the names of facts, windows and dates handed in."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Protocol

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.values.dates import Duration
from priorauth.values.interval import Number

LARGEST = 2**31 - 1
"""The largest Integer of CQL."""
AS_OF = '"as of"'
_SIDES = (("together", "whole"), ("answers", None), ("record", "recordWhole"))


class Unsayable(ValueError):
    """Something that CQL cannot hold, such as a number beyond 32 bits."""


class Names(Protocol):
    """The names in the library at hand: each is declared when it is first asked for."""

    vocabulary: Vocabulary

    def fact(self, name: str) -> str:
        """Name the rows of a fact."""

    def anchor(self, name: str) -> str:
        """Name a date to count from."""

    def frame(self, windows: tuple[f.Window, ...], compared: tuple[str, str] | None = None) -> str:
        """Name the windows of a leaf; ``compared``: a span of `no worse than before` and its CQL."""


def call(form: f.Form, names: Names) -> str:
    """Write a leaf as CQL; silence is laid over it where the vocabulary says that absence goes undocumented."""
    written = _written(form, names)
    fact = names.vocabulary.facts.get(form.fact)
    if fact is None or not fact.silent_no:
        return written
    if not isinstance(form, f.Stated | f.On | f.Judged | f.AnyRow | f.NoRow | f.Throughout):
        return written
    hints = "".join(f" and not {names.fact(other)}.hinted" for other in fact.silent_unless)
    silent = f"{names.fact(fact.name)}.silent{hints}"
    return f"PA.Silence({written}, {silent}, {_boolean(isinstance(form, f.NoRow))})"


def _written(form: f.Form, names: Names) -> str:
    match form:
        case f.Throughout() | f.On() | f.Age() | f.Earlier() | f.Later() | f.Recent():
            return _anchored(form, names)
        case f.Stated() | f.Judged():
            return _call("Yes", names.fact(form.fact))
        case f.Refused():
            return _call("Refused", names.fact(form.fact))
        case f.Is(values=values):
            pending = names.vocabulary[form.fact].pending
            return _call("Is", names.fact(form.fact), _texts(values), _texts(pending))
        case f.Has(compare=compare):
            return _call("Has", names.fact(form.fact), *_compare(compare))
        case f.Lasts(length=length):
            return _call("Lasts", names.fact(form.fact), *_length(length.duration), AS_OF)
        case f.NoWorse():
            return _no_worse(form, names)
        case _:
            return _windowed(form, names)


def _windowed(form: f.Windowed, names: Names) -> str:
    fact, frame = names.fact(form.fact), names.frame(form.windows)
    match form:
        case f.Latest(compare=compare):
            reach = whole(names.vocabulary.amount("answer_against_record"))
            return _call("Latest", fact, frame, *_compare(compare), reach)
        case f.NoRow():
            return _call("NoRow", fact, frame)
        case f.AnyRow(compare=compare, partner=partner):
            beside = [names.fact(partner.fact), *_compare(partner.compare)] if partner else ["null", "null", "0"]
            return _call("AnyRow", fact, frame, *_compare(compare), *beside)
        case f.Share(above=above, compare=compare, least=least):
            lowest = whole(least.number) if least else "1"
            return _call("Share", fact, frame, whole(above.number), lowest, *_goal(compare))
        case f.Count(test=test, compare=compare):
            return _call("CountRows", fact, frame, *_test(test), *_goal(compare))
        case f.DaysWith(test=test, compare=compare):
            percent = compare is not None and compare.amount.unit == "%"
            return _call("DaysWith", fact, frame, *_test(test), _boolean(percent), *_goal(compare))
        case f.Average(compare=compare):
            return _call("Average", fact, frame, *_goal(compare))
        case f.Spread(compare=compare):
            return _call("Spread", fact, frame, *_goal(compare))
        case f.Gap(op=op, length=length):
            return _call("Gap", fact, frame, _text(op), *_length(length.duration))
        case f.Documented():
            dated = names.vocabulary[form.fact].kind in ("event", "measurement")
            return _call("DocumentedRow" if dated else "DocumentedStatement", fact, frame)


def _anchored(form: f.Anchored, names: Names) -> str:
    fact, anchor = names.fact(form.fact), names.anchor(form.anchor)
    condition = names.vocabulary[form.fact].kind == "condition"
    match form:
        case f.Throughout(compare=None, length=length):
            return _call("ConditionThroughout", fact, anchor, *_length(length.duration))
        case f.Throughout(compare=compare, length=length):
            return _call("RegimenThroughout", fact, anchor, *_length(length.duration), *_compare(compare))
        case f.On():
            return _call("On", fact, anchor)
        case f.Age(op=op, years=years):
            return _call("Age", fact, anchor, _text(op), whole(years.number))
        case f.Earlier():
            return _call("ConditionBefore" if condition else "DateBefore", fact, anchor)
        case f.Later():
            return _call("ConditionSince", fact, anchor, AS_OF) if condition else _call("DateSince", fact, anchor)
        case f.Recent(length=length):
            return _call("DateWithin", fact, names.frame((f.Within(length, form.anchor),)))


def _no_worse(form: f.NoWorse, names: Names) -> str:
    """Compare a measure after an anchor with the same before it, on each side alone and on both together."""
    measure, anchor = form.measure, names.anchor(form.anchor)
    ever = isinstance(measure, f.Latest)
    earlier = _call("EverBefore", anchor) if ever else _call("AsLongBefore", anchor, AS_OF)
    before = names.frame(
        measure.windows, (f"ever before {form.anchor}" if ever else f"as long before {form.anchor}", earlier)
    )
    after = names.frame(measure.windows, (f"after {form.anchor}", _call("After", anchor, AS_OF)))
    worse = _boolean(names.vocabulary[form.fact].worse == "higher")
    tolerance = _fraction(form.by.number if form.by else 0)
    fact = names.fact(form.fact)
    parts = []
    for rows, wholes in _SIDES:
        taken = f"{fact}.{rows}", f"{fact}.{wholes}" if wholes else "null", f"{fact}.born"
        compared = _call(
            "NoWorse", _measure(measure, taken, before), _measure(measure, taken, after), worse, *tolerance
        )
        parts.append(compared if rows == "together" else f"if {fact}.both then {compared} else null")
    return _call("Sides", *parts)


def _measure(measure: f.Measure, taken: tuple[str, str, str], frame: str) -> str:
    rows = taken[0]
    match measure:
        case f.Latest():
            return _call("LatestMeasure", rows, frame)
        case f.Count(test=test):
            return _call("CountOn", *taken, frame, *_test(test))
        case f.DaysWith(test=test):
            return _call("DaysOn", *taken, frame, *_test(test), "false")
        case f.Average():
            return _call("AverageOn", *taken, frame)
        case f.Share(above=above):
            return _call("ShareOn", rows, frame, whole(above.number), "1")
        case f.Spread():
            return _call("SpreadOn", *taken, frame)


def span(window: f.Window, anchor: Callable[[str], str]) -> str:
    """Write one window as CQL; of `while` the stretches of days are written by :func:`held`."""
    match window:
        case f.Within(length=length, anchor=name):
            return _call("Within", *_length(length.duration), anchor(name))
        case f.Since(anchor=name):
            return _call("Since", anchor(name), AS_OF)
        case f.Before(anchor=name):
            return _call("Before", anchor(name))
        case f.While():
            raise TypeError(window)


def held(window: f.While, fact: str) -> str:
    """Write the days on which a regimen holds as CQL."""
    return _call("Holding", fact, AS_OF, *_compare(window.compare))


def said(window: f.Window) -> str:
    """Name a window in the words of the language, its lengths and numbers put in."""
    match window:
        case f.Within(length=length, anchor=anchor):
            return f"within {length.duration}" + ("" if anchor == "request" else f" before {anchor}")
        case f.Since(anchor=anchor):
            return f"since {anchor}"
        case f.Before(anchor=anchor):
            return f"before {anchor}"
        case f.While(fact=fact, compare=compare):
            return f"while {fact} {compare.op} {compare.amount.text}"


def identifier(name: str) -> str:
    """Write a name as a quoted identifier."""
    return f'"{_escaped(name, chr(34))}"'


def string(text: str) -> str:
    """Write a string literal."""
    return f"'{_escaped(text, chr(39))}'"


def whole(number: Number) -> str:
    """Write a whole number; raises Unsayable where it is none or beyond 32 bits."""
    value = Fraction(number)
    if value.denominator != 1 or abs(value) > LARGEST:
        raise Unsayable(f"{number}: expected a whole number that fits an Integer of CQL (32 bits)")
    return str(value.numerator)


_text = string


def _escaped(text: str, quote: str) -> str:
    kept = "".join(one if one.isprintable() else " " for one in text)
    return kept.replace("\\", "\\\\").replace(quote, "\\" + quote)


def _call(function: str, *arguments: str) -> str:
    return f"PA.{function}({', '.join(arguments)})"


def _boolean(value: object) -> str:
    return "true" if value else "false"


def _texts(values: tuple[str, ...]) -> str:
    return "{" + ", ".join(map(string, values)) + "}" if values else "List<String>{}"


def _length(duration: Duration) -> tuple[str, str]:
    return whole(duration.count), string(duration.unit)


def _compare(compare: f.Compare | None) -> tuple[str, str]:
    return ("null", "0") if compare is None else (string(compare.op), whole(compare.amount.number))


def _test(test: f.Test | None) -> tuple[str, str, str]:
    if isinstance(test, f.Between):
        return string("between"), whole(test.low.number), whole(test.high.number)
    return *_compare(test), "0"


def _goal(compare: f.Compare | None) -> tuple[str, str, str]:
    return ("null", "0", "1") if compare is None else (string(compare.op), *_fraction(compare.amount.number))


def _fraction(number: Number) -> tuple[str, str]:
    value = Fraction(number)
    return whole(value.numerator), whole(value.denominator)
