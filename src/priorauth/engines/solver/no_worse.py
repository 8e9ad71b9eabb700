"""A measure after a day held against the same measure before it, as terms."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import z3

from priorauth.engines.solver.measures import Row, apart, between, newest, passes, rows, some
from priorauth.engines.solver.pair import MET, NOT_MET, Pair
from priorauth.engines.solver.view import TRUE, Bool, Int, Patient, all_, any_, not_, total
from priorauth.engines.solver.windows import Span
from priorauth.language import forms as f
from priorauth.values.interval import Number

MOST_SHARED = 5
"""Two shares are held against each other up to this many readings in each: enough for every order of two shares."""


def truth(form: f.NoWorse, spans: tuple[Span, ...], patient: Patient) -> Pair:
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
            total(some(row.sure, row.entry.days if days else row.entry.count) for row in found),
            total(some(row.maybe, row.entry.days if days else row.entry.count) for row in found),
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
        there, same, _ = newest(found, lambda other: MET if other == value else NOT_MET)
        return all_([there, same])

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
        return between(above)[0], between(found)[0]

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
