"""How an adaptive form ends: what its last group says and asks, and what was answered in it."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from msgspec import structs

from priorauth import determine
from priorauth.decide.determination import Determination
from priorauth.exchange.dtr.ending import ATTEST, DONE, ISSUE, Ended, ended, last_group, says
from priorauth.exchange.dtr.filled import Sheet
from priorauth.policy.outcome import Outcome
from tests.exchange.crd.hooking import example
from tests.exchange.dtr.desk import Json

BASE = "https://plan.example/demo/2.2/fhir"
ASK = determine(example("ask"))[0]


def made(outcome: Outcome, **more: Any) -> Determination:
    return structs.replace(ASK, outcome=outcome, **more)


def group(*, issue: bool) -> Json:
    return last_group(made("approve"), 3, BASE, issue=issue)


def answered(*answers: Json, issue: bool = True) -> Ended:
    """What was answered in the last group of a form."""
    form = group(issue=issue)
    (node,) = Sheet({"item": [form]}, {"item": [{"linkId": form["linkId"], "item": list(answers)}]}, lambda _: None).top
    return ended(node)


def attested(*, right: Any) -> Json:
    return {"linkId": "form.end.3.attest", "answer": [{"valueBoolean": right}]}


def wanted(code: str) -> Json:
    return {"linkId": "form.end.3.issue", "answer": [{"valueCoding": {"code": code}}]}


def test_the_last_group_says_that_the_questions_are_over_and_asks_whether_the_answers_are_right() -> None:
    found = group(issue=False)
    assert (found["linkId"], found["type"]) == ("form.end.3", "group")
    assert [(one["linkId"], one["type"], one["text"]) for one in found["item"]] == [
        ("form.end.3.done", "display", DONE),
        ("form.end.3.says", "display", says(made("approve"))),
        ("form.end.3.attest", "boolean", ATTEST),
    ]
    assert found["item"][-1]["required"] is True


def test_where_the_number_is_offered_it_is_asked_for_at_last_and_may_be_left_for_later() -> None:
    found = group(issue=True)
    assert [one["text"] for one in found["item"]] == [DONE, ATTEST, ISSUE]
    asked = found["item"][-1]
    assert (asked["linkId"], asked["type"], asked["required"]) == ("form.end.3.issue", "choice", True)
    assert [(one["valueCoding"]["system"], one["valueCoding"]["code"]) for one in asked["answerOption"]] == [
        (f"{BASE}/CodeSystem/issue", "issue"),
        (f"{BASE}/CodeSystem/issue", "later"),
    ]


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_whatever_the_answers_lead_to_is_said_in_a_line_and_is_never_a_denial(outcome: Outcome) -> None:
    found = says(made(outcome))
    assert found.endswith((".", "?"))
    assert "\n" not in found
    assert not any(word in found.lower() for word in ("deni", "refus", "not covered", "reject"))


def test_what_is_still_open_is_asked_once_each() -> None:
    first = ASK.questions[0]
    other = structs.replace(first, fact="motivated", ask="Is she motivated?")
    found = says(made("request-information", questions=(first, first, other)))
    assert found.count(first.ask) == 1
    assert found.startswith("Still open: ")
    assert found.endswith("Is she motivated?")
    assert says(made("request-information", questions=())) == "Something is still open: send what is on file."


def test_what_only_time_brings_is_said_with_the_day_where_it_is_known() -> None:
    assert says(made("not-yet", decide_after="2026-12-14")).endswith(": it can be decided from 14 Dec 2026 on.")
    assert says(made("not-yet", decide_after=None)) == "Nothing is missing but time."


def test_a_clinician_decides_where_the_policy_leaves_it_to_one() -> None:
    assert says(made("clinical-review")).startswith("A clinician of the plan decides on this")


def test_where_no_policy_speaks_its_notes_say_who_decides() -> None:
    found = says(made("not-applicable", policy=None, notes=("no policy of this payer speaks about it.", "ask there")))
    assert found == "This is not decided here. no policy of this payer speaks about it. ask there."
    assert says(made("not-applicable", notes=("ask there",))) == "This is not decided here."


@pytest.mark.parametrize(
    ("answers", "attest", "issue", "complete"),
    [
        ((), None, None, False),
        ((attested(right=True),), True, None, False),
        ((attested(right=False), wanted("later")), False, False, True),
        ((attested(right=True), wanted("issue")), True, True, True),
        ((wanted("issue"),), None, True, False),
        ((attested(right="yes"), wanted("issue")), None, True, False),
        (
            (attested(right=True), {"linkId": "form.end.3.issue", "answer": [{"valueString": "issue"}]}),
            True,
            None,
            False,
        ),
    ],
)
def test_the_form_is_complete_when_every_question_of_the_last_group_is_answered(
    answers: tuple[Json, ...], attest: Any, issue: Any, complete: Any
) -> None:
    found = answered(*answers)
    assert (found, found.complete) == (Ended(attest, offered=True, issue=issue), complete)


def test_where_no_number_is_offered_the_word_that_the_answers_are_right_is_all() -> None:
    assert answered(attested(right=True), issue=False) == Ended(attested=True, offered=False, issue=None)
    assert answered(attested(right=True), issue=False).complete
    assert not answered(issue=False).complete
