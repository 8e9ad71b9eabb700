"""A policy over one patient has exactly one outcome, the one that the evaluator's table gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.assurance.replay import outcome_of, replay
from priorauth.assurance.witness import witness
from priorauth.engines.python.outcome import decide
from priorauth.engines.solver.outcome import LATEST_REQUEST, World, request_day
from priorauth.engines.solver.pair import NOT_MET
from priorauth.engines.solver.view import any_, not_
from priorauth.policy.outcome import TABLE, Outcome
from priorauth.values.dates import day
from tests.assurance.planted import FAULTY, SOUND, catalog, laid

OUTCOMES = tuple(dict.fromkeys(outcome for outcome, _ in TABLE))


def decided(asked: World, outcome: Outcome) -> Outcome | None:
    """Give the evaluator's outcome for a patient for whom the solver wants one; None where nobody has it."""
    terms = asked.one
    model = asked.ask(terms.verdict().outcomes[outcome])
    if model is None:
        return None
    assert outcome_of(model, terms.verdict()) == outcome
    found = witness(model, asked.patient)
    return decide(terms.policy, found.case, asked.patient.grid.vocabulary, terms.common).outcome


@pytest.mark.parametrize("text", [SOUND, FAULTY], ids=["sound", "faulty"])
def test_every_outcome_that_the_solver_finds_is_what_is_decided(tmp_path: Path, text: str) -> None:
    asked = laid(catalog(tmp_path, d2020=text))
    found = {outcome: decided(asked, outcome) for outcome in OUTCOMES}
    assert {outcome: seen for outcome, seen in found.items() if seen} == {
        outcome: outcome for outcome, seen in found.items() if seen
    }
    assert {"approve", "clinical-review", "request-information"} <= {seen for seen in found.values() if seen}


WAITING = """
pathways:
  - pathway: first
    title: First
    require:
      all:
        - {id: A.1, title: Motivated, when: motivated}
        - id: A.2
          title: Adjusts
          any:
            - frequent_dose_self_adjustment throughout 6 months
            - insulin_injections >= 3 /d throughout 6 months before pump_start
"""


def test_a_patient_of_whom_nothing_but_time_is_missing_is_found_and_decided_so(tmp_path: Path) -> None:
    asked = laid(catalog(tmp_path, d2020=WAITING))
    terms = asked.one
    required = next(
        node for root, node in zip(terms.roots, terms.verdict().nodes, strict=True) if root.role == "criterion"
    )
    failed, motivated = required.truth.not_met, required.parts[0].truth
    for more in (motivated.met, motivated.open):
        model = asked.ask(terms.verdict().outcomes["not-yet"], failed, more)
        assert model is not None
        patient = witness(model, asked.patient)
        assert replay(patient, model, terms) == "not-yet"
        found = decide(terms.policy, patient.case, asked.patient.grid.vocabulary, terms.common)
        assert (found.signs["waiting"], bool(found.short_of_time)) == (True, True)
    assert asked.ask(terms.verdict().outcomes["not-yet"], failed, motivated.not_met) is None


def test_nobody_has_two_outcomes_and_nobody_has_none(tmp_path: Path) -> None:
    asked = laid(catalog(tmp_path, d2020=FAULTY))
    outcomes = list(asked.one.verdict().outcomes.values())
    assert asked.ask(not_(any_(outcomes))) is None
    pairs = [(one, two) for place, one in enumerate(outcomes) for two in outcomes[:place]]
    assert [pair for pair in pairs if asked.ask(*pair) is not None] == []


def test_nobody_is_approved_who_fails_what_the_pathway_requires(tmp_path: Path) -> None:
    terms = (asked := laid(catalog(tmp_path, d2020=SOUND))).one
    place, required = next(
        (root, node) for root, node in zip(terms.roots, terms.verdict().nodes, strict=True) if root.role == "criterion"
    )
    assert asked.ask(terms.verdict().approve, not_(required.truth.met)) is None
    assert asked.ask(terms.approve((place.path, NOT_MET))) is None
    assert asked.ask(terms.verdict().approve) is not None


def test_a_version_that_has_ended_is_asked_about_on_its_last_day(tmp_path: Path) -> None:
    old, new = catalog(tmp_path, d2020=SOUND, d2024=SOUND).versions("payer-x/monitors")
    assert (request_day(old), request_day(new)) == (day("2023-12-31"), LATEST_REQUEST)
