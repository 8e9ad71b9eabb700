"""Asking the clinic: what the last run asks, all of it chosen; a day that the law admits; the clock said beside it."""

from __future__ import annotations

from tests.ledger import house
from tests.ledger.standing import case
from tests.workbench.house import Desk, plain


def test_what_is_missing_is_asked_with_three_presses(day: Desk) -> None:
    number = day.receive("ask")
    page = day.get(f"/c/{number}", house.NURSE).text
    assert f'<a class="button second" href="/c/{number}/ask" data-key="a">' in page
    answer = day.send(f"/c/{number}/ask", f"/c/{number}/ask", house.NURSE, thing=["1-1", "1-2"])
    assert answer.headers["location"] == f"/c/{number}?said=asked"
    assert case(day.store, number)["about"]["asked"][0] == "hba1c"


def test_everything_that_the_run_asks_is_chosen_with_its_paragraph_and_what_is_held(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('ask')}/ask", house.NURSE).text
    text = plain(page)
    assert page.count(" checked") == 2
    assert "Most recent HbA1c above 7.0 percent II.A.T.7" in text
    assert "HbA1c 8.7 %, 15 Jul 2025, laboratory result: too old (counts from 21 Nov 2025)" in text
    assert "Asking does not stop the clock." in text
    assert "The law gives the clinic at least until" in text


def test_some_of_it_is_asked_and_nothing_else(day: Desk) -> None:
    number = day.receive("ask")
    day.send(f"/c/{number}/ask", f"/c/{number}/ask", house.NURSE, thing=["1-1", "9-9"])
    assert case(day.store, number)["about"]["asked"] == ["hba1c"]


def test_nothing_chosen_is_asked_for_again(day: Desk) -> None:
    number = day.receive("ask")
    answer = day.send(f"/c/{number}/ask", f"/c/{number}/ask", house.NURSE)
    assert answer.status_code == 422
    assert "Choose at least one thing to ask." in answer.text
    assert " checked" not in answer.text


def test_a_day_that_the_law_does_not_admit_is_said_beside_the_field(day: Desk) -> None:
    number = day.receive("ask")
    for until, said in (
        ("2026-11-25T10:00", "The law gives the clinic at least until"),
        ("2026-11-20T10:00", "Choose a day and hour to come."),
        ("soon", "Write day and hour as in 2026-11-27 14:30."),
    ):
        answer = day.send(f"/c/{number}/ask", f"/c/{number}/ask", house.NURSE, thing=["1-1"], until=until)
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{until}"' in answer.text


def test_a_case_of_which_nothing_is_asked_says_who_settles_it(day: Desk) -> None:
    text = plain(day.get(f"/c/{day.receive('conflict')}/ask", house.NURSE).text)
    assert "The last run asks nothing. A question without a paragraph of the policy is not asked." in text
