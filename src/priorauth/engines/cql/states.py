"""Forms over regimens, conditions, statements and attributes as CQL: calls of the shared library."""

from __future__ import annotations

from priorauth.engines.cql import pieces
from priorauth.engines.cql.pieces import AS_OF, call, string, whole
from priorauth.engines.cql.view import View
from priorauth.engines.cql.windows import frame
from priorauth.language import contents
from priorauth.language import forms as f


def stated(form: f.Stated | f.Judged | f.Refused | f.Is | f.Has | f.Lasts, view: View) -> str:
    """Write a form that rests on statements alone, or on how long something has run."""
    fact = view.fact(form.fact, contents.role_of(form))
    match form:
        case f.Stated() | f.Judged():
            return call("Yes", fact)
        case f.Refused():
            return call("Refused", fact)
        case f.Is(values=values):
            return call("Is", fact, pieces.texts(values), pieces.texts(view.vocabulary[form.fact].pending))
        case f.Has(compare=compare):
            return call("Has", fact, *pieces.compare(compare))
        case f.Lasts(length=length):
            return call("Lasts", fact, *pieces.length(length.duration), AS_OF)


def anchored(form: f.Anchored, view: View) -> str:
    """Write a form that holds on a day, up to one or beside one."""
    fact, anchor = view.fact(form.fact, contents.role_of(form)), view.anchor(form.anchor)
    condition = view.vocabulary[form.fact].kind == "condition"
    match form:
        case f.Throughout(compare=None, length=length):
            return call("ConditionThroughout", fact, anchor, *pieces.length(length.duration))
        case f.Throughout(compare=compare, length=length):
            return call("RegimenThroughout", fact, anchor, *pieces.length(length.duration), *pieces.compare(compare))
        case f.On(compare=None):
            return call("On", fact, anchor)
        case f.On(compare=compare):
            return call("RegimenOn", fact, anchor, *pieces.compare(compare))
        case f.Age(op=op, years=years):
            return call("Age", fact, anchor, string(op), whole(years.number))
        case f.Earlier():
            return call("ConditionBefore" if condition else "DateBefore", fact, anchor)
        case f.Later():
            return call("ConditionSince", fact, anchor, AS_OF) if condition else call("DateSince", fact, anchor)
        case f.Offset(op=op, length=length):
            return call("DateAfter", fact, anchor, string(op), *pieces.length(length.duration))
        case f.Recent(length=length):
            return call("DateWithin", fact, frame((f.Within(length, form.anchor),), view))
