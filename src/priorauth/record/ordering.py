"""The order of the rows of a fact: by when they were, then by what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row


def in_order(found: Sequence[Row]) -> tuple[Row, ...]:
    """Sort the rows of a fact; where they are of one kind and all have a minute, by keys that need no call."""
    if len(found) < 2:  # noqa: PLR2004  # one is in order
        return tuple(found)
    kinds = set(map(type, found))
    if kinds <= {Period}:
        return tuple(sorted(found, key=_BY_SPAN))
    if kinds in _DATED and None not in map(_MINUTE, found):
        return tuple(sorted(found, key=_BY_MINUTE))
    return tuple(sorted(found, key=_order))


_DATED: Final = ({Event}, {Measurement}, {Answer})
_MINUTE: Final = attrgetter("minute")
_BY_MINUTE: Final = attrgetter("first", "last", "minute", "ref", "source")
_BY_SPAN: Final = attrgetter("start_first", "end_last", "start_last", "ref", "source")
"""The keys of :func:`_order`."""


def _order(row: Row) -> tuple[int, int, int, str, str]:
    """Order rows by when they were, then by what they rest on."""
    kind = type(row)
    if kind is Event or kind is Measurement or kind is Answer:
        minute = row.minute  # type: ignore[union-attr]  # the three kinds tested
        return row.first, row.last, -1 if minute is None else minute, row.ref, row.source  # type: ignore[union-attr]
    if isinstance(row, Period):
        return row.start_first, row.end_last, row.start_last, row.ref, row.source
    return row.first, row.last, -1, row.ref, row.source
