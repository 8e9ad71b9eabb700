"""Questions: none is idle, and complete answers to all of them settle the request or leave only people and time."""

from __future__ import annotations

from collections import Counter

import pytest

from priorauth.decide import missing
from priorauth.decide.decide import Decision, decide
from priorauth.decide.finding import Why
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.language import contents
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy, leaves
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.asking import finding
from tests.draw import ANCHORS, Draw

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]


def decided(policy: Policy, case: Case) -> Decision:
    return decide(policy, case, CATALOG.vocabulary, CATALOG.common)


def asked(found: Decision) -> tuple[missing.Question, ...]:
    return missing.questions(found.open_leaves, CATALOG.vocabulary)


WAYS = ("good", "bad", "better")


def complete(draw: Draw, name: str, way: str, as_of: int) -> list[Row]:
    """Answer a fact completely and in one way: every day, every result, whole; `better` was once and is no more."""
    good = way != "bad"
    fact = draw.vocabulary[name]
    known = sorted(draw.values.get(name, {0})) or [0]
    number = known[-1] if good else max(known[0], 0)
    source, ref = Source.ANSWER, f"{name}-answered"
    whole = Whole(name, source, f"{ref}-whole", FIRST_DAY, LAST_DAY)
    match fact.kind:
        case "measurement":
            value = number if fact.numeric else None
            first = 300 if way == "better" else 0
            days = range(as_of - first, as_of - 900, -1)
            return [*(Measurement(name, source, ref, day, day, None, value, value) for day in days), whole]
        case "event":
            first = 120 if way == "better" else 0
            if name in ANCHORS.values():
                day = as_of - draw.pick((2, 30, 92, 119, 250, 600, 1200))
                return [*([Event(name, source, ref, day, day)] if good else []), whole]
            rows: list[Row] = [Event(name, source, f"{ref}-{n}", as_of - n, as_of - n) for n in range(first, 900, 5)]
            return [*(rows if good else []), whole]
        case "regimen":
            return [Period(name, source, ref, low=number, high=number)]
        case "condition":
            truth = 1 if good else 0
            return [Period(name, source, ref, FIRST_DAY + 1, FIRST_DAY + 1, low=truth, high=truth), whole]
        case _ if fact.values == ("date",):
            day = as_of - 10 if good else as_of - 800
            return [Answer(name, source, ref, dates.iso(day), as_of, as_of, None, day, day)]
        case _ if fact.values in (("number",), ("integer",)):
            return [Answer(name, source, ref, str(number), as_of, as_of, None, number, number)]
        case _ if fact.values:
            settled = [value for value in fact.values if value not in fact.pending]
            return [Answer(name, source, ref, settled[0 if good else -1], as_of, as_of)]
        case _:
            return [Answer(name, source, ref, "yes" if good else "no", as_of, as_of)]


def answered(draw: Draw, case: Case, names: set[str], way: str) -> Case:
    rows = {name: tuple(complete(draw, name, way, case.as_of)) for name in names}
    return Case(case.as_of, {**case.rows, **rows})


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_complete_answers_to_all_questions_leave_nothing_to_ask(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 29)
    # A document that fails is missing, so an answer that it is not there leaves it asked.
    documents = {fact for root in policy.documents for leaf in leaves(root) for fact in contents.facts_of(leaf.form)}
    seen: Counter[str] = Counter()
    for _ in range(150):
        case = draw.case()
        found = decided(policy, case)
        if found.outcome != "request-information" or found.scope:
            continue
        names = {question.fact for question in asked(found)}
        for way in WAYS:
            after = decided(policy, answered(draw, case, names, way))
            left = (
                {q.fact for q in asked(after) if q.of != "payer"} if after.outcome == "request-information" else set()
            )
            assert not left - documents or after.scope, (names, left, [o.criterion for o in after.open_leaves])
            seen[after.outcome] += 1
    print(policy.id, dict(seen))


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_no_question_is_idle(policy: Policy) -> None:
    """Some answer to each question changes what is decided, alone or beside answers to the others of its criteria."""
    draw = Draw(policy, CATALOG.vocabulary, 31)
    questions = 0
    for _ in range(40):
        case = draw.case()
        found = decided(policy, case)
        if found.outcome != "request-information" or found.scope:
            continue
        for question in asked(found):
            questions += 1
            others = {q.fact for q in asked(found) if set(q.criteria) & set(question.criteria)} - {question.fact}
            grounds = (mixed(draw, case, others) for _ in range(400))
            assert matters(policy, draw, case, question.fact) or any(
                matters(policy, draw, ground, question.fact) for ground in grounds
            ), question
    print(policy.id, questions)


def mixed(draw: Draw, case: Case, names: set[str]) -> Case:
    """Answer the other facts, each in a way of its own, now mostly well, now mostly badly."""
    share = draw.pick((0.1, 0.25, 0.5, 0.75, 1.0))
    for name in sorted(names):
        way = draw.pick(("good", "better")) if draw.chance(share) else "bad"
        case = answered(draw, case, {name}, way)
    return case


def matters(policy: Policy, draw: Draw, ground: Case, fact: str) -> bool:
    before = signature(decided(policy, ground))
    return any(signature(decided(policy, answered(draw, ground, {fact}, way))) != before for way in WAYS)


def signature(found: Decision) -> tuple[object, ...]:
    return found.outcome, tuple((one.criterion, one.finding.criterion.line) for one in found.open_leaves)


def test_only_what_is_missing_is_asked() -> None:
    tree = "all: [motivated, follows_diet_and_exercise, latest hba1c > 7.0 %]"
    found = missing.open_leaves(finding(tree, "motivated: yes"))
    assert [q.fact for q in missing.questions(found, CATALOG.vocabulary)] == ["follows_diet_and_exercise", "hba1c"]


def test_nothing_is_asked_of_a_branch_that_is_decided() -> None:
    tree = "any: [motivated, latest hba1c > 7.0 %]"
    assert list(missing.open_leaves(finding(tree, "motivated: yes"))) == []


def test_alternatives_share_a_key_and_a_lone_question_has_none() -> None:
    both = missing.questions(missing.open_leaves(finding("any: [motivated, latest hba1c > 7.0 %]")), CATALOG.vocabulary)
    assert len({question.one_of for question in both}) == 1
    assert both[0].one_of is not None
    one = missing.questions(
        missing.open_leaves(finding("any: [motivated, judged high_risk_of_complications]")), CATALOG.vocabulary
    )
    assert [question.one_of for question in one] == [None]


def test_a_judgment_is_no_question_but_is_known_to_be_missing() -> None:
    found = tuple(missing.open_leaves(finding("judged high_risk_of_complications")))
    assert missing.questions(found, CATALOG.vocabulary) == ()
    assert [one.finding.result.why for one in missing.judgments(found) if one.finding.result] == [Why.JUDGMENT]


def test_a_trial_that_still_runs_waits_and_asks_nothing() -> None:
    found = tuple(missing.open_leaves(finding("pump_trial lasts 3 months", "pump_trial: [{from: 2026-09-14}]")))
    assert missing.questions(found, CATALOG.vocabulary) == ()
    assert [dates.iso(day) for day in missing.waits(found)] == ["2026-12-14"]
    assert missing.only_time(found)
