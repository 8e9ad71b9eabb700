"""A witness has rows with real days that the evaluator reads, and says in words what is on file."""

from __future__ import annotations

from priorauth.assurance.witness import Witness, say
from priorauth.engines.solver.grid import NEVER
from priorauth.facts.rows import Event, Measurement, Period, Row, Source, Whole
from priorauth.values.truth import MET
from tests.assurance.one_line import AS_OF, VOCABULARY, Line, laid


def found(line: Line) -> Witness:
    witness = line.find(line.truth.met)
    assert witness is not None
    return witness


def test_rows_lie_on_the_days_and_have_the_numbers_that_the_solver_chose() -> None:
    line = laid("latest hba1c within 12 months > 7.0 %")
    (entry,) = [one for one in line.patient.dated("hba1c").entries if one.value == 71 and one.cell.last == AS_OF]
    witness = line.find(entry.present)
    assert witness is not None
    newest = max((row for row in witness.case.of("hba1c") if isinstance(row, Measurement)), key=lambda row: row.first)
    assert (newest.first, newest.last, newest.low, newest.high) == (AS_OF, AS_OF, 71, 71)


def test_as_many_rows_are_laid_out_as_were_counted() -> None:
    line = laid("count of severe_hypoglycemia within 6 months = 3")
    events = [row for row in found(line).case.of("severe_hypoglycemia") if isinstance(row, Event)]
    assert line.evaluated(line.truth.met) == MET
    assert len([row for row in events if row.first > AS_OF - 184]) == 3


def test_a_condition_that_is_absent_is_said_to_have_been_so_all_along() -> None:
    line = laid("diabetes")
    absent = line.patient.period("diabetes").when(lambda script: script is not None and script.start == NEVER)
    witness = line.find(absent)
    assert witness is not None
    period, whole = witness.case.of("diabetes")
    assert isinstance(period, Period)
    assert (period.low, period.high) == (0, 0)
    assert isinstance(whole, Whole)
    assert "diabetes: absent" in witness.words()


def test_few_days_are_said_one_by_one_and_many_by_their_number() -> None:
    fact = VOCABULARY["hba1c"]
    rows: list[Row] = [
        Measurement("hba1c", Source.ANSWER, f"h-{on}", on, on, None, 71, 71) for on in range(AS_OF - 4, AS_OF + 1)
    ]
    assert say(fact, tuple(rows[-2:]), AS_OF) == "hba1c: 7.1 % on 2026-11-19, 2026-11-20"
    assert say(fact, tuple(rows[-4:]), AS_OF) == "hba1c: 7.1 % on 2026-11-17, 2026-11-18, 2026-11-19, 2026-11-20"
    assert say(fact, tuple(rows), AS_OF) == "hba1c: 7.1 % 5 times on 5 days, 2026-11-16 to 2026-11-20"
    assert say(fact, (Whole("hba1c", Source.ANSWER, "w", 1, AS_OF),), AS_OF) == "hba1c: none at all"
