"""What a clinician found by herself is kept, settles nothing, and is told to no clinic."""

from __future__ import annotations

from priorauth.ledger import opened
from priorauth.ledger.acts.findings import NOTED, NoteFinding
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, DIRECTOR, NURSE, done, furnish, received, refused
from tests.ledger.standing import case


def test_a_finding_is_kept_and_makes_no_run(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    done(store, RouteToDirector(case=number), NURSE)
    act = NoteFinding(case=number, subject="II.A.T.7", finding="not-shown", why="6.9 is below what is asked")
    done(store, act, DIRECTOR)
    assert case(store, number)["runs"] == 1
    seen = opened.read(store, DIRECTOR, number)
    assert seen is not None
    said = [(one.person, one.say, one.why) for one in seen.events if one.what == NOTED]
    assert said == [("dora", {"subject": "II.A.T.7", "finding": "not-shown"}, "6.9 is below what is asked")]
    told = opened.read(store, COORDINATOR, number)
    assert told is not None
    assert NOTED not in [one.what for one in told.events]


def test_a_finding_is_of_a_criterion_or_a_judgment_of_the_last_run_with_a_reason_and_no_nurses(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    done(store, RouteToDirector(case=number), NURSE)
    done(store, NoteFinding(case=number, subject="hba1c_exception_granted", finding="more", why="the chart"), DIRECTOR)
    for subject, why, code in (("II.A.T.7", " ", "invalid"), ("II.Z", "so", "not-found")):
        assert refused(store, NoteFinding(case=number, subject=subject, finding="more", why=why), DIRECTOR).code == code
    mine = NoteFinding(case=number, subject="II.A.T.7", finding="shown", why="so")
    assert refused(store, mine, NURSE).code == "no-right"
