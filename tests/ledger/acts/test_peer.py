"""A call between clinicians: times are offered, the clinic takes one, and what is arranged ends with the call."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger import opened
from priorauth.ledger.acts.calls import RecordCall
from priorauth.ledger.acts.peer import MOST_MINUTES, MOST_TIMES, BookCall, OfferCall, arranged
from priorauth.ledger.columns import written
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, DIRECTOR, NOW, OTHER_CLINIC, done, furnish, received, refused
from tests.ledger.standing import case

HOUR = timedelta(hours=1)
TIMES = (NOW + 3 * HOUR, NOW + 2 * HOUR)


def offered(store: Store) -> str:
    furnish(store)
    number = received(store, "review")
    done(store, OfferCall(case=number, times=TIMES), DIRECTOR)
    return number


def test_a_clinic_sees_the_offered_times_in_their_order_and_not_who_offers_them(store: Store) -> None:
    number = offered(store)
    seen = opened.read(store, COORDINATOR, number)
    assert seen is not None
    assert arranged(seen.head.about) == {"offered": [written(one) for one in sorted(TIMES)], "minutes": 20}
    told = [one for one in seen.events if one.what == "call offered"]
    assert [(one.person, one.say["minutes"]) for one in told] == [(None, 20)]


def test_a_clinic_books_an_offered_time_and_no_other(store: Store) -> None:
    number = offered(store)
    other = BookCall(case=number, at=NOW + 4 * HOUR, with_whom="Dr Chen")
    assert "one of the times" in refused(store, other, COORDINATOR).reason
    mine = BookCall(case=number, at=TIMES[0], with_whom="Dr Chen", phone="555-0100")
    assert refused(store, mine, OTHER_CLINIC).code == "not-found"
    done(store, mine, COORDINATOR)
    assert arranged(case(store, number)["about"])["at"] == written(TIMES[0])


def test_the_payer_writes_down_any_time_that_was_agreed_and_a_held_call_ends_the_arrangement(store: Store) -> None:
    number = offered(store)
    done(store, BookCall(case=number, at=NOW + 5 * HOUR, with_whom="Dr Chen"), DIRECTOR)
    assert arranged(case(store, number)["about"])["with_whom"] == "Dr Chen"
    later = NOW + 6 * HOUR
    done(store, RecordCall(case=number, held_at=NOW + 5 * HOUR, with_whom="Dr Chen", said="so"), DIRECTOR, later)
    assert arranged(case(store, number)["about"]) == {}


def test_times_lie_ahead_and_are_few(store: Store) -> None:
    number = offered(store)
    many = tuple(NOW + count * HOUR for count in range(1, MOST_TIMES + 2))
    bare = ((NOW + HOUR).replace(tzinfo=None),)
    for times, minutes in (((), 20), ((NOW,), 20), (many, 20), (bare, 20), (TIMES, 0), (TIMES, MOST_MINUTES + 1)):
        assert refused(store, OfferCall(case=number, times=times, minutes=minutes), DIRECTOR).code == "invalid"
    for changed in ({"with_whom": " "}, {"at": NOW}, {"phone": "5" * 201}):
        act = BookCall(**{"case": number, "at": TIMES[0], "with_whom": "Dr Chen", **changed})  # type: ignore[arg-type]
        assert refused(store, act, DIRECTOR).code == "invalid"
