"""The outbox: at least once, in order for each receiver, dead letters that people see, whatever becomes of a worker."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import timedelta

import pytest

from priorauth.ledger.outbox import Message, Needless, NotDelivered, Unlisted, listed, waits, work_off
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from tests.ledger.delivering import SECRET, Receiver, put, receiver, waiting, worker
from tests.ledger.house import ADMIN, COORDINATOR, NOW, SYSTEM, TENANT, furnish, received


class Kept:
    """A receiver in this process, which fails where it is told to."""

    def __init__(self) -> None:
        self.came: list[Message] = []
        self.fails: set[int] = set()

    def __call__(self, message: Message) -> None:
        if message.number in self.fails:
            raise NotDelivered("answered 503")
        self.came.append(message)

    @property
    def counts(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.came:
            found[one.receiver].append(one.payload["count"])
        return dict(found)


def test_what_an_act_puts_out_is_delivered_once_and_then_no_more(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    kept = Kept()
    assert work_off(store, TENANT, kept, lambda: NOW).delivered == 1
    assert [(one.kind, one.case, one.receiver) for one in kept.came] == [("received", case, "organisation:clinic")]
    assert work_off(store, TENANT, kept, lambda: NOW).delivered == 0
    assert [one.delivered_at for one in listed(store, SYSTEM, "delivered")] == [NOW]


def test_a_message_that_fails_holds_back_what_follows_for_its_receiver_and_for_no_other(store: Store) -> None:
    furnish(store)
    ids = put(store, TENANT, receivers=2, each=3)
    kept = Kept()
    kept.fails = {int(ids[0].rpartition("-")[2])}
    assert work_off(store, TENANT, kept, lambda: NOW)[:2] == (3, 1)
    assert kept.counts == {"organisation:1": [0, 1, 2]}
    kept.fails.clear()
    later = NOW + waits().after(1)
    assert work_off(store, TENANT, kept, lambda: later - timedelta(seconds=1)).delivered == 0
    assert work_off(store, TENANT, kept, lambda: later).delivered == 3
    assert kept.counts == {"organisation:0": [0, 1, 2], "organisation:1": [0, 1, 2]}


def test_the_waits_grow_and_the_last_stands_for_all_that_follow() -> None:
    found = [waits().after(attempt).total_seconds() for attempt in range(1, 30)]
    assert found == sorted(found)
    assert found[0] == 5
    assert found[-1] == found[10] == 21600


def test_after_so_many_attempts_it_is_a_dead_letter_that_people_see_and_what_follows_goes_on(store: Store) -> None:
    furnish(store)
    ids = put(store, TENANT, receivers=1, each=2)
    first = int(ids[0].rpartition("-")[2])
    kept, now = Kept(), NOW
    kept.fails = {first}
    for attempt in range(1, waits().attempts + 1):
        assert kept.came == []
        found = work_off(store, TENANT, kept, lambda: now)  # noqa: B023 - called at once
        assert found.dead == (attempt == waits().attempts)
        now += waits().after(attempt)
    assert kept.counts == {"organisation:0": [1]}
    dead = listed(store, ADMIN, "dead")
    assert [(one.number, one.attempts, one.last_fault) for one in dead] == [(first, 12, "answered 503")]


def test_who_does_not_run_the_house_does_not_see_the_outbox(store: Store) -> None:
    furnish(store)
    with pytest.raises(Refusal, match="not for the role coordinator"):
        listed(store, COORDINATOR, "dead")


def test_a_receiver_that_no_setting_lists_waits_and_loses_no_attempt(store: Store) -> None:
    furnish(store)
    put(store, TENANT, receivers=1, each=1)

    def nowhere(_: Message) -> None:
        raise Unlisted("the settings list no way to this receiver")

    assert work_off(store, TENANT, nowhere, lambda: NOW).failed == 1
    found = listed(store, SYSTEM, "waiting")[0]
    assert (found.attempts, found.next_at) == (0, NOW + timedelta(hours=1))
    assert found.last_fault == "the settings list no way to this receiver"


def test_a_message_with_nothing_to_tell_is_dropped_with_the_reason_and_holds_nothing_back(store: Store) -> None:
    furnish(store)
    ids = put(store, TENANT, receivers=1, each=3)
    first = int(ids[0].rpartition("-")[2])
    came: list[int] = []

    def tells(message: Message) -> None:
        if message.number == first:
            raise Needless("nothing has changed")
        came.append(message.number)

    assert work_off(store, TENANT, tells, lambda: NOW) == (2, 0, 0, 1)
    assert came == [first + 1, first + 2]
    assert [(one.number, one.last_fault) for one in listed(store, SYSTEM, "dropped")] == [
        (first, "nothing has changed")
    ]


def test_a_kind_of_receiver_may_have_waits_of_its_own() -> None:
    assert waits().of("organisation:clinic") is waits()
    assert waits().of("subscription:s-1").attempts == waits().kinds["subscription"].attempts


def test_what_a_delivery_says_that_is_not_ours_is_not_kept(store: Store) -> None:
    furnish(store)
    put(store, TENANT, receivers=1, each=1)

    def spills(_: Message) -> None:
        raise RuntimeError("Rivera, born 1992")

    work_off(store, TENANT, spills, lambda: NOW)
    assert listed(store, SYSTEM, "waiting")[0].last_fault == "RuntimeError"


def delivered_by_three(store: Store, url: str, hook: Receiver, each: int) -> list[str]:
    """Let three processes deliver; return the ids that were put out."""
    way = {"url": hook.url, "secret": SECRET}
    furnish(store, receivers={"*": way})
    ids = put(store, TENANT, receivers=4, each=each)
    hook.refuse = set(ids[: len(ids) // 20])
    workers = [worker(url, TENANT) for _ in range(3)]
    assert [one.wait(120) for one in workers] == [0, 0, 0]
    return ids


def in_order(hook: Receiver) -> bool:
    seen: dict[str, list[int]] = defaultdict(list)
    for one in hook.first():
        seen[one["payload"]["receiver"]].append(one["payload"]["count"])
    return all(counts == list(range(len(counts))) for counts in seen.values())


@pytest.mark.slow
@pytest.mark.parametrize("each", [5, 100])
def test_three_workers_deliver_each_message_and_each_receiver_sees_them_in_order(
    store: Store, address: str, each: int
) -> None:
    with receiver() as hook:
        ids = delivered_by_three(store, address, hook, each)
        assert sorted(one["id"] for one in hook.first()) == sorted(ids)
        assert len(hook.came) == len(ids)  # no worker died: nothing came twice
        assert in_order(hook)
        assert hook.wrong == []


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing_for_who_keeps_ids(
    store: Store, address: str
) -> None:
    with receiver(seconds=0.01) as hook:
        furnish(store, receivers={"*": {"url": hook.url, "secret": SECRET}})
        ids = put(store, TENANT, receivers=4, each=25)
        workers = [worker(address, TENANT) for _ in range(3)]
        for kills, goal in enumerate(range(10, 90, 10)):
            while len(hook.came) < goal and waiting(store, TENANT):
                time.sleep(0.002)
            workers[kills % 3].kill()
            workers[kills % 3].wait()
            workers[kills % 3] = worker(address, TENANT)
        assert [one.wait(120) for one in workers] == [0, 0, 0]
        assert sorted(one["id"] for one in hook.first()) == sorted(ids)
        assert in_order(hook)
        assert not [one for one in hook.wrong if "signature" in one]
