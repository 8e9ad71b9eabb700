"""Plain rows as tables: the rows of a member once for each seat of the member, put among those that the reader made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from priorauth.facts.rows import Source
from priorauth.population.ingest.plain.evidence import Numbers, Part
from priorauth.population.ingest.plain.rows import NOWHEN
from priorauth.population.tables import SCHEMAS
from priorauth.values.dates import EPOCH

_OBSERVATION: Final = "Observation/"
_ORDER: Final = [(name, "ascending") for name in ("member", "first", "last", "_minute", "ref", "source")]
"""As :func:`priorauth.record.ordering.in_order` orders the rows of a member."""


Plain = Mapping[str, Mapping[str, pa.Table]]
"""Plain rows by table and fact."""


@dataclass(slots=True)
class Seats:
    """The seats of members with plain readings, by their numbers: the turn of the member, and the day of the seat."""

    numbers: list[int] = field(default_factory=list)
    whose: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)

    def add(self, number: int, whose: int, day: int) -> None:
        """Add a seat; numbers grow."""
        self.numbers.append(number)
        self.whose.append(whose)
        self.days.append(day)


def tables(parts: Sequence[Part], seats: Seats) -> Plain:
    """Return the rows of all seats, by table and fact."""
    made: dict[str, dict[str, pa.Table]] = {}
    for part in parts:
        found = _table(part, seats)
        if len(found):
            made.setdefault(part.table, {})[part.fact] = found
    return made


def _table(part: Part, seats: Seats) -> pa.Table:
    whose = np.array(seats.whose, np.int64)
    first, last = (np.searchsorted(part.whose, whose, side=side) for side in ("left", "right"))
    counts = last - first
    places = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    size = len(places)
    schema = SCHEMAS[part.table]
    days = part.day[places].astype(np.int32)
    if part.table == "answer":
        days = np.repeat(np.array(seats.days, np.int32), counts)
    day = pa.array(days - np.int32(EPOCH), pa.int32()).cast(pa.date32())
    minute = part.minute[places].astype(np.int64)
    nothing = np.full(size, part.table == "answer") | (minute == NOWHEN)
    named: dict[str, Any] = {
        "member": pa.array(np.repeat(np.array(seats.numbers, np.int64), counts)),
        "fact": pa.repeat(part.fact, size),
        "source": pa.repeat(str(Source.RECORD), size),
        "ref": _refs(part, places),
        "text": pa.repeat("yes", size),
        "first": day,
        "last": day,
        "minute": pa.array(minute, mask=nothing),
        "low_open": pa.repeat(pa.scalar(value=False), size),
        "high_open": pa.repeat(pa.scalar(value=False), size),
    }
    for name, values in (("low", part.low), ("high", part.high)):
        if values is not None:
            named[name] = pa.array(values[places].astype(np.int64))
    columns = [named[one.name] if one.name in named else pa.nulls(size, one.type) for one in schema]
    return pa.table(columns, schema=schema)


def _refs(part: Part, places: Numbers) -> pa.Array:
    """Return the references that rows rest on."""
    names = _texts(part.ids[places])
    if part.other is None:
        return pc.binary_join_element_wise(_OBSERVATION, names, "")
    both = pc.binary_join_element_wise(_OBSERVATION, names, f", {_OBSERVATION}", _texts(part.other[places]), "")
    alone = pa.array((part.ids == part.other)[places])
    return pc.if_else(alone, pc.binary_join_element_wise(_OBSERVATION, names, ""), both)


def _texts(ids: Numbers) -> pa.Array:
    """Return ids as an array of strings."""
    return pa.array(np.ascontiguousarray(ids)).cast(pa.string())


def together(read: pa.Table, plain: Mapping[str, pa.Table]) -> pa.Table:
    """Put the rows of one table that the reader made and the plain ones together, by fact and member."""
    if not plain:
        return read
    stretches = by_stretch(read) if len(read) else {}
    made = []
    for fact in sorted(stretches.keys() | plain.keys()):
        one, two = stretches.get(fact), plain.get(fact)
        made.append(_mixed(one, two) if one is not None and two is not None else two if one is None else one)
    return pa.concat_tables(made).combine_chunks()


def _mixed(one: pa.Table, two: pa.Table) -> pa.Table:
    every = pa.concat_tables([one, two])
    keyed = every.append_column("_minute", pc.fill_null(every["minute"], -1))
    return every.take(pc.sort_indices(keyed, sort_keys=_ORDER))


def by_stretch(table: pa.Table) -> dict[str, pa.Table]:
    """Return the rows of each fact of a table that stands by fact."""
    runs = pc.run_end_encode(table["fact"].combine_chunks())
    found, start = {}, 0
    for fact, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        found[fact] = table.slice(start, end - start)
        start = end
    return found
