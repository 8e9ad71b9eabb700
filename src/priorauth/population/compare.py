"""A comparison decides the same members under two policies, or under other readings: who gains, who loses, why.

A member gains who is approved under the second and not under the first. The reason is what changed: a criterion of the
same id whose status differs, else (policies without ids in common) what of the first, or the second, is not met. Each
change has witnesses: the first few members, by number, of whom it is true; a file can name every member who changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from priorauth.engines.sql.compile import Query
from priorauth.engines.sql.pieces import identifier, listed, literal
from priorauth.population import fetch
from priorauth.population.assume import Supposed
from priorauth.population.fetch import Each
from priorauth.population.storage import Place
from priorauth.values.files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    import pyarrow as pa

MOST = 12
WITNESSES: Final = 3
Named = TypeVar("Named", bound=Hashable)


@dataclass(slots=True)
class Counted(Generic[Named]):
    """How many members show each of some things, and the first few who do: ids of patients by number of the member."""

    counts: Counter[Named] = field(default_factory=Counter)
    seen: dict[Named, tuple[str, ...]] = field(default_factory=dict)

    def add(self, name: Named, count: int, witnesses: tuple[str, ...], most: int) -> None:
        """Count members who come after those counted so far."""
        if count:
            self.counts[name] += count
            self.seen[name] = (self.seen.get(name, ()) + witnesses)[:most]

    def most(self) -> list[tuple[Named, int]]:
        """Return what was counted, the most frequent first, then in the order of the alphabet."""
        return sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))


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
    movers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Two outcomes -> the ids of the first few members who go from the one to the other."""
    gainers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    losers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Reason -> the ids of the first few members who gain, or lose, by it."""

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
            "outcomes": [
                {"policy": one, "against": two, "members": count, **_witnesses(self.movers.get((one, two)))}
                for one, two, count in self.moved
            ],
            "gained_by": _reasons_as_json(self.gained_by, self.gainers),
            "lost_by": _reasons_as_json(self.lost_by, self.losers),
        }


def _reasons_as_json(
    reasons: tuple[tuple[str, int], ...], seen: Mapping[str, tuple[str, ...]]
) -> list[dict[str, object]]:
    return [{"reason": name, "members": count, **_witnesses(seen.get(name))} for name, count in reasons]


def _witnesses(seen: tuple[str, ...] | None) -> dict[str, object]:
    return {"witnesses": list(seen)} if seen else {}


@dataclass(slots=True)
class _Found:
    """What some buckets of members show, and the rows of those who changed where they are wanted."""

    moved: Counted[tuple[str, str]] = field(default_factory=Counted)
    gained: Counted[str] = field(default_factory=Counted)
    lost: Counted[str] = field(default_factory=Counted)
    supposed: Counter[str] = field(default_factory=Counter)
    rows: pa.Table | None = None

    def add(self, later: _Found, most: int) -> None:
        """Take in what buckets after these show."""
        for name, count in later.moved.counts.items():
            self.moved.add(name, count, later.moved.seen[name], most)
        for mine, other in ((self.gained, later.gained), (self.lost, later.lost)):
            for reason, count in other.counts.items():
                mine.add(reason, count, other.seen[reason], most)
        self.supposed.update(later.supposed)


def compare(  # noqa: PLR0913 - two policies with their names, what is wanted of them, and who does it
    folder: Place,
    one: Query,
    two: Query,
    names: tuple[str, str],
    supposed: Supposed = (),
    *,
    witnesses: int = 0,
    out: Path | None = None,
    each: Each = fetch.each,
) -> Comparison:
    """Decide a population under two policies and compare; ``out`` is a file for a row a member whose outcome changed.

    ``witnesses``: how many members are named with each change, those of the lowest numbers; ``each`` works on the
    chunks. Raises PopulationError, OSError, FileFault where the file cannot be written.
    """
    from priorauth.population import assume, duck, workers

    def work(connection: duckdb.DuckDBPyConnection) -> _Found:
        assume.over(connection, supposed)
        found = _Found()
        if supposed:
            text = "SELECT fact || '=' || text, count(*) FROM supposed GROUP BY ALL"
            found.supposed.update(dict(connection.execute(text).fetchall()))
        duck.run_into(connection, one, "one")
        duck.run_into(connection, two, "two")
        text = f"SELECT one.outcome, two.outcome, count(*), {_who(witnesses)} FROM {_JOINED} GROUP BY ALL"
        for a, b, count, who in connection.execute(text).fetchall():
            found.moved.add((a, b), count, _ids(who), witnesses)
        found.gained, found.lost = (_reasons(connection, one, two, witnesses, gain=gain) for gain in (True, False))
        if out is not None:
            found.rows = connection.sql(_changed(one, two)).to_arrow_table()
        return found

    every = _Found(supposed=Counter(dict.fromkeys(assume.told(supposed), 0)))
    with fetch.outline(folder) as place:
        chunks = workers.chunks(place)
    with _written(out) as write:
        for part in each(folder, chunks, work, _of_chunk):
            every.add(part, witnesses)
            if part.rows is not None:
                write(part.rows)
    return _compared(every, names)


def _of_chunk(_: int, part: _Found) -> _Found:
    """Return what a chunk shows, whichever it is."""
    return part


def _compared(every: _Found, names: tuple[str, str]) -> Comparison:
    approved: Counter[tuple[bool, bool]] = Counter()
    for (a, b), count in every.moved.counts.items():
        approved[a == "approve", b == "approve"] += count
    return Comparison(
        *names,
        every.moved.counts.total(),
        approved[True, True],
        approved[False, True],
        approved[True, False],
        tuple((a, b, count) for (a, b), count in every.moved.most() if a != b),
        tuple(every.gained.most()[:MOST]),
        tuple(every.lost.most()[:MOST]),
        every.supposed,
        every.moved.seen,
        every.gained.seen,
        every.lost.seen,
    )


_JOINED = "one JOIN two ON two.member = one.member"
_MISSED = listed(("not-met", "unknown", "conflict"))
_GROUP: Final = 1 << 16


def _who(witnesses: int, where: str = "") -> str:
    """Return the SQL of the patients of the lowest numbers."""
    chosen = f" FILTER (WHERE {where})" if where else ""
    return f"arg_min(one.patient, one.member, {max(1, witnesses)}){chosen}"


def _ids(who: list[str] | None) -> tuple[str, ...]:
    return tuple(who or ())


def _reasons(
    connection: duckdb.DuckDBPyConnection, one: Query, two: Query, witnesses: int, *, gain: bool
) -> Counted[str]:
    """Count what changed for those who gain, or lose."""
    first, second = ("two", "one") if gain else ("one", "two")
    who = f"{first}.outcome = 'approve' AND {second}.outcome <> 'approve'"
    shared = [name for name in one.statuses if name in two.statuses]
    tests = [f"one.{identifier(name)} <> two.{identifier(name)}" for name in shared]
    labels = [_labelled(one, name) for name in shared]
    if not shared:
        query, table = (one, "one") if gain else (two, "two")
        names = list(query.statuses)
        tests = [f"{table}.{identifier(name)} IN {_MISSED}" for name in names]
        labels = [f"{_labelled(query, name)} is not met" for name in names]
    wanted = [f"count(*) FILTER (WHERE {test}), {_who(witnesses, test)}" for test in tests]
    row = connection.execute(f"SELECT {', '.join(wanted)} FROM {_JOINED} WHERE {who}").fetchall()[0]
    found: Counted[str] = Counted()
    for place, label in enumerate(labels):
        found.add(label, row[2 * place], _ids(row[2 * place + 1]), witnesses)
    return found


def _labelled(query: Query, name: str) -> str:
    title = query.titles.get(name)
    return f"{name} {title}" if title else name


def _changed(one: Query, two: Query) -> str:
    """Return the SQL of the members whose outcome changed, with the criteria whose status did.

    A criterion that only one of the two policies has stands with the other side empty, where it is not met.
    """
    parts = []
    for name in dict.fromkeys((*one.statuses, *two.statuses)):
        sides = [
            f"{table}.{identifier(name)}" if name in query.statuses else None
            for table, query in (("one", one), ("two", two))
        ]
        before, after = (side or "CAST(NULL AS VARCHAR)" for side in sides)
        test = f"{before} <> {after}" if all(sides) else f"{sides[0] or sides[1]} IN {_MISSED}"
        packed = f"struct_pack(criterion := {literal(name)}, before := {before}, after := {after})"
        parts.append(f"CASE WHEN {test} THEN {packed} END")
    criteria = f"list_filter([{', '.join(parts)}], lambda each: each IS NOT NULL)"
    return (
        f"SELECT one.patient, one.outcome AS before, two.outcome AS after, {criteria} AS criteria FROM {_JOINED} "
        "WHERE one.outcome <> two.outcome ORDER BY one.member"
    )


@contextmanager
def _written(out: Path | None) -> Iterator[Callable[[pa.Table], None]]:
    """Give what writes tables behind one another into a file that is there whole or not at all."""
    import pyarrow.parquet as pq

    with ExitStack() as held:
        writers: list[pq.ParquetWriter] = []
        partial = held.enter_context(replacing(out)) if out is not None else None

        def write(table: pa.Table) -> None:
            if not writers:
                writers.append(held.enter_context(pq.ParquetWriter(partial, table.schema, compression="zstd")))
            writers[0].write_table(table, _GROUP)

        yield write
