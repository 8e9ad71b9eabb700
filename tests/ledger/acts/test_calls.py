"""A call is recorded with what was said; it reopens nothing. Who opened what is recorded too."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger import opened
from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import MOST_SAID, Note, Read, RecordCall
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, DIRECTOR, NOW, NURSE, OTHER_CLINIC, done, furnish, received, refused
from tests.ledger.standing import case, rows


def call(number: str, **changed: object) -> RecordCall:
    said = {"held_at": NOW, "with_whom": "Dr Chen", "said": "severe lows in October", **changed}
    return RecordCall(case=number, **said)  # type: ignore[arg-type]


def test_a_call_is_recorded_and_reopens_nothing(store: Store) -> None:
    furnish(store)
    number = received(store, "approve")
    done(store, call(number), DIRECTOR)
    assert case(store, number)["state"] == "approved"
    (found,) = rows(store, t.call)
    assert (found["person"], found["with_whom"], found["said"]) == ("dora", "Dr Chen", "severe lows in October")


def test_a_call_was_held_with_somebody_and_something_was_said(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    for changed in ({"said": " "}, {"with_whom": ""}, {"held_at": NOW + timedelta(minutes=1)}):
        assert refused(store, call(number, **changed), DIRECTOR).code == "invalid"
    assert rows(store, t.call) == []


def test_the_clinic_may_record_its_own_call_and_no_others(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    done(store, call(number), COORDINATOR)
    assert refused(store, call(number), OTHER_CLINIC).code == "not-found"


def test_what_somebody_opened_is_an_event_of_the_case(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    done(store, Read(case=number, what="document 3"), NURSE)
    last = rows(store, t.event, case_no=number)[-1]
    assert (last["what"], last["person"], last["data"]["say"]["of"]) == ("read", "nina", "document 3")


def test_a_note_is_kept_for_colleagues_and_told_to_no_clinic(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    done(store, Note(case=number, said=" The meter file comes tomorrow. "), NURSE)
    seen = opened.read(store, NURSE, number)
    assert seen is not None
    assert [one.why for one in seen.events if one.what == "noted"] == ["The meter file comes tomorrow."]
    told = opened.read(store, COORDINATOR, number)
    assert told is not None
    assert "meter file" not in repr(told.events)


def test_a_note_says_something_and_not_more_than_a_page(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    for said in (" ", "x" * (MOST_SAID + 1)):
        assert refused(store, Note(case=number, said=said), NURSE).code == "invalid"
