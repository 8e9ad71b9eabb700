"""What happened to the requests of the demo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.server.demo import people, story
from tests.ledger.house import NOW


def _all(store: Store, *columns: Any) -> list[tuple[Any, ...]]:
    with store.reading(people.TENANT) as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


@pytest.mark.slow
def test_fifty_requests_stand_in_every_state_by_acts_that_are_all_done(store: Store) -> None:
    assert story.is_empty(store, people.TENANT)
    told = story.fill(store, people.TENANT, 50, NOW)
    assert told.refused == []
    assert not story.is_empty(store, people.TENANT)
    states = {state for (state,) in _all(store, t.cases.c.state)}
    assert {"with-clinic", "with-nurse", "with-director", "approved", "adverse", "withdrawn"} <= states
    assert {"request", "appeal"} == {kind for (kind,) in _all(store, t.cases.c.kind)}
    whats = {what for (what,) in _all(store, t.event.c.what)}
    assert {"asked", "answered", "filed", "routed", "approved", "decided adversely", "appealed", "climbed"} <= whats
    adverse = {(signer, licence) for kind, signer, licence in _all(
        store, t.decision.c.kind, t.decision.c.signer, t.decision.c.licence) if kind == "adverse"}  # fmt: skip
    assert adverse == {("marsh", people.LICENCE)}
    open_ones = _all(store, t.cases.c.due_rule, t.cases.c.due_at, t.cases.c.kind, t.cases.c.closed_at)
    assert any(rule == "cs-ga-std" and due < NOW for rule, due, _, closed in open_ones if closed is None)
    assert any(kind == "appeal" and closed is None for _, _, kind, closed in open_ones)
    assert "sent" in {status for (status,) in _all(store, t.notice_state.c.status)}
    ends = [until for (until,) in _all(store, t.approval.c.valid_until) if until is not None]
    assert any(NOW.date() <= until <= NOW.date() + timedelta(days=45) for until in ends)


@pytest.mark.slow
def test_everything_happened_before_today_and_the_same_again(tmp_path: object) -> None:
    found = []
    for turn, now in enumerate((NOW, NOW + timedelta(hours=3))):
        store = open_store(f"sqlite:///{tmp_path}/{turn}.db")
        story.fill(store, people.TENANT, 10, now)
        assert max(at for (at,) in _all(store, t.event.c.at)) < NOW
        found.append(_all(store, t.event.c.case_no, t.event.c.number, t.event.c.hash))
        store.close()
    assert found[0] == found[1]


def test_a_small_demo_is_told_without_a_refusal(tmp_path: object) -> None:
    store = open_store(f"sqlite:///{tmp_path}/one.db")
    told = story.fill(store, people.TENANT, 3, NOW)
    assert told.refused == []
    assert len(_all(store, t.cases.c.case_no)) >= 3
    store.close()
