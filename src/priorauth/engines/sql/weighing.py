"""The tree and the outcome as gates over what all leaves say: what the last statement of a policy says, without SQL.

What is known of each member goes by the names that the columns of ``found_0`` have.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from priorauth.engines.sql.conditions import Choice, Days, Null, Reader, Truth, Value
from priorauth.engines.sql.gates import Gates
from priorauth.engines.sql.leaf import LeafSql
from priorauth.engines.sql.pieces import slug
from priorauth.engines.sql.verdict_bits import FLAGS
from priorauth.language import contents

STATUSES: Final = ("met", "not-met", "unknown", "conflict", "not-applicable")


@dataclass(frozen=True, slots=True)
class Weighing:
    """The columns of a result as values over gates, and what has to be known for them."""

    gates: Gates = field(default_factory=Gates)
    shown: Mapping[str, Value] = field(default_factory=dict)
    wanted: tuple[int, ...] = ()
    """The gates of the columns and all that they need, in order."""
    leaves: Mapping[str, LeafSql] = field(default_factory=dict)
    """By name: the leaves, those of ``said`` too."""
    statuses: frozenset[str] = frozenset()
    """The columns that are statuses."""
    words: tuple[str, ...] = ()
    """The criteria that a clinician may have settled."""

    @property
    def needed(self) -> frozenset[Hashable]:
        """Return the names of what has to be known."""
        lines = (self.gates.lines[gate] for gate in self.wanted)
        return frozenset(self.gates.names[place] for operator, place, _ in lines if operator == "known")


def weighing(
    leaves: tuple[LeafSql, ...],
    words: frozenset[str],
    tree: Iterable[tuple[str, str]],
    shown: Iterable[tuple[str, str]],
    statuses: Iterable[str],
) -> Weighing:
    """Read the columns of the tree, one after another, and then those of the result; raises Unreadable."""
    gates = Gates()
    columns: dict[str, Value] = {}
    for leaf in leaves:
        columns |= _of_leaf(gates, leaf)
    for name in words:
        word = word_of(name)
        columns[word] = Truth(gates.known((word, True)), gates.known((word, False)))
    for name, text in tree:
        columns[name] = Reader.over(gates, columns).read(text)
    found = {name: Reader.over(gates, columns).read(text) for name, text in shown}
    wanted = gates.needed({gate for value in found.values() for gate in gates_of(value)})
    return Weighing(
        gates, found, tuple(wanted), {leaf.name: leaf for leaf in leaves}, frozenset(statuses), tuple(sorted(words))
    )


def word_of(criterion: str) -> str:
    """Return the column of a clinician's word on a criterion."""
    return f"word_{slug(criterion)}"


def truths(leaf: LeafSql) -> tuple[str, ...]:
    """Return the truths of a leaf beside a conflict: the endings of its columns."""
    flags = leaf.seen.flags if leaf.seen else leaf.columns
    return ("can", "fail", *(flag for flag in FLAGS[1:] if flag in flags))


def _of_leaf(gates: Gates, leaf: LeafSql) -> dict[str, Value]:
    """Return the columns of a leaf."""

    def truth(ending: str) -> Truth:
        gate = gates.known(f"{leaf.name}_{ending}")
        return Truth(gate, gates.other(gate))

    flags = leaf.seen.flags if leaf.seen else leaf.columns
    endings = [*truths(leaf), *(("conflict",) if leaf.sided or "conflict" in flags else ())]
    found: dict[str, Value] = {f"{leaf.name}_{ending}": truth(ending) for ending in endings}
    if "lost" in leaf.columns:
        name = f"{leaf.name}_lost"
        found[name] = Choice({anchor: gates.known((name, anchor)) for anchor in contents.anchors_of(leaf.form)})
    if "wait" in leaf.columns:
        name = f"{leaf.name}_wait"
        found[name] = Days({name: gates.known(name)})
    return found


def gates_of(value: Value) -> tuple[int, ...]:
    """Return the gates of a value of a result."""
    if isinstance(value, Null):
        return ()
    if isinstance(value, Truth):
        return value.yes, value.no
    gates = value.gates
    return tuple(gates.values() if isinstance(gates, dict) else gates)
