"""Diff: what changed between two versions, by outline id and, with the solver, by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from priorauth.engines.solver.outcome import PolicyTerms, World
from priorauth.engines.solver.tree import Node
from priorauth.engines.solver.view import any_
from priorauth.language.contents import readings_of
from priorauth.policy.tree import Criterion, Group, Leaf, Policy, Silence

Kind = Literal["added", "removed", "moved", "test changed", "reading changed", "title changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a criterion, by its outline id; ``before`` and ``after`` say what stood and stands there.

    ``same`` says whether the solver finds the same verdict for every patient; None where only one version has it.
    """

    id: str
    kind: Kind
    before: str
    after: str
    same: bool | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    criterion: Criterion
    above: str
    role: str


def diff(one: Policy, two: Policy) -> Iterator[Change]:
    """Yield every change from one version to another, in the order of their outlines."""
    yield from _silence(one, two)
    old, new = _placed(one), _placed(two)
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            there = before or after
            title = there.criterion.title or "" if there else ""
            yield Change(name, "removed" if after is None else "added", title if before else "", title if after else "")
            continue
        yield from _changes(name, (one, before), (two, after))


def _silence(one: Policy, two: Policy) -> Iterator[Change]:
    """Yield of which facts silence means something else than it did."""
    old, new = ({said.fact: _means(said) for said in policy.silence} for policy in (one, two))
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield Change(f"silence of {name}", "reading changed", old.get(name, ""), new.get(name, ""))


def _means(said: Silence) -> str:
    return f"{'no' if said.means_no else 'unknown'}: {said.reason}"


def _changes(name: str, one: tuple[Policy, _Placed], two: tuple[Policy, _Placed]) -> Iterator[Change]:
    before, after = one[1], two[1]
    places = tuple(f"{part.role}, below {part.above}" for part in (before, after))
    if places[0] != places[1]:
        yield Change(name, "moved", places[0], places[1])
    tests = tuple(test(part.criterion) for part in (before, after))
    if tests[0] != tests[1]:
        yield Change(name, "test changed", tests[0], tests[1])
    notes = tuple(_readings(policy, part.criterion) for policy, part in (one, two))
    if notes[0] != notes[1]:
        yield Change(name, "reading changed", notes[0], notes[1])
    if before.criterion.title != after.criterion.title and tests[0] == tests[1]:
        yield Change(name, "title changed", before.criterion.title or "", after.criterion.title or "")


def _placed(policy: Policy) -> Mapping[str, _Placed]:
    """Find every numbered criterion with the numbered one above it and what part of the policy it stands in."""
    found: dict[str, _Placed] = {}
    parts: list[tuple[str, Criterion]] = [
        ("scope", route.when) for route in (*policy.elsewhere, *policy.other_criteria)
    ]
    parts += [("authorization", policy.required)] if policy.required else []
    parts += [(f"pathway {pathway.id}", pathway.require) for pathway in policy.pathways]
    parts += [("alternative", policy.individual)] if policy.individual else []
    parts += [("exclusion", one) for one in policy.excluded] + [("document", one) for one in policy.documents]
    parts += [("hand-off", one) for one in policy.reserved]
    parts += [("note", note.when) for note in (*policy.notes, *policy.missed)]
    for role, root in parts:
        _place(root, role, "the top", found)
    for route in (*policy.elsewhere, *policy.other_criteria, *policy.notes, *policy.missed):
        if route.id:
            found[route.id] = _Placed(route.when, "the top", "route")
    return found


def _place(criterion: Criterion, role: str, above: str, found: dict[str, _Placed]) -> None:
    if criterion.id:
        found[criterion.id] = _Placed(criterion, above, role)
    below = criterion.id or above
    parts = criterion.test.parts if isinstance(criterion.test, Group) else ()
    for part in (*([criterion.guard] if criterion.guard else ()), *parts):
        _place(part, role, below, found)


def test(criterion: Criterion) -> str:
    """Return what a criterion tests on one line; numbered parts stand for themselves by their ids."""
    guard = f" only when ({test(criterion.guard)})" if criterion.guard else ""
    if isinstance(criterion.test, Leaf):
        return criterion.test.text + guard
    kind = f"at least {criterion.test.k}" if criterion.test.kind == "at least" else criterion.test.kind
    parts = [part.id or test(part) for part in criterion.test.parts]
    return f"{kind} [{'; '.join(parts)}]{guard}"


def _readings(policy: Policy, criterion: Criterion) -> str:
    """Return how the text was read: in prose, and the values of the readings that the criterion itself rests on."""
    names = [name for part in _own(criterion) if isinstance(part.test, Leaf) for name in readings_of(part.test.form)]
    values = [
        f"{name} = {(policy.readings or {})[name].text}"
        for name in dict.fromkeys(names)
        if name in (policy.readings or {})
    ]
    return "; ".join([*([criterion.reading] if criterion.reading else []), *values])


def _own(criterion: Criterion) -> Iterator[Criterion]:
    """Yield a criterion and what stands below it, down to the next numbered ones."""
    yield criterion
    parts = criterion.test.parts if isinstance(criterion.test, Group) else ()
    for part in (*([criterion.guard] if criterion.guard else ()), *parts):
        if part.id is None:
            yield from _own(part)


def meanings(world: World) -> dict[str, bool]:
    """Return for each id that both versions have whether the solver finds the same verdict for every patient."""
    one, two = (_by_id(terms) for terms in world.policies)
    found = {}
    for name in one:
        if name in two:
            old, new = one[name], two[name]
            differs = [old.truth.hold != new.truth.hold, old.truth.fail != new.truth.fail]
            # Unsatisfiable iff the criterion has the same verdict for every patient under both versions.
            found[name] = world.ask(any_(differs)) is None
    return found


def _by_id(terms: PolicyTerms) -> dict[str, Node]:
    nodes = terms.verdict().nodes
    return {node.criterion.id: node for root in nodes for node in root.walk() if node.criterion.id}
