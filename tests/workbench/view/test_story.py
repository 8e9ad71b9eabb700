"""What was said and done on a case in sentences, the newest first; of long lists of questions the first few."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger import opened
from priorauth.ledger.acts.calls import Note, RecordCall
from priorauth.ledger.acts.queues import HandOver, Take
from priorauth.ledger.acts.words import Propose
from priorauth.ledger.store import Store
from priorauth.workbench.view.story import story
from tests.ledger.house import COORDINATOR, DIRECTOR, NOW, NURSE, done, furnish, received

NAMES = {"nina": "Nina", "nora": "Nora", "cora": "Cora", "dora": "Dora"}


def test_each_thing_is_told_with_who_did_it_and_in_her_words(store: Store) -> None:
    furnish(store)
    number = received(store, "review")
    done(store, Take(case=number), NURSE, NOW + timedelta(minutes=1))
    done(store, Note(case=number, said="Ask Dr Chen."), NURSE, NOW + timedelta(minutes=2))
    done(
        store, Propose(case=number, criterion="D.I.F", value=True, why="The letter."), NURSE, NOW + timedelta(minutes=3)
    )
    call = RecordCall(case=number, held_at=NOW + timedelta(minutes=4), with_whom="Dr Chen", said="A letter comes.")
    done(store, call, DIRECTOR, NOW + timedelta(minutes=5))
    done(store, HandOver(case=number, person="nora", why="Leave."), NURSE, NOW + timedelta(minutes=6))
    found = opened.read(store, NURSE, number)
    assert found is not None
    assert [(one.by, one.what, one.text) for one in story(found, NAMES)] == [
        ("Nina", "handed the case over", "to Nora: Leave."),
        ("Dora", "called with Dr Chen", "A letter comes."),
        ("Nina", "proposes that D.I.F is shown", "The letter."),
        ("Nina", "noted", "Ask Dr Chen."),
        ("Nina", "took the case", ""),
        ("Cora", "the request came", ""),
    ]


def test_a_clinic_is_told_what_was_asked_and_nothing_of_our_hands(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    done(store, Take(case=number), NURSE)
    done(store, Note(case=number, said="I doubt it."), NURSE)
    found = opened.read(store, COORDINATOR, number)
    assert found is not None
    told = story(found, NAMES)
    assert [(one.by, one.what) for one in told] == [
        ("a rule of the policy", "asked the clinic"),
        ("Cora", "the request came"),
    ]
    assert "and 2 more" in told[0].text
