"""The rows of a run as the ledger keeps them, read back: the pictures of a determination rest on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from priorauth.decide.decided import Decided
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Whole
from priorauth.values.dates import day

_SHAPES: Final[Mapping[frozenset[str], type[Row]]] = {
    frozenset(shape.__struct_fields__): shape for shape in (Measurement, Event, Period, Answer, Whole)
}
"""The shapes by their columns: no two have the same."""


def cases(rows: bytes, made: Sequence[Decided]) -> tuple[Case, ...]:
    """Return the rows of each determination of a run, in their order; raises ValueError for what is no such record."""
    try:
        kept = msgspec.json.decode(rows, type=list[dict[str, list[dict[str, Any]]]])
        if len(kept) != len(made):
            raise ValueError(f"expected the rows of {len(made)} determinations, found {len(kept)}")
        return tuple(
            Case(day(one.as_of), {fact: tuple(map(_row, listed)) for fact, listed in of.items()})
            for one, of in zip(made, kept, strict=True)
        )
    except (msgspec.MsgspecError, KeyError) as fault:
        raise ValueError(f"expected the rows of a run, found what is none: {type(fault).__name__}") from None


def _row(columns: dict[str, Any]) -> Row:
    found: Row = msgspec.convert(columns, _SHAPES[frozenset(columns)])
    return found
