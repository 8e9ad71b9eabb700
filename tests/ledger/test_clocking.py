"""The clocks of a case: begun at receipt, moved by what happens, ended by the decision; the earliest binds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from priorauth.ledger import clocking
from priorauth.ledger import tables as t
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import AuthorizeByLaw, DecideAdversely
from priorauth.ledger.acts.intake import Answer, Withdraw
from priorauth.ledger.acts.notices import AskClinic
from priorauth.ledger.acts.queues import Climb, Extend, MissClock, RouteToDirector
from priorauth.ledger.store import Store
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    SYSTEM,
    TENANT,
    done,
    furnish,
    received,
    refused,
)

EMPTY = b'{"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-11-23", "item": []}'


def case(store: Store, number: str) -> dict[str, Any]:
    with store.reading(TENANT) as connection:
        row = connection.execute(select(t.cases).where(t.cases.c.case_no == number)).mappings().one()
        return dict(row)


def clocks(store: Store, number: str) -> dict[str, dict[str, Any]]:
    with store.reading(TENANT) as connection:
        rows = connection.execute(select(t.clock).where(t.clock.c.case_no == number)).mappings()
        return {row["rule"]: dict(row) for row in rows}


@pytest.fixture
def asked(store: Store) -> str:
    """A MassHealth case of which something is asked."""
    furnish(store)
    return received(store, "ask")


def test_federal_and_state_clocks_run_at_once_and_the_earliest_binds(store: Store, asked: str) -> None:
    found = clocks(store, asked)
    assert set(found) == {"mh-std", "mh-std-state"}
    running = case(store, asked)
    assert running["due_rule"] == "mh-std"
    assert running["due_at"] == datetime(2026, 12, 2, 4, 59, 59, 999999, tzinfo=UTC)  # the end of 1 December in Boston
    assert (running["line"], running["plan_state"]) == ("medicaid-ffs", "MA")


def test_asking_a_massachusetts_clinic_does_not_move_the_due_date(store: Store, asked: str) -> None:
    before = case(store, asked)["due_at"]
    assert case(store, asked)["about"]["asked"]
    done(store, Answer(case=asked, response=EMPTY), COORDINATOR, NOW + timedelta(days=2))
    assert case(store, asked)["due_at"] == before


def test_a_silent_clinics_case_climbs_at_half_of_the_clock_and_not_before(store: Store, asked: str) -> None:
    climbs = case(store, asked)["climbs_at"]
    assert refused(store, Climb(case=asked), SYSTEM, climbs - timedelta(seconds=1)).code == "invalid"
    assert done(store, Climb(case=asked), SYSTEM, climbs).state == "with-nurse"
    again = case(store, asked)["climbs_at"]
    assert climbs < again < case(store, asked)["due_at"]
    assert done(store, Climb(case=asked), SYSTEM, again).state == "with-director"
    assert case(store, asked)["climbs_at"] is None


def test_an_answer_after_half_of_the_clock_leaves_the_case_with_a_nurse(store: Store, asked: str) -> None:
    climbs = case(store, asked)["climbs_at"]
    found = done(store, Answer(case=asked, response=EMPTY), COORDINATOR, climbs + timedelta(hours=1))
    assert found.more["outcomes"] == {"1": "request-information"}
    assert found.state == "with-nurse"


def test_a_missed_clock_is_recorded_once_with_what_the_law_makes_of_it(store: Store, asked: str) -> None:
    late = case(store, asked)["due_at"] + timedelta(seconds=1)
    assert refused(store, MissClock(case=asked, rule="mh-std"), SYSTEM, late - timedelta(days=1)).code == "invalid"
    done(store, MissClock(case=asked, rule="mh-std"), SYSTEM, late)
    assert clocks(store, asked)["mh-std"]["missed_at"] is not None
    assert refused(store, MissClock(case=asked, rule="mh-std"), SYSTEM, late).code == "invalid"
    said = refused(store, AuthorizeByLaw(case=asked, rule="mh-std"), DIRECTOR, late)
    assert "hearing-right" in said.reason


def test_a_clock_is_extended_only_on_a_ground_of_its_own(store: Store, asked: str) -> None:
    done(store, RouteToDirector(case=asked), NURSE)
    before = case(store, asked)["due_at"]
    assert refused(store, Extend(case=asked, rule="mh-std", ground="we-are-busy", days=3), DIRECTOR).code == "invalid"
    assert refused(store, Extend(case=asked, rule="uh-std", ground="member-asks", days=3), DIRECTOR).code == "not-found"
    assert refused(store, Extend(case=asked, rule="mh-std", ground="member-asks", days=15), DIRECTOR).code == "invalid"
    assert refused(store, Extend(case=asked, rule="mh-std", ground="member-asks", days=3), NURSE).code == "no-right"
    done(store, Extend(case=asked, rule="mh-std", ground="member-asks", days=3), DIRECTOR)
    assert case(store, asked)["due_at"] == before + timedelta(days=3)


def test_a_decided_case_has_no_clock_that_runs(store: Store) -> None:
    furnish(store)
    number = received(store, "approve")
    assert {row["status"] for row in clocks(store, number).values()} == {"ended"}
    assert case(store, number)["due_at"] is None


def test_of_a_plan_that_is_not_known_it_is_said_that_its_clocks_are_not(store: Store) -> None:
    furnish(store)
    number = received(store, "conflict")
    found = case(store, number)
    assert found["line"] is None or found["due_at"] is not None


def test_a_clock_that_ran_out_is_overdue_as_soon_as_anything_happens(store: Store, asked: str) -> None:
    late = case(store, asked)["due_at"] + timedelta(seconds=1)
    assert clocks(store, asked)["mh-std"]["status"] == "running"
    done(store, Answer(case=asked, response=EMPTY), COORDINATOR, late)
    assert clocks(store, asked)["mh-std"]["status"] == "overdue"
    assert clocks(store, asked)["mh-std-state"]["status"] == "not-begun"


def test_a_clinic_is_given_no_less_time_to_answer_than_the_law_gives(store: Store, asked: str) -> None:
    done(store, RouteToDirector(case=asked), NURSE)
    found = refused(store, AskClinic(case=asked, until=NOW + timedelta(days=1)), DIRECTOR)
    assert (found.code, "mh-std-state: the law gives until" in found.reason) == ("invalid", True)
    assert done(store, AskClinic(case=asked, until=NOW + timedelta(days=5)), DIRECTOR).state == "with-clinic"


def test_a_request_is_complete_once_nothing_is_asked_of_it(store: Store) -> None:
    furnish(store)

    def happened(name: str) -> list[str]:
        return [one["type"] for one in case(store, received(store, name))["about"]["happened"]]

    assert "completed" not in happened("ask")
    assert happened("review") == ["received", "completed"]


def test_an_appeal_has_the_clock_of_its_level_and_not_that_of_a_request(store: Store, asked: str) -> None:
    done(store, RouteToDirector(case=asked), NURSE)
    done(store, DecideAdversely(case=asked, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    for fast, due in ((False, "2027-02-23T04:59:59.999999+00:00"), (True, "2026-12-01T04:59:59.999999+00:00")):
        number = str(done(store, Appeal(case=asked, fast=fast), COORDINATOR).case)
        assert set(clocks(store, number)) == {"masshealth.fair-hearing"}
        found = case(store, number)
        assert (found["due_rule"], found["due_at"]) == ("masshealth.fair-hearing", datetime.fromisoformat(due))
        done(store, Withdraw(case=number), COORDINATOR)


def test_of_an_appeal_whose_clock_was_not_read_it_is_said_so(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    done(store, RouteToDirector(case=number), NURSE)
    done(store, DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    first = str(done(store, Appeal(case=number), COORDINATOR).case)
    done(store, DecideAdversely(case=first, licence=f"{LICENCE}-apu", reasons=(REASON,)), APPEALS)
    second = str(done(store, Appeal(case=first), COORDINATOR).case)
    assert clocks(store, second) == {}
    found = clocking.running_of(case(store, second)["about"], clocking.book(None))
    assert found is not None
    assert found.unknown
