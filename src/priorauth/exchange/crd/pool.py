"""The resources that a hook brings and that were asked for besides, found by ``Type/id``.

Of what stands twice the first counts: the context of a hook before its prefetch, both before what was asked for. An
OperationOutcome, a null and nothing are one: nothing is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from priorauth.exchange.wire import Json, listed
from priorauth.fhir.references import tail

_DEEPEST: Final = 3
"""How many Bundles may stand within one another: the answer to a batch holds the answers to searches."""


class Pool:
    """Resources, in the order they came."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._named: dict[str, Json] = {}
        self._all: list[Json] = []

    def add(self, found: object) -> None:
        """Take in a resource, or those of a Bundle; whatever is neither is left aside."""
        for one in _resources(found, _DEEPEST):
            name = name_of(one)
            if name in self._named:
                continue
            if not name.endswith("/"):
                self._named[name] = one
            self._all.append(one)

    def find(self, reference: object, owner: Json | None = None) -> Json | None:
        """Return the resource that a reference (or its text) means; ``owner`` holds what it contains."""
        literal = reference.get("reference") if isinstance(reference, dict) else reference
        if not isinstance(literal, str):
            return None
        if literal.startswith("#"):
            inside = listed(owner, "contained") if owner else []
            return next((one for one in inside if one.get("id") == literal[1:]), None)
        return self._named.get(tail(literal))

    def all(self, *kinds: str) -> list[Json]:
        """Return the resources of some types, or all."""
        return [one for one in self._all if not kinds or one["resourceType"] in kinds]

    def __len__(self) -> int:
        """Return how many resources there are."""
        return len(self._all)


def name_of(resource: Json) -> str:
    """Return ``Type/id``; ``Type/`` of what has no id."""
    named = resource.get("id")
    return f"{resource['resourceType']}/{named if isinstance(named, str) else ''}"


def _resources(found: object, deep: int) -> Iterator[Json]:
    if not isinstance(found, dict) or not isinstance(kind := found.get("resourceType"), str):
        return
    if kind == "Bundle":
        if deep:
            yield from _within(listed(found, "entry"), deep - 1)
    elif kind not in ("OperationOutcome", "Parameters"):
        yield found


def _within(entries: Iterable[Json], deep: int) -> Iterator[Json]:
    for entry in entries:
        yield from _resources(entry.get("resource"), deep)


def text(value: object) -> str:
    """Return a text, "" of what is none."""
    return value if isinstance(value, str) else ""


def codings(concept: object) -> list[Json]:
    """Return the codings of a concept that have a code."""
    return [one for one in listed(concept, "coding") if isinstance(one.get("code"), str)]
