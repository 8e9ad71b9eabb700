"""What clinicians say of a criterion: a nurse settles two sides, a director judges, and each takes back her own."""

from __future__ import annotations

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.queues import RouteToDirector, RouteToNurse
from priorauth.ledger.acts.words import Judge, Propose, Settle, TakeBack
from priorauth.ledger.store import Store
from tests.ledger.house import APPEALS, DIRECTOR, NURSE, SECOND_NURSE, done, furnish, received, refused
from tests.ledger.standing import case, rows


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store, approve_by_rule=False)
    return store


def settle(number: str, criterion: str, *, value: bool = True) -> Settle:
    return Settle(case=number, criterion=criterion, value=value, why="the letter is newer than the log")


def test_a_nurse_settles_two_sides_and_then_the_case_is_ready_to_approve(plan: Store) -> None:
    number = received(plan, "conflict")
    found = done(plan, settle(number, "II.A.T.5"), NURSE)
    assert (found.state, found.more["outcomes"]) == ("with-nurse", {"1": "approve"})
    assert done(plan, Approve(case=number), NURSE).state == "approved"


def test_a_nurse_settles_nothing_but_two_sides(plan: Store) -> None:
    number = received(plan, "conflict")
    for criterion in ("II.A.T.7", "II.B.1", "II.B.4", "I.3"):
        found = refused(plan, settle(number, criterion, value=False), NURSE)
        assert (found.code, "propose it to a director" in found.reason) == ("no-right", True)
    assert rows(plan, t.word) == []


def test_a_proposal_settles_nothing_and_is_there_for_the_director(plan: Store) -> None:
    number = received(plan, "conflict")
    done(plan, Propose(case=number, criterion="II.A.T.7", value=False, why="it fell"), NURSE)
    assert [(row["kind"], row["subject"], row["value"]) for row in rows(plan, t.word)] == [
        ("proposal", "settle.II.A.T.7", False)
    ]
    assert case(plan, number)["runs"] == 1


def test_a_word_needs_its_reason_and_a_criterion_of_the_last_run(plan: Store) -> None:
    number = received(plan, "conflict")
    assert refused(plan, Settle(case=number, criterion="II.A.T.5", value=True, why=" "), NURSE).code == "invalid"
    assert refused(plan, settle(number, "IX.9"), NURSE).code == "not-found"
    assert refused(plan, Judge(case=number, fact="hba1c", value=True, why="so"), DIRECTOR).code == "invalid"
    assert refused(plan, Judge(case=number, fact="nothing", value=True, why="so"), DIRECTOR).code == "invalid"


def test_a_director_who_judges_keeps_the_case_whatever_comes_of_it(plan: Store) -> None:
    number = received(plan, "ask")
    done(plan, RouteToDirector(case=number), NURSE)
    found = done(plan, Judge(case=number, fact="hba1c_exception_granted", value=False, why="no ground"), DIRECTOR)
    assert found.more["outcomes"] == {"1": "request-information"}
    assert (found.state, case(plan, number)["queue"]) == ("with-director", "director")


def test_a_word_is_taken_back_by_her_who_said_it_and_by_nobody_else(plan: Store) -> None:
    number = received(plan, "conflict")
    done(plan, settle(number, "II.A.T.5"), NURSE)
    back = TakeBack(case=number, subject="settle.II.A.T.5", why="I misread the log")
    assert refused(plan, back, SECOND_NURSE).code == "no-right"
    found = done(plan, back, NURSE)
    assert found.more["outcomes"] == {"1": "clinical-review"}
    assert refused(plan, back, NURSE).code == "not-found"
    first, _, third = rows(plan, t.run, case_no=number)
    assert first["sha256"] == third["sha256"]


def test_where_the_newer_word_is_taken_back_the_older_one_stands_again(plan: Store) -> None:
    number = received(plan, "conflict")
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, settle(number, "II.A.T.5"), DIRECTOR)
    done(plan, settle(number, "II.A.T.5", value=False), APPEALS)
    done(plan, TakeBack(case=number, subject="settle.II.A.T.5", why="wrong"), APPEALS)
    inputs = rows(plan, t.run, case_no=number)[-1]["inputs"]
    assert [one["name"] for one in inputs if one["part"] == "words"] == ["words of dora"]
    assert rows(plan, t.run, case_no=number)[-1]["outcomes"] == {"1": "approve"}


def test_each_clinicians_words_are_read_as_her_own(plan: Store) -> None:
    number = received(plan, "conflict")
    done(plan, settle(number, "II.A.T.5"), NURSE)
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Judge(case=number, fact="only_for_convenience", value=False, why="not so"), DIRECTOR)
    inputs = rows(plan, t.run, case_no=number)[-1]["inputs"]
    assert [one["name"] for one in inputs if one["part"] == "words"] == ["words of dora", "words of nina"]
    done(plan, RouteToNurse(case=number), NURSE)
    assert case(plan, number)["state"] == "with-nurse"
