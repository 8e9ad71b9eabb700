"""Strategies for leaves: the text of a form with the form that it is to become, for every form of the language."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from hypothesis import strategies as st
from msgspec.structs import replace

from priorauth.language import forms as f
from priorauth.values.dates import Duration, Unit
from priorauth.values.interval import OPS, Op

Drawn = tuple[str, f.Form]

_OP = st.sampled_from(OPS)
_ANCHOR = st.sampled_from(["request", "service", "pump_start", "enrollment", "prescription"])
_FACT = st.sampled_from(["hba1c", "x", "glucose_self_test", "a1", "within_reach"])
_UNITS: list[Unit] = ["day", "week", "month", "year"]


@st.composite
def amounts(draw: st.DrawFn, unit: str | None = "%") -> tuple[str, f.Amount]:
    """A number as written, with its unit."""
    value = draw(st.decimals(min_value=0, max_value=9999, places=draw(st.integers(0, 2))))
    text = f"{value:f}" if unit is None else f"{value:f} {unit}"
    return text, f.Amount(Fraction(value), unit, None, text)


@st.composite
def lengths(draw: st.DrawFn) -> tuple[str, f.Length]:
    """A calendar length, singular or plural."""
    count, unit = draw(st.integers(0, 400)), draw(st.sampled_from(_UNITS))
    return f"{count} {unit}{draw(st.sampled_from(['', 's']))}", f.Length(Duration(count, unit))


@st.composite
def compares(draw: st.DrawFn, unit: str | None = "%") -> tuple[str, f.Compare]:
    """A relation to a number."""
    op: Op = draw(_OP)
    text, amount = draw(amounts(unit))
    return f"{op} {text}", f.Compare(op, amount)


@st.composite
def windows(draw: st.DrawFn, most: int = 2) -> tuple[str, tuple[f.Window, ...]]:
    """Windows side by side; the text begins with a blank where there is one."""
    texts, found = [], []
    for _ in range(draw(st.integers(0, most))):
        text, window = draw(_window())
        texts.append(f" {text}")
        found.append(window)
    # `before A` right after `within D` belongs to it, so that the two windows are one.
    if any(isinstance(one, f.Within) and one.anchor == "request" for one in found[:-1]) and f.Before in map(
        type, found
    ):
        return "", ()
    return "".join(texts), tuple(found)


@st.composite
def _window(draw: st.DrawFn) -> tuple[str, f.Window]:
    anchor = draw(_ANCHOR)
    match draw(st.sampled_from(["within", "within before", "since", "before", "while"])):
        case "within":
            text, length = draw(lengths())
            return f"within {text}", f.Within(length)
        case "within before":
            text, length = draw(lengths())
            return f"within {text} before {anchor}", f.Within(length, anchor)
        case "since":
            return f"since {anchor}", f.Since(anchor)
        case "before":
            return f"before {anchor}", f.Before(anchor)
        case _:
            fact = draw(_FACT)
            text, compare = draw(compares("/d"))
            return f"while {fact} {text}", f.While(fact, compare)


@st.composite
def _tests(draw: st.DrawFn) -> tuple[str, f.Test | None]:
    match draw(st.sampled_from(["none", "compare", "between"])):
        case "none":
            return "", None
        case "compare":
            text, compare = draw(compares("mg/dL"))
            return f" {text}", compare
        case _:
            (low, one), (high, two) = draw(amounts("mg/dL")), draw(amounts("mg/dL"))
            return f" between {low} and {high}", f.Between(one, two)


@st.composite
def measures(draw: st.DrawFn) -> tuple[str, f.Measure]:
    """What can be compared over time."""
    fact = draw(_FACT)
    within, where = draw(windows())
    match draw(st.sampled_from(["latest", "share", "count", "days", "average", "spread"])):
        case "latest":
            return f"latest {fact}{within}", f.Latest(fact, where, None)
        case "share":
            text, above = draw(amounts("mg/dL"))
            return f"share of {fact} above {text}{within}", f.Share(fact, above, where, None, None)
        case "count":
            text, test = draw(_tests())
            return f"count of {fact}{text}{within}", f.Count(fact, test, where, None)
        case "days":
            text, test = draw(_tests())
            return f"days with {fact}{text}{within}", f.DaysWith(fact, test, where, None)
        case "average":
            return f"daily average of {fact}{within}", f.Average(fact, where, None)
        case _:
            return f"spread of {fact}{within}", f.Spread(fact, where, None)


@st.composite
def measured(draw: st.DrawFn) -> Drawn:
    """A measure in a relation to a number."""
    text, measure = draw(measures())
    unit = None if isinstance(measure, f.Count) else "%"
    relation, compare = draw(compares(unit))
    if isinstance(measure, f.Share):
        least_text, least = draw(amounts(None))
        form: f.Form = f.Share(measure.fact, measure.above, measure.windows, compare, least)
        return f"{text} {relation} of at least {least_text}", form
    if isinstance(measure, f.Count | f.DaysWith):
        return f"{text} {relation}", type(measure)(measure.fact, measure.test, measure.windows, compare)
    return f"{text} {relation}", type(measure)(measure.fact, measure.windows, compare)


@st.composite
def rows(draw: st.DrawFn) -> Drawn:
    """Forms that ask for rows: any, no, documented, longest gap."""
    fact = draw(_FACT)
    within, where = draw(windows())
    match draw(st.sampled_from(["any", "no", "documented", "spaced", "sum", "gap"])):
        case "any":
            relation, compare = draw(compares("ng/mL")) if draw(st.booleans()) else ("", None)
            partner_text, partner = "", None
            if draw(st.booleans()):
                other, beside = draw(compares("mg/dL"))
                partner_text, partner = f" with {fact} {other}", f.Partner(fact, beside)
            text = f"any {fact} {relation}{within}{partner_text}"
            return text, f.AnyRow(fact, compare, where, partner)
        case "no":
            return f"no {fact}{within}", f.NoRow(fact, where)
        case "spaced":
            number, least = draw(amounts(None))
            tested, test = draw(_tests())
            text, length = draw(lengths())
            line = f"at least {number} of {fact}{tested}{within} at least {text} apart"
            return line, f.Spaced(fact, test, where, f.Compare(">=", least), length)
        case "sum":
            relation, limit = draw(compares("d"))
            return f"sum of {fact}{within} {relation}", f.Sum(fact, where, limit)
        case "documented":
            return f"documented {fact}{within}", f.Documented(fact, where)
        case _:
            op: Op = draw(_OP)
            text, length = draw(lengths())
            return f"longest gap between {fact}{within} {op} {text}", f.Gap(fact, where, op, length)


@st.composite
def spans(draw: st.DrawFn) -> Drawn:
    """Forms that begin with the fact and speak of days."""
    fact, anchor = draw(_FACT), draw(_ANCHOR)
    length_text, length = draw(lengths())
    relation, compare = draw(compares("/d"))
    named = draw(st.booleans())
    tail, counted = (f" before {anchor}", anchor) if named else ("", "request")
    match draw(
        st.sampled_from(["regimen", "condition", "on", "dosed on", "lasts", "before", "since", "within", "after"])
    ):
        case "regimen":
            text = f"{fact} {relation} throughout {length_text}{tail}"
            return text, f.Throughout(fact, compare, length, counted)
        case "condition":
            return f"{fact} throughout {length_text}{tail}", f.Throughout(fact, None, length, counted)
        case "on":
            return f"{fact} on {anchor}", f.On(fact, anchor)
        case "dosed on":
            return f"{fact} {relation} on {anchor}", f.On(fact, anchor, compare)
        case "lasts":
            return f"{fact} lasts {length_text}", f.Lasts(fact, length)
        case "before":
            return f"{fact} before {anchor}", f.Earlier(fact, anchor)
        case "since":
            return f"{fact} since {anchor}", f.Later(fact, anchor)
        case "after":
            op: Op = draw(_OP)
            return f"{fact} {op} {length_text} after {anchor}", f.Offset(fact, op, length, anchor)
        case _:
            return f"{fact} within {length_text}{tail}", f.Recent(fact, length, counted)


@st.composite
def statements(draw: st.DrawFn) -> Drawn:
    """Forms of statements, attributes, ages and judgments."""
    fact, anchor = draw(_FACT), draw(_ANCHOR)
    match draw(st.sampled_from(["stated", "is", "one of", "has", "date", "age", "judged", "refused"])):
        case "stated":
            return fact, f.Stated(fact)
        case "is":
            return f"{fact} is E0784", f.Is(fact, ("E0784",))
        case "one of":
            values = draw(st.lists(st.sampled_from(["E0784", "type-1-diabetes", "none", "CT"]), min_size=2, max_size=4))
            return f"{fact} is one of {', '.join(values)}", f.Is(fact, tuple(values))
        case "has":
            relation, compare = draw(compares("[iU]"))
            return f"{fact} {relation}", f.Has(fact, compare)
        case "date":
            op: Op = draw(_OP)
            day = draw(st.dates())
            amount = f.Amount(Fraction(day.toordinal()), "date", None, day.isoformat())
            return f"{fact} {op} {day.isoformat()}", f.Has(fact, f.Compare(op, amount))
        case "age":
            op = draw(_OP)
            years = draw(st.integers(0, 120))
            amount = f.Amount(Fraction(years), None, None, str(years))
            named = draw(st.booleans())
            text = f"age {op} {years} years{f' on {anchor}' if named else ''}"
            return text, f.Age(op, amount, anchor if named else "request")
        case "judged":
            return f"judged {fact}", f.Judged(fact)
        case _:
            return f"refused {fact}", f.Refused(fact)


@st.composite
def over_time(draw: st.DrawFn) -> Drawn:
    """A measure that is no worse than before."""
    text, measure = draw(measures())
    anchor = draw(_ANCHOR)
    by_text, by = draw(amounts("%")) if draw(st.booleans()) else ("", None)
    tail = f" by {by_text}" if by else ""
    return f"{text} no worse than before {anchor}{tail}", f.NoWorse(measure, anchor, by)


@st.composite
def stated_by(draw: st.DrawFn) -> Drawn:
    """A statement of somebody of a role."""
    text, form = draw(st.one_of(rows(), spans(), statements()).filter(lambda drawn: isinstance(drawn[1], f.Roled)))
    assert isinstance(form, f.Roled)
    role = draw(st.sampled_from(["physician", "supplier", "somebody"]))
    return f"{text} stated by {role}", replace(form, role=role)


def leaves() -> st.SearchStrategy[Drawn]:
    """Any leaf with its form."""
    every: list[Callable[[], st.SearchStrategy[Drawn]]] = [measured, rows, spans, statements, over_time, stated_by]
    return st.one_of([make() for make in every])
