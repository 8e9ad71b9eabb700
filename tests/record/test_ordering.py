"""Rows of a fact stand in one order, whatever the order in which they were read and whichever keys sort them."""

from __future__ import annotations

from itertools import permutations

import pytest

from priorauth.facts.rows import Event, Period, Row, Source
from priorauth.record.ordering import in_order


def event(first: int, minute: int | None = None, ref: str = "a") -> Event:
    return Event("ketoacidosis", Source.RECORD, ref, first, first, minute)


def period(start: int, end: int) -> Period:
    return Period("diabetes", Source.RECORD, "a", start, start, end, end, 1, 1)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (event(1),),
        (event(1, 5), event(1, 6), event(2, 0)),
        (event(1), event(1, 0), event(2)),
        (event(1, 5, "a"), event(1, 5, "b")),
        (period(1, 4), period(1, 5), period(2, 3)),
    ],
)
def test_rows_are_sorted_by_when_they_were_then_by_what_they_rest_on(rows: tuple[Row, ...]) -> None:
    for shuffled in permutations(rows):
        assert in_order(shuffled) == rows
