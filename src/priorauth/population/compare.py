"""A comparison decides the same members under two policies, or under other readings: who gains, who loses, why.

A member gains who is approved under the second and not under the first. The reason is what changed: a criterion of the
same id whose status differs, else (policies without ids in common) what of the first, or the second, is not met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from priorauth.engines.sql.compile import Query
from priorauth.engines.sql.pieces import identifier, listed
from priorauth.population import fetch
from priorauth.population.assume import Supposed
from priorauth.population.fetch import Each
from priorauth.population.storage import Place

if TYPE_CHECKING:
    import duckdb

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
        """Return it as JSON."""
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


def compare(  # noqa: PLR0913 - what is compared, and who does it
    folder: Place,
    one: Query,
    two: Query,
    names: tuple[str, str],
    supposed: Supposed = (),
    *,
    each: Each = fetch.each,
) -> Comparison:
    """Decide a population under two policies and compare; ``each`` works on the chunks."""
    from priorauth.population import assume, duck, workers

    def work(connection: duckdb.DuckDBPyConnection) -> _Counted:
        assume.over(connection, supposed)
        of: Counter[str] = Counter()
        if supposed:
            text = "SELECT fact || '=' || text, count(*) FROM supposed GROUP BY ALL"
            of.update(dict(connection.execute(text).fetchall()))
        duck.run_into(connection, one, "one")
        duck.run_into(connection, two, "two")
        text = f"SELECT one.outcome, two.outcome, count(*) FROM {_JOINED} GROUP BY ALL"
        moved = Counter({(a, b): count for a, b, count in connection.execute(text).fetchall()})
        gained, lost = (_reasons(connection, one, two, gain=gain) for gain in (True, False))
        return moved, gained, lost, of

    moved, gained, lost = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    of: Counter[str] = Counter(dict.fromkeys(assume.told(supposed), 0))
    with fetch.outline(folder) as place:
        chunks = workers.chunks(place)
    for part in each(folder, chunks, work, _counted):
        moved.update(part[0])
        gained.update(part[1])
        lost.update(part[2])
        of.update(part[3])
    approved: Counter[tuple[bool, bool]] = Counter()
    for (a, b), count in moved.items():
        approved[a == "approve", b == "approve"] += count
    return Comparison(
        *names,
        moved.total(),
        approved[True, True],
        approved[False, True],
        approved[True, False],
        tuple((a, b, count) for (a, b), count in _most(moved) if a != b),
        tuple(_most(gained)[:MOST]),
        tuple(_most(lost)[:MOST]),
        of,
    )


_JOINED = "one JOIN two ON two.member = one.member"
_MISSED = listed(("not-met", "unknown", "conflict"))
_Counted = tuple[Counter[tuple[str, str]], Counter[str], Counter[str], Counter[str]]
Named = TypeVar("Named", str, tuple[str, str])


def _counted(_: int, part: _Counted) -> _Counted:
    """Return what was counted in a chunk, whichever it is."""
    return part


def _most(counted: Counter[Named]) -> list[tuple[Named, int]]:
    """Return what was counted, the most frequent first, then in the order of the alphabet; without what never was."""
    return sorted(((name, count) for name, count in counted.items() if count), key=lambda pair: (-pair[1], pair[0]))


def _reasons(connection: duckdb.DuckDBPyConnection, one: Query, two: Query, *, gain: bool) -> Counter[str]:
    """Count what changed for those who gain, or lose."""
    first, second = ("two", "one") if gain else ("one", "two")
    who = f"{first}.outcome = 'approve' AND {second}.outcome <> 'approve'"
    shared = [name for name in one.statuses if name in two.statuses]
    wanted = [f"count(*) FILTER (WHERE one.{identifier(name)} <> two.{identifier(name)})" for name in shared]
    labels = [_labelled(one, name) for name in shared]
    if not shared:
        query, table = (one, "one") if gain else (two, "two")
        names = list(query.statuses)
        wanted = [f"count(*) FILTER (WHERE {table}.{identifier(name)} IN {_MISSED})" for name in names]
        labels = [f"{_labelled(query, name)} is not met" for name in names]
    row = connection.execute(f"SELECT {', '.join(wanted)} FROM {_JOINED} WHERE {who}").fetchall()[0]
    found: Counter[str] = Counter()
    for label, count in zip(labels, row, strict=True):
        found[label] += count
    return found


def _labelled(query: Query, name: str) -> str:
    title = query.titles.get(name)
    return f"{name} {title}" if title else name
