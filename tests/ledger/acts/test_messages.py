"""Dead letters are sent again or dropped by people, who say why; never silently."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.messages import DropMessage, RetryMessage
from priorauth.ledger.outbox import Message, NotDelivered, listed, waits, work_off
from priorauth.ledger.store import Store
from tests.ledger.delivering import put
from tests.ledger.house import ADMIN, NOW, NURSE, SYSTEM, TENANT, done, furnish, refused

LATER = NOW + timedelta(days=9)


def dead_letter(store: Store) -> int:
    """Put one message out and let every attempt fail; return its number."""
    furnish(store)
    put(store, TENANT, receivers=1, each=1)
    number = listed(store, SYSTEM, "waiting")[0].number

    def fails(_: Message) -> None:
        raise NotDelivered("answered 500")

    now = NOW
    for attempt in range(1, waits().attempts + 1):
        work_off(store, TENANT, fails, lambda: now)  # noqa: B023 - called at once
        now += waits().after(attempt)
    assert [one.number for one in listed(store, SYSTEM, "dead")] == [number]
    return number


def last_event(store: Store) -> tuple[str, str | None, str | None]:
    with store.reading(TENANT) as connection:
        one = t.event.c
        query = select(one.what, one.person, one.why).where(one.case_no == "").order_by(one.number.desc())
        found = connection.execute(query).first()
    assert found is not None
    return found.what, found.person, found.why


def test_a_dead_letter_that_is_sent_again_has_all_its_attempts_anew(store: Store) -> None:
    number = dead_letter(store)
    done(store, RetryMessage(number=number, why="the clinic's server is up again"), ADMIN, LATER)
    assert last_event(store) == ("message sent again", "adam", "the clinic's server is up again")
    came: list[Message] = []
    assert work_off(store, TENANT, came.append, lambda: LATER).delivered == 1
    assert [(one.number, one.attempt) for one in came] == [(number, 1)]
    assert refused(store, RetryMessage(number=number, why="again"), ADMIN, LATER).reason.endswith("is delivered")


def test_a_dropped_message_is_kept_with_who_dropped_it_and_why(store: Store) -> None:
    number = dead_letter(store)
    done(store, DropMessage(number=number, why="the clinic has closed"), ADMIN, LATER)
    assert [one.number for one in listed(store, SYSTEM, "dropped")] == [number]
    assert listed(store, SYSTEM, "dead") == ()
    assert last_event(store) == ("message dropped", "adam", "the clinic has closed")
    assert refused(store, RetryMessage(number=number, why="again"), ADMIN, LATER).reason.endswith("is dropped")


def test_nobody_drops_a_message_without_saying_why(store: Store) -> None:
    number = dead_letter(store)
    assert refused(store, DropMessage(number=number, why=" "), ADMIN, LATER).reason == "expected why"
    assert refused(store, DropMessage(number=number + 1, why="gone"), ADMIN, LATER).code == "not-found"


def test_a_nurse_drops_no_message(store: Store) -> None:
    number = dead_letter(store)
    assert refused(store, DropMessage(number=number, why="gone"), NURSE, LATER).code == "no-right"
