"""Measures over dated rows: each gives an interval [lower, upper]; the operator on the interval gives the verdict.

=============== ============================================= ==================================================
measure         lower                                         upper
=============== ============================================= ==================================================
count, average, rows on hand that certainly count             the same with those that may count, where the
days, spread, sum,                                            record is whole over the window; else infinity
rows so far apart
longest gap     the same as upper, where whole; else nothing  the longest stretch between rows on hand, the
                                                              window's ends counted as edges
share, latest   what is on file                               what is on file
=============== ============================================= ==================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from priorauth.engines.python.finding import Why
from priorauth.engines.python.view import Dated, View
from priorauth.engines.python.windows import Frame, frame
from priorauth.facts.rows import Measurement, Side
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.interval import ANYTHING, Interval, Number, between, compare
from priorauth.values.truth import MET, UNKNOWN, Truth, all_of, negate


class Measured(Struct, frozen=True, gc=False):
    """What a measure gives: an interval (None where nothing can be said, ``why`` tells), and the rows it rests on."""

    value: Interval | None
    rows: tuple[Dated, ...] = ()
    why: Why | None = None
    missing: str | None = None
    of: str | None = None
    """For a share: how many of how many."""


class Chosen(Struct, frozen=True, gc=False):
    """Rows of a leaf in its window, each with whether it counts; and whether the record is whole there.

    ``possible`` are the rows that count or may count, ``certain`` those that count for certain, ``failed`` those that
    are in the window for certain and fail the test for certain.
    """

    rows: tuple[tuple[Dated, Truth], ...]
    whole: bool
    frame: Frame
    outside: bool
    seen: bool = False
    """Whether a row of the window failed the test, or something was said to be whole: no bare silence."""
    possible: tuple[Dated, ...] = ()
    certain: tuple[Dated, ...] = ()
    failed: tuple[Dated, ...] = ()

    @property
    def why(self) -> Why:
        """Return why a bound is missing: nothing on file, a record that may lack some, or rows that may not count."""
        all_certain = len(self.certain) == len(self.rows)
        open_rows = [] if all_certain else [row for row, truth in self.rows if truth != MET]
        if self.whole or (open_rows and len(open_rows) == len(self.rows)):
            faulty = any(isinstance(row, Measurement) and row.fault for row in open_rows or self.possible)
            return Why.UNIT if faulty else Why.PARTIAL
        if not self.rows:
            return Why.OUTSIDE if self.outside else Why.NOT_WHOLE if self.seen else Why.NO_DATA
        return Why.NOT_WHOLE


_MAYBE = UNKNOWN


def passes(row: Dated, test: f.Test | None) -> Truth:
    """Whether a row's number passes a test; without a test every row does."""
    if test is None:
        return MET
    value = row.value if row.low is not None or row.high is not None else ANYTHING
    if isinstance(test, f.Between):
        return between(value, test.low.number, test.high.number)
    return compare(value, test.op, test.amount.number)


def choose(fact: str, windows: tuple[f.Window, ...], test: f.Test | None, view: View, side: Side) -> Chosen:
    """Pick the rows of a fact that lie in the windows and pass the test."""
    where = frame(windows, view)
    if where.missing:
        return Chosen((), whole=False, frame=where, outside=False)
    found: list[tuple[Dated, Truth]] = []
    failed: list[Dated] = []
    outside = tried = False
    span, plain = where.span, not where.regimens
    after, until = span.start_last, span.end_first
    for row in view.dated(fact, side):
        inside = MET if plain and after < row.first and row.last <= until else where.member(row)  # the commonest first
        if not inside.can_hold:
            outside = True
            continue
        if type(row) is Measurement and row.fault:
            inside = _MAYBE  # a mention: whether there is such a result is not known
        truth = inside if test is None else all_of((inside, passes(row, test)))
        tried = True
        if truth.can_hold:
            found.append((row, truth))
        elif inside == MET:
            failed.append(row)
    whole = view.whole(fact, side, span.start_first + 1, span.end_last)
    seen = tried or bool(view.wholes(fact, side))
    possible = tuple([row for row, _ in found])
    certain = tuple([row for row, truth in found if not truth.can_fail])
    return Chosen(tuple(found), whole, where, outside, seen, possible, certain, tuple(failed))


def measure(form: f.Counted, view: View, side: Side) -> Measured:
    """Measure what a form counts."""
    match form:
        case f.Count():
            return count(form, view, side)
        case f.DaysWith():
            return days_with(form, view, side)
        case f.Average():
            return average(form, view, side)
        case f.Share():
            return share(form, view, side)
        case f.Spread():
            return spread(form, view, side)
        case f.Sum():
            return added(form, view, side)
        case f.Spaced():
            return spaced(form, view, side)


def count(form: f.Count, view: View, side: Side) -> Measured:
    """Count rows."""
    chosen = choose(form.fact, form.windows, form.test, view, side)
    return _counted(chosen, len(chosen.certain), len(chosen.possible))


def days_with(form: f.DaysWith, view: View, side: Side) -> Measured:
    """Count the different days on which there was a row; with ``%`` as percent of the window's days."""
    chosen = choose(form.fact, form.windows, form.test, view, side)
    if chosen.frame.missing:
        return Measured(None, why=Why.ANCHOR, missing=chosen.frame.missing)
    span = chosen.frame.span
    longest = span.end_last - span.start_first
    least, most = _least_days(chosen.certain), longest
    if chosen.whole:
        exact = {row.first for row in chosen.possible if row.first == row.last}
        most = min(len(exact) + sum(row.first != row.last for row in chosen.possible), longest)
    if form.compare is None or form.compare.amount.unit != "%":
        return Measured(Interval(least, most), chosen.possible, chosen.why)
    if not span.exact or span.days <= 0:
        return Measured(None, chosen.possible, Why.PARTIAL)
    value = Interval(Fraction(100 * least, span.days), Fraction(100 * most, span.days))
    return Measured(value, chosen.possible, chosen.why)


def _least_days(rows: tuple[Dated, ...]) -> int:
    """Count the fewest days on which all of these can have been: one day serves every row that may have been on it."""
    found, last = 0, None
    for row in sorted(rows, key=lambda row: row.last):
        if last is None or row.first > last:
            found, last = found + 1, row.last
    return found


def added(form: f.Sum, view: View, side: Side) -> Measured:
    """Add up the numbers: at least the least of the rows that count for certain, at most the most of all that may."""
    chosen = choose(form.fact, form.windows, None, view, side)
    highs = [row.high for row in chosen.possible]
    known = [high for high in highs if high is not None]
    least = sum(row.low or 0 for row in chosen.certain)
    return _counted(chosen, least, sum(known) if len(known) == len(highs) else None)


def spaced(form: f.Spaced, view: View, side: Side) -> Measured:
    """Count the rows that can be chosen so that any two lie so far apart: each time the next that is far enough."""
    chosen = choose(form.fact, form.windows, form.test, view, side)
    exact = [row for row in chosen.possible if row.first == row.last]
    most = _stations(exact, form.apart) + len(chosen.possible) - len(exact)
    return _counted(chosen, _stations(chosen.certain, form.apart), most)


def _stations(rows: Iterable[Dated], apart: f.Length) -> int:
    """Count how many of the rows lie apart wherever each lies in its span: a row that may be near the last is none."""
    found, last = 0, None
    for row in sorted(rows, key=lambda row: row.last):
        if last is None or last <= dates.minus(row.first, apart.duration):
            found, last = found + 1, row.last
    return found


def average(form: f.Average, view: View, side: Side) -> Measured:
    """Return rows per calendar day of the window."""
    chosen = choose(form.fact, form.windows, None, view, side)
    counted = _counted(chosen, len(chosen.certain), len(chosen.possible))
    span = chosen.frame.span
    if counted.value is None or not span.exact or span.days <= 0:
        return counted if counted.value is None else Measured(None, counted.rows, Why.PARTIAL)
    low, high = counted.value.low, counted.value.high
    days = Fraction(span.days)
    value = Interval((low or 0) / days, None if high is None else high / days)
    return Measured(value, counted.rows, counted.why)


def _counted(chosen: Chosen, least: int, most: int | None) -> Measured:
    if chosen.frame.missing:
        return Measured(None, why=Why.ANCHOR, missing=chosen.frame.missing)
    return Measured(Interval(least, most if chosen.whole else None), chosen.possible, chosen.why)


def spread(form: f.Spread, view: View, side: Side) -> Measured:
    """Return the highest less the lowest."""
    chosen = choose(form.fact, form.windows, None, view, side)
    if chosen.frame.missing:
        return Measured(None, why=Why.ANCHOR, missing=chosen.frame.missing)
    if not chosen.possible:
        return Measured(None, why=Why.FEW if chosen.whole else chosen.why)
    lows = [row.low for row in chosen.certain if row.low is not None]
    highs = [row.high for row in chosen.certain if row.high is not None]
    least = max(max(lows) - min(highs), 0) if lows and highs else 0
    known = chosen.whole and all(row.low is not None and row.high is not None for row in chosen.possible)
    most = max(row.high or 0 for row in chosen.possible) - min(row.low or 0 for row in chosen.possible)
    return Measured(Interval(least, most if known else None), chosen.possible, chosen.why)


def share(form: f.Share, view: View, side: Side) -> Measured:
    """Return the percent of the readings on file that lie above a number."""
    chosen = choose(form.fact, form.windows, None, view, side)
    if chosen.frame.missing:
        return Measured(None, why=Why.ANCHOR, missing=chosen.frame.missing)
    least = form.least.number if form.least else 1
    if len(chosen.certain) < least:
        closed = chosen.whole and len(chosen.possible) < least
        few = Why.FEW if chosen.possible else chosen.why
        return Measured(None, chosen.possible, Why.NONE if closed else few)
    above = f.Compare(">", form.above)
    sure = sure_not = maybe_in_above = maybe_in_not = maybe = 0
    for row, inside in chosen.rows:
        truth = passes(row, above)
        if inside == MET:
            sure += truth == MET
            sure_not += not truth.can_hold
            maybe += truth.settled is False
        else:
            maybe_in_above += truth.can_hold
            maybe_in_not += truth.can_fail
    total = len(chosen.certain)
    low = Fraction(100 * sure, total + maybe_in_not)
    high = Fraction(100 * (total - sure_not + maybe_in_above), total + maybe_in_above)
    partial = maybe or maybe_in_above or maybe_in_not
    return Measured(Interval(low, high), chosen.possible, Why.PARTIAL if partial else None, of=f"{sure} of {total}")


def latest(form: f.Latest, view: View, side: Side) -> tuple[Dated, ...] | Measured:
    """Return every row that may be the newest in the windows, or why there is none."""
    chosen = choose(form.fact, form.windows, None, view, side)
    if chosen.frame.missing:
        return Measured(None, why=Why.ANCHOR, missing=chosen.frame.missing)
    if not chosen.possible:
        return Measured(None, why=Why.NONE if chosen.whole else chosen.why)
    if not chosen.certain:
        faulty = any(isinstance(row, Measurement) and row.fault for row in chosen.possible)
        return Measured(None, chosen.possible, Why.UNIT if faulty else Why.PARTIAL)
    newest = max(row.first for row in chosen.certain)
    return tuple(row for row in chosen.possible if row.last >= newest)


def gap(form: f.Gap, view: View, side: Side) -> tuple[Truth, Measured]:
    """Compare the longest stretch between rows with a calendar length: day by day, never by counting months."""
    chosen = choose(form.fact, form.windows, None, view, side)
    span = chosen.frame.span
    if chosen.frame.missing:
        return UNKNOWN, Measured(None, why=Why.ANCHOR, missing=chosen.frame.missing)
    start, end = max(span.start_first, view.born - 1), span.end_last
    sure = _widest([(row.first, row.last) for row in chosen.certain], start, end)
    possible = [(row.first, row.last) for row in chosen.possible]
    within: dict[bool, Truth] = {
        strict: Truth(
            can_hold=not chosen.whole or _can_close(possible, start, end, form, strict=strict),
            can_fail=not all(_close(one, two, form, strict=strict) for one, two in sure),
        )
        for strict in (False, True)
    }
    longest = max(two - one for one, two in sure)
    settled = chosen.whole and len(chosen.certain) == len(possible) and all(one == two for one, two in possible)
    measured = Measured(Interval(longest if settled else 0, longest), chosen.certain, chosen.why)
    match form.op:
        case "<=":
            return within[False], measured
        case "<":
            return within[True], measured
        case ">":
            return negate(within[False]), measured
        case ">=":
            return negate(within[True]), measured
        case _:
            return all_of((within[False], negate(within[True]))), measured


def _widest(days: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """List the widest stretches that rows known only to lie in spans can leave empty, each to the next for certain."""
    edges = sorted(days)
    nearest, found = end, []
    for place in range(len(edges), -1, -1):
        opens = edges[place - 1][0] if place else start
        found.append((opens, max(nearest, opens)))
        if place:
            nearest = min(nearest, edges[place - 1][1])
    return found


def _can_close(days: list[tuple[int, int]], start: int, end: int, form: f.Gap, *, strict: bool) -> bool:
    """Whether rows can lie so that no stretch is too wide: the one that must come first, as late as it can be."""
    at, waiting = start, sorted(days, key=lambda day: day[1])
    while not _close(at, end, form, strict=strict):
        row = next(
            (day for day in waiting if day[1] > at and _close(at, max(day[0], at + 1), form, strict=strict)), None
        )
        if row is None:
            return False
        waiting.remove(row)
        late = row[1]
        while late > at + 1 and not _close(at, late, form, strict=strict):
            late -= 1
        at = late
    return True


def _close(one: int, two: int, form: f.Gap, *, strict: bool) -> bool:
    """Whether two days lie no further apart than the length: counted back from the later, as windows are."""
    back = dates.minus(two, form.length.duration)
    return one > back if strict else one >= back


def reach(rows: tuple[Dated, ...]) -> Interval:
    """Return the least interval that holds the values of all rows."""
    lows, highs = [row.low for row in rows], [row.high for row in rows]
    low = min((end for end in lows if end is not None), default=None) if None not in lows else None
    high = max((end for end in highs if end is not None), default=None) if None not in highs else None
    return Interval(low, high)


def before_and_after(form: f.NoWorse, view: View, side: Side) -> tuple[Measured, Measured]:
    """Measure over equal spans up to an anchor and after it; the newest measurement looks back without limit."""
    anchor = view.anchor(form.anchor)
    if anchor is None or anchor.first != anchor.last:
        nothing = Measured(None, why=Why.ANCHOR, missing=form.anchor)
        return nothing, nothing
    length = f.Length(dates.Duration(view.as_of - anchor.first, "day"))
    later: tuple[f.Window, ...] = (*form.measure.windows, f.Since(form.anchor))
    earlier: f.Window = f.Within(length, form.anchor)
    if isinstance(form.measure, f.Latest):
        earlier = f.Before(form.anchor)
    windows = (*form.measure.windows, earlier)
    return _measure(form.measure, windows, view, side), _measure(form.measure, later, view, side)


def _measure(measure: f.Measure, windows: tuple[f.Window, ...], view: View, side: Side) -> Measured:
    match measure:
        case f.Latest():
            found = latest(f.Latest(measure.fact, windows, None), view, side)
            if isinstance(found, Measured):
                return found
            faulty = any(isinstance(row, Measurement) and row.fault for row in found)
            return Measured(None if faulty else reach(found), found, Why.UNIT if faulty else Why.PARTIAL)
        case f.Count():
            return count(f.Count(measure.fact, measure.test, windows, None), view, side)
        case f.DaysWith():
            return days_with(f.DaysWith(measure.fact, measure.test, windows, None), view, side)
        case f.Average():
            return average(f.Average(measure.fact, windows, None), view, side)
        case f.Share():
            return share(f.Share(measure.fact, measure.above, windows, None, None), view, side)
        case f.Spread():
            return spread(f.Spread(measure.fact, windows, None), view, side)


def no_worse(before: Interval, after: Interval, by: Number, *, higher_is_worse: bool) -> Truth:
    """Whether the worst after is within the tolerance of the best before, or the best after is not."""
    if not higher_is_worse:
        before, after = _negated(before), _negated(after)
    holds = after.high is not None and before.low is not None and after.high <= before.low + by
    fails = after.low is not None and before.high is not None and after.low > before.high + by
    return Truth(can_hold=not fails, can_fail=not holds)


def _negated(value: Interval) -> Interval:
    return Interval(None if value.high is None else -value.high, None if value.low is None else -value.low)
