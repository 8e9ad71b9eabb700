"""What the solver says of a patient is what the evaluator says of each criterion, and what ``determine`` decides."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from priorauth.assurance.replay import _differing, replay, through_determine
from priorauth.assurance.witness import witness
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.engines.solver.outcome import world
from priorauth.engines.solver.tree import Node
from priorauth.engines.solver.view import Bool
from priorauth.policy.tree import Policy
from priorauth.values.truth import UNKNOWN
from tests.assurance.shipped import CATALOG, NAMES, POLICIES
from tests.draw import otherwise

QUICK = 12
MANY = 150


def drawn(nodes: list[Node], rng: np.random.Generator) -> list[Bool]:
    """Ask that three criteria drawn by lot be met, not met or unknown, as the lot falls."""
    picked = [nodes[int(rng.integers(len(nodes)))] for _ in range(3)]
    return [(node.truth.met, node.truth.not_met, node.truth.open)[int(rng.integers(3))] for node in picked]


def agree(policy: Policy, turns: int, seed: int) -> int:
    asked = world((policy,), CATALOG.vocabulary, CATALOG.common)
    nodes = [node for root in asked.one.verdict().nodes for node in root.walk()]
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(turns):
        model = asked.ask(*drawn(nodes, rng))
        if model is not None:
            patient = witness(model, asked.patient)
            through_determine(patient, asked.one, replay(patient, model, asked.one))
            found += 1
    return found


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_solver_evaluator_and_determine_say_the_same_of_patients_drawn_by_lot(policy: Policy) -> None:
    assert agree(policy, QUICK, 5) >= QUICK // 3


@pytest.mark.parametrize("policy", [POLICIES[0], POLICIES[-1]], ids=[NAMES[0], NAMES[-1]])
def test_solver_and_evaluator_say_the_same_where_a_policy_hears_silence_otherwise(policy: Policy) -> None:
    turned = otherwise(policy, CATALOG.vocabulary)
    asked = world((policy, turned), CATALOG.vocabulary, CATALOG.common)
    nodes = [node for terms in asked.policies for root in terms.verdict().nodes for node in root.walk()]
    rng, found = np.random.default_rng(13), 0
    for _ in range(QUICK):
        model = asked.ask(*drawn(nodes, rng))
        if model is not None:
            patient, found = witness(model, asked.patient), found + 1
            for terms in asked.policies:
                replay(patient, model, terms)
    assert found >= QUICK // 3


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_solver_evaluator_and_determine_say_the_same_of_many_patients(policy: Policy) -> None:
    assert agree(policy, MANY, 7) >= MANY // 3


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_every_outcome_that_a_policy_can_have_has_a_patient(policy: Policy) -> None:
    asked = world((policy,), CATALOG.vocabulary, CATALOG.common)
    seen = set()
    for outcome, condition in asked.one.verdict().outcomes.items():
        model = asked.ask(condition)
        if model is not None:
            patient = witness(model, asked.patient)
            assert replay(patient, model, asked.one) == outcome
            seen.add(outcome)
    assert {"approve", "clinical-review", "request-information"} <= seen


def test_whatever_solver_and_evaluator_say_differently_of_a_criterion_is_named() -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    asked = world((policy,), CATALOG.vocabulary, CATALOG.common)
    model = asked.ask(asked.one.verdict().approve)
    assert model is not None
    patient = witness(model, asked.patient)
    seen = View(patient.case, CATALOG.vocabulary)
    root, node = asked.one.roots[0], asked.one.verdict().nodes[0]
    finding = evaluate(root.criterion, seen, inside=root.inside, document=root.document)
    assert list(_differing(model, node, finding)) == []
    for changed, said in (
        (replace(finding, truth=UNKNOWN), "unknown"),
        (replace(finding, counted=UNKNOWN), "counted as unknown"),
        (replace(finding, conflict=not finding.conflict), "in conflict"),
    ):
        (line,) = _differing(model, node, changed)
        assert said in line
