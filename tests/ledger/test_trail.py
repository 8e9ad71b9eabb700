"""Events for who audits: a case whole, pages without a gap, by who, what and day; for no other role."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger import trail
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.trail import Sought
from priorauth.ledger.work import Refusal
from tests.ledger.house import ADMIN, APPEALS, NOW, NURSE, SYSTEM, TENANT, done, furnish, received

MANAGER = Who(TENANT, "mara", "manager")


def test_the_events_of_a_case_are_in_order_and_their_chain_holds(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    for who in (MANAGER, APPEALS, SYSTEM):
        found = trail.story(store, who, number)
        assert [one.number for one in found.entries] == list(range(1, len(found.entries) + 1))
        assert found.broken is None
    for who in (NURSE, ADMIN):
        with pytest.raises(Refusal, match="the audit: not for the role"):
            trail.story(store, who, number)
    for none in ("26-9999", ""):
        with pytest.raises(Refusal, match="no case"):
            trail.story(store, MANAGER, none)


def test_pages_are_the_newest_first_and_leave_nothing_out(store: Store) -> None:
    furnish(store)
    received(store, "ask")
    received(store, "approve", now=NOW + timedelta(hours=1))
    seen, after = [], None
    while True:
        page = trail.found(store, MANAGER, Sought(), after=after, most=3)
        seen += [(one.at, one.case, one.number) for one in page.entries]
        after = page.next
        if after is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == trail.counted(store, MANAGER, Sought())


def test_events_are_found_by_who_what_case_day_and_chain(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    done(store, Read(case=number, what="document 1"), NURSE, NOW + timedelta(days=1))
    for sought, wanted in (
        (Sought(person="nina"), 1),
        (Sought(what="read", case=number), 1),
        (Sought(since=NOW + timedelta(hours=1)), 1),
        (Sought(case=number, before=NOW), 0),
        (Sought(chain="plan", case=number), 0),
        (Sought(person="'; DROP TABLE event --"), 0),
    ):
        assert trail.counted(store, MANAGER, sought) == wanted, sought
        assert len(trail.found(store, MANAGER, sought, most=50).entries) == wanted
        assert len(list(trail.streamed(store, MANAGER, sought, most=50))) == wanted
    assert all(not one.case for one in trail.streamed(store, MANAGER, Sought(chain="plan"), most=99))
    assert "read" in trail.kinds(store, MANAGER)
    for who in (NURSE, APPEALS, ADMIN):
        with pytest.raises(Refusal, match="the audit: not for the role"):
            trail.found(store, who, Sought(), most=1)
