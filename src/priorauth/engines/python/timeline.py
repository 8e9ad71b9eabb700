"""A timeline says, stretch by stretch, what is known of a regimen or a condition on each day.

Per source and day the latest start counts, and a day without a row is unknown. The end of a condition says that it
ended: after it the condition is absent unless another row says otherwise; of the days before its start nothing is
said.
"""

from __future__ import annotations

from msgspec import Struct

from priorauth.facts.rows import Period
from priorauth.values.interval import Interval, hull

PRESENT = Interval(1, 1)
ABSENT = Interval(0, 0)
MAYBE = Interval(0, 1)
_PRESENT, _ABSENT, _HINT = ((one.low, one.high) for one in (PRESENT, ABSENT, MAYBE))
"""The same as the two ends of a row."""


class Stretch(Struct, frozen=True, gc=False):
    """Days ``first``..``last`` on which the same is known: a value, or None where nothing is."""

    first: int
    last: int
    value: Interval | None
    rows: tuple[Period, ...] = ()


def regimen(record: tuple[Period, ...], answers: tuple[Period, ...], first: int, last: int) -> tuple[Stretch, ...]:
    """Lay out a regimen over ``first``..``last`` from both sources together."""
    found = []
    for start, end in _stretches((*record, *answers), first, last):
        one, two = _ruling(record, start), _ruling(answers, start)
        rows = (*(one[1] if one else ()), *(two[1] if two else ()))
        value = _both(one[0], two[0]) if one and two else (one or two or (None,))[0]
        found.append(Stretch(start, end, value, rows))
    return tuple(found)


def condition(periods: tuple[Period, ...], first: int, last: int) -> tuple[Stretch, ...]:
    """Lay out a condition over ``first``..``last``."""
    if not periods and first <= last:
        return (Stretch(first, last, None),)
    found = []
    for start, end in _stretches(periods, first, last):
        found.append(Stretch(start, end, *_present(periods, start)))
    return tuple(found)


def _stretches(periods: tuple[Period, ...], first: int, last: int) -> list[tuple[int, int]]:
    """Cut the days where anything known changes."""
    if last <= first:
        return [(first, last)] if last == first else []
    cuts = {first}
    for row in periods:
        cuts.update((row.start_first, row.start_last, row.end_first + 1, row.end_last + 1))
    starts = sorted([cut for cut in cuts if first <= cut <= last])
    return list(zip(starts, [*(start - 1 for start in starts[1:]), last], strict=True))


def _covers(row: Period, day: int) -> tuple[bool, bool]:
    """Return whether a row covers a day for certain, and whether it may."""
    return row.start_last <= day <= row.end_first, row.start_first <= day <= row.end_last


def _ruling(periods: tuple[Period, ...], day: int) -> tuple[Interval | None, tuple[Period, ...]] | None:
    """Return what one source says of a regimen on a day: the latest start counts; what may be later widens it."""
    certain = [row for row in periods if _covers(row, day)[0]]
    if not certain:
        maybe = tuple(row for row in periods if _covers(row, day)[1])
        return (None, maybe) if maybe else None
    start = max(row.start_first for row in certain)
    rows = [row for row in certain if row.start_last >= start]
    rows += [row for row in periods if row not in rows and _covers(row, day)[1] and row.start_last >= start]
    value = rows[0].value
    for row in rows[1:]:
        value = hull(value, row.value)
    return value, tuple(rows)


def _both(one: Interval | None, two: Interval | None) -> Interval | None:
    """Join what two sources say: what both admit, or where they exclude each other, anything between them."""
    if one is None or two is None:
        return one or two
    lows = [end for end in (one.low, two.low) if end is not None]
    highs = [end for end in (one.high, two.high) if end is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return Interval(low, high) if low is None or high is None or low <= high else hull(one, two)


def _present(periods: tuple[Period, ...], day: int) -> tuple[Interval | None, tuple[Period, ...]]:
    """Return whether a condition is present on a day, and by which rows."""
    said = [row for row in periods if (row.low, row.high) != _HINT]
    certain = [row for row in said if row.start_last <= day <= row.end_first]
    if certain:
        start = max([row.start_first for row in certain])
        ruling = tuple([row for row in said if row.start_first <= day <= row.end_last and row.start_last >= start])
        values = {(row.low, row.high) for row in ruling}
        return (Interval(*values.pop()) if len(values) == 1 else MAYBE), ruling
    maybe = tuple([row for row in periods if row.start_first <= day <= row.end_last])
    if any((row.low, row.high) != _ABSENT for row in maybe):
        return MAYBE, maybe
    ended = tuple([row for row in periods if row.end_last < day and (row.low, row.high) == _PRESENT])
    return (ABSENT, ended) if ended else (None, maybe)
