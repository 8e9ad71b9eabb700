"""A line of the worklist in words, for any case and at any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from priorauth.ledger import worklist
from priorauth.ledger.acts.queues import Take
from priorauth.ledger.allowed import states
from priorauth.ledger.worklist import Line, Thing, Wanted
from priorauth.workbench.view import queue
from tests.ledger import house
from tests.workbench.house import Desk, both

ZONE = ZoneInfo("America/New_York")
OPEN = Thing("E0784", "open", "approve", "initial-pump")


def line(**changed: object) -> Line:
    said: dict[str, object] = {
        "case": "26-1", "kind": "request", "state": "with-nurse", "priority": "standard", "version": 1,
        "payer": "masshealth", "policy": None, "queue": "nurse", "owner": None, "waits_for": None,
        "received_at": house.NOW, "due_at": house.NOW + timedelta(days=4), "due_rule": None, "snoozed_until": None,
        "closed_at": None, "items": (OPEN,),
    }  # fmt: skip
    return Line(**(said | changed))  # type: ignore[arg-type]


def row(one: Line, **more: str) -> queue.Row:
    return queue.row(one, {}, {"nina": "Nina Nurse"}, house.NOW, ZONE, **more)


@both
def test_a_line_of_the_ledger_is_told_in_words(desk: Desk) -> None:
    number = desk.receive("review")
    house.done(desk.store, Take(case=number), house.NURSE)
    (one,) = worklist.queue(desk.store, house.NURSE, Wanted(queue="nurse"), house.NOW).lines
    found = row(one, who="nina", because="not shown: one", member="Ana Rivera")
    assert (found.case, found.payer, found.kind, found.state) == (number, "CareSource", "request", "With a nurse")
    assert (found.owner, found.taken, found.mine, found.waits) == ("Nina Nurse", True, True, "nurse")
    assert (found.why, found.member, found.due) == ("not shown: one", "Ana Rivera", "10 days")
    assert found.clock.startswith("10 days, ")
    assert not row(one, who="nora").mine


@given(st.none() | st.timedeltas(timedelta(days=-300), timedelta(days=400)).map(lambda span: house.NOW + span))
@example(datetime(2026, 11, 25, 4, 59, tzinfo=UTC))
@example(datetime(2026, 11, 25, 5, 0, tzinfo=UTC))
def test_a_line_is_late_once_its_moment_is_over_and_due_today_by_the_day_of_the_plan(due: datetime | None) -> None:
    found = row(line(due_at=due))
    assert found.late == (due is not None and due < house.NOW)
    assert found.today == (due is not None and f"{due.astimezone(ZONE):%Y-%m-%d}" == "2026-11-24")
    assert found.late == found.due.startswith("overdue since ")
    assert (due is None) == (found.due == "no clock")
    assert due is None or all(timedelta(hours=hours) * 2 <= due - house.NOW for hours, _ in found.later)


@pytest.mark.parametrize("state", sorted(states().states))
def test_a_case_of_any_state_has_its_word_and_says_for_whom_it_waits(state: str) -> None:
    found = row(line(state=state, items=()))
    assert found.state
    assert found.why == found.state
    assert found.waits


def test_nobody_has_a_case_that_was_not_taken_and_a_stranger_is_an_id() -> None:
    assert (row(line()).owner, row(line()).taken, row(line(), who="nina").mine) == ("", False, False)
    assert row(line(owner="gone")).owner == "gone"


def test_what_is_asked_is_named_once_with_its_way() -> None:
    assert row(line(items=(OPEN, OPEN))).request == "E0784 initial pump"
    assert queue.asked(None, None) == "no product code"
    assert queue.asked("A9274", None) == "A9274"


def test_why_it_is_there_is_what_the_last_run_says_of_what_is_open() -> None:
    done = Thing("E0784", "approved", "request-information", None)
    assert queue.why(line(items=(OPEN, done))) == "Ready to approve"
    other = Thing("E0784", "open", "request-information", None)
    assert queue.why(line(items=(OPEN, other, OPEN))) == "Ready to approve; Something is missing"
    assert queue.why(line(items=(Thing("E0784", "open", None, None),))) == "With a nurse"
