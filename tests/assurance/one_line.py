"""One line of the language as terms over one unknown patient, and the patients that the solver finds for it."""

from __future__ import annotations

from dataclasses import dataclass

import z3

from priorauth.assurance.witness import Witness, witness
from priorauth.engines.python import leaf
from priorauth.engines.python.view import View
from priorauth.engines.solver.grid import Grid
from priorauth.engines.solver.laws import load as load_laws
from priorauth.engines.solver.leaf import Leaves
from priorauth.engines.solver.pair import Pair
from priorauth.engines.solver.view import Bool, Patient
from priorauth.facts.vocabulary import load as load_vocabulary
from priorauth.language import forms as f
from priorauth.language.check import Checker
from priorauth.language.parse import parse
from priorauth.values import dates
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth
from priorauth.values.units import load as load_units

VOCABULARY, UNITS = load_vocabulary(), load_units()
AS_OF = dates.day("2026-11-20")


def form(line: str) -> f.Form:
    """Read a line."""
    checker = Checker(VOCABULARY, UNITS)
    found = checker.check(parse(line))
    assert not checker.faults
    return found


def grid(*lines: str) -> Grid:
    """Lay the grid of some lines."""
    return Grid(tuple(form(line) for line in lines), VOCABULARY, load_laws(), AS_OF, (AS_OF,))


@dataclass(frozen=True, slots=True)
class Line:
    """A line over one patient: its truth as terms, and the solver to ask."""

    form: f.Form
    patient: Patient
    truth: Pair
    solver: z3.Solver

    def find(self, *conditions: Bool) -> Witness | None:
        """Find a patient of whom the conditions hold; None where there is none."""
        if self.solver.check(*conditions) != z3.sat:
            return None
        return witness(self.solver.model(), self.patient)

    def evaluated(self, *conditions: Bool) -> Truth | None:
        """Give the evaluator's verdict on such a patient; None where there is none."""
        found = self.find(*conditions)
        return None if found is None else leaf.evaluate(self.form, View(found.case, VOCABULARY)).truth

    def verdicts(self) -> dict[Truth, Truth | None]:
        """Give for each verdict of the solver the evaluator's on a patient who has it."""
        wanted = {MET: self.truth.met, NOT_MET: self.truth.not_met, UNKNOWN: self.truth.open}
        return {verdict: self.evaluated(condition) for verdict, condition in wanted.items()}


def laid(line: str) -> Line:
    """Lay one patient under a line."""
    patient = Patient(grid(line), ("E0784",))
    patient.statement("product_code")
    (only,) = patient.grid.forms
    truth = Leaves(patient, {}).say(only).truth
    solver = z3.Solver()
    solver.add(*patient.constraints())
    return Line(only, patient, truth, solver)
