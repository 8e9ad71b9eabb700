"""Steps of the demo: each does what may be done where the case stands, and nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.store import Store
from priorauth.server.demo import people, steps
from priorauth.server.demo.telling import Telling
from tests.ledger.house import NOW, example


@pytest.fixture
def told(store: Store) -> Iterator[tuple[Telling, str]]:
    """A plan of the demo with one request, which a rule does not approve."""
    telling = Telling(store, people.TENANT, NOW + timedelta(days=30), NOW)
    for act in people.acts(NOW - timedelta(days=90)):
        telling.act(act, people.system())
    done = telling.act(Receive(bundle=example("ask"), channel="portal"), people.who("carla"))
    assert done is not None
    yield telling, str(done.case)
    assert telling.refused == []


def test_a_request_is_asked_routed_and_decided_by_who_may(told: tuple[Telling, str]) -> None:
    telling, number = told
    assert telling.case(number)["state"] == "with-clinic"
    steps.adverse(telling, number)  # not with a director yet: nothing is done
    assert telling.case(number)["state"] == "with-clinic"
    steps.paper(telling, number)
    steps.route(telling, number)
    assert telling.case(number)["state"] == "with-director"
    steps.take(telling, number)
    assert telling.case(number)["owner"] == steps.DIRECTOR
    steps.adverse(telling, number)
    assert telling.case(number)["state"] == "adverse"
    steps.approve(telling, number)  # closed: nothing is done
    assert telling.case(number)["state"] == "adverse"


def test_a_log_and_a_note_are_kept_with_the_case(told: tuple[Telling, str]) -> None:
    telling, number = told
    events = telling.case(number)["events"]
    steps.log("meter.csv", b"time,glucose,unit\n2026-11-20 08:00,120,mg/dL\n")(telling, number)
    steps.take_second(telling, number)
    assert telling.case(number)["events"] > events
