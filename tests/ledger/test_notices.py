"""Letters of a case: made from what the ledger holds, checked by another, sent for the day that stands in them."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs, to_builtins
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.notices import AskClinic, CheckNotice, MakeNotice, RecordMailing, make_notice
from priorauth.ledger.acts.queues import RouteToDirector, RouteToNurse
from priorauth.ledger.store import Store
from priorauth.ledger.work import Done
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    SECOND_NURSE,
    TENANT,
    done,
    example,
    furnish,
    received,
    refused,
)
from tests.letterbook import sender

TODAY = dt.date(2026, 11, 24)
SENDERS = {"masshealth": to_builtins(sender("masshealth"))}


def page(store: Store, case: str, notice: int) -> str:
    one = t.notice
    with store.reading(TENANT) as connection:
        sha = connection.execute(select(one.c.html).where(one.c.case_no == case, one.c.number == notice)).scalar_one()
        found: bytes = connection.execute(select(t.blob.c.bytes).where(t.blob.c.sha256 == sha)).scalar_one()
        return found.decode()


def status(store: Store, case: str, notice: int) -> str:
    one = t.notice_state
    with store.reading(TENANT) as connection:
        query = select(one.c.status).where(one.c.case_no == case, one.c.notice == notice)
        return str(connection.execute(query).scalar_one())


def adverse(store: Store) -> str:
    case = received(store, "ask")
    done(store, RouteToDirector(case=case), NURSE)
    done(store, DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,), why="not shown"), DIRECTOR)
    return case


def letter(case: str, kind: str, **more: Any) -> MakeNotice:
    return MakeNotice(case=case, kind=kind, mailed=TODAY, copies=("prescriber",), **more)


def test_an_approval_tells_its_number_and_its_span(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "approve")
    made = make_notice(store, letter(case, "approval"), NURSE, NOW)
    assert isinstance(made, Done), made
    text = page(store, case, 1)
    assert f"{case}-1" in text
    assert status(store, case, 1) == "made"


def test_a_letter_is_checked_by_another_and_sent_for_the_day_that_stands_in_it(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "approve")
    done(store, letter(case, "approval"), NURSE)
    sent = RecordMailing(case=case, notice=1, channel="post", handed_at=NOW)
    assert refused(store, sent, NURSE).code == "state"
    assert refused(store, CheckNotice(case=case, notice=1), NURSE).code == "no-right"
    done(store, CheckNotice(case=case, notice=1), SECOND_NURSE)
    late = RecordMailing(case=case, notice=1, channel="post", handed_at=NOW + timedelta(days=2))
    assert "make a new letter" in refused(store, late, NURSE, NOW + timedelta(days=3)).reason
    done(store, sent, NURSE, NOW + timedelta(hours=1))
    assert status(store, case, 1) == "sent"
    assert refused(store, sent, NURSE).code == "state"


def test_an_adverse_letter_bears_the_four_parts_and_the_signers_licence(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = adverse(store)
    more = {"call_by": "2026-12-08T17:00:00-05:00", "relies": ["130 CMR 450.204"]}
    done(store, letter(case, "adverse", more=more), DIRECTOR)
    text = page(store, case, 1)
    for part in (REASON.asks, REASON.found, REASON.why_not, REASON.would_show, LICENCE, "Dora Director"):
        assert part.lower()[1:] in text.lower(), part


def test_nothing_decided_no_letter_of_a_decision(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "ask")
    assert refused(store, letter(case, "approval"), NURSE).code == "state"
    assert refused(store, letter(case, "adverse"), NURSE).code == "state"
    assert refused(store, letter(case, "song"), NURSE).code == "invalid"


def test_a_question_letter_asks_what_the_run_asks_until_the_day_that_was_set(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "ask")
    made = MakeNotice(case=case, kind="information", mailed=TODAY, channel="fax", to="prescriber")
    done(store, made, NURSE)
    assert status(store, case, 1) == "checked"
    text = page(store, case, 1)
    assert "HbA1c" in text
    # half of what is left: from 24 November, 9:00 in Boston, to the end of 1 December are 183 hours
    assert "Saturday, 28 November 2026" in text


def test_a_nurse_recasts_what_is_asked_and_adds_nothing(store: Store) -> None:
    furnish(store)
    case = received(store, "ask")
    done(store, RouteToNurse(case=case), NURSE)
    assert refused(store, AskClinic(case=case, facts=("favourite_colour",)), NURSE).code == "invalid"
    assert done(store, AskClinic(case=case), NURSE).state == "with-clinic"


def test_a_letter_that_is_wrong_is_replaced_never_changed(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "approve")
    done(store, letter(case, "approval"), NURSE)
    done(store, letter(case, "approval", replaces=1), NURSE)
    assert (status(store, case, 1), status(store, case, 2)) == ("replaced", "made")


def test_without_an_office_that_writes_there_is_no_letter(store: Store) -> None:
    furnish(store)
    case = received(store, "approve")
    assert "letters" in refused(store, letter(case, "approval"), NURSE).reason


@pytest.mark.parametrize("kind", ["necessity", "checklist", "review-worksheet"])
def test_a_draft_is_made_of_an_open_case(store: Store, kind: str) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "ask")
    done(store, MakeNotice(case=case, kind=kind, mailed=TODAY, to="prescriber"), NURSE)


def test_a_form_whose_address_nobody_knows_is_refused_with_what_it_lacks(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "ask")
    made = MakeNotice(case=case, kind="request-form", mailed=TODAY, to="prescriber", more={"place": "home"})
    assert "address" in refused(store, made, NURSE).reason


def test_what_the_bundle_says_of_people_stands_in_the_letter(store: Store) -> None:
    furnish(store, letters=SENDERS)
    case = received(store, "approve")
    done(store, letter(case, "approval"), NURSE)
    assert b"Synthetic" in example("approve")
    assert "Synthetic" in page(store, case, 1)


def test_on_appeal_more_is_asked_by_its_reviewer_and_never_of_a_case_that_is_none(store: Store) -> None:
    furnish(store, letters=SENDERS)
    base = adverse(store)
    case = str(done(store, Appeal(case=base), COORDINATOR).case)
    done(store, AskClinic(case=case), APPEALS)
    reviewer = {
        "name": "Apu Appeals", "credential": "MD", "specialty": "endocrinology", "at": "2026-11-24T09:00:00-05:00",
        "licence": {"kind": "MD", "state": "MA", "number": f"{LICENCE}-apu", "until": "2030-12-31"},
    }  # fmt: skip
    made = MakeNotice(
        case=case, kind="appeal-information", mailed=TODAY, channel="fax", to="prescriber", more={"reviewer": reviewer}
    )
    done(store, made, APPEALS)
    text = page(store, case, 1)
    assert "Apu Appeals" in text
    assert "to decide the appeal about" in text
    assert status(store, case, 1) == "checked"
    other = structs.replace(made, case=received(store, "ask"))
    assert refused(store, other, NURSE).reason == "this case is no appeal"
