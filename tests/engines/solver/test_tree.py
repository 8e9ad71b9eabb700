"""Criteria join in the solver as in the evaluator, whatever their parts are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import z3

from priorauth.assurance.replay import holds, truth
from priorauth.assurance.witness import Witness, witness
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.engines.solver.grid import Grid, forms_of
from priorauth.engines.solver.laws import load
from priorauth.engines.solver.leaf import Leaves
from priorauth.engines.solver.pair import MET as SURELY
from priorauth.engines.solver.tree import Builder, Node
from priorauth.engines.solver.view import Patient, all_, not_
from tests.asking import criterion
from tests.assurance.one_line import AS_OF, VOCABULARY

PARTS = "[motivated, current_pump_works, pump_skill_demonstrated]"
MOST = 100


def laid(tree: str) -> tuple[Node, Patient, Builder]:
    root = criterion(tree)
    patient = Patient(Grid(forms_of([root]), VOCABULARY, load(), AS_OF, (AS_OF,)), ("E0784",))
    patient.statement("product_code")
    builder = Builder(Leaves(patient, {}), "0:")
    return builder.build(root, (0,)), patient, builder


def everybody(patient: Patient) -> Iterator[tuple[z3.ModelRef, Witness]]:
    """Give every patient who differs in a choice."""
    solver = z3.Solver()
    solver.add(*patient.constraints())
    for _ in range(MOST):
        if solver.check() != z3.sat:
            return
        model = solver.model()
        yield model, witness(model, patient)
        bits = [bit for choice in patient.choices.values() for bit in choice.bits if holds(model, bit)]
        solver.add(not_(all_(bits)))
    raise AssertionError("expected fewer patients")


@pytest.mark.parametrize(
    "tree",
    [
        f"{{all: {PARTS}}}",
        f"{{any: {PARTS}}}",
        f"{{at least: 2, of: {PARTS}}}",
        f"{{none of: {PARTS}}}",
        f"{{ways: {PARTS}}}",
        "{ways: [motivated, unable_to_monitor_glucose]}",
        "{any: [motivated, {when: current_pump_works, only when: pump_skill_demonstrated}]}",
        "{all: [motivated, {when: current_pump_works, only when: pump_skill_demonstrated}]}",
    ],
)
def test_a_group_has_the_verdict_that_the_evaluator_gives_for_every_answer(tree: str) -> None:
    node, patient, _ = laid(tree)
    seen = []
    for model, found in everybody(patient):
        finding = evaluate(node.criterion, View(found.case, VOCABULARY))
        said = (truth(model, node.truth), truth(model, node.counted), holds(model, node.conflict))
        assert said == (finding.truth, finding.counted, finding.conflict), found.words()
        seen.append(said)
    assert len(seen) == 3 ** len(patient.grid.forms)
    assert len(set(seen)) >= 3


def test_a_forced_part_changes_the_group_above_it_and_not_the_part_beside_it() -> None:
    node, _, builder = laid("{all: [motivated, current_pump_works]}")
    forced = builder.build(node.criterion, (0,), forced=((0, 0), SURELY))
    assert forced.parts[0].truth == SURELY
    assert forced.parts[1] is node.parts[1]
    assert forced.truth != node.truth
    assert builder.build(node.criterion, (0,)) is node


def test_a_settled_group_is_kept_open_by_none_of_its_leaves() -> None:
    node, patient, _ = laid("{any: [motivated, current_pump_works]}")
    for model, _ in everybody(patient):
        waiting = [part.path for condition, part in node.open() if holds(model, condition)]
        assert bool(waiting) == holds(model, node.counted.open)
