"""What plain readings show as columns is what the glucose room derives of them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.facts import vocabulary
from priorauth.facts.rows import Event, Row, Source
from priorauth.glucose import evidence as one_by_one
from priorauth.glucose.readings import LATER_MEAL, METER, Reading
from priorauth.population.ingest.plain import evidence
from priorauth.population.ingest.plain.rows import NOWHEN, PLAIN
from priorauth.population.ingest.plain.tables import Seats, tables
from priorauth.population.tables import SCHEMAS, TABLE_OF
from priorauth.record.ordering import in_order
from priorauth.values.dates import EPOCH, MINUTES_A_DAY, iso

KNOWN = vocabulary.load()
DAY = 739_900
VALUES = (40, 53, 54, 69, 70, 71, 120, 181, 700)
TAGS = (0, 0, 4, 8, 12, 16, LATER_MEAL | 4, LATER_MEAL)


@st.composite
def drawn(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Draw the tests of one member: day, minute of the day (-1: not known), value, tags; few days, that many meet."""
    minute = st.one_of(st.just(-1), st.integers(0, 1439), st.sampled_from((359, 360, 361, 400, 414, 415, 600)))
    one = st.tuples(st.integers(DAY, DAY + 3), minute, st.sampled_from(VALUES), st.sampled_from(TAGS))
    apart = st.tuples(st.integers(DAY - 80, DAY), minute, st.sampled_from(VALUES), st.sampled_from(TAGS))
    return draw(st.lists(one, max_size=14)) + draw(st.lists(apart, max_size=40))


def alone(found: Sequence[tuple[int, int, int, int]]) -> dict[str, tuple[Row, ...]]:
    """Give the rows of one member as the reader makes them: of copies the first counts, under the least name."""
    readings: dict[Any, Reading] = {}
    for number, (day, of_day, value, tags) in enumerate(found):
        minute = None if of_day < 0 else (day - EPOCH) * MINUTES_A_DAY + of_day + 300
        row = Event(METER, Source.RECORD, f"Observation/{name(number)}", day, day, minute, value, value)
        held = readings.get(key := number if minute is None else (minute, value))
        if held is None:
            readings[key] = Reading(row, None if of_day < 0 else of_day, tags)
        elif row.ref < held.row.ref:
            readings[key] = held._replace(
                row=Event(METER, Source.RECORD, row.ref, held.row.first, held.row.last, minute, value, value)
            )
    rows: dict[str, list[Row]] = {METER: [one.row for one in readings.values()]}
    for made in one_by_one.rows(KNOWN, list(readings.values()), DAY + 9):
        rows.setdefault(made.fact, []).append(made)
    return {fact: in_order(listed) for fact, listed in rows.items() if listed}


def name(number: int) -> str:
    return f"{'zyxwabcdv'[number % 9]}{number}"


def as_plain(found: Sequence[tuple[int, int, int, int]]) -> np.ndarray[Any, Any]:
    rows = np.zeros(len(found), PLAIN)
    for number, (day, of_day, value, tags) in enumerate(found):
        minute = NOWHEN if of_day < 0 else (day - EPOCH) * MINUTES_A_DAY + of_day + 300
        for column, entry in (("day", day), ("minute", minute), ("of_day", of_day), ("value", value), ("flags", tags)):
            rows[number][column] = entry
        rows[number]["id"] = name(number).encode()
    return rows


@settings(max_examples=150, deadline=None)
@given(st.lists(drawn(), min_size=1, max_size=3))
def test_columns_show_what_readings_show_one_by_one(members: list[list[tuple[int, int, int, int]]]) -> None:
    rows = np.concatenate([as_plain(one) for one in members])
    whose = np.repeat(np.arange(len(members)), [len(one) for one in members])
    seats = Seats()
    for turn in range(len(members)):
        seats.add(100 + turn, turn, DAY + 9)
    made = tables(evidence.parts(KNOWN, rows, whose), seats)
    expected: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for turn, one in enumerate(members):
        for fact, listed in alone(one).items():
            for row in listed:
                shown = tuple(_shown(row, part.name) for part in list(SCHEMAS[TABLE_OF[type(row)]])[1:])
                expected.setdefault((TABLE_OF[type(row)], fact), []).append((100 + turn, *shown))
    found = {
        (table, fact): [tuple(_day(value) for value in row.values()) for row in columns.to_pylist()]
        for table, by_fact in made.items()
        for fact, columns in by_fact.items()
    }
    assert found == expected


def _shown(row: Row, column: str) -> Any:  # a cell
    value = getattr(row, column)
    return iso(value) if column in ("first", "last") else value


def _day(value: Any) -> Any:  # a cell
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_a_reading_that_is_void_shows_nothing() -> None:
    rows = as_plain([(DAY, 400, 60, 4)])
    rows["void"] = True
    assert evidence.parts(KNOWN, rows, np.zeros(1, np.int64)) == []


def test_rows_that_are_equal_in_all_else_stand_by_id() -> None:
    ids = np.array([b"c", b"a", b"b", b"a"], "S64")
    assert evidence.order(ids, np.array([1, 1, 1, 0]), np.array([5, 5, 5, 9])).tolist() == [3, 1, 2, 0]


def test_no_fact_of_plain_readings_is_one_that_sex_or_age_excludes() -> None:
    limited = {fact.name for fact in KNOWN.facts.values() if fact.only_sex or fact.only_ages}
    assert limited.isdisjoint(evidence.FACTS)
