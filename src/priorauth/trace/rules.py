"""What a sentence may carry: the rules of a version by name, each with the line of its file.

A rule is named by its outline id, also one in ``also`` and one that is not encoded; a criterion or route that no
outline numbers by its title or by what it says; a reading by its name; and what stands in the head of the file by its
key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct

from priorauth.policy import inventory
from priorauth.policy.roots import roots
from priorauth.policy.tree import Criterion, Policy, leaves, walk

Kind = Literal["criterion", "exclusion", "document", "hand-off", "scope", "note", "not encoded", "reading", "head"]
HEAD: Final = ("applies", "authorization", "effective", "title", "version")
"""Keys of the head of a file that a sentence may stand behind."""
_OF_ROLE: Final[Mapping[str, Kind]] = {
    "elsewhere": "scope",
    "other criteria": "scope",
    "authorization": "scope",
    "pathway": "scope",
    "criterion": "criterion",
    "alternative": "criterion",
    "exclusion": "exclusion",
    "document": "document",
    "hand-off": "hand-off",
    "note": "note",
    "missed": "note",
}


class Rule(Struct, frozen=True):
    """A rule of a version: what it is, its title where it has one, and the line of its file (1 for one of its head)."""

    name: str
    kind: Kind
    title: str
    line: int
    readings: tuple[str, ...] = ()
    """The readings that it rests on."""


def rules(policy: Policy) -> dict[str, Rule]:
    """Return every rule of a version by name, its own and not those that it imports."""
    found: dict[str, Rule] = {}
    for rule in _listed(policy):
        found.setdefault(rule.name, rule)
    return found


def wanted(policy: Policy) -> tuple[Rule, ...]:
    """Return the rules that a sentence has to carry: all but readings, the head, and what is told of none."""
    return tuple(rule for rule in rules(policy).values() if rule.kind not in {"reading", "head"})


def _listed(policy: Policy) -> Iterator[Rule]:
    for root in roots(policy):
        kind = _OF_ROLE[root.role]
        for node in walk(root.criterion):
            if not node.line or _borrowed(policy, node):
                continue
            for name in (*((node.id,) if node.id else ()), *node.also):
                yield Rule(name, kind, node.title or "", node.line, _readings(node))
        top = root.criterion
        if top.id is None and top.title is not None and root.role not in {"criterion", "pathway"}:
            yield Rule(top.title, kind, top.title, top.line, _readings(top))
    for kind, routes in (
        ("scope", (*policy.elsewhere, *policy.other_criteria)),
        ("note", (*policy.notes, *policy.missed)),
    ):
        for route in routes:
            for name in (*((route.id,) if route.id else ()), *route.also):
                yield Rule(name, "scope" if kind == "scope" else "note", route.to, route.line, _readings(route.when))
            if route.id is None:
                yield Rule(" ".join(route.to.split()), "scope" if kind == "scope" else "note", route.to, route.line)
    for pathway in policy.pathways:
        for name in pathway.also:
            yield Rule(name, "scope", pathway.title, pathway.line)
    for place in inventory.places(policy):
        if place.how == "not encoded":
            yield Rule(place.id, "not encoded", place.reason or "", place.line)
    for reading in (policy.readings or {}).values():
        yield Rule(reading.name, "reading", reading.why, reading.line)
    for key in HEAD:
        yield Rule(key, "head", "", 1)


def _borrowed(policy: Policy, node: Criterion) -> bool:
    """Whether a criterion is one of a policy that this one imports."""
    from priorauth.policy.catalog import prefix

    return node.id is not None and node.id.startswith(tuple(prefix(name) for name in policy.imports))


def _readings(node: Criterion) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for leaf in leaves(node) for name in leaf.readings))
