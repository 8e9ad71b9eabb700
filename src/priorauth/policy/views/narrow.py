"""A tree narrowed by what a request settles by itself: its product, its kind, and what follows from them.

Settled parts fall away; what is left is what still has to be shown. Nothing of the patient is known here.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, Group, Kind, Leaf, leaves

Known = Mapping[str, str | frozenset[str]]
"""Attributes that are settled, with their value, or with those that they may have."""


def of_request(vocabulary: Vocabulary, product: str | None = None, kind: str | None = None) -> dict[str, str]:
    """Return what a request settles: its product, its kind, and attributes whose values list the product's code."""
    known = {name: value for name, value in (("product_code", product), ("request_kind", kind)) if value is not None}
    for name in vocabulary:
        for value, codes in vocabulary[name].value_codes.items():
            if product is not None and product in codes.get("hcpcs", ()):
                known[name] = value
    return known


def of_condition(when: Criterion | None) -> dict[str, str]:
    """Return what a pathway's condition settles: each ``fact is value`` that must hold."""
    if when is None:
        return {}
    if isinstance(when.test, Group):
        if when.test.kind != "all":
            return {}
        return {name: value for part in when.test.parts for name, value in of_condition(part).items()}
    form = when.test.form
    return {form.fact: form.values[0]} if isinstance(form, f.Is) and len(form.values) == 1 else {}


def narrow(criterion: Criterion, known: Known, inside: Kind = "all") -> Criterion | bool:
    """Return what is left of a tree, or True or False where it is settled.

    ``inside`` is the kind of group around it: a criterion whose guard fails counts as met in ``all``, elsewhere as not.
    """
    guard = narrow(criterion.guard, known) if criterion.guard else True
    if guard is False:
        return inside == "all"
    test = _test(criterion.test, known)
    if isinstance(test, bool):
        if guard is True or test is (inside == "all"):
            return test
        test = criterion.test
    return replace(criterion, test=test, guard=None if guard is True else guard)


def _test(test: Leaf | Group, known: Known) -> Leaf | Group | bool:
    if isinstance(test, Leaf):
        return _leaf(test, known)
    parts = [narrow(part, known, test.kind) for part in test.parts]
    left = tuple(part for part in parts if not isinstance(part, bool))
    held = sum(part is True for part in parts)
    match test.kind:
        case "all":
            if any(part is False for part in parts):
                return False
            return replace(test, parts=left, k=len(left)) if left else True
        case "none of":
            if held:
                return False
            return replace(test, parts=left) if left else True
        case _:
            needed = test.k - held
            if needed <= 0:
                return True
            return replace(test, parts=left, k=needed) if len(left) >= needed else False


def _leaf(test: Leaf, known: Known) -> Leaf | bool:
    form = test.form
    if not isinstance(form, f.Is) or form.role is not None or form.fact not in known:
        return test
    said = known[form.fact]
    possible = {said} if isinstance(said, str) else said
    if possible <= set(form.values):
        return True
    return test if possible.intersection(form.values) else False


def may_hold(criterion: Criterion | None, known: Known) -> bool:
    """Whether a condition may still hold."""
    return criterion is None or narrow(criterion, known) is not False


def facts(criterion: Criterion) -> tuple[str, ...]:
    """Return the names of the facts of a tree, in the order of the file."""
    return tuple(dict.fromkeys(leaf.form.fact for leaf in leaves(criterion)))
