"""Who asked takes items back, open or decided, or asks for them anew: grants end, decisions stand, cases are linked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.taken_back import Cancel, Revise
from priorauth.ledger.rebuild import differences
from priorauth.ledger.store import Store
from tests.ledger.conftest import DIALECTS
from tests.ledger.house import COORDINATOR, DIRECTOR, NOW, NURSE, SYSTEM, TENANT, done, example, furnish, refused
from tests.ledger.standing import STATES, bundle, case, rows, sent

LATER = NOW + timedelta(days=3)


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    return store


def statuses(store: Store, number: str) -> list[str]:
    return [row["status"] for row in rows(store, t.item, case_no=number)]


def test_one_item_is_taken_back_and_the_others_go_on(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    found = done(plan, Cancel(case=number, items=(2,), bundle=b"{}"), SYSTEM, LATER)
    assert statuses(plan, number) == ["open", "cancelled"]
    assert found.state == case(plan, number)["state"] != "withdrawn"
    assert rows(plan, t.submission, case_no=number)[-1]["kind"] == "cancelled"
    inputs = rows(plan, t.run, case_no=number)[-1]["inputs"]
    assert [one[0] if isinstance(one, list) else one["part"] for one in inputs] == ["request"]


def test_all_that_is_open_is_withdrawn_and_the_case_is_closed(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    done(plan, Cancel(case=number), COORDINATOR, LATER)
    assert (statuses(plan, number), case(plan, number)["state"]) == (["withdrawn"] * 2, "withdrawn")
    assert case(plan, number)["closed_at"] == LATER


def test_what_was_approved_ends_on_the_day_and_its_decision_stands(plan: Store) -> None:
    number = sent(plan, example("approve"))
    done(plan, Cancel(case=number), SYSTEM, LATER)
    (row,) = rows(plan, t.item, case_no=number)
    assert (row["status"], row["about"]["cancelled"]) == ("approve-by-rule", "2026-11-27")
    (end,) = rows(plan, t.approval_end)
    assert (end["approval"], end["ends"].isoformat(), end["why"]) == (f"{number}-1", "2026-11-27", "asked")
    assert case(plan, number)["state"] == "approved"
    done(plan, Cancel(case=number), SYSTEM, LATER + timedelta(days=1))
    assert len(rows(plan, t.approval_end)) == 1
    assert rows(plan, t.item, case_no=number)[0]["about"]["cancelled"] == "2026-11-27"


def test_of_two_approved_items_one_is_taken_back_and_the_approval_of_the_other_goes_on(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Approve(case=number), DIRECTOR)
    one, two = (row["number"] for row in rows(plan, t.approval, case_no=number))
    done(plan, Cancel(case=number, items=(2,)), SYSTEM, LATER)
    assert [row["approval"] for row in rows(plan, t.approval_end)] == [two] != [one]


def test_what_is_taken_back_of_a_decided_case_is_told_as_cancelled_and_not_as_withdrawn(plan: Store) -> None:
    number = sent(plan, example("approve"))
    done(plan, Cancel(case=number), SYSTEM, LATER)
    said = [one["what"] for one in rows(plan, t.event, case_no=number)]
    assert said[-1] == "cancelled"
    assert "withdrawn" not in said


def test_a_denial_that_is_taken_back_stands_as_it_was_signed(plan: Store) -> None:
    number = STATES["adverse"](plan)
    done(plan, Cancel(case=number), COORDINATOR, LATER)
    assert statuses(plan, number) == ["adverse"]
    assert case(plan, number)["state"] == "adverse"
    assert [row["kind"] for row in rows(plan, t.decision, case_no=number)] == ["adverse"]


def test_an_item_that_is_not_there_is_refused(plan: Store) -> None:
    number = sent(plan, bundle("ask"))
    assert refused(plan, Cancel(case=number, items=(7,)), COORDINATOR).reason == "no item 7"


@pytest.mark.parametrize("store", DIALECTS, indirect=True)
def test_what_was_taken_back_can_be_made_anew_from_the_events(plan: Store) -> None:
    for number in (sent(plan, example("approve")), sent(plan, bundle("ask", items=2))):
        done(plan, Cancel(case=number, items=(1,)), SYSTEM, LATER)
    with plan.reading(TENANT) as connection:
        assert list(differences(connection, TENANT)) == []


def test_items_of_a_closed_case_are_asked_anew_as_a_case_that_rests_on_it(plan: Store) -> None:
    first = done(plan, Receive(bundle=example("approve"), client="ehr"), SYSTEM).case
    assert first is not None
    again = done(plan, Revise(case=first, bundle=bundle("ask"), notes=("seen",)), SYSTEM, LATER).case
    assert again is not None
    row = case(plan, again)
    assert (row["base"], row["kind"], row["organisation"]) == (first, "request", case(plan, first)["organisation"])
    assert (row["about"]["client"], row["about"]["notes"]) == ("ehr", ["seen"])
    assert case(plan, first)["state"] == "approved"
    assert [one["what"] for one in rows(plan, t.event, case_no=first)][-1] == "revised"
    assert rows(plan, t.outbox)[-1]["case_no"] == again


def test_a_case_that_is_open_is_updated_and_not_revised(plan: Store) -> None:
    number = sent(plan, bundle("ask"))
    assert refused(plan, Revise(case=number, bundle=bundle("ask")), COORDINATOR).code == "state"


def test_the_payer_takes_nothing_back_for_a_clinic_unless_it_says_for_which(plan: Store) -> None:
    number = sent(plan, bundle("ask"))
    assert "for whom" in refused(plan, Cancel(case=number), NURSE).reason
    done(plan, Cancel(case=number), NURSE._replace(behalf="clinic"))


def test_a_clinic_is_told_that_items_were_taken_back(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    done(plan, Cancel(case=number, items=(2,)), SYSTEM, LATER)
    row = rows(plan, t.outbox)[-1]
    assert (row["kind"], row["payload"]) == ("withdrawn", {"case": number, "items": [2]})
