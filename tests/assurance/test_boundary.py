"""Cases from the solver come out of ``determine`` as the solver expects, on both sides of every threshold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from priorauth.assurance.boundary import case_file, cases
from priorauth.assurance.prove import prove
from priorauth.decide.decided import Assessed
from priorauth.decide.determine import determine
from tests.assurance.planted import SOUND, catalog, laid
from tests.assurance.shipped import NAMES, POLICIES, proved


def seen(parts: Iterable[Assessed]) -> dict[str, str]:
    return {one.id: one.status for part in parts for one in walk(part) if one.id}


def walk(part: Assessed) -> Iterable[Assessed]:
    yield part
    for inner in part.parts:
        yield from walk(inner)


def held(file: dict[str, object], folders: tuple[Path, ...] = ()) -> None:
    expect = file["expect"]
    assert isinstance(expect, dict)
    found = determine(
        json.dumps(file["bundle"]).encode(),
        policy=str(file["policy"]),
        judgments=json.dumps(file["judgments"]).encode(),
        policies=folders,
    )
    assert [one.outcome for one in found] == [expect["outcome"]], file["name"]
    statuses = seen(found[0].criteria)
    assert {name: statuses.get(name) for name in expect["status"]} == expect["status"], file["name"]


def test_both_sides_of_a_threshold_are_there_and_a_pair_for_every_criterion(tmp_path: Path) -> None:
    proof = prove(laid(catalog(tmp_path, d2020=SOUND)))
    made = list(cases(proof))
    names = {one.name for one in made}
    assert {"a-1-number-7-0-met", "a-1-number-7-0-not-met", "a-1-approved", "a-1-not-approved"} <= names
    assert {"a-1-first-day-of-the-window-met", "x-1-approved", "x-1-not-approved", "d-1-not-approved"} <= names
    assert {"a-1-first-day-of-the-window-open", "d-1-first-day-of-the-window-met"} <= names
    assert "d-1-first-day-of-the-window-open" in names
    for one in made:
        held(case_file(one, proof), (tmp_path,))


def test_a_pair_differs_in_the_facts_of_its_criterion_alone(tmp_path: Path) -> None:
    proof = prove(laid(catalog(tmp_path, d2020=SOUND)))
    made = {one.name: one.shown.witness.case.rows for one in cases(proof)}
    yes, no = made["a-2-approved"], made["a-2-not-approved"]
    assert {fact for fact in yes.keys() | no.keys() if yes.get(fact) != no.get(fact)} == {"motivated"}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(POLICIES)), ids=NAMES)
def test_every_case_of_a_shipped_policy_comes_out_as_the_solver_expects(place: int) -> None:
    proof = proved(place)
    made = list(cases(proof))
    both = proof.approvals.keys() & proof.refusals.keys()
    assert sum(one.why.startswith("MC/DC pair") for one in made) == 2 * len(both)
    assert any(one.why.startswith("Next to a threshold") for one in made)
    for one in made:
        held(case_file(one, proof))
