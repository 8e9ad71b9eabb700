"""What a clinic does not see of its own case: the payer's hands, notes and names before the notice was mailed."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from msgspec import structs

from priorauth.ledger import withheld
from priorauth.ledger.acts.queues import Snooze, Take
from priorauth.ledger.store import Store
from priorauth.ledger.whole import Mailing, Notice
from tests.ledger.house import COORDINATOR, NOW, NURSE, REASON, done, furnish, received
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


def test_a_clinic_sees_neither_that_its_case_was_put_off_nor_when_it_climbs(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, Snooze(case=case, until=NOW + timedelta(minutes=5)), NURSE)
    theirs, own = told(store, NURSE, case).head, told(store, COORDINATOR, case).head
    assert theirs.snoozed_until is not None
    assert theirs.climbs_at is not None
    assert (own.snoozed_until, own.climbs_at) == (None, None)


def test_a_clinic_sees_no_letter_before_it_was_mailed_and_no_word_of_the_payers_events(store: Store) -> None:
    furnish(store)
    found = told(store, NURSE, received(store, "review"))
    letter = Notice(
        number=1, kind="approval", at=NOW, made_by="nina", decision=None, run=1, replaces=None, template="x",
        html="0" * 64, pdf=None, to="member",
    )  # fmt: skip
    sent = structs.replace(
        letter, number=2, mailings=(Mailing(notice=2, number=1, channel="post", handed_at=NOW, proof=None),)
    )
    event = structs.replace(
        found.events[-1], what="approved", role="nurse", person="nina", why="so", say={"note": "so"}
    )
    clinic = withheld.for_clinic(structs.replace(found, notices=(letter, sent), events=(event,)), {"cora"}, 1)
    assert [(one.number, one.made_by) for one in clinic.notices] == [(2, None)]
    assert [(one.what, one.person, one.why, one.say) for one in clinic.events] == [("approved", None, None, {})]
