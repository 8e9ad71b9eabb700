"""Forms over dated rows as terms: counts, days, averages, shares, spreads, gaps and the newest, in one span of days."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import z3

from priorauth.engines.solver.pair import MET, NOT_MET, UNKNOWN, Pair, compare, if_, negate
from priorauth.engines.solver.view import FALSE, TRUE, ZERO, Bool, Entry, Int, Patient, all_, any_, not_, total
from priorauth.engines.solver.windows import Span, close
from priorauth.language import forms as f
from priorauth.values.interval import Number, Op


class Row(NamedTuple):
    """Rows of one cell and number, with the condition that they count for certain, and that they may."""

    entry: Entry
    sure: Bool
    maybe: Bool


def truth(form: f.Form, spans: tuple[Span, ...], patient: Patient) -> Pair | None:
    """Return the truth of a form over dated rows; None where it is of another kind."""
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
        case f.Sum():
            return _sum(form, spans[0], patient)
        case f.Spaced():
            return _spaced(form, spans[0], patient)
        case f.Gap():
            return _gap(form, spans[0], patient)
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
    """Return whether a number passes a test; a row without one may."""
    if test is None:
        return MET
    if value is None:
        return UNKNOWN
    if isinstance(test, f.Between):
        return MET if test.low.number <= value <= test.high.number else NOT_MET
    return MET if stands(value, test.op, test.amount.number) else NOT_MET


def stands(value: int, op: Op, limit: Number) -> bool:
    """Whether a known number stands in a relation to a limit."""
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
    """Return whether a regimen stands in the relation on a day; a day without a word on it may."""
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


def some(condition: Bool, number: Int) -> Int:
    """Return a number where a condition holds, else nothing."""
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


def read(form: f.AnyRow, span: Span, patient: Patient) -> tuple[Bool, Bool]:
    """Whether a result on file fails and none may pass, and that one passes and lacks only what was drawn with it."""
    failed, passed, maybe = [], [], []
    for row in rows(form.fact, form.windows, None, span, patient):
        number = passes(row.entry.value, form.compare)
        partner = _partner(form.partner, row.entry, patient) if form.partner else MET
        can = all_([number.hold, partner.hold])
        failed.append(all_([row.entry.present, row.sure, not_(can)]))
        passed.append(all_([row.entry.present, row.sure, number.met, partner.open]))
        maybe.append(all_([row.entry.present, row.maybe, can]))
    whole = patient.dated(form.fact).whole
    return all_([any_(failed), not_(any_(maybe)), not_(whole)]), any_(passed)


def closed(form: f.Latest | f.Share, span: Span, patient: Patient) -> Bool:
    """Whether none is on file, or too few, of a record that is whole."""
    found = rows(form.fact, form.windows, None, span, patient)
    whole = patient.dated(form.fact).whole
    if isinstance(form, f.Latest):
        return all_([whole, *(not_(all_([row.entry.present, row.maybe])) for row in found)])
    _, most = between(found)
    return all_([whole, most < int(form.least.number if form.least else 1)])


def _partner(partner: f.Partner, entry: Entry, patient: Patient) -> Pair:
    """Return whether the result of the same day stands in the relation; none on file is unknown."""
    same = [other for other in patient.entries(partner.fact) if other.cell == entry.cell]
    passing = any_(other.present for other in same if passes(other.value, partner.compare) == MET)
    failing = any_(other.present for other in same if passes(other.value, partner.compare) == NOT_MET)
    there = any_([passing, failing])
    return Pair(any_([not_(there), passing]), not_(passing))


def _count(form: f.Count, span: Span, patient: Patient, test: f.Compare, days: int = 1) -> Pair:
    """Hold a count (or rows per day of ``days``) against a limit."""
    found = rows(form.fact, form.windows, form.test, span, patient)
    low, high = between(found)
    limit = test.amount.number * days
    scale = limit.denominator
    whole = patient.dated(form.fact).whole
    return compare(low * scale, high * scale, whole, test.op, z3.IntVal(limit.numerator))


def between(found: list[Row]) -> tuple[Int, Int]:
    """Return how many rows count for certain, and how many may."""
    low = total(some(row.sure, row.entry.count) for row in found)
    high = total(some(row.maybe, row.entry.count) for row in found)
    return low, high


def _days(form: f.DaysWith, span: Span, patient: Patient, test: f.Compare) -> Pair:
    """Hold the number of days with a row (or their percent of the window) against a limit."""
    found = rows(form.fact, form.windows, form.test, span, patient)
    low = total(some(row.sure, row.entry.days) for row in found)
    high = total(some(row.maybe, row.entry.days) for row in found)
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
    sure, can = between(above)
    not_sure, not_can = between(other)
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
    from priorauth.engines.solver.pair import related

    return related(part * 100 * limit.denominator, op, whole * limit.numerator)


def _spread(form: f.Spread, span: Span, patient: Patient, test: f.Compare) -> Pair:
    """Hold the highest less the lowest against a limit; no row is unknown."""
    least, most, there = apart(rows(form.fact, form.windows, None, span, patient))
    whole = patient.dated(form.fact).whole
    return if_(there, compare(least, most, whole, test.op, z3.IntVal(int(test.amount.number))), UNKNOWN)


def apart(found: list[Row]) -> tuple[Int, Int, Bool]:
    """Return how far rows lie apart at least and at most, and the condition that there is one."""
    values = sorted({row.entry.value for row in found if row.entry.value is not None})
    sure = {value: any_(all_([r.entry.present, r.sure]) for r in found if r.entry.value == value) for value in values}
    maybe = {value: any_(all_([r.entry.present, r.maybe]) for r in found if r.entry.value == value) for value in values}
    return _widest(values, sure), _widest(values, maybe), any_(maybe.values())


def _widest(values: list[int], there: dict[int, Bool]) -> Int:
    """Return the greatest distance between two numbers that are there."""
    widest: Int = ZERO
    for low, high in sorted(((a, b) for a in values for b in values if a < b), key=lambda pair: pair[1] - pair[0]):
        widest = z3.If(all_([there[low], there[high]]), z3.IntVal(high - low), widest)
    return widest


def _latest(found: list[Row], test: f.Compare) -> Pair:
    """Test the newest row: of those that may be it, all or none pass."""
    there, met, failed = newest(found, lambda value: passes(value, test))
    return Pair(not_(all_([there, failed])), not_(all_([there, met])))


def newest(found: list[Row], test: object) -> tuple[Bool, Bool, Bool]:
    """Whether there is a row for certain, that every row that may be the newest passes, and that every one fails."""
    newer: list[Bool] = []
    must_pass, must_fail, there = [], [], []
    for cell in sorted({row.entry.cell for row in found}, key=lambda cell: -cell.first):
        here = [row for row in found if row.entry.cell == cell]
        oldest = not_(any_(newer))
        for row in here:
            may_be = all_([row.entry.present, row.maybe, oldest])
            passing = test(row.entry.value)  # type: ignore[operator]
            must_pass.append(not_(all_([may_be, passing.fail])))
            must_fail.append(not_(all_([may_be, passing.hold])))
            there.append(all_([row.entry.present, row.sure]))
        newer += [all_([row.entry.present, row.sure]) for row in here]
    return any_(there), all_(must_pass), all_(must_fail)


def _sum(form: f.Sum, span: Span, patient: Patient) -> Pair:
    """Hold the numbers of all rows, added up, against a limit."""
    low, high = added(rows(form.fact, form.windows, None, span, patient))
    whole = patient.dated(form.fact).whole
    return compare(low, high, whole, form.compare.op, z3.IntVal(int(form.compare.amount.number)))


def added(found: list[Row]) -> tuple[Int, Int]:
    """Return what the numbers of rows come to for certain, and what they may come to; all are known exactly."""
    low = total(some(row.sure, row.entry.count) * (row.entry.value or 0) for row in found)
    high = total(some(row.maybe, row.entry.count) * (row.entry.value or 0) for row in found)
    return low, high


def _spaced(form: f.Spaced, span: Span, patient: Patient) -> Pair:
    """Return whether so many rows lie apart: of the rows up to a day, the newest of them or the same without it."""
    found = rows(form.fact, form.windows, form.test, span, patient)
    wanted, whole = int(form.compare.amount.number), patient.dated(form.fact).whole

    def reached(counts: dict[int, Bool]) -> Bool:
        days = sorted(counts)
        steps: list[list[Bool]] = [[TRUE, *([FALSE] * wanted)]]
        """Of the first so many days: whether none, one, two ... of their rows lie apart."""
        for place, day in enumerate(days):
            back = sum(close(other, day, form.apart.duration, strict=True) is False for other in days[:place])
            steps.append(
                [
                    TRUE,
                    *(
                        any_([steps[place][number], all_([counts[day], steps[back][number - 1]])])
                        for number in range(1, wanted + 1)
                    ),
                ]
            )
        return steps[-1][wanted]

    def by_day(chosen: Callable[[Row], Bool]) -> dict[int, Bool]:
        listed: dict[int, list[Bool]] = {}
        for row in found:
            listed.setdefault(row.entry.cell.first, []).append(all_([row.entry.present, chosen(row)]))
        return {day: any_(parts) for day, parts in listed.items()}

    sure, maybe = reached(by_day(lambda row: row.sure)), reached(by_day(lambda row: row.maybe))
    return Pair(any_([not_(whole), maybe]), not_(sure))


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
    """Return whether after the start and after every row another row or the end follows soon enough."""

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
