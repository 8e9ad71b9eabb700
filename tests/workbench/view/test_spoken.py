"""What clinicians said: the newest word of each subject stands, and a word is old where its evidence is another now."""

from __future__ import annotations

from priorauth.ledger.acts.words import Judge, Propose, Settle, TakeBack
from priorauth.ledger.store import Store
from priorauth.server import reads
from priorauth.workbench.view import spoken
from tests.ledger import house
from tests.workbench.director import CRITERION, with_director
from tests.workbench.view.test_deciding import visiting

FACT = "hba1c_exception_granted"


def test_the_newest_word_stands_and_one_taken_back_does_not(store: Store) -> None:
    with visiting(store) as (_, visit):
        number = with_director(store)
        house.done(store, Judge(case=number, fact=FACT, value=False, why="no"), house.DIRECTOR)
        house.done(store, Judge(case=number, fact=FACT, value=True, why="yes"), house.DIRECTOR)
        house.done(store, Settle(case=number, criterion="II.A.T.5", value=True, why="shown"), house.DIRECTOR)
        house.done(store, TakeBack(case=number, subject="settle.II.A.T.5", why="wrong"), house.DIRECTOR)
        whole = reads.case(store, house.DIRECTOR, number)
        standing = spoken.standing(whole)
        assert [(one.subject, one.why) for one in standing.values()] == [(FACT, "yes")]
        titles = spoken.titles(whole.determinations)
        assert titles[f"settle.{CRITERION}"].endswith(f"({CRITERION})")
        found = spoken.spoken(visit, whole, standing[FACT], {FACT: "An exception?"}, {"dora": "Dora Director"})
        assert (found.title, found.by, found.hers, found.since) == ("An exception?", "Dora Director", True, ())


def test_proposals_are_those_of_the_criterion(store: Store) -> None:
    with visiting(store):
        number = with_director(store)
        house.done(store, Propose(case=number, criterion=CRITERION, value=True, why="so"), house.NURSE)
        whole = reads.case(store, house.DIRECTOR, number)
        assert [one.why for one in spoken.proposals(whole, CRITERION, {}, {})] == ["so"]
        assert list(spoken.proposals(whole, "II.A.T.5", {}, {})) == []
        assert list(spoken.proposals(whole, None, {}, {})) == []
