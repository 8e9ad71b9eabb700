"""Criteria as terms: each node of a tree with its truth, what it contributes, and whether a conflict keeps it open.

The laws of joining are those of docs/how-to-write-a-policy.md. A node's truth can be forced, to see what it alone
decides; then only its ancestors are made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from priorauth.engines.solver.leaf import Leaves, Said
from priorauth.engines.solver.pair import MET, Pair, at_least, if_, negate
from priorauth.engines.solver.view import FALSE, TRUE, Bool, all_, any_, not_
from priorauth.policy.tree import Criterion, Group, Leaf

Path = tuple[int, ...]
GUARD = -1
"""In a path: the step from a criterion to its guard."""


@dataclass(frozen=True, slots=True)
class Node:
    """A criterion as terms. ``truth`` is its own, ``counted`` what it contributes to the group it stands in."""

    criterion: Criterion
    path: Path
    truth: Pair
    counted: Pair
    conflict: Bool
    applies: Pair = MET
    said: Said | None = None
    parts: tuple[Node, ...] = ()
    guard: Node | None = None

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, guards included."""
        yield self
        if self.guard:
            yield from self.guard.walk()
        for part in self.parts:
            yield from part.walk()

    def open(self, under: Bool = TRUE) -> Iterator[tuple[Bool, Node]]:
        """Yield the leaves (and conflicts) that keep it undecided, each with the condition under which it does."""
        here = all_([under, self.counted.open])
        if self.guard:
            yield from self.guard.open(here)
        within = all_([here, not_(self.applies.not_met), self.truth.open])
        if not self.parts:
            yield within, self
            return
        yield all_([within, *(part.counted.settled for part in self.parts)]), self
        for part in self.parts:
            yield from part.open(within)

    def in_time(self, inside: str = "all") -> Node:
        """Return this node as time may make it: a leaf that is not met for lack of time alone is unknown."""
        if not any(node.said and node.said.short is not FALSE for node in self.walk()):
            return self
        guard = self.guard.in_time() if self.guard else None
        parts: tuple[Node, ...] = ()
        truth, conflict, test = self.truth, FALSE, self.criterion.test
        if isinstance(test, Group):
            parts = tuple(part.in_time(test.kind) for part in self.parts)
            truth, conflict = join(test, parts)
        elif self.said:
            truth = Pair(any_([truth.hold, self.said.short]), truth.fail)
        counted, applies, open_conflict = _within(inside, guard, truth, conflict)
        return Node(self.criterion, self.path, truth, counted, open_conflict, applies, self.said, parts, guard)

    def short(self, then: Node, under: Bool = TRUE) -> Iterator[Bool]:
        """Yield for each leaf when it keeps this node from being met for lack of time alone; ``then``: it in time."""
        if then is self:
            return
        here = all_([under, self.counted.not_met, not_(then.counted.not_met)])
        if self.guard and then.guard:
            yield from self.guard.short(then.guard, here)
        here = all_([here, self.truth.not_met])
        if self.said:
            yield all_([here, self.said.short])
        for part, later in zip(self.parts, then.parts, strict=True):
            yield from part.short(later, here)


def _within(inside: str, guard: Node | None, truth: Pair, conflict: Bool) -> tuple[Pair, Pair, Bool]:
    """Return what a criterion contributes to its group, whether it applies, and whether a conflict keeps it open."""
    applies = guard.truth if guard else MET
    counted = any_of(negate(applies), truth) if inside == "all" else at_least(2, (applies, truth))
    return counted, applies, all_([counted.open, any_([conflict, guard.conflict if guard else FALSE])])


@dataclass(slots=True)
class Builder:
    """Makes nodes over one patient."""

    leaves: Leaves
    tag: str
    memory: dict[Path, Node] = field(default_factory=dict)

    def build(
        self,
        criterion: Criterion,
        path: Path,
        *,
        inside: str = "all",
        document: bool = False,
        forced: tuple[Path, Pair] | None = None,
    ) -> Node:
        """Make the node of a criterion; ``forced`` gives one node of the tree another truth."""
        touched = forced is not None and forced[0][: len(path)] == path
        if not touched and path in self.memory:
            return self.memory[path]
        guard = self.build(criterion.guard, (*path, GUARD), forced=forced) if criterion.guard else None
        said: Said | None = None
        parts: tuple[Node, ...] = ()
        conflict: Bool = FALSE
        if isinstance(criterion.test, Leaf):
            said = self.leaves.say(criterion.test.form)
            truth = Pair(TRUE, said.truth.fail) if document else said.truth
        else:
            kind = criterion.test.kind
            within = document and kind != "none of"
            parts = tuple(
                self.build(part, (*path, place), inside=kind, document=within, forced=forced)
                for place, part in enumerate(criterion.test.parts)
            )
            truth, conflict = join(criterion.test, parts)
        if forced is not None and forced[0] == path:
            truth, conflict = forced[1], FALSE
        counted, applies, open_conflict = _within(inside, guard, truth, conflict)
        if touched:
            return Node(criterion, path, truth, counted, open_conflict, applies, said, parts, guard)
        name = f"{self.tag}{'.'.join(map(str, path))}"
        truth, counted = self.named(truth, f"{name}/truth"), self.named(counted, f"{name}/counted")
        open_conflict = self.leaves.patient.named(open_conflict, f"{name}/conflict")
        self.memory[path] = Node(criterion, path, truth, counted, open_conflict, applies, said, parts, guard)
        return self.memory[path]

    def named(self, pair: Pair, name: str) -> Pair:
        """Return a pair its own unknowns, so that terms above it stay small and a model is read fast."""
        patient = self.leaves.patient
        return Pair(patient.named(pair.hold, f"{name}+"), patient.named(pair.fail, f"{name}-"))


def any_of(*parts: Pair) -> Pair:
    """Return whether one of the parts holds."""
    return at_least(1, parts)


def join(group: Group, parts: tuple[Node, ...]) -> tuple[Pair, Bool]:
    """Join the parts of a group; the flag says that a conflict keeps it open."""
    inner = any_(part.conflict for part in parts)
    if group.kind == "ways":
        return _ways(parts, inner)
    verdicts = [part.counted for part in parts]
    truth = negate(at_least(1, verdicts)) if group.kind == "none of" else at_least(group.k, verdicts)
    return truth, all_([truth.open, inner])


def _ways(parts: tuple[Node, ...], inner: Bool) -> tuple[Pair, Bool]:
    """Join ways to show one idea: settled parts agree, that; differ, conflict. What is said counts before silence."""

    def settled(*, loud: bool) -> tuple[Bool, Bool]:
        held, failed = [], []
        for part in parts:
            silent = part.said.silent if part.said else FALSE
            counts = all_([part.applies.met, not_(silent) if loud else TRUE])
            held.append(all_([counts, part.counted.met]))
            failed.append(all_([counts, part.counted.not_met]))
        return any_(held), any_(failed)

    (held, failed), (held_too, failed_too) = settled(loud=True), settled(loud=False)
    quiet = not_(any_([held, failed]))
    met = any_([held, all_([quiet, held_too])])
    not_met = any_([failed, all_([quiet, failed_too])])
    clash = all_([met, not_met])
    conflict = any_([clash, inner])
    one = all_([any_([met, not_met]), not_(conflict)])
    return if_(one, Pair(met, not_met), Pair(TRUE, TRUE)), conflict
