"""A comparison decides the same members under two policies, or under other readings: who gains, who loses, why.

A member gains who is approved under the second and not under the first. The reason is what changed: a criterion of the
same id whose status differs, else (policies without ids in common) what of the first, or the second, is not met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from priorauth.population.compile import Query
from priorauth.population.suppose import Supposed

MOST = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """Members by how they fare under two policies."""

    one: str
    two: str
    members: int
    both: int
    gain: int
    lose: int
    moved: tuple[tuple[str, str, int], ...]
    gained_by: tuple[tuple[str, int], ...]
    lost_by: tuple[tuple[str, int], ...]
    supposed: Mapping[str, int] = field(default_factory=dict)
    """``NAME=VALUE`` -> of how many members it was supposed, under both policies."""

    def as_json(self) -> dict[str, object]:
        """Give it as JSON."""
        return {
            "policy": self.one,
            "against": self.two,
            "members": self.members,
            **({"supposed": dict(self.supposed)} if self.supposed else {}),
            "approved_by_both": self.both,
            "gain": self.gain,
            "lose": self.lose,
            "outcomes": [{"policy": one, "against": two, "members": count} for one, two, count in self.moved],
            "gained_by": [{"reason": reason, "members": count} for reason, count in self.gained_by],
            "lost_by": [{"reason": reason, "members": count} for reason, count in self.lost_by],
        }


def compare(folder: Path, one: Query, two: Query, names: tuple[str, str], supposed: Supposed = ()) -> Comparison:
    """Decide a population under two policies and compare."""
    from priorauth.population import duck, run, suppose

    connection = duck.connect()
    of: Counter[str] = Counter(dict.fromkeys(suppose.told(supposed), 0))
    for place, buckets in enumerate(run.chunks(folder)):
        duck.over(connection, folder, buckets)
        suppose.over(connection, supposed)
        if supposed:
            text = "SELECT fact || '=' || text, count(*) FROM supposed GROUP BY ALL"
            of.update(dict(connection.execute(text).fetchall()))
        for table, query in (("one", one), ("two", two)):
            duck.run_into(connection, query, "decided")
            shape = f"INSERT INTO {table}" if place else f"CREATE TEMP TABLE {table} AS"
            connection.execute(f"{shape} SELECT * FROM decided")
    joined = "one JOIN two ON two.member = one.member"
    text = f"SELECT one.outcome, two.outcome, count(*) FROM {joined} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    moved = connection.execute(text).fetchall()
    approved = {(a == "approve", b == "approve"): 0 for a, b, _ in moved}
    for a, b, count in moved:
        approved[a == "approve", b == "approve"] += count
    gained, lost = (_reasons(connection, joined, one, two, gain=gain) for gain in (True, False))
    return Comparison(
        *names,
        sum(count for _, _, count in moved),
        approved.get((True, True), 0),
        approved.get((False, True), 0),
        approved.get((True, False), 0),
        tuple((a, b, count) for a, b, count in moved if a != b),
        gained,
        lost,
        of,
    )


def _reasons(connection: object, joined: str, one: Query, two: Query, *, gain: bool) -> tuple[tuple[str, int], ...]:
    """Count what changed for those who gain, or lose."""
    first, second = ("two", "one") if gain else ("one", "two")
    who = f"{first}.outcome = 'approve' AND {second}.outcome <> 'approve'"
    shared = [name for name in one.statuses if name in two.statuses]
    wanted = [f'count(*) FILTER (WHERE one."{name}" <> two."{name}")' for name in shared]
    labels = [_labelled(one, name) for name in shared]
    if not shared:
        query, table = (one, "one") if gain else (two, "two")
        names = list(query.statuses)
        wanted = [f"count(*) FILTER (WHERE {table}.\"{name}\" IN ('not-met', 'unknown', 'conflict'))" for name in names]
        labels = [f"{_labelled(query, name)} is not met" for name in names]
    row = connection.execute(f"SELECT {', '.join(wanted)} FROM {joined} WHERE {who}").fetchall()[0]  # type: ignore[attr-defined]
    found = sorted(zip(labels, row, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return tuple((label, count) for label, count in found if count)[:MOST]


def _labelled(query: Query, name: str) -> str:
    title = query.titles.get(name)
    return f"{name} {title}" if title else name
