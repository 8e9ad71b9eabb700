"""Compare: whom one version approves that another does not, pathway by pathway, with a patient for each difference.

======================= ====================================================================
equivalent              nobody is approved by one and not by the other
stricter, looser        only the other, only this one approves somebody whom its rival does not
incomparable            each approves somebody whom its rival does not
======================= ====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import z3

from priorauth.assurance.minimize import least
from priorauth.assurance.replay import replay, through_determine
from priorauth.assurance.witness import Witness, witness
from priorauth.engines.python.finding import Finding
from priorauth.engines.python.outcome import Decision, decide
from priorauth.engines.solver.outcome import PolicyTerms, World
from priorauth.engines.solver.tree import Node
from priorauth.engines.solver.view import Bool, all_, any_, not_
from priorauth.policy.outcome import Outcome
from priorauth.policy.tree import Criterion, Group, Leaf, Policy
from priorauth.values.truth import MET, NOT_MET

Relation = Literal["equivalent", "stricter", "looser", "incomparable"]
NO_PATHWAY = "no pathway"
SETTLED: tuple[Outcome, ...] = ("clinical-review", "other-criteria")
"""Outcomes in which nothing more is asked and nobody is approved."""


@dataclass(frozen=True, slots=True)
class Between:
    """One patient under several policies: the outcome under each, and what stands in the way of an approval."""

    witness: Witness
    outcomes: tuple[Outcome, ...]
    hurdles: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """How one pathway stands to another version; ``here`` is approved by the first alone, ``there`` by the other."""

    pathway: str
    relation: Relation
    here: Between | None
    there: Between | None


def compare(world: World) -> Iterator[Compared]:
    """Hold the first policy of a world against the second, pathway by pathway."""
    one, two = world.policies
    taken = one.verdict().taken
    places = [(pathway.id, chosen) for pathway, chosen in zip(one.policy.pathways, taken, strict=True)]
    for name, chosen in [*places, (NO_PATHWAY, not_(any_(taken)))]:
        # Unsatisfiable iff on this pathway the first alone (`here`), the second alone (`there`) approves nobody.
        here = find(world, 0, chosen, not_(grants(two)))
        there = find(world, 1, chosen, not_(grants(one)))
        if name != NO_PATHWAY or here or there:
            yield Compared(name, relation(here, there), here, there)


def relation(here: Between | None, there: Between | None) -> Relation:
    """Return how two versions stand to each other."""
    if here and there:
        return "incomparable"
    return "looser" if here else "stricter" if there else "equivalent"


def grants(terms: PolicyTerms) -> Bool:
    """Whether a policy approves: it speaks about the product, and approves the request."""
    product = terms.patient.statement("product_code")
    return all_([product.when(lambda code: code in terms.policy.products), terms.verdict().approve])


def find(world: World, place: int, *wanted: Bool) -> Between | None:
    """Find whom one policy approves and replay it under every policy; None where there is nobody.

    It is one for whom as little as can be stands in the way elsewhere, and then one with as little on file as will do.
    """
    others = [asked_by(terms) for at, terms in enumerate(world.policies) if at != place]
    wishes = [[wish for listed in others for wish in listed[order]] for order in range(2)]
    model = least(world, [grants(world.policies[place]), *wanted], wishes)
    return None if model is None else between(world, model)


def asked_by(terms: PolicyTerms) -> tuple[list[Bool], list[Bool]]:
    """Return all that an approval asks of a patient: what surrounds the criteria, and the criteria one by one."""
    verdict = terms.verdict()
    around, criteria = [any_(verdict.taken)], []
    for root, node in zip(terms.roots, verdict.nodes, strict=True):
        match root.role:
            case "criterion":
                untaken = not_(verdict.taken[root.pathway])
                criteria += [any_([untaken, part.counted.met]) for part in _each(node)]
            case "document" | "authorization":
                around.append(node.counted.met)
            case "exclusion" | "hand-off" | "elsewhere" | "other criteria":
                around.append(node.counted.not_met)
            case _:
                pass
    return around, criteria


def _each(node: Node) -> Iterator[Node]:
    """Yield what has to be met so that all of a criterion is."""
    if isinstance(node.criterion.test, Group) and node.criterion.test.kind == "all" and node.guard is None:
        for part in node.parts:
            yield from _each(part)
    else:
        yield node


def between(world: World, model: z3.ModelRef) -> Between:
    """Replay a patient under every policy; raises Contradicted where the evaluator says something else."""
    made = witness(model, world.patient)
    product = world.patient.statement("product_code").of(model)
    outcomes: list[Outcome] = []
    hurdles = []
    for terms in world.policies:
        outcome = replay(made, model, terms)
        if product not in terms.policy.products:
            outcome = "not-applicable"
        if in_force(terms, made.case.as_of):
            through_determine(made, terms, outcome)
        outcomes.append(outcome)
        decision = decide(terms.policy, made.case, world.patient.grid.vocabulary, terms.common)
        hurdles.append(tuple(_hurdles(decision)) if outcome != "approve" else ())
    return Between(made, tuple(outcomes), tuple(hurdles))


def in_force(terms: PolicyTerms, day: int) -> bool:
    """Whether a version is the one that ``determine`` takes for a request and service of that day."""
    span = terms.policy.effective
    return span.first <= day and (span.last is None or day <= span.last)


def _hurdles(decision: Decision) -> Iterator[str]:
    """Yield the names of the criteria that stand in the way of an approval, as deep as they have names."""
    found: list[str] = []
    if decision.sent_to:
        found.append(f"goes to {decision.sent_to}")
    found += [plain_name(one.criterion) for one in (*decision.excluded, *decision.reserved) if one.counted == MET]
    if decision.signs.get("no_pathway"):
        found.append("no pathway")
    if decision.signs.get("failed") and decision.required:
        missed = [
            part
            for part in decision.required.walk()
            if part.criterion.id and part.counted == NOT_MET and not _deeper(part)
        ]
        found += [plain_name(part.criterion) for part in missed]
    found += [one.criterion or plain_name(one.finding.criterion) for one in decision.short_of_time]
    found += [one.criterion or plain_name(one.finding.criterion) for one in decision.open_leaves]
    yield from dict.fromkeys(found)


def plain_name(criterion: Criterion) -> str:
    """Return the name of a criterion: by its id, else its title, else what it tests."""
    test = criterion.test
    return criterion.id or criterion.title or (test.text if isinstance(test, Leaf) else test.kind)


def _deeper(finding: Finding) -> bool:
    return any(part.criterion.id and part.counted == NOT_MET for part in list(finding.walk())[1:])


# ---- payers

Lay = Callable[[tuple[Policy, ...]], World]
"""Lays one patient under some policies."""


def matrix(policies: tuple[Policy, ...], lay: Lay, kind: str) -> Iterator[tuple[int, int, Between | None]]:
    """Ask for every two policies: whom does the first approve by its written criteria and the second not."""
    for one, first in enumerate(policies):
        for two, second in enumerate(policies):
            if one < two:
                world = lay((first, second))
                yield one, two, _differs(world, 0, kind)
                yield two, one, _differs(world, 1, kind)


def approving(policies: tuple[Policy, ...], lay: Lay, kind: str) -> tuple[Policy, ...]:
    """Return the policies that approve anybody by their written criteria."""
    worlds = [lay((policy,)) for policy in policies]
    return tuple(world.one.policy for world in worlds if world.ask(grants(world.one), *_written(world, kind)))


def alone(policies: tuple[Policy, ...], lay: Lay, kind: str) -> Iterator[tuple[int, Between | None]]:
    """Find whom one policy approves by its written criteria and no other."""
    world = lay(policies)
    for place in range(len(policies)):
        yield place, _differs(world, place, kind)


def _differs(world: World, place: int, kind: str) -> Between | None:
    """Find whom one policy approves and the others do not: a person decides there, or else, they do not approve."""
    written = _written(world, kind)
    others = [terms for at, terms in enumerate(world.policies) if at != place]
    reviewed = [any_(terms.verdict().outcomes[one] for one in SETTLED) for terms in others]
    # Unsatisfiable iff nobody whom it approves goes to a person everywhere else; the second: iff others approve all.
    return find(world, place, *written, *reviewed) or find(
        world, place, *written, *(not_(grants(terms)) for terms in others)
    )


def _written(world: World, kind: str) -> list[Bool]:
    """Return whether a request is of one kind, and that nobody stands in for written criteria."""
    stands_in = [node.truth.met for terms in world.policies for node in terms.by_role("alternative")]
    return [world.patient.statement("request_kind").when(kind.__eq__), *(not_(one) for one in stands_in)]
