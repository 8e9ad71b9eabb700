"""Events: sealed one with the other, so that what was said cannot be said otherwise afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.queues import RouteToDirector, Take
from priorauth.ledger.store import Store
from tests.ledger.house import NOW, NURSE, TENANT, done, furnish, received
from tests.ledger.standing import case, rows


def chain(store: Store, number: str) -> list[Any]:
    with store.reading(TENANT) as connection:
        one = t.event
        return list(connection.execute(select(one).where(one.c.case_no == number).order_by(one.c.number)))


def changed(row: Any, **values: Any) -> Any:
    return SimpleNamespace(_mapping={**row._asdict(), **values})


@pytest.fixture
def number(store: Store) -> str:
    furnish(store)
    found = received(store, "review")
    done(store, RouteToDirector(case=found), NURSE)
    done(store, Read(case=found, what="run 1"), NURSE)
    return found


def test_a_chain_holds_and_says_when_it_does_not(store: Store, number: str) -> None:
    found = chain(store, number)
    assert events.broken(found) is None
    assert len(found) >= 4
    assert events.broken([*found[:1], *found[2:]]) == "event 2 is not there"
    assert events.broken([found[1], *found[:1]]) == "event 1 is not there"
    assert events.broken([]) is None
    for name, value in {
        "at": datetime(2026, 1, 1, tzinfo=UTC), "what": "approved", "person": "somebody", "role": "rule",
        "organisation": "x", "behalf": "x", "why": "another reason", "data": {}, "previous": "1" * 64, "to_version": 9,
        "from_version": 9, "case_no": "26-9999", "tenant": "other", "hash": "2" * 64,
    }.items():  # fmt: skip
        assert events.broken([*found[:1], changed(found[1], **{name: value}), *found[2:]]) is not None, name


def test_a_later_event_cannot_be_resealed_alone(store: Store, number: str) -> None:
    found = chain(store, number)
    forged = {**found[1]._asdict(), "why": "another reason"}
    again = changed(found[1], why="another reason", hash=events.sealed(forged))
    assert events.broken([found[0], again, *found[2:]]) == "event 3 is not what was sealed"


def test_the_case_bears_the_end_of_its_chain(store: Store, number: str) -> None:
    with store.reading(TENANT) as connection:
        end = events.chain(connection, TENANT, number)
    found = case(store, number)
    assert (found["events"], found["head"]) == end
    assert end[0] == len(chain(store, number))


def test_reading_is_an_event_and_makes_nobodys_page_out_of_date(store: Store, number: str) -> None:
    before = case(store, number)["version"]
    done(store, Read(case=number, what="document 1"), NURSE)
    assert case(store, number)["version"] == before
    last = chain(store, number)[-1]
    assert (last.what, last.person, last.data["say"]) == ("read", "nina", {"of": "document 1"})


def test_settings_and_people_are_events_of_the_tenant(store: Store, number: str) -> None:
    del number
    found = chain(store, events.NO_CASE)
    assert events.broken(found) is None
    assert {row.what for row in found} == {"set-up", "organisation", "person", "role", "licence", "may-sign"}


def test_an_event_carries_the_rows_it_leaves_and_nothing_of_what_it_does_not_change(store: Store, number: str) -> None:
    done(store, Take(case=number), NURSE)
    left = chain(store, number)[-1].data["set"]
    assert left["cases"][0]["owner"] == "nina"
    assert set(left["cases"][0]) == {"case_no", "version", "owner"}


def test_a_row_that_is_gone_is_taken_away_and_one_with_its_key_alone_is_laid_down(store: Store) -> None:
    furnish(store)
    assert [row["above"] for row in rows(store, t.above, person="dirk")] == ["dora"]
    done(store, setup.AddPerson(person="dirk", title="Dirk"))
    assert rows(store, t.above, person="dirk") == []


def test_days_and_moments_come_back_from_an_event_as_what_they_are() -> None:
    assert events.read(t.cases, "received_at", "2026-11-24T14:00:00.000000Z") == NOW
    assert events.read(t.cases, "received", "2026-11-24") == NOW.date()
    assert events.read(t.cases, "case_no", "2026-11-24") == "2026-11-24"
    assert events.read(t.cases, "due_at", None) is None
