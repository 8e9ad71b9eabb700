"""Edges of a test: the numbers and days next to which its verdict turns."""

from __future__ import annotations

from priorauth.engines.solver.windows import Span
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.values import dates


def measure(form: f.Form) -> f.Form:
    """Return what a form measures: of a comparison over time its measure, else the form itself."""
    return form.measure if isinstance(form, f.NoWorse) else form


def tests(form: f.Form, fact: str) -> list[f.Compare]:
    """Return the relations to a number that a form tests rows of a fact by."""
    found: list[f.Test | None] = []
    match measure(form):
        case (
            f.Latest(fact=name, compare=compare)
            | f.Throughout(fact=name, compare=compare)
            | f.On(fact=name, compare=compare)
            | f.Has(fact=name, compare=compare)
        ) if name == fact:
            found.append(compare)
        case f.AnyRow(fact=name, compare=compare, partner=partner):
            found.append(compare if name == fact else None)
            found.append(partner.compare if partner and partner.fact == fact else None)
        case f.Count(fact=name, test=test) | f.DaysWith(fact=name, test=test) | f.Spaced(fact=name, test=test) if (
            name == fact
        ):
            found.append(test)
        case f.Share(fact=name, above=above) if name == fact:
            found.append(f.Compare(">", above))
        case _:
            pass
    found += [
        window.compare for window in contents.windows_of(form) if isinstance(window, f.While) and window.fact == fact
    ]
    listed: list[f.Compare] = []
    for test in found:
        if isinstance(test, f.Between):
            listed += [f.Compare(">=", test.low), f.Compare("<=", test.high)]
        elif test is not None:
            listed.append(test)
    return listed


def points(compare: f.Compare) -> set[int]:
    """Return the numbers on both sides of a threshold."""
    limit = int(compare.amount.number)
    match compare.op:
        case ">" | "<=":
            return {limit, limit + 1}
        case ">=" | "<":
            return {limit - 1, limit}
        case _:
            return {limit - 1, limit, limit + 1}


Stepped = f.Gap | f.Spaced
"""Forms that ask how far apart single days lie."""


def steps(span: Span, form: f.Form) -> set[int]:
    """Return the days of a window on which the steps of a form from row to row turn."""
    match form:
        case f.Gap():
            return chain(span, form)
        case f.Spaced():
            return apart(span, form)
        case _:
            return set()


def apart(span: Span, form: f.Spaced) -> set[int]:
    """Return the days that lie just so far apart as is asked, counted back from the last, and the days after them."""
    found: set[int] = set()
    day = span.end
    for _ in range(int(form.compare.amount.number) + 1):
        found |= {other for other in (day, day + 1) if span.holds(other, other)}
        day = dates.minus(day, form.apart.duration)
    return found


def chain(span: Span, form: f.Gap) -> set[int]:
    """Return the days that keep a gap as long as it may be, step by step, and the days after them."""
    found: set[int] = set()
    day = max(span.start, 1)
    while day < span.end and len(found) < 40:  # noqa: PLR2004 - enough for windows of some years
        step = day + 1
        while dates.minus(step + 1, form.length.duration) <= day:
            step += 1
        found |= {other for other in (step, step + 1) if other <= span.end}
        day = step
    return found
