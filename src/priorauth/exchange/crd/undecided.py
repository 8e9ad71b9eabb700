"""Which facts of a determination are still undecided: those for which a chart is worth asking."""

from __future__ import annotations

from collections.abc import Iterator

from priorauth.decide.decided import Applied, Assessed
from priorauth.decide.determination import Determination
from priorauth.language import contents
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy, leaves
from priorauth.values.dates import day


def undecided(made: Determination, catalog: Catalog) -> Iterator[str]:
    """Yield the facts that are still undecided, and those that nothing but silence decides.

    Where what is asked first (an attribute: the program, the drug) decides what else will be, every fact of the policy
    counts.
    """
    if made.outcome in ("not-applicable", "other-criteria", "not-required") or made.policy is None:
        return
    asked = [one.fact for one in made.questions]
    yield from asked
    yield from made.assumed
    known_facts = _facts(policy_of(made.policy, catalog))
    if made.pathway is None or (asked and all(catalog.vocabulary[fact].kind == "attribute" for fact in asked)):
        yield from known_facts
        return
    for criterion in made.criteria:
        for leaf in _open(criterion):
            yield from (word for word in leaf.replace("(", " ").replace(")", " ").split() if word in known_facts)


def _facts(policy: Policy) -> frozenset[str]:
    """Return every fact that a policy reads, the common criteria left aside."""
    found = (leaf for root in policy.roots() for leaf in leaves(root))
    return frozenset(name for leaf in found for name in contents.facts_of(leaf.form))


def _open(criterion: Assessed) -> Iterator[str]:
    if criterion.status not in ("unknown", "conflict"):
        return
    if criterion.test:
        yield criterion.test
    for part in criterion.parts:
        yield from _open(part)


def policy_of(applied: Applied, catalog: Catalog) -> Policy:
    """Return the version of a policy that was applied."""
    first = day(applied.effective.first)
    return next(one for one in catalog.versions(applied.id) if one.effective.first == first)
