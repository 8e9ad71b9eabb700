"""Cases from the solver: one on each side of every threshold, and for every criterion a pair in which it alone decides.

Expected results are the solver's. The pairs are MC/DC: two patients in whom one criterion comes out differently, the
result with it, and what is on file differs only in facts that this criterion reads (where there is no such pair, in
what it must).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import z3

from priorauth.assurance.prove import SCOPE, Named, Proof, Shown, deciding, missing, refused, show
from priorauth.assurance.replay import truth
from priorauth.assurance.thresholds import thresholds
from priorauth.engines.solver.outcome import World
from priorauth.engines.solver.tree import Node
from priorauth.engines.solver.view import Bool
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf, leaves
from priorauth.values.truth import MET as HOLDS
from priorauth.values.truth import NOT_MET as FAILS

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Made:
    """A case: its file name, its sentence, the patient, the criterion it is about and why it is there."""

    name: str
    sentence: str
    shown: Shown
    about: Named
    why: str


def cases(proof: Proof) -> Iterator[Made]:
    """Yield every case of a version: the pairs first, then both sides of every threshold."""
    used: set[str] = set()
    for one in proof.named:
        for made in (*_pair(proof, one), *_sides(proof, one)):
            name, turn = made.name, 2
            while name in used:
                name, turn = f"{made.name}-{turn}", turn + 1
            used.add(name)
            yield Made(name, made.sentence, made.shown, made.about, made.why)


# ---- pairs


def _pair(proof: Proof, one: Named) -> Iterator[Made]:
    first = proof.approvals.get(one.name)
    if first is None or one.name not in proof.refusals:
        return
    second, alone = _partner(proof, one, first)
    why = "only facts that this criterion reads differ" if alone else "other facts have to differ too"
    slug, word = _slug(one.name), "weighed" if one.root.role in SCOPE else "approved"
    yield Made(f"{slug}-{word}", f"{one.name} decides that a request is {word}", first, one, f"MC/DC pair: {why}.")
    yield Made(f"{slug}-not-{word}", f"{one.name} decides that it is not {word}", second, one, f"MC/DC pair: {why}.")


def _partner(proof: Proof, one: Named, first: Shown) -> tuple[Shown, bool]:
    """Find who differs from an approved patient in nothing but what one criterion reads, and is not approved."""
    terms, world = proof.terms, proof.world
    wanted = [deciding(terms, one), refused(terms, one)]
    # Unsatisfiable iff every patient for whom it decides against approval differs in another fact as well.
    model = world.ask(*wanted, *frozen(world, first.model, read_by(one.node)))
    if model is None:
        return proof.refusals[one.name], False
    return show(world, terms, model), True


def read_by(node: Node) -> frozenset[str]:
    """Return the names of the facts that a criterion reads, its guard's and its anchors' left out."""
    own = node.criterion.test
    forms = [own.form] if isinstance(own, Leaf) else [leaf.form for part in own.parts for leaf in leaves(part)]
    return frozenset(name for form in forms for name in contents.facts_of(form))


def frozen(world: World, model: z3.ModelRef, free: frozenset[str]) -> list[Bool]:
    """Return whether everything but some facts is as it is in a model."""
    same: list[Bool] = []
    for fact, choice in world.patient.choices.items():
        if fact not in free:
            same += [bit for bit in choice.bits if z3.is_true(model.eval(bit, model_completion=True))]
    for fact, dated in world.patient.rows.items():
        if fact not in free:
            same += [entry.count == model.eval(entry.count, model_completion=True) for entry in dated.entries]
            same.append(dated.whole == model.eval(dated.whole, model_completion=True))
    return same


# ---- thresholds


def _sides(proof: Proof, one: Named) -> Iterator[Made]:
    """Yield both sides of the thresholds of a leaf: as near to each as there is, deciding where that can be."""
    if not isinstance(one.node.criterion.test, Leaf):
        return
    form = one.node.criterion.test.form
    for label, met_side, other_side in thresholds(form, proof.world):
        truth = one.node.truth
        sides = [("met", met_side, truth.met), ("not met", other_side, truth.not_met)]
        if isinstance(form, f.Latest | f.AnyRow) or missing(one):
            sides.append(("open", other_side, truth.open))
        for side, near, verdict in sides:
            shown = _nearest(proof, one, near, verdict)
            if shown is not None:
                slug = f"{_slug(one.name)}-{_slug(label)}-{_slug(side)}"
                text = one.node.criterion.test.text
                yield Made(slug, f"{text}: {label}, {side}", shown, one, f"Next to a threshold: {label}.")


def _nearest(proof: Proof, one: Named, near: Bool, verdict: Bool) -> Shown | None:
    # Unsatisfiable iff on this side of the threshold it never decides, or (the second) never has this verdict.
    model = proof.world.ask(near, verdict, deciding(proof.terms, one)) or proof.world.ask(near, verdict)
    return show(proof.world, proof.terms, model) if model is not None else None


# ---- files


def case_file(made: Made, proof: Proof) -> Json:
    """Return a case as a file: the Bundle, the judgments, and what the solver expects of it."""
    policy = proof.terms.policy
    bundle, judged = made.shown.witness.bundle(policy.payer, made.name)
    return {
        "name": made.sentence,
        "as_of": None,
        "policy": policy.id,
        "bundle": bundle,
        "judgments": judged,
        "expect": {"outcome": made.shown.outcome, "status": statuses(made, proof)},
        "why": made.why,
        "difficulty": "solver",
    }


def statuses(made: Made, proof: Proof) -> dict[str, str]:
    """Return the status of each numbered criterion of what was weighed, as far as it is shown in a determination."""
    taken = [z3.is_true(made.shown.model.eval(one, model_completion=True)) for one in proof.terms.verdict().taken]
    found: dict[str, str] = {}
    weighed = ("approve", "clinical-review", "not-yet", "request-information")
    if made.shown.outcome not in weighed or not _in_scope(made, proof):
        return found
    for root, node in zip(proof.terms.roots, proof.terms.verdict().nodes, strict=True):
        shown = root.role in ("exclusion", "document") or (root.role == "criterion" and taken[root.pathway])
        for part in node.walk() if shown and any(taken) else ():
            if part.criterion.id and -1 not in part.path:
                found[part.criterion.id] = status(made.shown.model, part)
    return found


def _in_scope(made: Made, proof: Proof) -> bool:
    """Whether everything of scope is settled, so that the criteria are weighed at all."""
    settled = []
    for root, node in zip(proof.terms.roots, proof.terms.verdict().nodes, strict=True):
        if root.role in ("elsewhere", "other criteria", "authorization"):
            settled.append(truth(made.shown.model, node.truth) == (HOLDS if root.role == "authorization" else FAILS))
    return all(settled)


def status(model: z3.ModelRef, node: Node) -> str:
    """Return the verdict of a criterion in words."""
    applies = truth(model, node.applies)
    if applies == FAILS:
        return "not-applicable"
    verdict = truth(model, node.truth if applies == HOLDS else node.counted)
    if verdict.settled:
        return "met" if verdict == HOLDS else "not-met"
    return "conflict" if z3.is_true(model.eval(node.conflict, model_completion=True)) else "unknown"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:70].strip("-")
