"""A form in as few words as a table has room for: ``newest HbA1c > 7.0 % (12 months)``.

A length in brackets counts back from the request; signs stand for relations; attestations and judgments go by name.
"""

from __future__ import annotations

from collections.abc import Mapping

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.english import Labels, day, labels, say
from priorauth.values.interval import Op

SIGN: Mapping[Op, str] = {">": ">", ">=": "\u2265", "<": "<", "<=": "\u2264", "=": "="}


def terse(form: f.Form, vocabulary: Vocabulary) -> str:
    """Return a form tersely; what has no terse words is said in full."""
    table = labels()
    one, many = table.one(form.fact), table.many(form.fact)
    match form:
        case f.Latest(compare=f.Compare() as compare):
            said = f"newest {one} {_compare(compare, table)}"
        case f.AnyRow(compare=compare, partner=partner):
            said = f"any {one}{_test(compare, table)}"
            if partner:
                said += f", {table.one(partner.fact)} {_compare(partner.compare, table)} in the same draw"
        case f.NoRow():
            said = f"no {one}"
        case f.Count(test=test, compare=f.Compare() as compare):
            said = f"{many}{_test(test, table)}: {_compare(compare, table)}"
        case f.Sum(compare=compare):
            said = f"{many}: {_compare(compare, table)} in all"
        case f.Spaced(test=test, compare=compare, apart=apart):
            said = f"{many}{_test(test, table)}: {_compare(compare, table)}, {apart.duration} apart"
        case f.DaysWith(test=test, compare=f.Compare() as compare):
            days = "" if compare.amount.unit == "%" else " days"
            said = f"{one}{_test(test, table)} on {_compare(compare, table)}{days or ' of days'}"
        case f.Average(compare=f.Compare() as compare):
            said = f"{many} {_compare(compare, table)}{'' if compare.amount.unit else ' a day'}, average"
        case f.Share(above=above, compare=f.Compare() as compare):
            said = f"{_compare(compare, table)} of {many} > {table.amount(above)}"
        case f.Throughout(compare=compare, length=length, anchor=anchor):
            said = f"{one}{_test(compare, table)} for {length.duration}{_before(anchor, table)}"
        case f.Offset(op=op, length=length, anchor=anchor):
            said = f"{one} {SIGN[op]} {length.duration} after {table.anchors[anchor]}"
        case f.Documented():
            said = one
        case f.On(anchor=anchor, compare=f.Compare() as compare):
            said = f"{one} {_compare(compare, table)} on {day(table.anchors[anchor])}"
        case f.On(anchor="request"):
            said = one
        case f.Stated(fact=fact):
            said = table.spelled(fact)
        case f.Judged(fact=fact):
            said = f"a clinician of the payer finds: {table.spelled(fact)}"
        case f.Refused(fact=fact):
            said = f"a clinician of the payer refuses: {table.spelled(fact)}"
        case f.Spread() | f.Gap() | f.Lasts() | f.Is() | f.Has() | f.Age() | f.Earlier() | f.Later() | f.Recent():
            return say(form, vocabulary)
        case f.NoWorse() | f.On() | _:
            return say(form, vocabulary)
    windows = form.windows if isinstance(form, f.Windowed) else ()
    said += f", by {role}" if (role := contents.role_of(form)) else ""
    return said + (f" ({', '.join(_window(window, table) for window in windows)})" if windows else "")


def _compare(compare: f.Compare, table: Labels) -> str:
    return f"{SIGN[compare.op]} {table.amount(compare.amount)}"


def _test(test: f.Test | None, table: Labels) -> str:
    if test is None:
        return ""
    if isinstance(test, f.Between):
        return f" {table.amount(test.low)} to {table.amount(test.high)}"
    return f" {_compare(test, table)}"


def _before(anchor: str, table: Labels) -> str:
    return "" if anchor == "request" else f" before {table.anchors[anchor]}"


def _window(window: f.Window, table: Labels) -> str:
    match window:
        case f.Within(length=length, anchor=anchor):
            return f"{length.duration}{_before(anchor, table)}"
        case f.Since(anchor=anchor):
            return f"since {table.anchors[anchor]}"
        case f.Before(anchor=anchor):
            return f"before {table.anchors[anchor]}"
        case f.While(fact=fact, compare=compare):
            return f"while {table.one(fact)} {_compare(compare, table)}"
