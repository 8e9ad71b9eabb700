"""When a part of a form is open: clauses over answers, each of which holds where one of its answers is given.

Only attributes with listed values and attestations are in a clause: ``enableWhen`` of FHIR can say no more. Where a
condition cannot be said, the part is open; so a part is closed only where its answers can change nothing.
"""

from __future__ import annotations

from typing import Final

from priorauth.export.asked import is_asked
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, Group, Leaf

OPEN: Final = ""
"""Stands in a clause for a question that is not answered."""
YES: Final = "yes"
NO: Final = "no"

Clause = frozenset[tuple[str, str]]
"""Answers, each a fact and its value; one of them has to be given."""
DATA: Final = (("date",), ("number",), ("integer",))
"""Of the attributes without listed values, what their ``values`` say."""


def listed(fact: Fact) -> bool:
    """Whether a fact is an attribute with listed values."""
    return fact.kind == "attribute" and bool(fact.values) and fact.values not in DATA


def may_hold(criterion: Criterion, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """Return what has to be answered so that a criterion may hold; nothing where no answer rules it out."""
    test = criterion.test
    if isinstance(test, Leaf):
        return _leaf(test, vocabulary, met=True)
    if test.kind == "all":
        return tuple(dict.fromkeys(clause for part in test.parts for clause in may_hold(part, vocabulary)))
    if test.kind == "none of":
        return tuple(dict.fromkeys(clause for part in test.parts for clause in _may_fail(part, vocabulary)))
    return _one_of(test, vocabulary)


def answers(criterion: Criterion, vocabulary: Vocabulary) -> Clause:
    """Return the answers by which a criterion of one line is not met, or open; nothing where it is no such line."""
    found = _may_fail(criterion, vocabulary) if criterion.guard is None else ()
    return found[0] if found else frozenset()


def _one_of(group: Group, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """Join the clauses of alternatives: where each has one, one of these answers is needed."""
    each = [may_hold(part, vocabulary) for part in group.parts]
    if group.k != 1 or not all(each):
        return ()
    return (frozenset(answer for clauses in each for answer in clauses[0]),)


def _may_fail(criterion: Criterion, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    if isinstance(criterion.test, Leaf) and criterion.guard is None:
        return _leaf(criterion.test, vocabulary, met=False)
    return ()


def _leaf(leaf: Leaf, vocabulary: Vocabulary, *, met: bool) -> tuple[Clause, ...]:
    form = leaf.form
    if not is_asked(form.fact, vocabulary) or contents.role_of(form) is not None:
        return ()  # of a role an answer settles nothing until it is known whose it is
    fact = vocabulary[form.fact]
    if isinstance(form, f.Is) and listed(fact):
        values = [value for value in fact.values if (value in form.values) is met or value in fact.pending]
        return (frozenset((fact.name, value) for value in values),)
    if isinstance(form, f.Stated):
        return (frozenset({(fact.name, YES if met else NO), (fact.name, OPEN)}),)
    return ()
