"""A worker that is killed after it has sent an event and before it has recorded that: kit row exchange-22."""

from __future__ import annotations

import signal
import time

import pytest
from sqlalchemy import update

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from tests.exchange.house import both
from tests.exchange.subscriptions.test_notify import approved, sent
from tests.exchange.subscriptions.wishes import notifying
from tests.exchange.subscriptions.working import worker
from tests.ledger.house import TENANT, example


@pytest.mark.slow
@pytest.mark.shall("PAS 2.2.1/spec-60", "PAS 2.0.1/152")
@both
def test_what_was_sent_when_the_worker_was_killed_is_sent_once_more_and_no_number_twice(store: Store) -> None:
    with notifying(store) as at:
        named = at.active()
        case = sent(store)
        approved(store, case)
        with store.writing(TENANT) as connection:  # nobody takes what is put out for the clinic's own receiver
            one = t.outbox
            other = one.c.receiver.like("organisation:%")
            connection.execute(update(one).where(other).values(delivered_at=one.c.at))
        url = store.engine.url.render_as_string(hide_password=False)
        at.hook.seconds = 5
        first = worker(url, TENANT)
        until = time.monotonic() + 30
        while not at.hook.events and time.monotonic() < until:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.wait()
        at.hook.seconds = 0
        assert at.waiting() > 0
        assert worker(url, TENANT).wait(timeout=60) == 0
        assert [one.number for one in at.hook.events] == [1, 1]
        assert at.hook.events[0].body == at.hook.events[1].body
        approved(store, sent(store, example("review")))
        at.deliver()
        assert [one.number for one in at.hook.events] == [1, 1, 2]
        assert at.row(named)["events"] == 2
