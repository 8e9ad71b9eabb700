"""What is said of each outcome: never more than was found, and never a denial."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from msgspec import structs

from priorauth import determine
from priorauth.exchange.crd import meaning
from priorauth.exchange.crd.coverage import Said
from priorauth.exchange.crd.meaning import Approved, Asking, Known
from priorauth.policy.outcome import Outcome
from tests.exchange.crd.hooking import example

MADE = determine(example("ask"))[0]
FORM = ("https://p.example/Questionnaire/q|1",)


def said(outcome: Outcome, known: Known | None = None, asking: Asking | None = None) -> Said:
    made = structs.replace(MADE, outcome=outcome, notes=("ask the organization",), decide_after="2026-12-14")
    return meaning.said(made, known or Known(), asking or Asking(questionnaires=FORM))


@pytest.mark.parametrize(
    ("outcome", "covered", "pa"),
    [
        ("approve", "covered", "auth-needed"), ("not-required", "covered", "no-auth"),
        ("request-information", "covered", "auth-needed"), ("not-yet", "covered", "auth-needed"),
        ("clinical-review", "covered", "auth-needed"), ("not-applicable", "indeterminate", None),
        ("other-criteria", "indeterminate", None),
    ],
)  # fmt: skip
def test_each_outcome_has_its_row(outcome: Outcome, covered: str, pa: str | None) -> None:
    found = said(outcome)
    assert (found.covered, found.pa) == (covered, pa)
    assert found.billing == "E0784"


def test_there_is_a_row_for_every_outcome() -> None:
    for outcome in get_args(Outcome):
        assert said(outcome).covered != "not-covered"


def test_only_what_is_asked_for_wants_papers_and_a_form() -> None:
    for outcome in get_args(Outcome):
        found = said(outcome)
        wants = outcome == "request-information"
        assert (bool(found.docs), found.purpose, found.questionnaires) == (wants, wants, FORM if wants else ())
        early = said(outcome, asking=Asking(documents=False, questionnaires=FORM))
        assert (early.docs, early.purpose, early.questionnaires) == ((), False, ())


def test_who_can_answer_says_which_papers_are_wanted() -> None:
    def asked(*of: str) -> tuple[str, ...]:
        questions = tuple(structs.replace(MADE.questions[0], of=one) for one in of)
        made = structs.replace(MADE, outcome="request-information", questions=questions)
        return meaning.said(made, Known(), Asking()).docs

    assert asked("prescriber") == ("clinical",)
    assert asked("supplier") == ("admin",)
    assert asked("prescriber", "supplier") == ("clinical", "admin")


def test_nothing_of_a_verdict_is_told_before_a_person_has_looked() -> None:
    found = said("clinical-review")
    assert [one.text for one in found.reasons] == [meaning.LOOKED_AT]


def test_many_open_questions_are_counted_after_the_first() -> None:
    questions = tuple(structs.replace(MADE.questions[0], ask=f"question {place}") for place in range(20))
    made = structs.replace(MADE, questions=questions)
    reasons = meaning.said(made, Known(), Asking()).reasons
    assert len(reasons) == 13
    assert reasons[-1].text == "and 8 more"


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_what_the_ledger_knows_comes_before_what_was_found(outcome: Outcome) -> None:
    first = date(2026, 11, 20)
    approved = said(outcome, Known(Approved("26-0001-1", 1, first)))
    assert (approved.pa, approved.number, approved.docs) == ("satisfied", "26-0001-1", ())
    decided = said(outcome, Known(decided=first))
    assert (decided.covered, decided.pa, decided.number) == ("covered", "auth-needed", None)
    assert "2026-11-20" in decided.reasons[0].text
