"""Decisions: a nurse approves what is shown, a clinician answers for the rest, and each item is decided once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import (
    Approve,
    AuthorizeByLaw,
    DecideAdversely,
    DecideInPart,
    EndApproval,
    Reason,
    SendElsewhere,
)
from priorauth.ledger.acts.queues import RouteToDirector, RouteToNurse
from priorauth.ledger.store import Store
from priorauth.ledger.work import Act
from tests.ledger.house import (
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    TENANT,
    done,
    example,
    furnish,
    received,
    refused,
)
from tests.ledger.standing import HOUR, LATE, LAW, TWO, bundle, case, rows, sent


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store, approve_by_rule=False)
    return store


def adverse(number: str, *reasons: Reason, **more: Any) -> DecideAdversely:
    return DecideAdversely(case=number, licence=LICENCE, reasons=reasons or (REASON,), **more)


def with_director(plan: Store, content: bytes) -> str:
    number = sent(plan, content)
    done(plan, RouteToDirector(case=number), NURSE)
    return number


def statuses(plan: Store, number: str) -> list[str]:
    return [row["status"] for row in rows(plan, t.item, case_no=number)]


# ---- approve


def test_a_nurse_approves_what_the_criteria_show(plan: Store) -> None:
    number = received(plan, "approve")
    assert case(plan, number)["state"] == "with-nurse"
    assert done(plan, Approve(case=number), NURSE).more["approvals"] == [f"{number}-1"]
    (decision,) = rows(plan, t.decision)
    assert (decision["kind"], decision["signer"], decision["role"]) == ("approve", "nina", "nurse")
    (approval,) = rows(plan, t.approval)
    assert (approval["valid_from"].isoformat(), approval["valid_until"].isoformat()) == ("2026-11-24", "2027-02-23")


def test_a_nurse_approves_nothing_that_is_not_shown_and_a_director_may(plan: Store) -> None:
    number = received(plan, "ask")
    found = refused(plan, Approve(case=number), NURSE)
    assert (found.code, "settle, ask, or route it" in found.reason) == ("no-right", True)
    assert done(plan, Approve(case=number, why="severe lows"), DIRECTOR).state == "approved"


def test_a_rule_approves_what_the_criteria_show_and_nothing_else(plan: Store) -> None:
    rule = NURSE._replace(person=None, role="rule")
    assert refused(plan, Approve(case=received(plan, "ask")), rule).code == "no-right"
    done(plan, Approve(case=received(plan, "approve")), rule)
    assert [(row["kind"], row["signer"]) for row in rows(plan, t.decision)] == [("approve-by-rule", None)]


def test_an_act_on_no_item_is_none(plan: Store) -> None:
    number = with_director(plan, example("ask"))
    for act in (Approve(case=number, items=()), adverse(number, items=())):
        assert refused(plan, act, DIRECTOR).code == "invalid"
    assert refused(plan, Approve(case=number, items=(2,)), DIRECTOR).code == "invalid"
    assert rows(plan, t.decision) == []


# ---- adverse and part


@pytest.mark.parametrize("part", ["criterion", "asks", "found", "why_not", "would_show"])
def test_each_reason_has_all_its_parts(plan: Store, part: str) -> None:
    number = with_director(plan, example("ask"))
    found = refused(plan, adverse(number, msgspec.structs.replace(REASON, **{part: "  "})), DIRECTOR)
    assert (found.code, found.reason.startswith("reason of ")) == ("invalid", True)
    assert refused(plan, DecideAdversely(case=number, licence=LICENCE, reasons=()), DIRECTOR).code == "invalid"


def test_a_signed_decision_keeps_who_under_which_licence_and_why(plan: Store) -> None:
    number = with_director(plan, example("ask"))
    done(plan, adverse(number), DIRECTOR)
    (decision,) = rows(plan, t.decision)
    assert (decision["signer"], decision["licence"], decision["on_day"]) == ("dora", LICENCE, NOW.date())
    (reason,) = rows(plan, t.reason)
    assert reason["found"] == REASON.found
    assert rows(plan, t.approval) == []


def test_a_licence_that_is_not_hers_signs_nothing(plan: Store) -> None:
    number = with_director(plan, example("ask"))
    act = DecideAdversely(case=number, licence=f"{LICENCE}-apu", reasons=(REASON,))
    assert refused(plan, act, DIRECTOR).code == "refused"
    assert (rows(plan, t.decision), rows(plan, t.reason)) == ([], [])
    assert case(plan, number)["state"] == "with-director"


@pytest.mark.parametrize("quantities", [{}, {1: 2}, {1: 3}, {1: -1}, {2: 0}, {1: 0}])
def test_part_is_less_than_was_asked_and_more_than_nothing(plan: Store, quantities: dict[int, int]) -> None:
    number = with_director(plan, TWO)
    act = DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities=quantities)
    assert refused(plan, act, DIRECTOR).code == "invalid"


def test_a_smaller_quantity_is_approved_in_part(plan: Store) -> None:
    number = with_director(plan, TWO)
    act = DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={1: 1})
    assert done(plan, act, DIRECTOR).state == "partly-approved"
    assert [(row["kind"], row["quantity"]) for row in rows(plan, t.decision)] == [("part", 1)]
    assert [row["quantity"] for row in rows(plan, t.approval)] == [1]


# ---- several items


def test_one_item_approved_and_one_decided_against_is_approval_in_part(plan: Store) -> None:
    number = with_director(plan, bundle("ask", items=2))
    act = DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={2: 0})
    assert done(plan, act, DIRECTOR).state == "partly-approved"
    assert statuses(plan, number) == ["approve", "adverse"]


def test_items_are_decided_one_by_one_and_the_case_ends_with_the_last(plan: Store) -> None:
    number = with_director(plan, bundle("ask", items=3))
    assert done(plan, Approve(case=number, items=(1,)), DIRECTOR).state == "with-director"
    assert refused(plan, Approve(case=number, items=(1,)), DIRECTOR).code == "invalid"
    assert done(plan, adverse(number, items=(2,)), DIRECTOR).state == "with-director"
    done(plan, RouteToNurse(case=number), NURSE)
    assert done(plan, SendElsewhere(case=number, why="to the drug plan"), NURSE).state == "partly-approved"
    assert statuses(plan, number) == ["approve", "adverse", "elsewhere"]


def test_what_was_approved_stays_approved_though_the_rest_is_sent_elsewhere(plan: Store) -> None:
    number = with_director(plan, bundle("ask", items=2))
    done(plan, Approve(case=number, items=(1,)), DIRECTOR)
    assert done(plan, SendElsewhere(case=number, why="to the drug plan"), NURSE).state == "approved"
    day = rows(plan, t.approval)[0]["valid_from"]
    done(plan, EndApproval(case=number, approval=f"{number}-1", because="asked", ends=day), COORDINATOR)


# ---- by law, elsewhere, the end of an approval


def test_the_law_authorizes_only_where_its_clock_was_missed(plan: Store) -> None:
    number = sent(plan, LATE)
    due = next(row["due_at"] for row in rows(plan, t.clock, case_no=number) if row["rule"] == LAW)
    act = AuthorizeByLaw(case=number, rule=LAW)
    assert refused(plan, act, DIRECTOR, due - HOUR).code == "invalid"
    assert done(plan, act, DIRECTOR, due + HOUR).state == "authorized-by-law"
    assert [row["kind"] for row in rows(plan, t.decision)] == ["by-law"]
    assert len(rows(plan, t.approval)) == 1


def test_who_sends_a_request_elsewhere_says_where(plan: Store) -> None:
    number = received(plan, "ask")
    assert refused(plan, SendElsewhere(case=number), NURSE).code == "invalid"
    assert refused(plan, SendElsewhere(case=number, why="  "), NURSE).code == "invalid"


@pytest.fixture
def approved(plan: Store) -> str:
    number = received(plan, "approve")
    done(plan, Approve(case=number), NURSE)
    return number


def ended(number: str, because: str = "asked", days: int = 3) -> Act:
    ends = NOW.date() + timedelta(days=days)
    return EndApproval(case=number, approval=f"{number}-1", because=because, ends=ends)  # type: ignore[arg-type]


def test_an_approval_ends_once(plan: Store, approved: str) -> None:
    done(plan, ended(approved), COORDINATOR)
    assert refused(plan, ended(approved), COORDINATOR).code == "invalid"
    assert case(plan, approved)["state"] == "approved"


def test_an_approval_ends_on_one_of_its_own_days(plan: Store, approved: str) -> None:
    assert refused(plan, ended(approved, days=-1), COORDINATOR).code == "invalid"
    assert refused(plan, ended(approved, days=92), COORDINATOR).code == "invalid"
    done(plan, ended(approved, days=91), COORDINATOR)


@pytest.mark.parametrize("because", ["replaced", "filed-in-error"])
def test_neither_a_clinic_nor_a_nurse_ends_an_approval_for_the_payers_reasons(
    plan: Store, approved: str, because: str
) -> None:
    for who in (COORDINATOR, NURSE._replace(behalf="clinic")):
        assert refused(plan, ended(approved, because), who).code == "no-right"
    assert rows(plan, t.approval_end) == []
    done(plan, ended(approved, because), DIRECTOR)


def test_an_approval_of_another_case_is_not_ended_from_this_one(plan: Store, approved: str) -> None:
    other = received(plan, "approve")
    done(plan, Approve(case=other), NURSE)
    act = EndApproval(case=other, approval=f"{approved}-1", because="asked", ends=NOW.date())
    assert refused(plan, act, COORDINATOR).code == "not-found"
    assert rows(plan, t.approval)[0]["tenant"] == TENANT


def test_a_decision_in_part_under_a_key_is_done_once(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    done(store, RouteToDirector(case=number), NURSE)
    act = DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={1: 0}, key="a part")
    assert refused(store, act, DIRECTOR).reason == "nothing is approved: decide adversely"
    number = sent(store, TWO)
    done(store, RouteToDirector(case=number), NURSE)
    act = DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={1: 1}, key="a part")
    assert done(store, act, DIRECTOR) == done(store, act, DIRECTOR)
