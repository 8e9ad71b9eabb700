"""Forms over dated rows: the evaluator says of the rows that the solver lays out what the solver said."""

from __future__ import annotations

import pytest

from priorauth.engines.solver.measures import passes, rows, truth
from priorauth.engines.solver.pair import UNKNOWN as OPEN
from priorauth.engines.solver.view import not_
from priorauth.engines.solver.windows import spans_of
from priorauth.language import forms as f
from priorauth.values.dates import day
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.assurance.one_line import AS_OF, form, laid


@pytest.mark.parametrize(
    "line",
    [
        "latest hba1c within 12 months > 7.0 %",
        "any hba1c >= 8.0 % within 6 months",
        "count of severe_hypoglycemia within 6 months >= 2",
        "spread of premeal_glucose within 3 months > 100 mg/dL",
        "sum of diabetes_hospital_stay within 6 months <= 5 d",
        "at least 3 of hypoglycemia within 12 months at least 3 months apart",
        "longest gap between prescriber_visit within 6 months <= 3 months",
    ],
)
def test_each_verdict_has_a_patient_of_whom_the_evaluator_says_the_same(line: str) -> None:
    assert laid(line).verdicts() == {verdict: verdict for verdict in (MET, NOT_MET, UNKNOWN)}


def test_an_hba1c_of_exactly_seven_is_not_above_seven() -> None:
    line = laid("latest hba1c > 7.0 %")
    entries = line.patient.dated("hba1c").entries
    (newest,) = (entry.present for entry in entries if entry.value == 70 and entry.cell.last == AS_OF)
    assert line.evaluated(newest) == NOT_MET
    assert line.find(newest, line.truth.met) is None


def test_rows_outside_the_window_are_not_picked() -> None:
    line = laid("any hba1c >= 8.0 % within 6 months")
    assert isinstance(line.form, f.AnyRow)
    (span,) = spans_of(line.form, {}, AS_OF)
    picked = rows("hba1c", (), None, span, line.patient)
    cells = {entry.cell for entry in line.patient.entries("hba1c")}
    inside = {row.entry.cell for row in picked}
    assert inside == {cell for cell in cells if cell.first > span.start}
    assert inside < cells


def test_a_row_without_a_number_may_pass_a_test() -> None:
    compare = form("latest hba1c > 7.0 %")
    assert isinstance(compare, f.Latest)
    assert passes(None, compare.compare) == OPEN


def test_a_statement_is_not_measured() -> None:
    line = laid("motivated")
    assert truth(line.form, spans_of(line.form, {}, AS_OF), line.patient) is None


def test_three_rows_of_which_two_lie_near_each_other_are_no_three_that_lie_apart() -> None:
    line = laid("at least 3 of hypoglycemia within 12 months at least 3 months apart")
    there = {entry.cell.first: entry.present for entry in line.patient.dated("hypoglycemia").entries}
    days = [day("2026-11-20"), day("2026-08-20"), day("2026-05-20")]
    near = [*days[:2], days[2] + 1]
    whole = line.patient.dated("hypoglycemia").whole
    for chosen, verdict in ((days, MET), (near, NOT_MET)):
        only = [bit if on in chosen else not_(bit) for on, bit in there.items()]
        assert line.evaluated(*only, whole) == verdict
        assert line.find(*only, whole, line.truth.open) is None
