"""The difference that a day makes: who is new, who is gone, whose outcome or criteria changed, from what to what.

A row a member (or further request of one) who is not what they were: ``patient``, ``change`` (``new``, ``gone``,
``outcome``, or ``criteria`` where only the status of criteria changed), the outcome ``before`` and ``after``, and
``criteria``, a list of ``criterion``, ``before``, ``after``. Rows stand in the order of patients.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from priorauth.engines.sql.compile import Query
from priorauth.engines.sql.pieces import identifier, literal

if TYPE_CHECKING:
    import pyarrow as pa

NEW: Final = "new"
GONE: Final = "gone"
OUTCOME: Final = "outcome"
CRITERIA: Final = "criteria"
MOST: Final = 12
WITNESSES: Final = 3


@dataclass(slots=True)
class Difference:
    """The rows, and what stands in them: outcomes by how they changed, and criteria, with the first few members."""

    rows: pa.Table
    changes: dict[str, int] = field(default_factory=dict)
    moved: list[tuple[str | None, str | None, int, list[str]]] = field(default_factory=list)
    criteria: list[tuple[str, str, str, int, list[str]]] = field(default_factory=list)
    """Criterion, status before and after, how many members, the first of them."""

    def as_json(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            **{name: self.changes.get(name, 0) for name in (NEW, GONE, OUTCOME, CRITERIA)},
            "outcomes": [
                {"before": before, "after": after, "members": count, "witnesses": who}
                for before, after, count, who in self.moved
            ],
            "by": [
                {"criterion": name, "before": before, "after": after, "members": count, "witnesses": who}
                for name, before, after, count, who in self.criteria
            ],
        }


def difference(query: Query, before: pa.Table, after: pa.Table) -> Difference:
    """Return the difference between the rows of the same members (columns of a run) before a day and after it."""
    from priorauth.population import duck

    with duck.connect() as connection:
        connection.register("earlier", before)
        connection.register("later", after)
        duck.lock(connection, ())
        connection.execute(f"CREATE TEMP TABLE found AS {_text(query)}")
        rows = connection.sql("SELECT * FROM found ORDER BY patient").to_arrow_table()
        changes = dict(connection.execute("SELECT change, count(*) FROM found GROUP BY ALL").fetchall())
        moved = connection.execute(
            f"SELECT before, after, count(*), arg_min(patient, patient, {WITNESSES}) FROM found "
            f"WHERE change <> {literal(CRITERIA)} GROUP BY ALL "
            "ORDER BY count(*) DESC, before NULLS FIRST, after NULLS LAST"
        ).fetchall()
        criteria = connection.execute(
            "SELECT each.criterion, each.before, each.after, count(*) AS members, "
            f"arg_min(patient, patient, {WITNESSES}) FROM (SELECT patient, unnest(criteria) AS each FROM found "
            f"WHERE change = {literal(OUTCOME)}) AS one GROUP BY ALL ORDER BY members DESC, 1, 2, 3 LIMIT {MOST}"
        ).fetchall()
    return Difference(rows, changes, moved, criteria)


def _text(query: Query) -> str:
    """Return the SQL of the rows."""
    parts = []
    for name in query.statuses:
        before, after = (f"{table}.{identifier(query.statuses[name])}" for table in ("earlier", "later"))
        packed = f"struct_pack(criterion := {literal(name)}, before := {before}, after := {after})"
        parts.append(f"CASE WHEN {before} <> {after} THEN {packed} END")
    criteria = f"list_filter([{', '.join(parts)}], lambda each: each IS NOT NULL)"
    change = (
        f"CASE WHEN earlier.patient IS NULL THEN {literal(NEW)} WHEN later.patient IS NULL THEN {literal(GONE)} "
        f"WHEN earlier.outcome <> later.outcome THEN {literal(OUTCOME)} ELSE {literal(CRITERIA)} END"
    )
    return (
        f"SELECT coalesce(later.patient, earlier.patient) AS patient, {change} AS change, "
        f"earlier.outcome AS before, later.outcome AS after, {criteria} AS criteria "
        "FROM earlier FULL JOIN later ON later.patient = earlier.patient "
        "WHERE earlier.patient IS NULL OR later.patient IS NULL OR earlier.outcome <> later.outcome "
        "OR len(criteria) > 0"
    )
