"""What a clinic does not see of its own case: the payer's hands, notes and names before the notice was mailed."""

from __future__ import annotations

import msgspec

from priorauth.ledger.acts.queues import Take
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, NURSE, REASON, done, furnish, received
from tests.ledger.test_opened import decided, told

NAMES = (b"dora", b"nina", b"Dora", b"Nina")
NOTES = (b"the log is complete", b"she will send nothing", b"a matter of judgment")


def test_before_the_notice_a_clinic_sees_no_name_and_no_note_of_the_payer(store: Store) -> None:
    case = decided(store, mailed=False)
    found = told(store, COORDINATOR, case)
    written = msgspec.json.encode(found)
    assert [one for one in (*NAMES, *NOTES, b'not shown"', REASON.why_not.encode()) if one in written] == []
    assert [one.kind for one in found.decisions] == ["adverse"]
    assert found.words == ()
    assert found.runs[-1].number == found.head.runs < told(store, NURSE, case).head.runs
    assert not found.told


def test_after_the_notice_it_sees_who_decided_and_why_and_still_no_note(store: Store) -> None:
    found = told(store, COORDINATOR, decided(store, mailed=True))
    assert [(one.signer, one.reasons[0].why_not) for one in found.decisions] == [("dora", REASON.why_not)]
    rest = msgspec.json.encode([found.calls, found.events, found.words, found.head])
    assert [one for one in (*NAMES, *NOTES) if one in rest] == []


def test_a_clinic_sees_what_it_did_itself_and_not_that_a_nurse_took_the_case(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, Take(case=case), NURSE)
    found = told(store, COORDINATOR, case)
    assert found.head.owner is None
    assert ("received", "cora") in [(one.what, one.person) for one in found.events]
    assert "taken" not in [one.what for one in found.events]
    assert "taken" in [one.what for one in told(store, NURSE, case).events]


def test_a_clinic_sees_what_it_was_asked(store: Store) -> None:
    furnish(store)
    found = told(store, COORDINATOR, received(store, "ask"))
    asked = [one for one in found.events if one.what == "asked"]
    assert asked[0].say["facts"]
