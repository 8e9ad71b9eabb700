"""The rows of a case as the parameters of a CQL library: JSON that an engine takes, nothing computed.

Elements are those of :mod:`priorauth.engines.cql.types`; ``ref`` stays behind, for it plays no part in a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from priorauth.engines.cql.pieces import LARGEST, Unsayable
from priorauth.facts.case import Case
from priorauth.facts.rows import SETTLE, Answer, Event, Measurement, Period, Row, Whole

Json = dict[str, Any]


def parameters(case: Case, facts: Iterable[str]) -> Json:
    """Write the rows of the facts that a library takes; raises Unsayable for a number beyond 32 bits."""
    found: Json = {"as of": case.as_of}
    words = [
        {"fact": fact, **{name: value for name, value in _row(row).items() if name != "author"}}
        for fact, rows in sorted(case.rows.items())
        if fact.startswith(SETTLE)
        for row in rows
    ]
    found["settled"] = words
    for fact in facts:
        rows = [_row(row) for row in case.of(fact) if not isinstance(row, Whole)]
        wholes = [_row(row) for row in case.of(fact) if isinstance(row, Whole)]
        found[f"{fact} rows"] = rows
        found[f"{fact} whole"] = wholes
    return found


def _row(row: Row) -> Json:
    if isinstance(row, Period):
        made: Json = {
            "source": str(row.source),
            "startFirst": row.start_first,
            "startLast": row.start_last,
            "endFirst": row.end_first,
            "endLast": row.end_last,
        }
    else:
        made = {"source": str(row.source), "firstDay": row.first, "lastDay": row.last}
    match row:
        case Measurement():
            made |= {"lowOpen": row.low_open, "highOpen": row.high_open}
            made |= {"specimen": row.specimen or None, "fault": row.fault is not None}
        case Event():
            made |= {"lowOpen": False, "highOpen": False, "specimen": None, "fault": False}
        case Answer():
            made |= {"text": row.text, "author": row.author}
        case _:
            pass
    if not isinstance(row, Period | Whole):
        made["instant"] = _number(row.minute, row)
    if not isinstance(row, Whole):
        made |= {"low": _number(row.low, row), "high": _number(row.high, row)}
    return made


def _number(value: int | None, row: Row) -> int | None:
    if value is not None and abs(value) > LARGEST:
        raise Unsayable(f"{row.ref}: {value} does not fit an Integer of CQL (32 bits)")
    return value
