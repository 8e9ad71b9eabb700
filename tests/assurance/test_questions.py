"""Questions suffice and none is idle, of patients whom the solver finds in the midst of being weighed.

Patients drawn fact by fact seldom get past scope and exclusions; these all do, each with other criteria undecided.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from priorauth.assurance.outcome import world
from priorauth.assurance.patient import any_
from priorauth.assurance.witness import witness
from priorauth.facts.case import Case
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Policy, leaves
from tests.assurance.shipped import CATALOG, NAMES, POLICIES
from tests.decide.test_missing import WAYS, answered, asked, decided, matters, mixed
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
def test_complete_answers_to_all_questions_leave_nothing_to_ask(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 29)
    # A document that fails is missing, so an answer that it is not there leaves it asked.
    documents = {fact for root in policy.documents for leaf in leaves(root) for fact in contents.facts_of(leaf.form)}
    # The newest result is what it asks for: an answer that there is none in the window leaves it asked.
    newest = {leaf.form.fact for root in policy.roots() for leaf in leaves(root) if isinstance(leaf.form, f.Latest)}
    cases, seen = patients(policy, 3), Counter[str]()
    for case in cases:
        names = {question.fact for question in asked(decided(policy, case))}
        assert names
        for way in WAYS:
            after = decided(policy, answered(draw, case, names, way))
            seen[after.outcome] += 1
            if after.outcome == "request-information" and not after.scope:
                left = {one.fact for one in asked(after) if one.of != "payer"} - documents
                assert not left - (newest if way == "better" else set()), (names, way)
    print(policy.id, len(cases), dict(seen))
    assert len(cases) >= LEAST


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_no_question_is_idle(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 31)
    cases, questions = patients(policy, 5)[:LEAST], 0
    for case in cases:
        found = asked(decided(policy, case))
        for question in found:
            questions += 1
            others = {one.fact for one in found if set(one.criteria) & set(question.criteria)} - {question.fact}
            grounds = (mixed(draw, case, others) for _ in range(GROUNDS))
            assert matters(policy, draw, case, question.fact) or any(
                matters(policy, draw, ground, question.fact) for ground in grounds
            ), question
    print(policy.id, len(cases), questions)
    assert questions >= LEAST
