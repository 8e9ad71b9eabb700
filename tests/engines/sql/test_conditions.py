"""A condition read from its SQL says what DuckDB says of it, NULL among what is known."""

from __future__ import annotations

from itertools import product

import duckdb
import numpy as np
import pytest

from priorauth.engines.sql.conditions import Choice, Days, Null, Reader, Truth, Unreadable, Value, Words
from priorauth.engines.sql.gates import Gates, packed, unpacked
from priorauth.engines.sql.weighing import gates_of

EVERYBODY = list(product((True, False, None), (True, False), ("x", "it's", None), (-1, 0, 2)))
DAYS = {True: "2026-01-02", False: "2026-03-04"}


def reader() -> tuple[Reader, dict[object, np.ndarray]]:
    """Give a reader that knows ``w`` (or not), ``t``, ``one`` of two texts, ``taken`` and two days, with their bits."""
    gates = Gates()
    known: dict[object, np.ndarray] = {}

    def gate(place: int, wanted: object) -> int:
        known[place, wanted] = packed(np.array([row[place] is wanted or row[place] == wanted for row in EVERYBODY]))
        return gates.known((place, wanted))

    word = Truth(gate(0, True), gate(0, False))
    sure = Truth(gate(1, True), gates.other(gates.known((1, True))))
    columns: dict[str, Value] = {
        "w": word,
        "t": sure,
        "one": Choice({text: gate(2, text) for text in ("x", "it's")}),
        "taken": Choice({number: gate(3, number) for number in (-1, 0, 2)}),
        "early": Days({"early": word.yes}),
        "late": Days({"late": word.no}),
    }
    return Reader.over(gates, columns), known


def said(text: str) -> list[object]:
    """Give the value of a text for everybody."""
    read, known = reader()
    value = read.read(text)
    lines = read.gates.run(known, read.gates.needed(gates_of(value)), len(EVERYBODY))
    bits = {gate: unpacked(found, len(EVERYBODY)) for gate, found in lines.items()}
    everybody = range(len(EVERYBODY))
    match value:
        case Truth(yes, no):
            assert not (bits[yes] & bits[no]).any()
            return [True if bits[yes][one] else False if bits[no][one] else None for one in everybody]
        case Choice(gates):
            return [next((name for name, gate in gates.items() if bits[gate][one]), None) for one in everybody]
        case Days(gates):
            days = {"early": DAYS[True], "late": DAYS[False]}
            return [
                max((days[name] for name, gate in gates.items() if bits[gate][one]), default=None) for one in everybody
            ]
        case Words(gates):
            return [" ".join(name for name, gate in gates.items() if bits[gate][one]) for one in everybody]
    assert isinstance(value, Null)
    return [None for _ in everybody]


def by_sql(text: str) -> list[object]:
    """Give what DuckDB says."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE everybody (place INTEGER, w BOOLEAN, t BOOLEAN, one VARCHAR, taken INTEGER)")
    connection.executemany(
        "INSERT INTO everybody VALUES (?, ?, ?, ?, ?)", [(n, *row) for n, row in enumerate(EVERYBODY)]
    )
    days = f"CASE WHEN w THEN DATE '{DAYS[True]}' END AS early, CASE WHEN NOT w THEN DATE '{DAYS[False]}' END AS late"
    found = connection.execute(f"SELECT {text} FROM (SELECT *, {days} FROM everybody) ORDER BY place").fetchall()
    return [value if isinstance(value, bool | str | int | None) else str(value) for (value,) in found]


@pytest.mark.parametrize(
    "text",
    [
        "w AND t OR NOT w",
        "NOT (w OR t) AND NOT t",
        "NOT w AND t",
        "coalesce(w, t)",
        "coalesce(NOT w, FALSE)",
        "w IS NULL AND t OR w IS NOT NULL",
        "one IS NULL",
        "NOT coalesce(one = 'x' AND t, FALSE)",
        "one = 'it''s'",
        "one = 'nobody'",
        "early IS NOT NULL OR late IS NULL",
        "taken = -1 OR NOT taken = 2",
        "CAST(t AS INTEGER) + CAST(NOT t AS INTEGER) + CAST(taken = 0 AS INTEGER) >= 2",
        "CAST(t AS INTEGER) + CAST(taken = 0 AS INTEGER) < 1",
        "CASE WHEN w THEN 'a' WHEN t THEN 'b' ELSE 'c' END",
        "CASE WHEN w THEN NULL WHEN t THEN 'b' END",
        "CASE taken WHEN -1 THEN 'none' WHEN 2 THEN 'two' END",
        "CASE WHEN CASE WHEN w THEN 'a' ELSE 'b' END = 'a' THEN 1 ELSE -1 END",
        "CASE WHEN t THEN greatest(early, CASE WHEN t THEN late END) ELSE early END",
        "CAST(NULL AS DATE)",
        "NULL",
        "w AND NULL",
        "concat_ws(' ', CASE WHEN t THEN 'a' END, CASE WHEN w THEN 'b' END)",
        "CASE WHEN w THEN '' WHEN t THEN concat_ws(' ', CASE WHEN taken = 2 THEN 'a' END) ELSE '' END",
        (
            "CASE WHEN taken = 2 THEN concat_ws(' ', CASE WHEN w THEN 'b' END) "
            "ELSE concat_ws(' ', CASE WHEN t THEN 'a' END, CASE WHEN NOT w THEN 'b' END) END"
        ),
    ],
)
def test_a_text_says_what_it_says_to_a_database(text: str) -> None:
    assert said(text) == by_sql(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "w AND", "w t", "(w", "w; DROP TABLE member", "unknown_column", "w = 1", "taken >= 2", "t IN (1)"),
        *(
            "lower(one)",
            "CAST(t AS DATE)",
            "CASE WHEN w THEN t END",
            "CASE WHEN w THEN 'a' ELSE early END",
            "one AND t",
        ),
        *(
            "t + t",
            "1 IS NULL OR t + 1",
            "greatest(t)",
            "CAST(t AS INTEGER) IS NULL",
            "coalesce(one)",
            "w = t",
            "taken = t",
        ),
        *("concat_ws(' ', 'b', 'a')", "concat_ws(',', 'a')", "concat_ws(' ', one)", "concat_ws(' ', early)"),
    ],
)
def test_what_is_written_nowhere_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="expected"):
        reader()[0].read(text)
