"""Questions: none is idle, none is asked again after its answer, and one whole path of them settles the request."""

from __future__ import annotations

from collections import Counter

import pytest

from priorauth import determine
from priorauth.decide.decided import Question, Refused, Stretch
from priorauth.decide.questions import _together
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer
from priorauth.policy.tree import Policy
from tests.answering import (
    CATALOG,
    UNSETTLED,
    WAYS,
    answered,
    asked,
    decided,
    followed,
    matters,
    mixed,
    papers,
)
from tests.asking import case
from tests.casebook.kept import case_of
from tests.draw import Draw

POLICIES = list(CATALOG.all())
LEAST = 12
DRAWN = 40
"""How many members are drawn at least, and more until enough is asked."""
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_a_question_that_was_answered_is_not_asked_again(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 29)
    documents, seen = papers(policy), Counter[str]()
    for _ in range(150):
        member = draw.case()
        listed = asked(decided(policy, member))
        for question in listed:
            for way in WAYS:
                after = decided(policy, answered(draw, member, {question.fact}, way))
                again = {one.fact for one in asked(after)} - documents
                assert question.fact not in again, (question.fact, way)
                seen[after.outcome] += 1
        for way in WAYS if listed else ():
            names = {question.fact for question in listed}
            after = decided(policy, answered(draw, member, names, way))
            assert not names & {one.fact for one in asked(after)} - documents, way
    print(policy.id, dict(seen))
    assert sum(seen.values()) >= LEAST


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_no_question_is_idle(policy: Policy) -> None:
    """Some answer to each question changes what is decided, alone or beside answers to the others of its criteria."""
    draw = Draw(policy, CATALOG.vocabulary, 31)
    questions = 0
    for turn in range(200):
        if turn >= DRAWN and questions >= LEAST:
            break
        member = draw.case()
        found = asked(decided(policy, member))
        for question in found:
            questions += 1
            others = {one.fact for one in found if set(one.criteria) & set(question.criteria)} - {question.fact}
            grounds = (mixed(draw, member, others) for _ in range(400))
            assert matters(policy, draw, member, question.fact) or any(
                matters(policy, draw, ground, question.fact) for ground in grounds
            ), question
    print(policy.id, questions)
    assert questions >= LEAST


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_answers_to_one_whole_path_settle_the_request_or_leave_people_and_time(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 37)
    seen = Counter[str]()
    for _ in range(60):
        member = draw.case()
        if newborn(member):
            continue
        for pick in (0, 1, 9):
            seen.update(followed(policy, draw, member, pick))
    print(policy.id, dict(seen))
    assert seen
    assert UNSETTLED not in seen


def newborn(case: Case) -> bool:
    """Say whether a member may be less than a month old: nothing can have been before a pump that began after birth."""
    return any(isinstance(row, Answer) and (row.high or 0) > case.as_of - 30 for row in case.of("birth_date"))


def one(policy_id: str, given: str) -> dict[str, Question]:
    """Ask a policy about rows written by hand."""
    policy = next(each for each in reversed(POLICIES) if each.id.startswith(policy_id))
    return {question.fact: question for question in asked(decided(policy, case(given)))}


FIRST = """
product_code: E0784
request_kind: initial
diabetes: yes
primary_diagnosis: type-1-diabetes
plan_type: payer-direct
motivated: yes
able_to_operate_pump: yes
insulin_injections: [{value: 4 /d, from: 2025-06-10}]
frequent_dose_self_adjustment: [{from: 2025-06-10}]
follows_diet_and_exercise: yes
recurring_hypoglycemia: yes
injections_ineffective: yes
"""


def test_a_question_says_what_is_on_file_and_why_it_is_not_enough_and_which_days_are_missing() -> None:
    found = one("masshealth", FIRST + "hba1c: [{on: 2025-07-15, value: 8.7 %, ref: Observation/a}]")
    (row,) = found["hba1c"].on_file or ()
    assert (row.reference, row.date, row.value, row.ground, row.bound) == (
        "Observation/a", "2025-07-15", "8.7 %", "too old", "2025-11-21",
    )  # fmt: skip
    assert found["hba1c"].gap == Stretch("2025-11-22", "2026-11-21")
    assert found["hba1c"].or_none == "hba1c.none"


def test_many_readings_that_are_not_enough_are_told_as_one_line() -> None:
    log = "glucose_self_test: [{daily: 5, from: 2026-11-01, until: 2026-11-10, ref: Observation/m}]"
    (row,) = one("masshealth", FIRST + log)["glucose_self_test"].on_file or ()
    assert (row.count, row.date, row.value, row.ground) == (
        50,
        "2026-11-01..2026-11-10",
        None,
        "not known to be complete",
    )
    assert row.kind == "meter reading"


def test_the_days_that_a_statement_of_wholeness_covers_are_not_missing() -> None:
    days = "from: 2026-10-23, until: 2026-11-10"
    log = f"glucose_self_test: [{{daily: 5, {days}}}, {{whole: true, {days}}}]"
    assert one("masshealth", FIRST + log)["glucose_self_test"].gap == Stretch("2026-11-11", "2026-11-21")


def test_of_a_regimen_the_days_of_which_nothing_is_known_are_missing() -> None:
    given = FIRST.replace(
        "frequent_dose_self_adjustment: [{from: 2025-06-10}]", "frequent_dose_self_adjustment: [{from: 2026-08-01}]"
    )
    assert one("masshealth", given)["frequent_dose_self_adjustment"].gap == Stretch("2026-05-22", "2026-07-31")


def test_none_is_how_everything_but_an_attribute_is_answered_with_no() -> None:
    found = one("masshealth", "product_code: E0784\nrequest_kind: initial\nplan_type: payer-direct\nhba1c: []")
    assert found["motivated"].or_none == "motivated.none"
    assert found["insulin_injections"].or_none == "insulin_injections.none"
    assert found["letter_of_medical_necessity_signed_on"].or_none is None


def alike(count: int) -> list[Refused]:
    of = ("too old", "2025-11-21", "laboratory result", "HbA1c")
    return [Refused(f"Observation/{n}", f"2026-0{n}-01", f"{n}.0 %", *of) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "lines", "day"),
    [(1, 1, "2026-01-01"), (3, 3, "2026-01-01"), (4, 1, "2026-01-01..2026-04-01"), (9, 1, "2026-01-01..2026-09-01")],
)
def test_up_to_three_rows_of_one_ground_are_listed_one_by_one(count: int, lines: int, day: str) -> None:
    found = list(_together(alike(count)))
    assert (len(found), found[0].count, found[0].date) == (lines, count if lines == 1 else 1, day)


def test_a_question_says_who_has_to_state_it_and_what_others_stated() -> None:
    made = case_of("own/mississippi-medicaid-clinic-speaks-for-supplier")
    (found,) = determine(made["bundle"])
    question = next(one for one in found.questions if one.fact == "education_confirmed_by_supplier")
    assert question.ask.endswith("? To be stated by the supplier.")
    assert question.of == "supplier"
    assert [one.ground for one in question.on_file or ()] == ["not stated by the supplier"]
