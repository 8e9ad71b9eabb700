"""A case opened on a page: recorded, of this reader alone, with who has it and what is open in words."""

from __future__ import annotations

import pytest
from msgspec import structs

from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Withdraw
from priorauth.ledger.acts.queues import RouteToDirector, Take
from priorauth.ledger.events import Who
from priorauth.server.problem import Problem
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import clocks
from tests.ledger import house
from tests.ledger.standing import bundle, rows, sent
from tests.workbench.house import Desk, both, visit

EXAMPLES = ("approve", "ask", "conflict", "not-yet", "review")
PAYER = (house.NURSE, house.DIRECTOR, house.APPEALS)


def read(day: Desk, number: str) -> list[tuple[str | None, str]]:
    """Return who opened what of a case."""
    found = rows(day.store, t.event, case_no=number)
    return [(one["person"], one["data"]["say"]["of"]) for one in found if one["what"] == "read"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_case_is_told_whole_to_whoever_may_see_it(day: Desk, name: str) -> None:
    number = day.receive(name)
    for who in (*PAYER, house.COORDINATOR):
        found = cases.seen(visit(day, who), number)
        assert (found.number, found.open, found.clinic) == (number, True, who is house.COORDINATOR)
        assert found.title.startswith("E0784, ")
        assert found.people.member.name
        assert found.age is not None
        assert found.age > 0
        assert found.payer == ("CareSource" if name == "review" else "MassHealth")
        assert found.waiting == found.shown
        assert found.asks == sum(one.asks for one in found.shown)
        assert found.request["resourceType"] == "Bundle"


@both
def test_that_a_case_was_opened_is_recorded_with_what_was_looked_at(desk: Desk) -> None:
    number = desk.receive("ask")
    cases.opened(visit(desk, house.NURSE), number)
    cases.opened(visit(desk, house.COORDINATOR), number, "documents")
    cases.seen(visit(desk, house.DIRECTOR), number)
    assert read(desk, number) == [("nina", "case"), ("cora", "documents")]


@pytest.mark.parametrize(("who", "number"), [(house.OTHER_CLINIC, ""), (house.NURSE, "26-99999"), (house.NURSE, "x'")])
def test_a_case_that_she_may_not_see_is_none_and_nothing_is_recorded(day: Desk, who: Who, number: str) -> None:
    mine = day.receive("ask")
    with pytest.raises(Problem) as fault:
        cases.opened(visit(day, who), number or mine)
    assert fault.value.kind == "not-found"
    with pytest.raises(Problem) as fault:
        cases.seen(visit(day, who), number or mine)
    assert fault.value.kind == "not-found"
    assert read(day, mine) == []


def test_it_is_said_who_has_a_case_and_until_when(day: Desk) -> None:
    until = "Decide by Tue 1 Dec 2026"
    asked, ready, doctor = day.receive("ask"), day.receive("approve"), day.receive("review")
    house.done(day.store, RouteToDirector(case=doctor), house.NURSE)

    def ball(who: Who, number: str) -> str:
        return cases.seen(visit(day, who), number).ball

    assert ball(house.NURSE, asked).startswith(f"The clinic has it: questions are open. {until}")
    assert ball(house.COORDINATOR, asked).startswith(f"You have it: questions are open. {until}")
    assert ball(house.NURSE, ready).startswith(f"With the payer's nurse. {until}")
    assert ball(house.COORDINATOR, ready).startswith(f"With the payer's nurse. You need to do nothing. {until}")
    assert ball(house.COORDINATOR, doctor).startswith("With a medical director of the payer. You need to do nothing.")
    assert ball(house.NURSE, day.receive("not-yet")).startswith("Nothing is missing but time. ")


def test_where_no_clock_runs_that_is_said(day: Desk) -> None:
    whole = cases.seen(visit(day, house.NURSE), day.receive("review")).whole
    assert cases.ball(whole, clocks.NONE, "nurse") == "With the payer's nurse. No clock runs."


def test_a_case_that_ended_says_how_and_waits_for_nothing(day: Desk) -> None:
    number = day.receive("ask")
    house.done(day.store, Withdraw(case=number, version=1), house.COORDINATOR)
    found = cases.seen(visit(day, house.NURSE), number)
    assert (found.open, found.ball, found.waiting, found.asks) == (False, "Withdrawn.", (), 0)
    assert (found.ready, found.summary) == (False, "nothing is open")


@pytest.mark.parametrize(
    ("name", "ready", "says"),
    [
        ("approve", True, "nothing is open"),
        ("ask", False, "2 missing"),
        ("conflict", False, "1 with two sides"),
    ],
)
def test_what_is_open_is_counted_and_a_case_is_ready_where_nothing_is(
    day: Desk,
    name: str,
    ready: bool,  # noqa: FBT001 - what is so of a case
    says: str,
) -> None:
    found = cases.seen(visit(day, house.NURSE), day.receive(name))
    assert (found.ready, found.summary) == (ready, says)


def test_a_case_of_two_items_names_once_what_both_ask(day: Desk) -> None:
    number = sent(day.store, bundle("ask", items=2))
    found = cases.seen(visit(day, house.NURSE), number)
    one = cases.seen(visit(day, house.NURSE), day.receive("ask"))
    assert len(found.shown) == 2
    assert (found.title, len(found.waiting)) == (one.title, 2)
    assert structs.replace(found, shown=()).title == "request"
    assert structs.replace(found, shown=()).age is None


def test_people_of_a_case_are_named_and_those_of_another_plan_are_not(day: Desk) -> None:
    number = day.receive("review")
    house.done(day.store, Take(case=number), house.NURSE)
    found = cases.seen(visit(day, house.DIRECTOR), number)
    assert found.names == {"nina": "Nina Nurse", "cora": "Cora Coordinator"}
    assert cases.names(visit(day, house.NURSE), ["nina", "nobody", "nina"]) == {"nina": "Nina Nurse"}
    assert cases.names(visit(day, house.NURSE), []) == {}


def test_a_payer_that_no_policy_knows_is_its_id_and_none_is_said_to_be() -> None:
    assert cases.payer("masshealth", {}) == "MassHealth"
    assert cases.payer("elsewhere", {}) == "elsewhere"
    assert cases.payer(None, {}) == "payer not known"
