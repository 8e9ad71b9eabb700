"""The criteria of all members of a database at once: what its leaves say becomes bits, and the tree gates over them.

The same rows as the closing statement of a policy gives. A bit is what is usual where a leaf leaves a member out.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from priorauth.engines.sql.conditions import Choice, Days, Value, Words
from priorauth.engines.sql.gates import NEVER, Bits, packed, unpacked
from priorauth.engines.sql.leaf import LeafSql
from priorauth.engines.sql.statements import ALL, MET, NOT_MET, PENDING, Seen
from priorauth.engines.sql.verdict_bits import USUAL
from priorauth.engines.sql.weighing import STATUSES, Weighing, gates_of, truths, word_of
from priorauth.facts.rows import SETTLE
from priorauth.language import contents
from priorauth.population.tables import BUCKET_BITS, MOST_IN_BUCKET

Numbers = npt.NDArray[Any]
Rows = Mapping[str, Numbers]
"""Rows as columns by name; masked where something may be NULL."""
Truths = npt.NDArray[np.bool_]
_NO_DAY: Final = np.datetime64("1970-01-01")
_IN_BUCKET: Final = MOST_IN_BUCKET - 1
"""The bits of a number that count the members of a bucket."""


@dataclass(slots=True)
class Told:
    """What is known of each of some members; ``members`` are their numbers in order, and their places are those."""

    weighing: Weighing
    members: Numbers
    known: dict[Hashable, Bits] = field(default_factory=dict)
    days: dict[str, Numbers] = field(default_factory=dict)
    needed: frozenset[Hashable] = field(init=False)
    begins: Numbers = field(init=False)
    """The place of the first member of each bucket from the first that has some on; -1 of one without members."""
    dense: bool = field(init=False, default=False)
    """Whether the members of each bucket have all numbers from the first on."""

    def __post_init__(self) -> None:
        """Note where each bucket begins."""
        self.needed = self.weighing.needed
        buckets = self.members >> BUCKET_BITS
        found, firsts = np.unique(buckets, return_index=True)
        self.begins = np.full(int(found[-1] - found[0]) + 1 if len(found) else 0, -1)
        if len(found):
            self.begins[found - found[0]] = firsts
            begins = self.begins[buckets - found[0]]
            self.dense = bool((self.members & _IN_BUCKET == np.arange(len(self.members)) - begins).all())

    def places(self, members: Numbers) -> Numbers:
        """Return the places of members by number; -1 of a number that is none."""
        if not len(self.members):
            return np.full(len(members), -1)
        if not self.dense:
            found = np.minimum(np.searchsorted(self.members, members), len(self.members) - 1)
        else:
            bucket = (members >> BUCKET_BITS) - (self.members[0] >> BUCKET_BITS)
            begins = self.begins[np.clip(bucket, 0, len(self.begins) - 1)]
            found = np.minimum(begins + (members & _IN_BUCKET), len(self.members) - 1)
        return np.where(self.members[found] == members, found, -1)

    def _know(self, name: Hashable, found: Truths) -> None:
        """Keep the truths of a name as bits, where anything needs them."""
        if name in self.needed:
            self.known[name] = packed(found)

    # ---- what leaves say

    def take(self, name: str, rows: Rows) -> None:
        """Take in the rows of a leaf, or of all that rest on what was stated."""
        leaf = self.weighing.leaves.get(name)
        if leaf is None:
            self.said(rows)
        else:
            self.leaf(leaf, rows)

    def leaf(self, leaf: LeafSql, rows: Rows) -> None:
        """Take in a leaf that stands in a table of its own: the verdict of each seat, and its flags."""
        seats = rows["seat"]
        side, place = seats & 3, self.places(seats >> 2)
        own = np.flatnonzero((side == 0) & (place >= 0))
        at = place[own]
        of = {"can": "can_hold", "fail": "can_fail"}
        usual = {"can": leaf.default.can == "TRUE", "fail": leaf.default.fail == "TRUE", USUAL: True}
        ends = [*truths(leaf), *(("conflict",) if "conflict" in leaf.columns else ())]
        for end in ends:
            found = np.full(len(self.members), usual.get(end, False))
            found[at] = _truths(rows, of.get(end, end), usual=usual.get(end, False))[own]
            self._know(f"{leaf.name}_{end}", found)
        if leaf.sided:
            self._differ(leaf.name, packed(self._clashes(rows, side, place)))
        if "lost" in leaf.columns:
            self._lost(leaf, rows["lost"], own, at)
        if "wait" in leaf.columns:
            self._wait(f"{leaf.name}_wait", rows["wait"], own, at)

    def _clashes(self, rows: Rows, side: Numbers, place: Numbers) -> Truths:
        """Return of whom answers (side 1) settle a leaf one way and the record (side 2) the other."""
        can, fail = (_truths(rows, name, usual=True) for name in ("can_hold", "can_fail"))
        found = np.zeros((2, 2, len(self.members)), np.bool_)
        own = np.flatnonzero((side != 0) & (can != fail) & (place >= 0))
        found[side[own] - 1, can[own].astype(np.intp), place[own]] = True
        clashes: Truths = (found[0, 0] & found[1, 1]) | (found[0, 1] & found[1, 0])
        return clashes

    def _differ(self, name: str, clash: Bits) -> None:
        """Leave a leaf open where its sides differ."""
        for end in ("can", "fail", "conflict"):
            before = self.known.get(f"{name}_{end}")
            if f"{name}_{end}" in self.needed:
                self.known[f"{name}_{end}"] = clash if before is None else before | clash

    def _lost(self, leaf: LeafSql, lost: Numbers, own: Numbers, at: Numbers) -> None:
        """Take in which anchor of a leaf is unknown."""
        for anchor in contents.anchors_of(leaf.form):
            found = np.zeros(len(self.members), np.bool_)
            if not _nowhere(lost):
                found[at] = _filled(lost, "")[own] == anchor
            self._know((f"{leaf.name}_lost", anchor), found)

    def _wait(self, name: str, wait: Numbers, own: Numbers, at: Numbers) -> None:
        """Take in the day on which time settles a leaf."""
        there = np.zeros(len(self.members), np.bool_)
        days = np.zeros(len(self.members), np.int32)
        if not _nowhere(wait):
            there[at] = ~np.ma.getmaskarray(wait)[own]
            days[at] = _filled(wait, _NO_DAY).astype("datetime64[D]").astype(np.int64)[own]
        self._know(name, there)
        self.days[name] = days

    def said(self, rows: Rows) -> None:
        """Take in what all leaves say that rest on what was stated, four bits each."""
        place = self.places(rows["member"])
        own = np.flatnonzero(place >= 0)
        found: dict[str, Numbers] = {}
        for name in rows.keys() - {"member"}:
            found[name] = np.zeros(len(self.members), np.int64)
            found[name][place[own]] = _filled(rows[name], 0)[own]
        for leaf in self.weighing.leaves.values():
            if leaf.seen:
                self._seen(leaf.name, leaf.seen, found, silent=leaf.default.can == "FALSE")

    def _seen(self, name: str, seen: Seen, said: Mapping[str, Numbers], *, silent: bool) -> None:
        """Take in one of them; ``silent``: it does not hold of whom nothing is stated."""
        told = (said[f"told_{seen.word}"] >> seen.shift) & ALL
        never = told == NOT_MET
        self._know(f"{name}_can", ~(never | (told == 0)) if silent else ~never)
        self._know(f"{name}_fail", told != MET)
        if seen.newest:
            self._know(f"{name}_conflict", (said[f"once_{seen.word}"] & seen.bits(1)) != 0)
        if seen.sided:
            self._differ(name, packed((said[f"sides_{seen.word}"] & seen.bits(1)) != 0))
        if seen.pending:
            self._know(f"{name}_pending", (told & PENDING) != 0)

    def words(self, rows: Rows) -> None:
        """Take in the clinicians' words on criteria: of a member, of a criterion, whether it is met."""
        place = self.places(rows["member"])
        yes, there = _truths(rows, "yes", usual=False), place >= 0
        for criterion in self.weighing.words:
            own = there & (_filled(rows["fact"], "") == SETTLE + criterion)
            for said in (True, False):
                found = np.zeros(len(self.members), np.bool_)
                found[place[own & (yes == said)]] = True
                self._know((word_of(criterion), said), found)

    # ---- the result

    def beside(self, rows: pa.Table) -> pa.Table:
        """Return the result: what stands beside the tree, of every member in order, with the columns of the tree."""
        columns = {name: rows.column(name) for name in ("member", "patient", "as_of")} | self.columns()
        return pa.table(columns | ({"evidence": rows.column("evidence")} if "evidence" in rows.column_names else {}))

    def columns(self) -> dict[str, pa.Array]:
        """Return the columns of the result that the tree gives."""
        shown = self.weighing.shown
        gates = self.weighing.gates.run(self.known, self.weighing.wanted, len(self.members))
        wanted = {gate for value in shown.values() for gate in gates_of(value) if gate != NEVER}
        found = {gate: unpacked(gates[gate], len(self.members)) for gate in wanted}
        return {name: self._column(name, value, found) for name, value in shown.items()}

    def _column(self, name: str, value: Value, gates: Mapping[int, Numbers]) -> pa.Array:
        match value:
            case Days(days):
                return self._latest({column: gates[gate] for column, gate in days.items() if gate in gates})
            case Words(words):
                return _words({word: gates[gate] for word, gate in words.items() if gate in gates}, len(self.members))
            case Choice(texts) if name in self.weighing.statuses:
                return self._one_of(STATUSES, {text: gates[gate] for text, gate in texts.items() if gate in gates})
            case Choice(texts):
                own = {text: gates[gate] for text, gate in texts.items() if gate in gates}
                return self._one_of(tuple(own), own).cast(pa.string())
        return pa.nulls(len(self.members), pa.string())

    def _one_of(self, words: tuple[str | int, ...], where: Mapping[str | int, Numbers]) -> pa.Array:
        """Return one of a few words a member, as their places among them; NULL where it is none."""
        codes = np.zeros(len(self.members), np.uint8)
        for word, truths_ in where.items():
            codes += truths_ * np.uint8(words.index(word) + 1)
        none = codes == 0
        held = pa.array(codes - np.uint8(1), mask=none if none.any() else None)
        return pa.DictionaryArray.from_arrays(held, pa.array(words, pa.string()))

    def _latest(self, days: Mapping[str, Numbers]) -> pa.Array:
        latest = np.full(len(self.members), np.iinfo(np.int32).min, np.int32)
        for name, there in days.items():
            own = np.flatnonzero(there)
            latest[own] = np.maximum(latest[own], self.days[name][own])
        return pa.array(latest, mask=latest == np.iinfo(np.int32).min).cast(pa.date32())


def _words(where: Mapping[str, Numbers], members: int) -> pa.Array:
    """Return words parted by spaces; the same words are put together once."""
    words = list(where)
    rows = np.column_stack([where[word] for word in words]) if words else np.zeros((members, 1), np.uint8)
    bits = np.packbits(rows, axis=1)
    held = np.zeros((members, -(-bits.shape[1] // 8) * 8), np.uint8)
    held[:, : bits.shape[1]] = bits
    _, firsts, places = np.unique(
        held.view(np.uint64).view(f"V{held.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    texts = [" ".join(word for word, said in zip(words, rows[first], strict=False) if said) for first in firsts]
    return pa.array(texts, pa.string()).take(pa.array(places))


def _truths(rows: Rows, name: str, *, usual: bool) -> Truths:
    """Return a column of truths, the usual one where it says nothing."""
    return _filled(rows[name], usual)


def _nowhere(column: Numbers) -> bool:
    """Whether a column is NULL in every row."""
    return bool(np.ma.getmaskarray(column).all())


def _filled(column: Numbers, usual: complex | str | np.datetime64) -> Numbers:
    """Return a column with a value in the place of NULL."""
    return column.filled(usual) if isinstance(column, np.ma.MaskedArray) else column
