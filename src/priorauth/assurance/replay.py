"""Replay: what the solver says of a witness, held against the evaluator. Where they differ, one of them is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator

import z3

from priorauth.assurance.witness import Witness
from priorauth.decide.determine import determine
from priorauth.engines.python.finding import Finding
from priorauth.engines.python.outcome import decide
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.engines.solver.outcome import PolicyTerms, Verdict
from priorauth.engines.solver.pair import Pair
from priorauth.engines.solver.tree import Node
from priorauth.policy.outcome import Outcome
from priorauth.policy.tree import heard
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth


class Contradicted(AssertionError):
    """The solver and the evaluator do not say the same of a witness: the places where they differ."""


def replay(witness: Witness, model: z3.ModelRef, terms: PolicyTerms) -> Outcome:
    """Return the outcome on which solver and evaluator agree; raises Contradicted where they differ in anything."""
    verdict = terms.verdict()
    expected = outcome_of(model, verdict)
    vocabulary = witness.patient.grid.vocabulary
    found = decide(terms.policy, witness.case, vocabulary, terms.common).outcome
    differing = list(differences(witness, model, terms, verdict))
    if found != expected:
        differing.append(f"outcome: solver {expected}, evaluator {found}")
    if differing:
        raise Contradicted("; ".join(differing[:5]))
    return expected


def through_determine(witness: Witness, terms: PolicyTerms, expected: Outcome) -> None:
    """Send a witness through ``determine`` as a Bundle; raises Contradicted where the outcome is another."""
    made, judged = witness.bundle(terms.policy.payer, "witness")
    found = determine(
        json.dumps(made).encode(),
        policy=terms.policy.id,
        judgments=json.dumps(judged).encode(),
        policies=terms.folders,
    )
    if [one.outcome for one in found] != [expected]:
        raise Contradicted(f"outcome: solver {expected}, determine {', '.join(one.outcome for one in found)}")


def outcome_of(model: z3.ModelRef, verdict: Verdict) -> Outcome:
    """Return the outcome that a model has under a policy."""
    for outcome, condition in verdict.outcomes.items():
        if holds(model, condition):
            return outcome
    raise AssertionError("expected one outcome")


def holds(model: z3.ModelRef, condition: z3.BoolRef) -> bool:
    """Whether a condition holds in a model."""
    return bool(z3.is_true(model.eval(condition, model_completion=True)))


def truth(model: z3.ModelRef, pair: Pair) -> Truth:
    """Return the verdict that a pair has in a model."""
    return Truth(holds(model, pair.hold), holds(model, pair.fail))


def differences(witness: Witness, model: z3.ModelRef, terms: PolicyTerms, verdict: Verdict) -> Iterator[str]:
    """Yield the names of every criterion of which solver and evaluator do not say the same."""
    view = View(witness.case, heard(terms.policy, witness.patient.grid.vocabulary))
    for root, node in zip(terms.roots, verdict.nodes, strict=True):
        finding = evaluate(root.criterion, view, inside=root.inside, document=root.document)
        yield from _differing(model, node, finding)


def _differing(model: z3.ModelRef, node: Node, finding: Finding) -> Iterator[str]:
    said = (truth(model, node.truth), truth(model, node.counted), holds(model, node.conflict))
    seen = (finding.truth, finding.counted, finding.conflict)
    inner = [_differing(model, part, other) for part, other in zip(node.parts, finding.parts, strict=True)]
    if node.guard and finding.guard:
        inner.append(_differing(model, node.guard, finding.guard))
    below = [line for listed in inner for line in listed]
    yield from below
    if said != seen and not below:
        name = node.criterion.id or getattr(node.criterion.test, "text", None) or node.criterion.title
        yield f"{name} (line {node.criterion.line}): solver {_words(said)}, evaluator {_words(seen)}"


def _words(said: tuple[Truth, Truth, bool]) -> str:
    truth, counted, conflict = said
    words = {MET: "met", NOT_MET: "not met", UNKNOWN: "unknown"}
    counts = f", counted as {words[counted]}" if counted != truth else ""
    return f"{words[truth]}{counts}{', in conflict' if conflict else ''}"
