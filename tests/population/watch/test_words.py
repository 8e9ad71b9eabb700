"""A day in words: its numbers, and who changed by what."""

from __future__ import annotations

import pyarrow as pa

from priorauth.population.run import Summary
from priorauth.population.watch import words
from priorauth.population.watch.difference import Difference
from priorauth.population.watch.state import Counts, Day
from tests.population.watch.small_watch import QUERY

COUNTS = Counts(
    members=1_200, decided=15, new=2, gone=1, outcome=4, criteria=3, resources=40, deletions=5, rejects=6, warnings=7
)
MOVED: list[tuple[str | None, str | None, int, list[str]]] = [
    (None, "approve", 2, ["p1", "p2"]),
    ("approve", None, 1, ["p3"]),
]
FOUND = Difference(pa.table({}), {}, MOVED, [("A", "met", "not-met", 4, ["p4"])])


def test_every_number_of_a_day_stands_in_its_summary() -> None:
    text = words.summary(QUERY, Day("2026-11-02", "2026-11-20", [], COUNTS), FOUND, Summary(QUERY.policy, 1_200))
    lines = text.splitlines()
    assert lines[0] == "2026-11-02: 15 of 1,200 decided, windows count from 2026-11-20"
    assert lines[1] == "  new 2, gone 1, another outcome 4, other criteria 3"
    assert lines[2] == "  40 resources, 5 deletions, 6 rejects, 7 warnings"
    assert "  new -> approve   2  such as p1, p2" in lines
    assert "  approve -> gone  1  such as p3" in lines
    assert "  A HbA1c: met -> not-met  4  such as p4" in lines
    assert "A title (t/t, 1): 1,200 members" in lines


def test_why_everybody_was_decided_is_said_and_what_there_is_none_of_is_not() -> None:
    day = Day("2026-11-01", "2026-11-20", [], COUNTS, "it is the first day")
    lines = list(words.lines(QUERY, day, Difference(pa.table({}))))
    assert lines[1] == "  everybody was decided: it is the first day"
    assert len(lines) == 4
