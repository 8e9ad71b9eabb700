"""Plain rows as tables: once for each seat of a member, among the rows that the reader made."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from priorauth.population.ingest.plain.evidence import Part
from priorauth.population.ingest.plain.tables import Seats, tables, together
from priorauth.population.tables import SCHEMAS
from priorauth.values.dates import EPOCH


def part(fact: str, whose: list[int], ids: list[bytes], minutes: list[int]) -> Part:
    days = np.full(len(whose), EPOCH + 20_000)
    values = np.arange(len(whose)) + 100
    return Part("event", fact, np.array(whose), np.array(ids, "S64"), days, np.array(minutes), values, values)


def test_the_rows_of_a_member_with_two_seats_stand_under_both() -> None:
    seats = Seats()
    for number, turn in ((7, 1), (8, 0), (9, 0)):
        seats.add(number, turn, EPOCH)
    made = tables([part("hypoglycemia", [0, 0, 1], [b"a", b"b", b"c"], [5, 6, 7])], seats)["event"]["hypoglycemia"]
    assert made.schema == SCHEMAS["event"]
    listed = list(zip(made["member"].to_pylist(), made["ref"].to_pylist(), strict=True))
    assert listed == [(7, "Observation/c"), *((seat, f"Observation/{one}") for seat in (8, 9) for one in "ab")]


def test_a_member_without_a_row_of_a_fact_has_none() -> None:
    seats = Seats()
    seats.add(1, 4, EPOCH)
    assert tables([part("hypoglycemia", [0], [b"a"], [5])], seats) == {}


def test_rows_that_rest_on_two_readings_name_both_and_on_one_that_one() -> None:
    seats = Seats()
    seats.add(1, 0, EPOCH)
    ranged = part("hypoglycemia", [0, 0], [b"a", b"b"], [5, 6])._replace(other=np.array([b"c", b"b"], "S64"))
    made = tables([ranged], seats)["event"]["hypoglycemia"]
    assert made["ref"].to_pylist() == ["Observation/a, Observation/c", "Observation/b"]


def test_rows_of_the_reader_and_plain_ones_stand_by_fact_member_and_time() -> None:
    seats = Seats()
    for turn in (0, 1):
        seats.add(turn, turn, EPOCH)
    plain = tables([part("hypoglycemia", [0, 0, 1], [b"p1", b"p3", b"p4"], [10, 30, 5])], seats)["event"]
    read = together(SCHEMAS["event"].empty_table(), plain).to_pylist()[:1]
    rows = [
        {**read[0], "ref": "Condition/x", "minute": 20},
        {**read[0], "member": 1, "ref": "Condition/y", "minute": None},
    ]
    last = {**read[0], "fact": "ketoacidosis", "ref": "Condition/z"}
    made = together(pa.Table.from_pylist([*rows, last], SCHEMAS["event"]), plain)
    expected = ["Observation/p1", "Condition/x", "Observation/p3", "Condition/y", "Observation/p4", "Condition/z"]
    assert made["ref"].to_pylist() == expected
    assert made["ref"].num_chunks == 1
