"""Forms over dated rows as terms: counts, days, averages, shares, spreads, gaps and the newest, in one span of days."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import NamedTuple

import z3

from priorauth.assurance.pair import MET, NOT_MET, UNKNOWN, Pair, compare, if_, negate
from priorauth.assurance.patient import FALSE, TRUE, ZERO, Bool, Entry, Int, Patient, all_, any_, not_, total
from priorauth.assurance.spans import Span, close
from priorauth.language import forms as f
from priorauth.values.interval import Number, Op

MOST_SHARED = 5
"""Two shares are held against each other up to this many readings in each: enough for every order of two shares."""


class Row(NamedTuple):
    """Rows of one cell and number, with the condition that they count for certain, and that they may."""

    entry: Entry
    sure: Bool
    maybe: Bool


def truth(form: f.Form, spans: tuple[Span, ...], patient: Patient) -> Pair | None:
    """Give the truth of a form over dated rows; None where it is of another kind."""
    match form:
        case f.Latest(compare=f.Compare() as test):
            return _latest(rows(form.fact, form.windows, None, spans[0], patient), test)
        case f.AnyRow():
            return _any(form, spans[0], patient)
        case f.NoRow():
            return negate(_any(f.AnyRow(form.fact, None, form.windows), spans[0], patient))
        case f.Count(compare=f.Compare() as test):
            return _count(form, spans[0], patient, test)
        case f.Average(compare=f.Compare() as test):
            counted = f.Count(form.fact, None, form.windows, None)
            return _count(counted, spans[0], patient, test, spans[0].end - spans[0].start)
        case f.DaysWith(compare=f.Compare() as test):
            return _days(form, spans[0], patient, test)
        case f.Share(compare=f.Compare() as test):
            return _share(form, spans[0], patient, test)
        case f.Spread(compare=f.Compare() as test):
            return _spread(form, spans[0], patient, test)
        case f.Gap():
            return _gap(form, spans[0], patient)
        case f.NoWorse():
            return _no_worse(form, spans, patient)
        case _:
            return None


def rows(fact: str, windows: tuple[f.Window, ...], test: f.Test | None, span: Span, patient: Patient) -> list[Row]:
    """Pick the rows in a span that pass a test, on days on which the regimens of ``while`` hold."""
    regimens = [window for window in windows if isinstance(window, f.While)]
    found = []
    for entry in patient.entries(fact):
        if not span.holds(entry.cell.first, entry.cell.last):
            continue
        passing = passes(entry.value, test)
        during = [_during(window, entry.cell.first, patient) for window in regimens]
        sure = all_([part.met for part in [passing, *during]])
        maybe = all_([part.hold for part in [passing, *during]])
        if maybe is not FALSE:
            found.append(Row(entry, sure, maybe))
    return found


def passes(value: int | None, test: f.Test | None) -> Pair:
    """Say whether a number passes a test; a row without one may."""
    if test is None:
        return MET
    if value is None:
        return UNKNOWN
    if isinstance(test, f.Between):
        return MET if test.low.number <= value <= test.high.number else NOT_MET
    return MET if stands(value, test.op, test.amount.number) else NOT_MET


def stands(value: int, op: Op, limit: Number) -> bool:
    """Say whether a known number stands in a relation to a limit."""
    match op:
        case ">":
            return value > limit
        case ">=":
            return value >= limit
        case "<":
            return value < limit
        case "<=":
            return value <= limit
        case "=":
            return value == limit


def _during(window: f.While, day: int, patient: Patient) -> Pair:
    """Say whether a regimen stands in the relation on a day; a day without a word on it may."""
    choice = patient.period(window.fact)
    verdicts = {
        option: UNKNOWN
        if option is None or (value := option.on(day, condition=False)) is None
        else passes(value, window.compare)
        for option in choice.options
    }
    return Pair(
        choice.when(lambda option: verdicts[option].hold is TRUE),
        choice.when(lambda option: verdicts[option].fail is TRUE),
    )


def _some(condition: Bool, number: Int) -> Int:
    if condition is TRUE:
        return number
    return ZERO if condition is FALSE else z3.If(condition, number, ZERO)


def _any(form: f.AnyRow, span: Span, patient: Patient) -> Pair:
    found = rows(form.fact, form.windows, form.compare, span, patient)
    sure, maybe = [], []
    for row in found:
        partner = _partner(form.partner, row.entry, patient) if form.partner else MET
        sure.append(all_([row.entry.present, row.sure, partner.met]))
        maybe.append(all_([row.entry.present, row.maybe, partner.hold]))
    whole = patient.dated(form.fact).whole
    return Pair(any_([not_(whole), *maybe]), not_(any_(sure)))


def _partner(partner: f.Partner, entry: Entry, patient: Patient) -> Pair:
    """Say whether the result of the same day stands in the relation; none on file is unknown."""
    same = [other for other in patient.entries(partner.fact) if other.cell == entry.cell]
    passing = any_(other.present for other in same if passes(other.value, partner.compare) == MET)
    failing = any_(other.present for other in same if passes(other.value, partner.compare) == NOT_MET)
    there = any_([passing, failing])
    return Pair(any_([not_(there), passing]), not_(passing))


def _count(form: f.Count, span: Span, patient: Patient, test: f.Compare, days: int = 1) -> Pair:
    """Hold a count (or rows per day of ``days``) against a limit."""
    found = rows(form.fact, form.windows, form.test, span, patient)
    low, high = _between(found)
    limit = test.amount.number * days
    scale = limit.denominator
    whole = patient.dated(form.fact).whole
    return compare(low * scale, high * scale, whole, test.op, z3.IntVal(limit.numerator))


def _between(found: list[Row]) -> tuple[Int, Int]:
    low = total(_some(row.sure, row.entry.count) for row in found)
    high = total(_some(row.maybe, row.entry.count) for row in found)
    return low, high


def _days(form: f.DaysWith, span: Span, patient: Patient, test: f.Compare) -> Pair:
    """Hold the number of days with a row (or their percent of the window) against a limit."""
    found = rows(form.fact, form.windows, form.test, span, patient)
    low = total(_some(row.sure, row.entry.days) for row in found)
    high = total(_some(row.maybe, row.entry.days) for row in found)
    length = span.end - span.start
    limit, scale = test.amount.number, 1
    if test.amount.unit == "%":
        limit, scale = limit * length, 100
    whole = patient.dated(form.fact).whole
    most = z3.If(whole, high, z3.IntVal(length))
    times = scale * limit.denominator
    return compare(low * times, most * times, TRUE, test.op, z3.IntVal(limit.numerator))


def _share(form: f.Share, span: Span, patient: Patient, test: f.Compare) -> Pair:
    """Hold the percent of readings above a number against a limit; too few are unknown."""
    found = rows(form.fact, form.windows, None, span, patient)
    above = [row for row in found if passes(row.entry.value, f.Compare(">", form.above)) == MET]
    other = [row for row in found if row not in above]
    sure, can = _between(above)
    not_sure, not_can = _between(other)
    few = sure + not_sure < int(form.least.number if form.least else 1)
    limit = test.amount.number
    low = percent(sure, sure + not_can, test.op, limit)
    high = percent(can, can + not_sure, test.op, limit)
    rising = test.op in (">", ">=")
    pair = Pair(high, not_(low)) if rising else Pair(low, not_(high))
    if test.op == "=":
        at_low, at_high = (percent(*ends, "<=", limit) for ends in ((sure, sure + not_can), (can, can + not_sure)))
        reach = all_([at_low, any_([not_(at_high), percent(can, can + not_sure, "=", limit)])])
        pair = Pair(reach, not_(all_([low, high])))
    return if_(few, UNKNOWN, pair)


def percent(part: Int, whole: Int, op: Op, limit: Number) -> Bool:
    """Hold a part of a whole against a limit in percent."""
    from priorauth.assurance.pair import related

    return related(part * 100 * limit.denominator, op, whole * limit.numerator)


def _spread(form: f.Spread, span: Span, patient: Patient, test: f.Compare) -> Pair:
    """Hold the highest less the lowest against a limit; no row is unknown."""
    least, most, there = apart(rows(form.fact, form.windows, None, span, patient))
    whole = patient.dated(form.fact).whole
    return if_(there, compare(least, most, whole, test.op, z3.IntVal(int(test.amount.number))), UNKNOWN)


def apart(found: list[Row]) -> tuple[Int, Int, Bool]:
    """Give how far rows lie apart at least and at most, and the condition that there is one."""
    values = sorted({row.entry.value for row in found if row.entry.value is not None})
    sure = {value: any_(all_([r.entry.present, r.sure]) for r in found if r.entry.value == value) for value in values}
    maybe = {value: any_(all_([r.entry.present, r.maybe]) for r in found if r.entry.value == value) for value in values}
    return _widest(values, sure), _widest(values, maybe), any_(maybe.values())


def _widest(values: list[int], there: dict[int, Bool]) -> Int:
    """Give the greatest distance between two numbers that are there."""
    widest: Int = ZERO
    for low, high in sorted(((a, b) for a in values for b in values if a < b), key=lambda pair: pair[1] - pair[0]):
        widest = z3.If(all_([there[low], there[high]]), z3.IntVal(high - low), widest)
    return widest


def _latest(found: list[Row], test: f.Compare) -> Pair:
    """Test the newest row: of those that may be it, all or none pass."""
    some, met, failed = _newest(found, lambda value: passes(value, test))
    return Pair(not_(all_([some, failed])), not_(all_([some, met])))


def _newest(found: list[Row], test: object) -> tuple[Bool, Bool, Bool]:
    """Say that there is a row for certain, that every row that may be the newest passes, and that every one fails."""
    newer: list[Bool] = []
    must_pass, must_fail, some = [], [], []
    for cell in sorted({row.entry.cell for row in found}, key=lambda cell: -cell.first):
        here = [row for row in found if row.entry.cell == cell]
        oldest = not_(any_(newer))
        for row in here:
            may_be = all_([row.entry.present, row.maybe, oldest])
            passing = test(row.entry.value)  # type: ignore[operator]
            must_pass.append(not_(all_([may_be, passing.fail])))
            must_fail.append(not_(all_([may_be, passing.hold])))
            some.append(all_([row.entry.present, row.sure]))
        newer += [all_([row.entry.present, row.sure]) for row in here]
    return any_(some), all_(must_pass), all_(must_fail)


def _gap(form: f.Gap, span: Span, patient: Patient) -> Pair:
    """Hold the longest stretch without a row against a calendar length, the window's ends counted as edges."""
    found = rows(form.fact, form.windows, None, span, patient)
    whole = patient.dated(form.fact).whole
    pairs = {strict: _within(form, found, span, whole, strict=strict) for strict in (False, True)}
    match form.op:
        case "<=":
            return pairs[False]
        case "<":
            return pairs[True]
        case ">":
            return negate(pairs[False])
        case ">=":
            return negate(pairs[True])
        case "=":
            one, two = pairs[False], negate(pairs[True])
            return Pair(all_([one.hold, two.hold]), any_([one.fail, two.fail]))


def _within(form: f.Gap, found: list[Row], span: Span, whole: Bool, *, strict: bool) -> Pair:
    """Say whether after the start and after every row another row or the end follows soon enough."""

    def steps(counts: dict[int, Bool]) -> Bool:
        edges = {max(span.start, 1): TRUE, **counts}
        kept = []
        for day, there in edges.items():
            follows = [
                other_there
                for other, other_there in [*counts.items(), (span.end, TRUE)]
                if other > day and close(day, other, form.length.duration, strict=strict)
            ]
            kept.append(any_([not_(there), *follows]) if day < span.end else TRUE)
        return all_(kept)

    sure = {row.entry.cell.first: all_([row.entry.present, row.sure]) for row in found}
    maybe = {row.entry.cell.first: all_([row.entry.present, row.maybe]) for row in found}
    return Pair(any_([not_(whole), steps(maybe)]), not_(steps(sure)))


# ---- before and after


def _no_worse(form: f.NoWorse, spans: tuple[Span, ...], patient: Patient) -> Pair:
    """Hold a measure after a day against the same measure before it."""
    measure, higher = form.measure, patient.grid.vocabulary[form.fact].worse == "higher"
    by = form.by.number if form.by else Fraction(0)
    test = measure.test if isinstance(measure, f.Count | f.DaysWith) else None
    before, after = (rows(form.fact, measure.windows, test, span, patient) for span in spans)
    match measure:
        case f.Latest():
            return _newest_no_worse(before, after, int(by), higher=higher)
        case f.Share():
            return _share_no_worse(before, after, measure, by, patient, higher=higher)
        case _:
            if isinstance(measure, f.Average):
                by *= spans[1].end - spans[1].start
            return _number_no_worse(before, after, measure, by, patient, higher=higher)


def _number_no_worse(  # noqa: PLR0913 - two spans, one measure
    before: list[Row], after: list[Row], measure: f.Measure, by: Number, patient: Patient, *, higher: bool
) -> Pair:
    """Hold counts, or days, over equal spans against each other."""
    whole = patient.dated(measure.fact).whole
    days = isinstance(measure, f.DaysWith)

    def ends(found: list[Row]) -> tuple[Int, Int, Bool]:
        if isinstance(measure, f.Spread):
            return apart(found)
        return (
            total(_some(row.sure, row.entry.days if days else row.entry.count) for row in found),
            total(_some(row.maybe, row.entry.days if days else row.entry.count) for row in found),
            TRUE,
        )

    scale, allowed = by.denominator, z3.IntVal(by.numerator)
    (low_before, high_before, one), (low_after, high_after, two) = ends(before), ends(after)
    whole = all_([whole, one, two])
    if higher:
        holds = all_([whole, high_after * scale <= low_before * scale + allowed])
        fails = all_([whole, low_after * scale > high_before * scale + allowed])
    else:
        holds = all_([whole, low_after * scale >= high_before * scale - allowed])
        fails = all_([whole, high_after * scale < low_before * scale - allowed])
    return Pair(not_(fails), not_(holds))


def _newest_no_worse(before: list[Row], after: list[Row], by: int, *, higher: bool) -> Pair:
    """Hold the newest result after a day against the newest up to it: only the pair of numbers counts."""
    values = sorted({row.entry.value for row in (*before, *after) if row.entry.value is not None})

    def is_(found: list[Row], value: int) -> Bool:
        some, same, _ = _newest(found, lambda other: MET if other == value else NOT_MET)
        return all_([some, same])

    first = {value: is_(before, value) for value in values}
    then = {value: is_(after, value) for value in values}
    fine = [
        all_([first[old], then[new]])
        for old, new in product(values, values)
        if (new <= old + by if higher else new >= old - by)
    ]
    worse = [
        all_([first[old], then[new]])
        for old, new in product(values, values)
        if not (new <= old + by if higher else new >= old - by)
    ]
    return Pair(not_(any_(worse)), not_(any_(fine)))


def _share_no_worse(  # noqa: PLR0913 - two spans, one measure
    before: list[Row], after: list[Row], measure: f.Share, by: Number, patient: Patient, *, higher: bool
) -> Pair:
    """Hold two shares against each other, for up to so many readings on each side."""

    def parts(found: list[Row]) -> tuple[Int, Int]:
        above = [row for row in found if passes(row.entry.value, f.Compare(">", measure.above)) == MET]
        return _between(above)[0], _between(found)[0]

    (hit_before, all_before), (hit_after, all_after) = parts(before), parts(after)
    fine: list[Bool] = []
    worse: list[Bool] = []
    patient.rules += [all_before <= MOST_SHARED, all_after <= MOST_SHARED]
    sizes = [(hit, size) for size in range(1, MOST_SHARED + 1) for hit in range(size + 1)]
    old = {pair: all_([hit_before == pair[0], all_before == pair[1]]) for pair in sizes}
    new = {pair: all_([hit_after == pair[0], all_after == pair[1]]) for pair in sizes}
    for one, two in product(sizes, sizes):
        first, then = (Fraction(100 * hit, size) for hit, size in (one, two))
        good = then <= first + by if higher else then >= first - by
        (fine if good else worse).append(all_([old[one], new[two]]))
    sure = any_(fine), any_(worse)
    return Pair(not_(sure[1]), not_(sure[0]))
