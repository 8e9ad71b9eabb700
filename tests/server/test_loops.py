"""What works without being asked."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.store import Store
from priorauth.server import loops
from priorauth.server.service import Service, Worker
from tests.ledger import house
from tests.server.running import Running, running


def test_the_sweep_lets_a_case_climb_whose_clinic_is_silent(served: Running) -> None:
    case = served.receive("ask")
    served.clock.now += timedelta(days=6)
    loops.WORKERS[0].round(served.service)
    assert served.get(f"/api/v1/cases/{case}").json()["state"] != "with-clinic"
    assert next(line for line in served.lines() if line["event"] == "sweep")["climbed"] >= 1


def test_the_sweep_gives_postgresql_its_parts_before_they_are_needed_and_says_what_it_cannot_make(
    served: Running,
) -> None:
    said = [name for name in ("made", "lacking") if served.store.dialect == "postgresql"]
    served.receive("ask")  # a row of a month without a part
    assert (astray(served) > 0) == bool(said)
    for _ in range(2):  # what is lacking is said once
        loops.WORKERS[0].round(served.service)
    lines = [line for line in served.lines() if line["event"] == "parts"]
    assert [name for name in ("made", "lacking") for line in lines if name in line] == said
    if said:
        assert lines[0]["made"][0] == "submission_2026_12"
        assert (lines[1]["lacking"][0], lines[1]["level"]) == ("submission_2026_11", "error")


def astray(served: Running) -> float:
    found = re.search(r"^priorauth_rows_astray (\S+)$", served.client.get("/metrics").text, re.MULTILINE)
    assert found is not None
    return float(found[1])


def test_messages_leave_by_the_way_that_the_settings_list(store: Store, tmp_path: Path) -> None:
    house.furnish(store)
    settings = {"receivers": {"*": {"folder": str(tmp_path)}}}
    house.done(store, SetUp(title="A plan", zone="America/New_York", settings=settings))
    with running(store) as found:
        found.receive("ask")
        loops.WORKERS[1].round(found.service)
        assert len(list(tmp_path.glob("plan-*.json"))) == 2
        loops.WORKERS[1].round(found.service)
        assert len(list(tmp_path.glob("plan-*.json"))) == 2


def test_a_round_that_fails_is_said_and_the_next_one_goes_on(served: Running) -> None:
    rounds: list[int] = []
    stop = asyncio.Event()

    def broken(_: Service) -> None:
        rounds.append(len(rounds))
        if len(rounds) > 1:
            stop.set()
            return
        raise ValueError("Fischer")

    asyncio.run(loops.work(served.service, Worker("sweep", 0.001, broken), stop))
    assert rounds == [0, 1]
    assert "Fischer" not in served.out.getvalue()
    said = served.client.get("/metrics").text
    assert 'priorauth_worked_total{result="failed",worker="sweep"} 1.0' in said or "failed" in said


def test_a_worker_that_is_told_to_stop_ends_at_once(served: Running) -> None:
    async def told() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(loops.work(served.service, Worker("sweep", 3600, lambda _: None), stop))
        await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(task, 5)

    asyncio.run(told())
    assert "sweep" in served.service.beats


def test_a_worker_of_which_nothing_is_heard_is_dead(served: Running) -> None:
    assert set(loops.dead(served.service)) == {"sweep", "outbox", "documents"}
    now = served.service.tick()
    served.service.beats = {"sweep": now, "outbox": now - 1000, "documents": now - 1000}  # a paper may take an hour
    assert list(loops.dead(served.service)) == ["outbox"]
    served.service.rounds.append(Worker("another", 1, lambda _: None))
    assert list(loops.dead(served.service)) == ["outbox", "another"]


def test_of_several_processes_the_first_does_what_comes_with_time_and_each_what_is_its_own(served: Running) -> None:
    own = Worker("keys", 3600, lambda _: None, each=True)
    served.service.rounds.append(own)
    assert loops.of(served.service) == (*loops.WORKERS, own)
    served.service.first = False
    assert loops.of(served.service) == (own,)
    assert list(loops.dead(served.service)) == ["keys"]
