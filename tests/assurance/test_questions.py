"""Questions of patients whom the solver finds in the midst of being weighed.

Patients drawn fact by fact seldom get past scope and exclusions; these all do, each with other criteria undecided.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from priorauth.assurance.witness import witness
from priorauth.decide.decided import Question
from priorauth.engines.solver.outcome import world
from priorauth.engines.solver.view import any_
from priorauth.facts.case import Case
from priorauth.policy.tree import Policy
from tests.answering import UNSETTLED, WAYS, answered, asked, decided, followed, matters, mixed, papers
from tests.assurance.shipped import CATALOG, NAMES, POLICIES
from tests.draw import Draw

TURNS, LEAST, GROUNDS = 24, 8, 400


def patients(policy: Policy, seed: int) -> list[Case]:
    """Find patients who are asked something by a policy that weighs them, two criteria undecided by lot."""
    found = []
    laid = world((policy,), CATALOG.vocabulary, CATALOG.common)
    verdict = laid.one.verdict()
    nodes = [
        node
        for root, tree in zip(laid.one.roots, verdict.nodes, strict=True)
        for node in tree.walk()
        if root.role in ("criterion", "exclusion", "document")
    ]
    weighed = [
        any_(verdict.taken),
        *(node.truth.not_met for role in ("elsewhere", "other criteria") for node in laid.one.by_role(role)),
        *(node.truth.met for node in laid.one.by_role("authorization")),
    ]
    rng = np.random.default_rng(seed)
    for _ in range(TURNS):
        one, two = (nodes[int(rng.integers(len(nodes)))] for _ in range(2))
        wanted = [*weighed, verdict.outcomes["request-information"], one.truth.open]
        model = laid.ask(*wanted, two.truth.open if rng.random() < 0.5 else two.truth.met)
        if model is not None:
            found.append(witness(model, laid.patient).case)
    assert not any(decided(policy, case).scope for case in found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_a_question_that_was_answered_is_not_asked_again(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 29)
    documents, cases, seen = papers(policy), patients(policy, 3), Counter[str]()
    for case in cases:
        names = {question.fact for question in asked(decided(policy, case))}
        assert names, decided(policy, case).signs
        for way in WAYS:
            for some in ({name} for name in sorted(names)):
                again = {one.fact for one in asked(decided(policy, answered(draw, case, some, way)))}
                assert not some & again - documents, (some, way)
                seen["alone"] += 1
            after = decided(policy, answered(draw, case, names, way))
            assert not names & {one.fact for one in asked(after)} - documents, (names, way)
            seen[after.outcome] += 1
    print(policy.id, len(cases), dict(seen))
    assert len(cases) >= LEAST


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_answers_to_one_whole_path_settle_the_request_or_leave_people_and_time(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 41)
    cases, seen = patients(policy, 7), Counter[str]()
    for case in cases:
        for pick in (0, 1, 9):
            seen.update(followed(policy, draw, case, pick))
    print(policy.id, len(cases), dict(seen))
    assert sum(seen.values()) >= 3 * LEAST
    assert 20 * seen[UNSETTLED] <= sum(seen.values())  # answers are drawn by lot: one path in twenty may stay open


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_no_question_is_idle(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 31)
    cases, questions, idle = patients(policy, 5)[:LEAST], 0, list[Question]()
    for case in cases:
        found = asked(decided(policy, case))
        for question in found:
            questions += 1
            others = {one.fact for one in found if set(one.criteria) & set(question.criteria)} - {question.fact}
            grounds = (mixed(draw, case, others) for _ in range(GROUNDS))
            if not matters(policy, draw, case, question.fact) and not any(
                matters(policy, draw, ground, question.fact) for ground in grounds
            ):
                idle.append(question)
    print(policy.id, len(cases), questions, len(idle))
    assert questions >= LEAST
    assert 20 * len(idle) <= questions, idle  # shown by lot: of one question in twenty it may not be shown
