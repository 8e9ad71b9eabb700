"""Every form of the language has terms, and on patients drawn by lot they say what the evaluator says."""

from __future__ import annotations

import numpy as np
import pytest
import z3

from priorauth.assurance.replay import truth
from priorauth.assurance.witness import witness
from priorauth.engines.python import leaf
from priorauth.engines.python.view import View
from priorauth.engines.solver.grid import Grid
from priorauth.engines.solver.laws import load
from priorauth.engines.solver.leaf import Leaves
from priorauth.engines.solver.view import Patient
from priorauth.facts.vocabulary import load as load_vocabulary
from priorauth.language.check import Checker
from priorauth.language.parse import parse
from priorauth.values import dates
from priorauth.values.units import load as load_units

VOCABULARY, UNITS = load_vocabulary(), load_units()
AS_OF = dates.day("2026-11-20")
SERVICE = (dates.day("2013-06-30"), AS_OF)
LINES = [
    "latest hba1c within 12 months > 7.0 %",
    "latest hba1c while insulin_injections >= 3 /d > 7.0 %",
    "any hba1c >= 8.0 % within 6 months before enrollment",
    "no ketoacidosis within 12 months",
    "any c_peptide_percent_of_lower_limit <= 110 % with fasting_glucose_with_c_peptide <= 225 mg/dL",
    "count of severe_hypoglycemia within 6 months >= 2",
    "count of ketoacidosis within 6 months = 1",
    "count of ketoacidosis within 12 months < 2",
    "count of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g within 6 months >= 2",
    "count of hypoglycemia < 54 mg/dL within 6 months >= 2",
    "days with hypoglycemia within 3 months >= 3",
    "days with cgm_glucose within 30 days >= 70 %",
    "daily average of glucose_self_test within 30 days >= 4 /d",
    "share of fasting_glucose above 200 mg/dL within 3 months >= 25 % of at least 3",
    "share of fasting_glucose above 200 mg/dL within 3 months < 50 % of at least 2",
    "spread of premeal_glucose within 3 months > 100 mg/dL",
    "sum of diabetes_hospital_stay within 6 months >= 5 d",
    "sum of diabetes_hospital_stay within 3 months before enrollment <= 3 d",
    "sum of diabetes_hospital_stay while insulin_injections >= 3 /d = 4 d",
    "longest gap between prescriber_visit within 6 months <= 3 months",
    "longest gap between prescriber_visit since prior_approval > 2 months",
    "at least 2 of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g within 6 months at least 1 month apart",
    "at least 3 of hypoglycemia within 12 months at least 3 months apart",
    "at least 2 of severe_hypoglycemia since enrollment at least 14 days apart",
    "insulin_injections >= 3 /d throughout 6 months before pump_start",
    "insulin_injections >= 3 /d on request",
    "total_daily_insulin < 40 [iU]/d on pump_start",
    "frequent_dose_self_adjustment throughout 6 months",
    "diabetes on service",
    "end_stage_renal_disease",
    "motivated",
    "unable_to_monitor_glucose",
    "pump_trial lasts 3 months",
    "documented clinical_notes_dated within 12 months",
    "documented prescriber_visit within 6 months before prescription",
    "trial_outcome is completed",
    "infusion_hours >= 8 h",
    "service_on >= 2013-07-01",
    "age < 21 years",
    "insulin_pump_use before medicare_enrollment",
    "diabetes since enrollment",
    "warranty_ends_on before request",
    "prescription_signed_on within 91 days",
    "service_until >= 3 months after service",
    "service_until = 1 month after prescription",
    "warranty_ends_on < 4 years after pump_start",
    "latest hba1c no worse than before prior_approval by 0.3 %",
    "count of hypoglycemia no worse than before prior_approval by 1",
    "days with hypoglycemia no worse than before prior_approval",
    "daily average of glucose_self_test no worse than before prior_approval",
    "share of fasting_glucose above 200 mg/dL no worse than before prior_approval by 10 %",
    "spread of premeal_glucose no worse than before prior_approval by 20 mg/dL",
    "judged other_indication_accepted",
    "judged only_for_convenience",
    "refused no_cheaper_equivalent",
    "motivated stated by physician",
    "unwilling_or_unable_to_take_part stated by educator",
    "trial_outcome is completed stated by prescriber",
    "warranty_ends_on before request stated by supplier",
    "warranty_ends_on < 4 years after pump_start stated by supplier",
    "documented clinical_notes_dated within 12 months stated by physician",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_has_the_same_verdict_in_the_solver_and_in_the_evaluator(line: str) -> None:
    checker = Checker(VOCABULARY, UNITS)
    form = checker.check(parse(line))
    assert not checker.faults
    patient = Patient(Grid((form,), VOCABULARY, load(), AS_OF, SERVICE), ("E0784",))
    patient.statement("product_code")
    said = Leaves(patient, {}).say(form)
    solver = z3.Solver()
    solver.add(*patient.constraints())
    rng = np.random.default_rng(3)
    seen = set()
    bits = [bit for choice in patient.choices.values() for bit in choice.bits]
    bits += [entry.present for dated in patient.rows.values() for entry in dated.entries]
    bits += [dated.whole for dated in patient.rows.values()]
    for turn in range(40):
        wish = (said.truth.met, said.truth.not_met, said.truth.open)[turn % 3]
        drawn = [bits[int(rng.integers(len(bits)))] for _ in range(2)]
        if solver.check(wish, *drawn) != z3.sat and solver.check(wish) != z3.sat:
            continue
        model = solver.model()
        found = witness(model, patient)
        verdict = leaf.evaluate(form, View(found.case, VOCABULARY)).truth
        assert verdict == truth(model, said.truth), found.words()
        seen.add(verdict)
    assert len(seen) >= 2, seen


def test_a_reading_of_a_low_is_a_test_on_file_so_that_no_test_is_asked_for() -> None:
    lines = [
        "daily average of glucose_self_test within 30 days before medicare_enrollment >= 4 /d",
        "count of hypoglycemia < 54 mg/dL within 6 months >= 2",
    ]
    forms = tuple(Checker(VOCABULARY, UNITS).check(parse(line)) for line in lines)
    patient = Patient(Grid(forms, VOCABULARY, load(), AS_OF, SERVICE), ("E0784",))
    patient.statement("product_code")
    said = Leaves(patient, {}).say(forms[0])
    undated = patient.statement("medicare_enrolled_on").when(lambda day: day is None)
    readings = z3.Or([entry.present for entry in patient.dated("hypoglycemia").entries if entry.value is not None])
    solver = z3.Solver()
    solver.add(*patient.constraints(), undated, said.asks)
    assert solver.check() == z3.sat
    # The payer, not the provider, is asked for the day of enrollment; the tests themselves are on file.
    assert solver.check(readings) == z3.unsat


@pytest.mark.parametrize(
    "line",
    [
        "insulin_injections >= 3 /d throughout 6 months",
        "insulin_injections >= 3 /d throughout 6 months before pump_start",
        "insulin_injections >= 3 /d throughout 6 months before service",
        "any c_peptide_percent_of_lower_limit <= 110 % with fasting_glucose_with_c_peptide <= 225 mg/dL",
        "any c_peptide_percent_of_lower_limit <= 110 % within 3 months",
        "latest hba1c within 12 months > 7.0 %",
        "share of fasting_glucose above 200 mg/dL within 30 days >= 25 % of at least 3",
        "count of hypoglycemia within 6 months before prior_approval >= 2",
        "longest gap between prescriber_visit since prior_approval <= 3 months",
    ],
)
def test_the_solver_waits_and_asks_where_the_evaluator_does(line: str) -> None:
    form = Checker(VOCABULARY, UNITS).check(parse(line))
    patient = Patient(Grid((form,), VOCABULARY, load(), AS_OF, SERVICE), ("E0784",))
    patient.statement("product_code")
    said = Leaves(patient, {}).say(form)
    solver = z3.Solver()
    solver.add(*patient.constraints(), said.truth.open)
    seen = set()
    for place in range(60):
        wanted = said.asks if place % 2 else z3.Not(said.asks)
        if solver.check(wanted) != z3.sat and solver.check() != z3.sat:
            break
        model = solver.model()
        found = leaf.evaluate(form, View(witness(model, patient).case, VOCABULARY))
        waits, asks = (z3.is_true(model.eval(term, model_completion=True)) for term in (said.waits, said.asks))
        assert (waits, asks) == (found.wait is not None, bool(found.asks)), found
        seen.add((waits, asks))
        bits = [bit for choice in patient.choices.values() for bit in choice.bits]
        bits += [entry.present for dated in patient.rows.values() for entry in dated.entries]
        solver.add(z3.Or([bit != model.eval(bit, model_completion=True) for bit in bits]))
    first = "any" if line.startswith(("any", "latest", "share", "count", "longest")) else line.rpartition(" ")[2]
    assert seen == {"any": {(False, True), (False, False)}, "service": {(False, True)}}.get(
        first, {(True, False), (False, True)}
    )
