"""The values of attributes as ValueSets: given out beside a form, and expanded where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from priorauth.export.addresses import code_system, dashed, value_set
from priorauth.export.conditions import listed
from priorauth.export.items import MANY, Json, coding, version_of
from priorauth.facts.vocabulary import Fact, Vocabulary

FEW: Final = 40
"""A ValueSet of fewer codes than these is given out expanded."""


def value_sets(facts: Iterable[str], vocabulary: Vocabulary, base: str, day: str) -> list[Json]:
    """Return the ValueSets from which some facts take their values; expanded as of a day (YYYY-MM-DD)."""
    found = [vocabulary[name] for name in dict.fromkeys(facts) if name in vocabulary]
    return [of_fact(fact, base, day) for fact in found if listed(fact) and len(fact.values) > MANY]


def named(canonical: str, vocabulary: Vocabulary, base: str) -> Fact | None:
    """Return the attribute whose values a canonical address is of, with its version or without; None where of none."""
    address, _, version = canonical.partition("|")
    for fact in vocabulary.facts.values():
        if listed(fact) and address == value_set(fact.name, base):
            return fact if version in ("", version_of(fact)) else None
    return None


def of_fact(fact: Fact, base: str, day: str, *, expand: bool = True) -> Json:
    """Return the values of an attribute; few are expanded, others where ``expand`` asks for it alone."""
    codes = [coding(fact.name, value, base) for value in fact.values]
    made: Json = {
        "resourceType": "ValueSet",
        "id": dashed(fact.name),
        "url": value_set(fact.name, base),
        "version": version_of(fact),
        "name": "".join(word[:1].upper() + word[1:] for word in fact.name.split("_")),
        "title": fact.ask,
        "status": "active",
        "compose": {
            "include": [
                {
                    "system": code_system(fact.name, base),
                    "concept": [{"code": one["code"], "display": one["display"]} for one in codes],
                }
            ]
        },
    }
    if expand or len(codes) < FEW:
        made["expansion"] = {"timestamp": day, "total": len(codes), "contains": codes}
    return made
