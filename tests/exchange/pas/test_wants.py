"""What is asked of people outside the plan: one want for each thing, nothing that is on file, nothing of the payer."""

from __future__ import annotations

import pytest
from msgspec import structs

from priorauth import determine
from priorauth.exchange.pas import wants
from tests.ledger.house import example


@pytest.mark.shall("PAS 2.0.1/189")
def test_each_thing_that_is_asked_is_one_want_with_its_criterion_and_facts() -> None:
    (made,) = determine(example("ask"))
    found = list(wants.of(made))
    assert [one.criteria for one in found] == [("II.A.T.7",), ("II.A.T.5",)]
    assert [one.code for one in found] == ["4548-4", "41653-7"]
    assert {fact for one in found for fact in one.facts} == {one.fact for one in made.questions}
    assert found[0].of == ("prescriber",)
    assert found[0].held
    assert all(one.asks for one in found)


def test_what_the_plan_itself_knows_is_asked_of_nobody() -> None:
    (made,) = determine(example("ask"))
    questions = tuple(structs.replace(one, of="payer") for one in made.questions)
    assert list(wants.of(structs.replace(made, questions=questions))) == []


def test_of_a_request_of_which_nothing_is_asked_there_is_none() -> None:
    for name in ("approve", "review", "conflict", "not-yet"):
        (made,) = determine(example(name))
        assert list(wants.of(made)) == []
