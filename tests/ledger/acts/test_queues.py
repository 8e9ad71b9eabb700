"""How work moves: taken, handed over, put off, routed; it decides nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import Assign, Climb, HandOver, RouteToDirector, RouteToNurse, Snooze, Take
from priorauth.ledger.store import Store
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    SECOND_NURSE,
    SYSTEM,
    done,
    furnish,
    received,
    refused,
)
from tests.ledger.standing import case


@pytest.fixture
def number(store: Store) -> str:
    furnish(store)
    return received(store, "review")


def test_a_case_is_taken_and_handed_over_by_her_who_has_it(store: Store, number: str) -> None:
    assert refused(store, HandOver(case=number, person="nora"), NURSE).code == "no-right"
    done(store, Take(case=number), NURSE)
    assert refused(store, HandOver(case=number, person="nora"), SECOND_NURSE).code == "no-right"
    done(store, HandOver(case=number, person="nora", why="I am on leave"), NURSE)
    assert case(store, number)["owner"] == "nora"


def test_a_case_is_given_to_nobody_who_works_in_no_queue(store: Store, number: str) -> None:
    assert refused(store, Assign(case=number, person="cora"), NURSE).code == "invalid"
    assert refused(store, Assign(case=number, person="nobody"), NURSE).code == "invalid"
    done(store, Assign(case=number, person="nora"), NURSE)
    assert case(store, number)["owner"] == "nora"


def test_a_case_that_goes_to_another_queue_is_in_nobodys_hands(store: Store, number: str) -> None:
    done(store, Take(case=number), NURSE)
    done(store, Snooze(case=number, until=NOW + timedelta(hours=2)), NURSE)
    done(store, RouteToDirector(case=number), NURSE)
    found = case(store, number)
    assert (found["queue"], found["owner"], found["snoozed_until"]) == ("director", None, None)


def test_a_case_is_never_put_off_past_half_of_its_clock(store: Store, number: str) -> None:
    due = case(store, number)["due_at"]
    half = NOW + (due - NOW) / 2
    assert refused(store, Snooze(case=number, until=half + timedelta(seconds=1)), NURSE).code == "invalid"
    assert refused(store, Snooze(case=number, until=NOW), NURSE).code == "invalid"
    done(store, Snooze(case=number, until=half), NURSE)
    assert case(store, number)["snoozed_until"] == half


def test_a_moment_without_a_zone_is_refused_and_not_guessed(store: Store, number: str) -> None:
    found = refused(store, Snooze(case=number, until=datetime(2026, 11, 25, 9, 0)), NURSE)  # noqa: DTZ001 - the point
    assert (found.code, found.reason) == ("invalid", "until: expected a moment with a zone")


def test_an_appeal_stands_in_the_queue_of_appeals_however_it_comes_back(store: Store, number: str) -> None:
    done(store, RouteToDirector(case=number), NURSE)
    done(store, DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    appeal = done(store, Appeal(case=number), COORDINATOR).case
    assert appeal is not None
    assert case(store, appeal)["queue"] == "appeals"
    done(store, RouteToNurse(case=appeal), APPEALS)
    assert case(store, appeal)["queue"] == "nurse"
    done(store, RouteToDirector(case=appeal), SECOND_NURSE)
    assert case(store, appeal)["queue"] == "appeals"
    done(store, RouteToNurse(case=appeal), APPEALS)
    climbs = case(store, appeal)["climbs_at"]
    if climbs is not None:
        done(store, Climb(case=appeal), SYSTEM, climbs)
        assert case(store, appeal)["queue"] == "appeals"
