"""The agenda of the demo: steps at their moments, and none after its end."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from priorauth.ledger.acts.queues import Take
from priorauth.ledger.store import Store
from priorauth.server.demo import people
from priorauth.server.demo.telling import Telling
from tests.ledger.house import NOW

HOUR = timedelta(hours=1)


def test_steps_are_done_at_their_moments_in_order_and_none_after_the_end(store: Store) -> None:
    told = Telling(store, people.TENANT, NOW + 3 * HOUR, NOW)
    done: list[tuple[str, object]] = []

    def step(name: str) -> None:
        done.append((name, told.now))

    for name, hours in (("second", 2), ("first", 1), ("at the end", 3), ("late", 4)):
        told.at(NOW + hours * HOUR, partial(step, name))
    told.tell()
    assert done == [("first", NOW + HOUR), ("second", NOW + 2 * HOUR)]


def test_what_is_refused_is_kept_with_its_reason(store: Store) -> None:
    told = Telling(store, people.TENANT, NOW, NOW)
    for act in people.acts(NOW - timedelta(days=90)):
        told.act(act, people.system())
    assert told.refused == []
    done = told.done
    assert told.by("nadia", Take(case="26-9999")) is None
    assert (told.done, told.refused) == (done, ["Take: no case 26-9999"])
