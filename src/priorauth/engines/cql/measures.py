"""Forms over measurements and events as CQL: calls of the shared library, with the names of facts and windows."""

from __future__ import annotations

from priorauth.engines.cql import pieces
from priorauth.engines.cql.pieces import AS_OF, call, string, whole
from priorauth.engines.cql.view import View
from priorauth.engines.cql.windows import frame
from priorauth.language import contents
from priorauth.language import forms as f

_SIDES = (("together", "whole"), ("answers", None), ("record", "recordWhole"))


def rows(form: f.Windowed, view: View) -> str:
    """Write a form over the rows of a fact in windows."""
    fact, where = view.fact(form.fact, contents.role_of(form)), frame(form.windows, view)
    match form:
        case f.Latest(compare=compare):
            reach = whole(view.vocabulary.amount("answer_against_record"))
            return call("Latest", fact, where, *pieces.compare(compare), reach)
        case f.NoRow():
            return call("NoRow", fact, where)
        case f.AnyRow(compare=compare, partner=partner):
            beside = [view.fact(partner.fact), *pieces.compare(partner.compare)] if partner else ["null", "null", "0"]
            return call("AnyRow", fact, where, *pieces.compare(compare), *beside)
        case f.Share(above=above, compare=compare, least=least):
            lowest = whole(least.number) if least else "1"
            return call("Share", fact, where, whole(above.number), lowest, *pieces.goal(compare))
        case f.Count(test=test, compare=compare):
            return call("CountRows", fact, where, *pieces.test(test), *pieces.goal(compare))
        case f.DaysWith(test=test, compare=compare):
            percent = compare is not None and compare.amount.unit == "%"
            return call("DaysWith", fact, where, *pieces.test(test), pieces.boolean(percent), *pieces.goal(compare))
        case f.Average(compare=compare):
            return call("Average", fact, where, *pieces.goal(compare))
        case f.Spread(compare=compare):
            return call("Spread", fact, where, *pieces.goal(compare))
        case f.Sum(compare=compare):
            return call("SumRows", fact, where, *pieces.goal(compare))
        case f.Spaced(test=test, compare=compare, apart=apart):
            return call(
                "Spaced", fact, where, *pieces.test(test), *pieces.length(apart.duration), *pieces.goal(compare)
            )
        case f.Gap(op=op, length=length):
            return call("Gap", fact, where, string(op), *pieces.length(length.duration))
        case f.Documented():
            known = view.vocabulary[form.fact]
            if known.kind in ("event", "measurement"):
                return call("DocumentedRow", fact, where)
            return call("DocumentedOne" if known.one_paper else "DocumentedStatement", fact, where)


def no_worse(form: f.NoWorse, view: View) -> str:
    """Compare a measure after an anchor with the same before it, on each side alone and on both together."""
    measure, anchor = form.measure, view.anchor(form.anchor)
    ever = isinstance(measure, f.Latest)
    earlier = call("EverBefore", anchor) if ever else call("AsLongBefore", anchor, AS_OF)
    before = frame(
        measure.windows, view, (f"ever before {form.anchor}" if ever else f"as long before {form.anchor}", earlier)
    )
    after = frame(measure.windows, view, (f"after {form.anchor}", call("After", anchor, AS_OF)))
    worse = pieces.boolean(view.vocabulary[form.fact].worse == "higher")
    tolerance = pieces.fraction(form.by.number if form.by else 0)
    fact = view.fact(form.fact)
    parts = []
    for rows, wholes in _SIDES:
        taken = f"{fact}.{rows}", f"{fact}.{wholes}" if wholes else "null", f"{fact}.born"
        compared = call("NoWorse", _measure(measure, taken, before), _measure(measure, taken, after), worse, *tolerance)
        parts.append(compared if rows == "together" else f"if {fact}.both then {compared} else null")
    return call("Sides", *parts)


def _measure(measure: f.Measure, taken: tuple[str, str, str], where: str) -> str:
    rows = taken[0]
    match measure:
        case f.Latest():
            return call("LatestMeasure", rows, where)
        case f.Count(test=test):
            return call("CountOn", *taken, where, *pieces.test(test))
        case f.DaysWith(test=test):
            return call("DaysOn", *taken, where, *pieces.test(test), "false")
        case f.Average():
            return call("AverageOn", *taken, where)
        case f.Share(above=above):
            return call("ShareOn", rows, where, whole(above.number), "1")
        case f.Spread():
            return call("SpreadOn", *taken, where)
