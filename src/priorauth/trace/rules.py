"""What a sentence may carry: the rules of a version by name, each with the line of its file.

A rule is named by its outline id, also one in ``also`` and one that is not encoded; a criterion or route that no
outline numbers by its title or by what it says; a reading by its name; and what stands in the head of the file by its
key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct

from priorauth.policy.catalog import prefix
from priorauth.policy.roots import roots
from priorauth.policy.tree import Criterion, Policy, Route, leaves, walk

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
    imported = tuple(prefix(name) for name in policy.imports)
    for root in roots(policy):
        kind = _OF_ROLE[root.role]
        for node in walk(root.criterion):
            if not node.line or (node.id is not None and node.id.startswith(imported)):
                continue
            for name in _names(node):
                yield Rule(name, kind, node.title or "", node.line, _readings(node))
        top = root.criterion
        if top.id is None and top.title is not None and root.role not in {"criterion", "pathway"}:
            yield Rule(top.title, kind, top.title, top.line, _readings(top))
    for route in (*policy.elsewhere, *policy.other_criteria):
        yield from _of_route(route, "scope")
    for route in (*policy.notes, *policy.missed):
        yield from _of_route(route, "note")
    for pathway in policy.pathways:
        for name in pathway.also:
            yield Rule(name, "scope", pathway.title, pathway.line)
    for left in policy.not_encoded:
        yield Rule(left.id, "not encoded", left.reason, left.line)
    for reading in (policy.readings or {}).values():
        yield Rule(reading.name, "reading", reading.why, reading.line)
    for key in HEAD:
        yield Rule(key, "head", "", 1)


def _of_route(route: Route, kind: Kind) -> Iterator[Rule]:
    for name in _names(route):
        yield Rule(name, kind, route.to, route.line, _readings(route.when))
    if route.id is None:
        yield Rule(" ".join(route.to.split()), kind, route.to, route.line)


def _names(one: Criterion | Route) -> tuple[str, ...]:
    """Return the outline ids of a criterion or a route, its own first."""
    return (one.id, *one.also) if one.id else one.also


def _readings(node: Criterion) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for leaf in leaves(node) for name in leaf.readings))
