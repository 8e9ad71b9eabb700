"""Settling two sides: both beside each other, none chosen beforehand, a reason; what is not hers a nurse proposes."""

from __future__ import annotations

import re

import pytest

from priorauth.ledger import tables as t
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench import papers
from tests.workbench.house import Desk, plain

CRITERION = "II.A.T.5"


def test_a_nurse_settles_two_sides_and_the_case_is_run_again(day: Desk) -> None:
    number = day.receive("conflict")
    at = f"/c/{number}/settle/{CRITERION}"
    page = day.get(at, house.NURSE).text
    assert " checked" not in page
    assert "It is not shown: self-tests of glucose within the 30 days before the request" in page
    answer = day.send(at, at, house.NURSE, value="shown", why="The second meter is named in the letter.")
    assert answer.headers["location"] == f"/c/{number}?said=settled"
    after = plain(day.get(f"/c/{number}", house.NURSE).text)
    assert "run 2 of" in after
    assert "Nothing is open. Every criterion of the policy is shown." in after
    assert f"settled that {CRITERION} is shown The second meter is named in the letter." in after


@pytest.mark.parametrize(("fields", "said"), [({"why": "x"}, "Choose a side."), ({"value": "shown"}, "Write why.")])
def test_a_side_and_a_reason_are_needed_and_what_was_typed_stays(day: Desk, fields: dict[str, str], said: str) -> None:
    at = f"/c/{day.receive('conflict')}/settle/{CRITERION}"
    answer = day.send(at, at, house.NURSE, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    if "why" in fields:
        assert ">x</textarea>" in answer.text
    else:
        assert re.search(r'value="shown" checked', answer.text)


def test_what_is_missing_a_nurse_proposes_for_a_director(day: Desk) -> None:
    number = day.receive("review")
    page = day.get(f"/c/{number}", house.NURSE).text
    wanted = re.search(rf'href="/c/{number}/criterion/([^"]+)" autofocus', page)
    assert wanted is not None
    at = f"/c/{number}/settle/{wanted[1]}"
    assert "what you choose is kept as a proposal for a medical director" in plain(day.get(at, house.NURSE).text)
    answer = day.send(at, at, house.NURSE, value="shown", why="The letter says so.")
    assert answer.headers["location"] == f"/c/{number}?said=proposed"
    assert [row["kind"] for row in rows(day.store, t.word, case_no=number)] == ["proposal"]
    assert case(day.store, number)["runs"] == 1
    assert "proposes" in day.get(f"/c/{number}/criterion/{wanted[1]}", house.NURSE).text


def test_she_takes_her_own_word_back_and_nobody_elses(day: Desk) -> None:
    number = day.receive("conflict")
    at = f"/c/{number}/settle/{CRITERION}"
    day.send(at, at, house.NURSE, value="shown", why="The second meter.")
    one = f"/c/{number}/criterion/{CRITERION}"
    assert "Take back what you said" not in day.get(one, house.SECOND_NURSE).text
    day.send(one, f"/c/{number}/take-back", house.NURSE, why="The second meter is another member's.")
    assert "1 with two sides" in plain(day.get(f"/c/{number}", house.NURSE).text)


def test_a_criterion_that_no_item_has_is_not_found(day: Desk) -> None:
    assert day.get(f"/c/{day.receive('conflict')}/settle/Z.9", house.NURSE).status_code == 404


def test_what_documents_state_stands_beside_what_is_settled(day: Desk) -> None:
    number, _ = papers.with_letter(day)
    text = plain(day.get(f"/c/{number}/settle/II.A.T.7", house.NURSE).text)
    assert "hemoglobin A1c was 8.4 % on November 2, 2026" in text
    assert "1 fact to confirm" in text
