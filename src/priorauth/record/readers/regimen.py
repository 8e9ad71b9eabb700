"""Injections of insulin a day, over time: the sum over the parts that insulins play, one order for each part at a time.

Of orders for the same part the latest start counts. Orders for the same part that begin on the same day may be one
order written twice or two that belong together: at least the greater, at most their sum. An order without a computable
timing may be anything, so the sum is then a lower bound. What runs into a vein, or by the hour, is no injection. A day
without an order has no row.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from msgspec import Struct

from priorauth.facts.rows import Period, Source
from priorauth.record.chart import Chart
from priorauth.record.readers.conditions import Course
from priorauth.record.readers.medications import Order, bounds_of, course, role
from priorauth.record.readers.timing import UNKNOWN, Rate, as_needed, injected, per_day
from priorauth.values.dates import LAST_DAY

FACT: Final = "insulin_injections"
MOST_LINES: Final = 600
"""Instructions looked at, the newest first: more than a lifetime of refills."""
_PARTS: Final = ("bolus", "basal", "mixed", "unnamed", "unread")
_NONE: Final = Rate(Fraction(0), Fraction(0))


class Line(Struct, frozen=True):
    """One instruction of an order: when, and how often a day."""

    order: int
    ref: str
    part: str
    began: tuple[int, int]
    course: Course
    rate: Rate


def rows(chart: Chart, orders: list[Order]) -> Iterator[Period]:
    """Yield the spans over which the sum does not change."""
    lines = sorted(_lines(chart, orders), key=lambda line: (line.course, line.ref), reverse=True)
    if len(lines) > MOST_LINES:
        chart.warnings.append(f"more than {MOST_LINES} instructions for insulin; the newest are read")
    last: Period | None = None
    for start, end, live in _segments(lines[:MOST_LINES]):
        made = _row(chart, start, end, live)
        if last is not None and last.end_last == start - 1 and _same(last, made):
            last = _span(last, last.start_first, end)
            continue
        if last is not None:
            yield last
        last = made
    if last is not None:
        yield last


def _lines(chart: Chart, orders: list[Order]) -> Iterator[Line]:
    for number, order in enumerate(orders):
        part = role(order)
        if part not in _PARTS or order.inpatient:
            continue
        dosages = [dosage for dosage in order.dosages if not as_needed(dosage) and injected(dosage)]
        if order.dosages and not dosages:
            continue
        began = (order.course.start_first, order.course.start_last)
        known = [per_day(dosage) for dosage in dosages]
        if not dosages or not order.sure or part == "unread" or None in known:
            yield Line(number, order.ref, part, began, order.course, UNKNOWN)
            continue
        rates = [rate for rate in known if rate is not None]
        bounds = [bounds_of(chart, dosage, order.ref) for dosage in dosages]
        steps = {dosage.sequence for dosage in dosages}
        if len(set(bounds)) > 1 and all(start is not None for start, _ in bounds):
            for (start, end), rate in zip(bounds, rates, strict=True):
                if start is not None:
                    yield Line(number, order.ref, part, began, course(chart, start, end, order.resource.status), rate)
        else:
            yield Line(number, order.ref, part, began, order.course, _together(rates, in_turn=len(steps) > 1))


def _together(rates: list[Rate], *, in_turn: bool) -> Rate:
    """Add instructions; numbered ones may be meant one after the other: at least the smallest of them holds."""
    total = _sum(rates)
    return Rate(min(rate.low for rate in rates), total.high) if in_turn else total


def _segments(lines: list[Line]) -> Iterator[tuple[int, int, list[Line]]]:
    """Yield the spans of days on which the same instructions may hold, with these instructions."""
    cuts = sorted(
        {line.course.start_first for line in lines}
        | {line.course.start_last for line in lines}
        | {line.course.end_first + 1 for line in lines}
        | {line.course.end_last + 1 for line in lines}
    )
    for place, start in enumerate(cuts):
        end = cuts[place + 1] - 1 if place + 1 < len(cuts) else LAST_DAY
        live = [line for line in lines if line.course.start_first <= start and end <= line.course.end_last]
        if live and start <= LAST_DAY:
            yield start, end, live


def _row(chart: Chart, start: int, end: int, live: list[Line]) -> Period:
    by_part: dict[str, list[Line]] = {}
    for line in live:
        by_part.setdefault(line.part, []).append(line)
    rates = {part: _of_part(listed, start, end) for part, listed in by_part.items()}
    unnamed = rates.pop("unnamed", _NONE)
    total = _sum(list(rates.values()))
    if unnamed != _NONE:
        total = Rate(max(total.low, unnamed.low), None) if rates else unnamed
    low = chart.scales.multiple(FACT, total.low)
    high = None if total.high is None else chart.scales.multiple(FACT, total.high)
    ref = ", ".join(sorted({line.ref for line in live}))
    return Period(FACT, Source.RECORD, ref, start, start, end, end, low=low, high=high)


def _of_part(lines: list[Line], start: int, end: int) -> Rate:
    """Return how often a day one part is injected over a span on which nothing changes."""
    orders: dict[int, list[Line]] = {}
    for line in lines:
        orders.setdefault(line.order, []).append(line)
    sure: list[tuple[tuple[int, int], Rate]] = []
    perhaps: list[tuple[tuple[int, int], Rate]] = []
    for listed in orders.values():
        holding = [line for line in listed if line.course.start_last <= start and end <= line.course.end_first]
        rate = _sum([line.rate if line in holding else Rate(Fraction(0), line.rate.high) for line in listed])
        (sure if holding else perhaps).append((listed[0].began, rate))
    latest = max((began[0] for began, _ in sure), default=0)
    tied = [rate for began, rate in sure if began[1] >= latest]
    choices = [rate for began, rate in perhaps if began[1] >= latest] + ([_tied(tied)] if tied else [_NONE])
    if len(choices) == 1:
        return choices[0]
    highs = [rate.high for rate in choices]
    return Rate(
        min(rate.low for rate in choices),
        None if None in highs else max(high for high in highs if high is not None),
    )


def _tied(rates: list[Rate]) -> Rate:
    return rates[0] if len(rates) == 1 else Rate(max(rate.low for rate in rates), _sum(rates).high)


def _sum(rates: list[Rate]) -> Rate:
    if len(rates) == 1:
        return rates[0]
    highs = [rate.high for rate in rates]
    return Rate(
        sum((rate.low for rate in rates), Fraction(0)),
        None if None in highs else sum((high for high in highs if high is not None), Fraction(0)),
    )


def _same(one: Period, two: Period) -> bool:
    return (one.low, one.high, one.ref) == (two.low, two.high, two.ref)


def _span(row: Period, start: int, end: int) -> Period:
    return Period(row.fact, row.source, row.ref, start, start, end, end, low=row.low, high=row.high)
