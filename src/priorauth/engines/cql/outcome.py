"""The trees of a policy under the names by which CQL knows them, and which pathway a request takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from priorauth.engines.cql.pieces import string
from priorauth.policy.roots import Root, roots
from priorauth.policy.tree import Criterion, Policy

TAKEN = "pathway taken"
"""The definition that names the pathway of a request, null where none is known to take it."""


def named(policy: Policy, common: tuple[Criterion, ...] = ()) -> Iterator[tuple[str, Root]]:
    """Yield every tree of a policy with its name, in the order of the file."""
    for root in roots(policy, common):
        match root.role:
            case "elsewhere" | "other criteria":
                name = f"{root.role} {root.id or root.place}"
            case "authorization":
                name = "authorization required"
            case "pathway":
                name = _when(policy.pathways[root.pathway].id)
            case "criterion":
                name = f"pathway {policy.pathways[root.pathway].id}"
            case "alternative":
                name = "individual consideration"
            case "missed":
                name = f"where missed {root.place}"
            case "exclusion" | "document" | "hand-off" | "note":
                name = f"{root.role} {root.place}"
        yield name, root


def taken(policy: Policy, names: Mapping[str, str]) -> str:
    """Choose the first pathway whose condition holds; an unknown condition leaves it open."""
    text = "null"
    for pathway in reversed(policy.pathways):
        if pathway.when is None:
            text = string(pathway.id)
        else:
            name = names[_when(pathway.id)]
            text = f"\n  if not {name}.canFail then {string(pathway.id)} else if {name}.canHold then null else {text}"
    return text


def _when(pathway: str) -> str:
    return f"pathway {pathway} when"
