"""The thresholds of a form: for each the patients who are just on one side of it, and those who are just on the other.

A number is next to its limit, a count one from it, a share would turn with one reading more or less, a period began a
day earlier or later, a gap is a day wider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from priorauth.engines.solver.grid import Script
from priorauth.engines.solver.measures import Row, added, apart, passes, percent, rows, stands
from priorauth.engines.solver.outcome import World
from priorauth.engines.solver.pair import MET
from priorauth.engines.solver.view import Bool, Entry, all_, any_, not_, total
from priorauth.engines.solver.windows import Span, anchor_names, close, spans_of
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.values import dates

Side = tuple[str, Bool, Bool]
"""What the threshold is called, the condition of being just right of it, and of being just wrong."""
_RISING = (">", ">=", "=")


def thresholds(form: f.Form, world: World) -> Iterator[Side]:
    """Yield each threshold of a form."""
    patient = world.patient
    match form:
        case f.Latest(compare=f.Compare() as test) | f.AnyRow(compare=f.Compare() as test):
            entries = [row.entry for row in _rows(form, world)[0]]
            yield f"number {test.amount.text}", *_split(entries, test, patient.grid.numbers(form.fact))
        case f.Has(compare=test) if patient.grid.vocabulary[form.fact].values != ("date",):
            choice = patient.statement(form.fact)
            good, bad = _neighbours(test, patient.grid.numbers(form.fact))
            yield f"number {test.amount.text}", choice.when(lambda n: n == good), choice.when(lambda n: n == bad)
        case f.Throughout():
            yield from _stretches(form, world)
        case f.On(compare=f.Compare() as test):
            yield _number_of_regimen(form.fact, test, world)
        case f.Lasts():
            yield from _lengths(form, world)
        case (
            f.Count(compare=f.Compare() as test)
            | f.Average(compare=f.Compare() as test)
            | f.DaysWith(compare=f.Compare() as test)
        ):
            yield from _counts(form, test, world)
        case f.Share(compare=f.Compare() as test):
            yield from _shares(form, test, world)
        case f.Spread(compare=f.Compare() as test):
            yield from _spreads(form, test, world)
        case f.Sum():
            yield from _sums(form, world)
        case f.Gap():
            yield from _gaps(form, world)
        case f.Age():
            yield from _births(form, world)
        case f.Documented() | f.Recent() if patient.grid.vocabulary[form.fact].values == ("date",):
            yield from _papers(form, world)
        case _:
            pass
    if isinstance(form, f.Latest | f.AnyRow) and contents.lengths_of(form):
        yield from _edges(form, world)


def _named(length: f.Length) -> str:
    return f"length {length.duration}"


Dated = f.Latest | f.AnyRow | f.Count | f.Average | f.DaysWith | f.Share | f.Spread | f.Sum | f.Gap


def _rows(form: Dated, world: World) -> tuple[list[Row], Span, Bool]:
    """Return the rows in the window of a form, its anchors at their first days; the window, and when it is that one."""
    test = form.test if isinstance(form, f.Count | f.DaysWith) else None
    span, chosen = _window(form, world)
    return rows(form.fact, form.windows, test, span, world.patient), span, chosen


def _window(form: f.Form, world: World) -> tuple[Span, Bool]:
    """Return the window of a form with its anchors at their first days, and the condition that it is that one."""
    days, chosen = next(iter(world.patient.anchors(anchor_names(form))))
    return spans_of(form, days, world.patient.grid.as_of)[0], chosen


# ---- numbers


def _split(entries: list[Entry], test: f.Compare, numbers: tuple[int, ...]) -> tuple[Bool, Bool]:
    good, bad = _neighbours(test, numbers)
    on_good, on_bad = (any_(entry.present for entry in entries if entry.value == value) for value in (good, bad))
    return on_good, on_bad


def _neighbours(test: f.Compare, numbers: tuple[int, ...]) -> tuple[int, int]:
    """Return the number nearest to a threshold that passes, and the nearest that does not."""
    limit = test.amount.number
    passing = [number for number in numbers if passes(number, test) == MET]
    failing = [number for number in numbers if passes(number, test) != MET]
    good, bad = (
        min(listed, key=lambda number: abs(Fraction(number) - Fraction(limit)), default=-1)
        for listed in (passing, failing)
    )
    return good, bad


# ---- measures


def _counts(form: f.Count | f.Average | f.DaysWith, test: f.Compare, world: World) -> Iterator[Side]:
    """Yield the least whole number that passes, or the greatest, and its neighbour."""
    found, span, chosen = _rows(form, world)
    days = span.end - span.start
    limit = Fraction(test.amount.number)
    if isinstance(form, f.Average):
        limit *= days
    elif isinstance(form, f.DaysWith) and test.amount.unit == "%":
        limit *= Fraction(days, 100)
    numbers = range(max(floor(limit) - 1, 0), ceil(limit) + 2)
    passing = [number for number in numbers if stands(number, test.op, limit)]
    failing = [number for number in numbers if number not in passing]
    good, bad = (min(one, key=lambda number: abs(number - limit), default=-1) for one in (passing, failing))
    counted = total(row.entry.days if isinstance(form, f.DaysWith) else row.entry.count for row in found)
    name = f"count {limit}" if isinstance(form, f.Count) else f"limit {test.amount.text}"
    yield name, all_([chosen, counted == good]), all_([chosen, counted == bad])


def _shares(form: f.Share, test: f.Compare, world: World) -> Iterator[Side]:
    """Yield who would fail with one reading more on the wrong side of the number, and who would pass with one fewer."""
    found, _, chosen = _rows(form, world)
    beyond = [row for row in found if passes(row.entry.value, f.Compare(">", form.above)) == MET]
    above, readings = (total(row.entry.count for row in some) for some in (beyond, found))
    enough = all_([chosen, readings >= int(form.least.number if form.least else 1)])
    step = 1 if test.op in _RISING else -1
    here, less, more = (percent(above + by, readings, test.op, test.amount.number) for by in (0, -step, step))
    yield f"limit {test.amount.text}", all_([enough, here, not_(less)]), all_([enough, not_(here), more])


def _spreads(form: f.Spread, test: f.Compare, world: World) -> Iterator[Side]:
    found, _, chosen = _rows(form, world)
    values = sorted({row.entry.value for row in found if row.entry.value is not None})
    good, bad = _neighbours(test, tuple(sorted({high - low for low in values for high in values if low <= high})))
    _, most, there = apart(found)
    yield f"limit {test.amount.text}", all_([chosen, there, most == good]), all_([chosen, there, most == bad])


def _sums(form: f.Sum, world: World) -> Iterator[Side]:
    """Yield rows that come to the number just right of the limit, and rows that come to the one just wrong."""
    found, _, chosen = _rows(form, world)
    limit = int(form.compare.amount.number)
    good, bad = _neighbours(form.compare, tuple(range(max(limit - 1, 0), limit + 2)))
    least, most = added(found)
    exact = all_([chosen, least == most])
    yield f"limit {form.compare.amount.text}", all_([exact, most == good]), all_([exact, most == bad])


def _gaps(form: f.Gap, world: World) -> Iterator[Side]:
    """Yield two rows that are just as far apart as may be, and two that are a day farther."""
    found, span, chosen = _rows(form, world)
    length = form.length.duration
    there = {row.entry.cell.first: row.entry.present for row in found if row.entry.cell.first > span.start}
    days = sorted(there)

    def apart_by(wanted: Callable[[int, int], bool]) -> Bool:
        return any_(
            all_([there[one], there[two], not_(any_(there[day] for day in days if one < day < two))])
            for one in days
            for two in days
            if one < two and wanted(one, two)
        )

    def near(one: int, two: int) -> bool:
        return close(one, two, length, strict=False) and not close(one, two + 1, length, strict=False)

    def wide(one: int, two: int) -> bool:
        return close(one, two - 1, length, strict=False) and not close(one, two, length, strict=False)

    sides = (near, wide) if form.op in ("<", "<=", "=") else (wide, near)
    good, bad = (all_([chosen, apart_by(side)]) for side in sides)
    yield _named(form.length), good, bad


# ---- periods


def _stretches(form: f.Throughout, world: World) -> Iterator[Side]:
    """Yield the number of a regimen, and a start on the first day of the stretch and on the day after."""
    period = world.patient.period(form.fact)
    if form.compare is not None:
        yield _number_of_regimen(form.fact, form.compare, world)
    span, chosen = _window(form, world)
    on_time, late = (all_([chosen, period.when(_of(_from(span.start + day)))]) for day in (1, 2))
    yield _named(form.length), on_time, late


def _number_of_regimen(fact: str, test: f.Compare, world: World) -> Side:
    """Return the number of a regimen, just right of a threshold and just wrong."""
    period = world.patient.period(fact)
    good, bad = _neighbours(test, world.patient.grid.numbers(fact))
    one, other = (period.when(_of(_at(value))) for value in (good, bad))
    return f"number {test.amount.text}", one, other


def _lengths(form: f.Lasts, world: World) -> Iterator[Side]:
    """Yield a period that has lasted just long enough, and one that began a day later."""
    as_of = world.patient.grid.as_of
    period, length = world.patient.period(form.fact), form.length.duration

    def full(one: Script) -> bool:
        return dates.plus(one.start, length) <= as_of < dates.plus(one.start + 1, length)

    def short(one: Script) -> bool:
        return dates.plus(one.start - 1, length) <= as_of < dates.plus(one.start, length)

    yield _named(form.length), period.when(_of(full)), period.when(_of(short))


def _at(value: int) -> Callable[[Script], bool]:
    return lambda one: one.value == value


def _from(day: int) -> Callable[[Script], bool]:
    return lambda one: one.start == day


def _of(wanted: Callable[[Script], bool]) -> Callable[[Script | None], bool]:
    return lambda one: one is not None and one.start > 1 and wanted(one)


# ---- days


def _births(form: f.Age, world: World) -> Iterator[Side]:
    """Yield the birthday itself and the day before it."""
    patient = world.patient
    choice = patient.statement("birth_date")
    days = sorted(day for day in choice.options if isinstance(day, int))
    for one, two in pairwise(days):
        if two == one + 1:
            old, young = (choice.when(_is(day)) for day in (one, two))
            yield f"age {form.years.text}", *((old, young) if form.op in _RISING else (young, old))


def _is(wanted: object) -> Callable[[object], bool]:
    return lambda option: option == wanted


def _papers(form: f.Documented | f.Recent, world: World) -> Iterator[Side]:
    """Yield a date on the first day of the window, and one on the day before it."""
    stated = world.patient.statement(form.fact)
    span, chosen = _window(form, world)
    inside, outside = (all_([chosen, stated.when(_is(day))]) for day in (span.start + 1, span.start))
    yield "first day of the window", inside, outside


def _edges(form: f.Latest | f.AnyRow, world: World) -> Iterator[Side]:
    """Yield a row on the first day of the window, and one on the day before it with nothing later."""
    span, chosen = _window(form, world)
    entries = world.patient.entries(form.fact)
    first = any_(entry.present for entry in entries if entry.cell.first == span.start + 1)
    last = any_(entry.present for entry in entries if entry.cell.last == span.start)
    later = any_(entry.present for entry in entries if entry.cell.first > span.start)
    yield "first day of the window", all_([chosen, first]), all_([chosen, last, not_(later)])
