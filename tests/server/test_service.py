"""The one way by which anything is done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from priorauth.errors import Fault, InputRefused
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.acts.queues import MissClock, Take
from priorauth.ledger.acts.setup import AddPerson
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal, Refused
from priorauth.server.loops import WORKERS
from priorauth.server.problem import Problem
from priorauth.server.service import done, reading
from tests.ledger import house
from tests.server.running import running


def test_an_act_that_is_refused_is_a_problem_and_counted(store: Store) -> None:
    house.furnish(store)
    case = house.received(store, "review")
    with running(store) as found:
        with pytest.raises(Problem) as fault:
            found.service.do(Take(case=case), house.ADMIN)
        assert fault.value.status == 403
        assert found.service.do(Take(case=case), house.NURSE).version == 2


def test_what_a_room_above_keeps_is_made_once_and_kept_by_its_kind(store: Store) -> None:
    house.furnish(store)
    with running(store) as found:
        one = found.service.one(dict)
        one["a"] = 1
        assert found.service.one(dict) is one
        assert found.service.one(list) == []


def test_a_value_that_no_column_holds_is_refused_and_breaks_nothing(store: Store) -> None:
    house.furnish(store)
    found = done(store, AddPerson(person="p" * 500, title="Long"), house.ADMIN, house.NOW)
    if store.dialect == "postgresql":
        assert isinstance(found, Refused)
        assert found.code == "invalid"
    case = house.received(store, "review")
    refused = done(store, MissClock(case=case, rule="\x00"), house.SYSTEM, house.NOW)
    assert isinstance(refused, Refused)


def test_a_database_that_is_away_is_not_known(store: Store) -> None:
    house.furnish(store)
    store.engine.dispose()
    with running(store) as found:
        assert found.service.stores["plan"] is store

    def away() -> None:
        with reading():
            raise OperationalError("", {}, Exception())

    with pytest.raises(Problem) as fault:
        away()
    assert (fault.value.kind, fault.value.status) == ("busy", 503)


def test_a_refusal_while_reading_is_a_problem() -> None:
    with pytest.raises(Problem) as fault, reading():
        raise Refusal("no-right", "queues: not for the role analyst")
    assert fault.value.status == 403


def test_what_cannot_be_read_is_refused_whole(store: Store) -> None:
    house.furnish(store)
    found = done(store, Receive(bundle=b"{}"), house.COORDINATOR, house.NOW)
    assert isinstance(found, Refused)
    assert found.code == "invalid"
    assert InputRefused(Fault(None, None, "x")).faults


def test_two_servers_over_one_database_skip_no_number_and_lose_nothing(url: str) -> None:
    first, second = open_store(url), open_store(url)
    house.furnish(first)
    with running(first) as one, running(second) as other, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda place: (one if place % 2 else other).receive("ask"), range(8)))
        rows = other.get("/api/v1/cases").json()["rows"]
        for server in (one, other):
            for worker in WORKERS:
                worker.round(server.service)
    assert sorted(found) == [f"26-000{number}" for number in range(1, 9)]
    assert {row["case"] for row in rows} == set(found)
    first.close()
    second.close()
