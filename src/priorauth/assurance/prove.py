"""Prove: every criterion of a version can decide an approval and can decide a refusal of approval, or is named.

A criterion decides for a patient where its coming out the other way, and nothing else, changes whether the request is
approved.

============= ======================================================================================================
contradictory no patient meets it
dead          it can be met and not met, and never changes the result
redundant     it never decides a refusal: where it matters, the rest brings it with it
shadowed      it never decides an approval: where it matters, something else grants or bars the same
swallowed     no patient who meets the pathway escapes the exclusion
unreachable   no request is taken by the pathway, or none that it takes is approved
============= ======================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import z3

from priorauth.assurance.replay import holds, replay, through_determine
from priorauth.assurance.witness import Witness, witness
from priorauth.engines.solver.outcome import PolicyTerms, World
from priorauth.engines.solver.pair import MET, NOT_MET
from priorauth.engines.solver.tree import GUARD, Node, Path
from priorauth.engines.solver.view import Bool, all_, any_, not_
from priorauth.language import forms as f
from priorauth.policy.outcome import Outcome
from priorauth.policy.roots import Root
from priorauth.policy.tree import Criterion, Leaf

Kind = Literal["contradictory", "dead", "redundant", "shadowed", "swallowed", "unreachable"]
NOT_PROVEN = ("pathway",)
"""Roles that are asked about as a whole: the condition of a pathway is what takes a request."""
SCOPE = ("elsewhere", "other criteria", "authorization")
"""Roles that decide whether the policy weighs a request at all: there, to be weighed stands for to be approved."""


@dataclass(frozen=True, slots=True)
class Named:
    """A criterion with the name by which findings and cases speak of it."""

    name: str
    node: Node
    root: Root


@dataclass(frozen=True, slots=True)
class Shown:
    """A patient for whom one criterion alone decides: the model, the witness and the outcome."""

    model: z3.ModelRef
    witness: Witness
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a policy's author should look at."""

    name: str
    kind: Kind
    text: str


@dataclass
class Proof:
    """What was proved of one version: per criterion the patients for whom it decides, and what was found."""

    world: World
    terms: PolicyTerms
    approvals: dict[str, Shown] = field(default_factory=dict)
    refusals: dict[str, Shown] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    named: tuple[Named, ...] = ()


def names(terms: PolicyTerms) -> Iterator[Named]:
    """Yield the names of every criterion that can decide: by its id, else by its text below the numbered one above it.

    A hand-off common to all policies is named as a whole: its parts may concern products that this one does not cover.
    """
    seen: dict[str, int] = {}
    for root, node in zip(terms.roots, terms.verdict().nodes, strict=True):
        if root.role in NOT_PROVEN:
            continue
        pathway = terms.policy.pathways[root.pathway].id if root.role == "criterion" else root.role
        whole = root.criterion in terms.common
        for name, part in [(root.criterion.id or root.role, node)] if whole else _below(node, pathway):
            seen[name] = seen.get(name, 0) + 1
            yield Named(name if seen[name] == 1 else f"{name} #{seen[name]}", part, root)


def _below(node: Node, above: str) -> Iterator[tuple[str, Node]]:
    own = node.criterion.id or f"{above}: {'only when ' if GUARD in node.path[-1:] else ''}{plain(node.criterion)}"
    yield own, node
    here = node.criterion.id or above
    if node.guard:
        yield from _below(node.guard, here)
    for part in node.parts:
        yield from _below(part, here)


def plain(criterion: Criterion) -> str:
    """Return a criterion in a few words: its title, its line, or how its parts are joined."""
    if criterion.title:
        return criterion.title
    if isinstance(criterion.test, Leaf):
        return criterion.test.text
    parts = " | ".join(plain(part) for part in criterion.test.parts[:3])
    return f"{criterion.test.kind} ({parts}{' ...' if len(criterion.test.parts) > 3 else ''})"  # noqa: PLR2004


def prove(world: World) -> Proof:
    """Prove one version; raises Contradicted where the evaluator does not bear a witness out."""
    proof = Proof(world, world.one)
    proof.named = tuple(names(world.one))
    conditions = {one.name: deciding(world.one, one) for one in proof.named}
    for one in proof.named:
        _decides(proof, one, conditions)
    silent = {one.node.path for one in proof.named if _name(proof, one)}
    proof.found = [found for found in proof.found if not _inherited(found, proof, silent)]
    proof.found += [*_swallowed(proof), *_unreachable(proof)]
    return proof


def deciding(terms: PolicyTerms, one: Named) -> Bool:
    """Whether one criterion alone decides: granted if it is met and not if it is not, or the other way round."""
    forced = [(one.node.path, truth) for truth in (MET, NOT_MET)]
    if one.root.role in SCOPE:
        differs = any_(z3.Xor(*pair) for pair in zip(*(terms.sent_away(each) for each in forced), strict=True))
    else:
        differs = z3.Xor(*(terms.approve(each) for each in forced))
    return terms.patient.named(differs, f"{terms.builder.tag}deciding {one.node.path}")


def granted(terms: PolicyTerms, one: Named) -> Bool:
    """Whether a request gets what the criterion decides: an approval, or of scope, to be weighed."""
    return not_(any_(terms.sent_away())) if one.root.role in SCOPE else terms.verdict().approve


def refused(terms: PolicyTerms, one: Named) -> Bool:
    """Whether a request does not get it, and that this is settled."""
    settled = [] if missing(one) else [not_(one.node.truth.open)]
    return all_([not_(granted(terms, one)), *settled])


def _decides(proof: Proof, one: Named, conditions: dict[str, Bool]) -> None:
    # Unsatisfiable iff this criterion alone never decides an approval (the first), never a refusal (the second).
    for kept, wanted in ((proof.approvals, granted), (proof.refusals, refused)):
        if one.name not in kept:
            model = proof.world.ask(conditions[one.name], wanted(proof.terms, one))
            if model is not None:
                _keep(proof, model, conditions)


def missing(one: Named) -> bool:
    """Whether a criterion that is not met counts as missing, never as refuted: documents do."""
    return one.root.document or any(
        isinstance(node.criterion.test, Leaf) and isinstance(node.criterion.test.form, f.Documented)
        for node in one.node.walk()
    )


def _keep(proof: Proof, model: z3.ModelRef, conditions: dict[str, Bool]) -> None:
    """Replay a patient and note every criterion for which it is a witness."""
    shown = show(proof.world, proof.terms, model)
    for one in proof.named:
        if holds(model, conditions[one.name]):
            if holds(model, granted(proof.terms, one)):
                proof.approvals.setdefault(one.name, shown)
            elif holds(model, refused(proof.terms, one)):
                proof.refusals.setdefault(one.name, shown)


def show(world: World, terms: PolicyTerms, model: z3.ModelRef) -> Shown:
    """Make a witness of a model and replay it, criterion by criterion and as a Bundle through ``determine``."""
    made = witness(model, world.patient)
    outcome = replay(made, model, terms)
    through_determine(made, terms, outcome)
    return Shown(model, made, outcome)


def _name(proof: Proof, one: Named) -> bool:
    """Name what is wrong with a criterion that does not decide both ways; say whether something is."""
    approves, refuses = one.name in proof.approvals, one.name in proof.refusals
    if approves and refuses:
        return False
    # Unsatisfiable iff no patient meets the criterion; the second: iff no patient fails it.
    truth = one.node.truth
    fails = truth.open if missing(one) else truth.not_met
    if proof.world.ask(truth.met) is None:
        kind: Kind = "contradictory"
        text = "no patient meets it"
    elif proof.world.ask(fails) is None:
        kind, text = "redundant", "no patient fails it"
    elif not approves and not refuses:
        kind, text = "dead", "it never changes whether the request is approved"
    elif approves:
        kind, text = "redundant", "it never decides a refusal: where it matters, the rest brings it with it"
    else:
        kind, text = "shadowed", "it never decides an approval: where it matters, something else does the same"
    proof.found.append(Found(one.name, kind, text))
    return True


def _inherited(found: Found, proof: Proof, silent: set[Path]) -> bool:
    """Whether a criterion above has the same finding, so that this one says nothing new."""
    paths = {one.name: one.node.path for one in proof.named}
    kinds = {paths[other.name]: other.kind for other in proof.found}
    path = paths[found.name]
    above = [path[:length] for length in range(1, len(path)) if path[:length] in silent]
    return any(kinds.get(other) == found.kind for other in above)


def _swallowed(proof: Proof) -> Iterator[Found]:
    """Yield the names of exclusions that leave nobody of a pathway."""
    verdict = proof.terms.verdict()
    excluded = [
        (root, node) for root, node in zip(proof.terms.roots, verdict.nodes, strict=True) if root.role == "exclusion"
    ]
    required = [node for root, node in zip(proof.terms.roots, verdict.nodes, strict=True) if root.role == "criterion"]
    for pathway, taken, needed in zip(proof.terms.policy.pathways, verdict.taken, required, strict=True):
        for root, node in excluded:
            # Unsatisfiable iff the exclusion swallows the pathway: nobody who meets it escapes the exclusion.
            met = [taken, needed.counted.met]
            if proof.world.ask(*met, node.counted.not_met) is None and proof.world.ask(*met) is not None:
                name = root.criterion.id or plain(root.criterion)
                yield Found(pathway.id, "swallowed", f"no patient who meets the pathway escapes the exclusion {name}")


def _unreachable(proof: Proof) -> Iterator[Found]:
    """Yield the names of pathways that no request can reach, or on which none is approved."""
    verdict = proof.terms.verdict()
    scope = not_(any_(verdict.outcomes[one] for one in ("not-applicable", "other-criteria", "not-required")))
    for pathway, taken in zip(proof.terms.policy.pathways, verdict.taken, strict=True):
        # Unsatisfiable iff no request of this policy is taken by the pathway.
        if proof.world.ask(taken, scope) is None:
            yield Found(pathway.id, "unreachable", "no request is taken by it")
        # Unsatisfiable iff no request on this pathway is ever approved.
        elif proof.world.ask(taken, verdict.approve) is None:
            yield Found(pathway.id, "unreachable", "no request that it takes is approved")
