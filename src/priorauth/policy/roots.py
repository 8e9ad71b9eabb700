"""The trees of a policy by what they stand for: one list for every engine, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from priorauth.policy.tree import Criterion, Policy

Role = Literal[
    "elsewhere",
    "other criteria",
    "authorization",
    "pathway",
    "criterion",
    "alternative",
    "exclusion",
    "document",
    "hand-off",
    "note",
    "missed",
]
"""What a tree stands for: ``pathway`` is the condition of a pathway, ``criterion`` what it requires, ``alternative``
the judgment in place of the written criteria, ``missed`` the condition of what is said where they are missed."""

SPOKEN: tuple[Role, ...] = ("note", "missed")
"""The roles of trees that say something beside the decision and are no part of it."""


class Root(Struct, frozen=True):
    """A tree of a policy: its role, how it counts in the group it stands in, whether what fails in it is missing.

    ``number`` counts all trees from 0, ``place`` those of one role from 1; ``pathway`` is the place of its pathway from
    0, -1 where it belongs to none; ``id`` the id of its route, if it has one.
    """

    role: Role
    criterion: Criterion
    number: int
    place: int
    inside: str = "all"
    document: bool = False
    pathway: int = -1
    id: str | None = None

    @property
    def path(self) -> tuple[int, ...]:
        """The first step on the way to a criterion below it."""
        return (self.number,)


def roots(policy: Policy, common: tuple[Criterion, ...] = ()) -> Iterator[Root]:
    """Yield every tree of a policy, in the order of the file; ``common`` are hand-offs under every policy."""
    placed: dict[Role, int] = {}
    for number, (role, criterion, pathway, route) in enumerate(_listed(policy, common)):
        placed[role] = place = placed.get(role, 0) + 1
        inside = "none of" if role in ("exclusion", "hand-off") else "all"
        yield Root(role, criterion, number, place, inside, role == "document", pathway, route)


def _listed(policy: Policy, common: tuple[Criterion, ...]) -> Iterator[tuple[Role, Criterion, int, str | None]]:
    for route in policy.elsewhere:
        yield "elsewhere", route.when, -1, route.id
    for route in policy.other_criteria:
        yield "other criteria", route.when, -1, route.id
    if policy.required:
        yield "authorization", policy.required, -1, None
    for at, pathway in enumerate(policy.pathways):
        if pathway.when:
            yield "pathway", pathway.when, at, None
        yield "criterion", pathway.require, at, None
    if policy.individual:
        yield "alternative", policy.individual, -1, None
    for criterion in policy.excluded:
        yield "exclusion", criterion, -1, None
    for criterion in policy.documents:
        yield "document", criterion, -1, None
    for criterion in (*policy.reserved, *common):
        yield "hand-off", criterion, -1, None
    for route in policy.notes:
        yield "note", route.when, -1, route.id
    for route in policy.missed:
        yield "missed", route.when, -1, route.id
