"""An act under way: what it leaves waits for an event, what it keeps is kept once, what it refuses has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from priorauth.ledger import events, traffic
from priorauth.ledger import tables as t
from priorauth.ledger.acting import MOST_BYTES, Refusal, Refused, Work
from priorauth.ledger.acts.calls import Note
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.outbox import listed
from priorauth.ledger.store import Store
from tests.ledger.house import NOW, NURSE, SYSTEM, TENANT, done, example, furnish, received


@pytest.fixture
def work(store: Store) -> Iterator[Work]:
    """Somebody at work on a case that has been received."""
    furnish(store, answer_days=9)
    number = received(store, "ask")
    with store.writing(TENANT) as connection:
        case = connection.execute(select(t.cases).where(t.cases.c.case_no == number)).mappings().one()
        tenant = connection.execute(select(t.tenant)).mappings().one()
        end = events.Chain(case["events"], case["head"])
        yield Work(connection, NURSE, NOW, dict(tenant), dict(case), end, version=case["version"])


def test_a_refusal_bears_its_code_and_reason() -> None:
    assert Refusal("invalid", "expected why").refused == Refused(code="invalid", reason="expected why")


def test_what_is_left_of_a_row_waits_in_one_piece_until_an_event_seals_it(work: Work) -> None:
    before = work.end.events
    work.set_case(owner="nina")
    work.set_case(queue="nurse")
    assert work.waiting == {"cases": {(work.case_no,): {"case_no": work.case_no, "owner": "nina", "queue": "nurse"}}}
    work.event("taken", "so")
    assert (work.waiting, work.end.events) == ({}, before + 1)
    assert (work.rows(t.cases)[0]["owner"], work.rows(t.event)[-1]["why"]) == ("nina", "so")


def test_the_same_bytes_are_kept_once_and_come_back(work: Work) -> None:
    before = len(work.rows(t.blob))
    assert work.keep(b"a fax") == work.keep(b"a fax") == sha256(b"a fax").hexdigest()
    assert work.content(work.keep(b"a fax")) == b"a fax"
    assert len(work.rows(t.blob)) == before + 1


def test_too_many_bytes_are_refused(work: Work) -> None:
    with pytest.raises(Refusal, match="expected at most 25,000,000 bytes, found 25,000,001"):
        work.keep(b"0" * (MOST_BYTES + 1))


def test_numbers_are_counted_within_the_case(work: Work) -> None:
    assert (work.next_number(t.submission), work.next_number(t.document)) == (2, 1)
    assert work.next_number(t.mailing, notice=7) == 1


def test_the_day_is_that_of_the_plans_zone(work: Work) -> None:
    assert str(work.zone) == "America/New_York"
    assert work.today().isoformat() == "2026-11-24"


def test_what_is_sent_waits_for_its_receiver(work: Work) -> None:
    work.send("organisation:clinic", "told", case=work.case_no)
    last = work.rows(t.outbox)[-1]
    assert (last["receiver"], last["kind"], last["attempts"]) == ("organisation:clinic", "told", 0)


def subscribed(store: Store, **more: Any) -> str:
    """Let somebody have subscribed; return the receiver that stands for it."""
    named = f"s-{len(traffic.found(store, TENANT, t.subscription))}"
    row = {
        "subscription": named, "client": "ehr", "organisation": "clinic", "version": "2.2", "status": "active",
        "endpoint": "https://ehr.example/", "base": "https://plan.example", "resource": {}, "edition": 1, "events": 0,
        "made_at": NOW, "changed_at": NOW, "ends_at": None, "error": None, **more,
    }  # fmt: skip
    traffic.keep(store, TENANT, t.subscription, row)
    return f"subscription:{named}"


def told(store: Store) -> list[str]:
    found = listed(store, SYSTEM, "waiting")
    return [one.receiver for one in found if one.receiver.startswith("subscription:")]


def test_an_act_that_leaves_something_is_told_once_to_whoever_subscribed_to_its_organisation(store: Store) -> None:
    furnish(store)
    first, second = subscribed(store), subscribed(store, status="error")
    subscribed(store, organisation="other-clinic")
    subscribed(store, status="off")
    case = received(store, "review")
    assert told(store) == [first, second]
    done(store, RouteToDirector(case=case), NURSE)
    assert told(store) == [first, second] * 2
    done(store, Note(case=case, said="the meter file comes tomorrow"), NURSE)
    assert told(store) == [first, second] * 2


def test_of_a_case_of_no_organisation_the_system_that_sent_it_is_told(store: Store) -> None:
    furnish(store)
    mine = subscribed(store, organisation="")
    subscribed(store, organisation="", client="another")
    subscribed(store)
    done(store, Receive(bundle=example("review"), client="ehr"), SYSTEM)
    assert told(store) == [mine]
    done(store, Receive(bundle=example("ask")), SYSTEM)
    assert told(store) == [mine]
