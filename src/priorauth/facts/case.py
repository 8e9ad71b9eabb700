"""A case is what is known for one request: rows by fact, and the day from which windows count back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from priorauth.facts.rows import Row


class Case(Struct, frozen=True):
    """Rows by fact for one request; ``as_of`` is the request date as a day number.

    ``warnings`` are said beside the decision and never change it.
    """

    as_of: int
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def of(self, fact: str) -> tuple[Row, ...]:
        """Return the rows of a fact, oldest source order kept; empty where there are none."""
        return self.rows.get(fact, ())


def by_fact(rows: Iterable[Row]) -> Mapping[str, tuple[Row, ...]]:
    """Group rows by fact, keeping their order."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.fact, []).append(row)
    return {fact: tuple(listed) for fact, listed in grouped.items()}
