"""The sweep does what time brings, once, and decides nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from priorauth.ledger.sweep import Swept, sweep
from tests.ledger.house import NOW, TENANT, furnish, received
from tests.ledger.test_clocking import case


def test_a_sweep_before_anything_is_due_does_nothing(store: Store) -> None:
    furnish(store)
    received(store, "ask")
    assert sweep(store, TENANT, NOW + timedelta(hours=1)) == Swept(0, 0, 0)


def test_a_silent_case_climbs_twice_and_its_missed_clock_is_recorded_once(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    first = sweep(store, TENANT, case(store, number)["climbs_at"])
    second = sweep(store, TENANT, case(store, number)["climbs_at"])
    assert (first.climbed, second.climbed) == (1, 1)
    assert case(store, number)["state"] == "with-director"
    late = case(store, number)["due_at"] + timedelta(minutes=1)
    assert sweep(store, TENANT, late).missed == 1
    assert sweep(store, TENANT, late + timedelta(minutes=1)).missed == 0
    assert case(store, number)["state"] == "with-director"


def test_clocks_that_are_on_record_as_missed_hold_up_no_others(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.ledger.sweep._UNTIL_ENOUGH", 1)
    furnish(store)
    first, second = received(store, "ask"), received(store, "ask", now=NOW + timedelta(hours=1))
    late = max(case(store, one)["due_at"] for one in (first, second)) + timedelta(minutes=1)
    assert [sweep(store, TENANT, late + timedelta(minutes=more)).missed for more in range(3)] == [1, 1, 0]


def test_a_clinic_is_told_once_that_a_trial_ends(store: Store) -> None:
    furnish(store)
    number = received(store, "approve")
    with store.reading(TENANT) as connection:
        ends = connection.execute(select(t.approval.c.valid_until).where(t.approval.c.case_no == number)).scalar_one()
    before = NOW.replace(year=ends.year, month=ends.month, day=ends.day) - timedelta(days=45)
    assert sweep(store, TENANT, before - timedelta(days=1)).reminded == 0
    assert sweep(store, TENANT, before).reminded == 1
    assert sweep(store, TENANT, before + timedelta(days=1)).reminded == 0
    with store.reading(TENANT) as connection:
        sent = connection.execute(select(t.outbox.c.payload).where(t.outbox.c.kind == "approval-ends")).scalars().all()
    assert [one["case"] for one in sent] == [number]
