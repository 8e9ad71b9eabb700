"""Forms over periods and statements: the evaluator says of the options that the solver chooses what the solver said."""

from __future__ import annotations

import pytest

from priorauth.engines.python.finding import Why
from priorauth.engines.python.leaf import evaluate
from priorauth.engines.python.view import View
from priorauth.engines.solver.states import begun, truth, waiting
from priorauth.engines.solver.view import Bool
from priorauth.engines.solver.windows import spans_of
from priorauth.language import forms as f
from priorauth.values.dates import LAST_DAY, day
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth
from tests.assurance.one_line import AS_OF, VOCABULARY, Line, form, laid


@pytest.mark.parametrize(
    "line",
    [
        "motivated",
        "diabetes on service",
        "insulin_injections >= 3 /d throughout 6 months",
        "pump_trial lasts 3 months",
        "trial_outcome is completed",
        "infusion_hours >= 8 h",
        "prescription_signed_on within 91 days",
    ],
)
def test_each_verdict_has_a_patient_of_whom_the_evaluator_says_the_same(line: str) -> None:
    assert laid(line).verdicts() == {verdict: verdict for verdict in (MET, NOT_MET, UNKNOWN)}


def test_a_document_that_is_not_on_file_is_never_said_to_be_lacking_for_certain() -> None:
    line = laid("documented clinical_notes_dated within 12 months")
    on_file, missing = line.evaluated(line.truth.met), line.evaluated(line.truth.open)
    assert (on_file, missing) == (MET, UNKNOWN)


def trial(line: Line, start: int) -> Bool:
    """Say that a trial began on a day and still runs."""
    return line.patient.period("pump_trial").when(
        lambda one: one is not None and (one.start, one.end, one.value) == (start, LAST_DAY, 1)
    )


def test_a_trial_begun_three_months_ago_to_the_day_has_lasted_and_one_a_day_later_waits() -> None:
    line = laid("pump_trial lasts 3 months")
    assert isinstance(line.form, f.Lasts)
    long_enough, short = trial(line, day("2026-08-20")), trial(line, day("2026-08-21"))
    waits = waiting(line.form, line.patient)
    assert line.evaluated(long_enough) == MET
    assert line.find(long_enough, line.truth.met) is not None
    assert line.find(long_enough, waits) is None
    assert line.evaluated(short) == UNKNOWN
    assert line.find(short, line.truth.open, waits) is not None


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("insulin_injections >= 3 /d throughout 6 months", UNKNOWN),
        ("frequent_dose_self_adjustment throughout 6 months", NOT_MET),
    ],
)
def test_a_beginning_within_the_stretch_waits_unknown_of_a_regimen_and_not_met_of_a_condition(
    line: str, verdict: Truth
) -> None:
    asked = laid(line)
    assert isinstance(asked.form, f.Throughout)
    (span,) = spans_of(asked.form, {"request": AS_OF}, AS_OF)
    waits = begun(asked.form, span, asked.patient)
    found = asked.find(waits)
    assert found is not None
    said = evaluate(asked.form, View(found.case, VOCABULARY))
    assert (said.truth, said.why) == (verdict, Why.TIME)
    assert asked.find(waits, asked.truth.met) is None


def test_what_is_measured_is_not_stated() -> None:
    line = laid("motivated")
    with pytest.raises(NotImplementedError, match="Latest has no terms"):
        truth(form("latest hba1c > 7.0 %"), {}, (), line.patient)
