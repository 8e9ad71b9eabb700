"""The conditions of rights: for whom one enters, who prepared the case, who decided what is appealed."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.setup import AddPerson
from priorauth.ledger.allowed import rights
from priorauth.ledger.conditions import CONDITIONS, holds
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import look
from tests.ledger.house import (
    APPEALS,
    BELOW,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    SECOND_NURSE,
    done,
    furnish,
    received,
)


def said(store: Store, condition: str, case: str, who: Who) -> str | None:
    """What a condition says of somebody at a case."""
    with look(store, Read(case=case, what="case"), who, NOW) as work:
        return CONDITIONS[condition](work)


def test_every_condition_that_a_right_names_is_there() -> None:
    named = {one for roles in rights().rights.values() for conditions in roles.values() for one in conditions}
    assert named == set(CONDITIONS)


def test_what_is_ones_own_wants_an_organisation_and_what_is_entered_for_one_wants_its_name(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert said(store, "own", case, COORDINATOR) is None
    assert said(store, "own", case, NURSE) == "expected somebody of an organisation"
    assert said(store, "for-clinic", case, NURSE._replace(behalf="clinic")) is None
    assert said(store, "for-clinic", case, NURSE) == "expected for whom it is entered (phone, fax)"


def test_who_prepared_a_case_as_its_nurse_is_known_in_every_role_and_in_its_appeal(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert said(store, "not-its-nurse", case, NURSE) is None
    done(store, RouteToDirector(case=case), NURSE)
    done(store, DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    appeal = str(done(store, Appeal(case=case), COORDINATOR).case)
    for number in (case, appeal):
        assert said(store, "not-its-nurse", number, NURSE._replace(role="director")) is not None
        assert said(store, "not-its-nurse", number, SECOND_NURSE) is None


def test_an_appeal_is_neither_for_the_first_reviewer_nor_for_who_stands_below_her(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert said(store, "not-first-reviewer", case, DIRECTOR) is None
    done(store, RouteToDirector(case=case), NURSE)
    done(store, DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    appeal = str(done(store, Appeal(case=case), COORDINATOR).case)
    assert said(store, "not-first-reviewer", appeal, DIRECTOR) is not None
    assert said(store, "not-first-reviewer", appeal, BELOW) is not None
    assert said(store, "not-first-reviewer", appeal, APPEALS) is None


def test_a_role_is_held_from_its_first_day_by_somebody_who_is_there(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    with look(store, Read(case=case, what="case"), NURSE, NOW) as work:
        assert holds(work, "nina", "nurse")
        assert not holds(work, "nina", "director")
        assert not holds(work, "nobody", "nurse")
        work.now = NOW.replace(year=date(2019, 1, 1).year)
        assert not holds(work, "nina", "nurse")
    done(store, AddPerson(person="nina", title="Nina", active=False))
    with look(store, Read(case=case, what="case"), SECOND_NURSE, NOW) as work:
        assert not holds(work, "nina", "nurse")


def test_who_only_read_a_case_as_a_nurse_has_not_prepared_it(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, Read(case=case, what="case"), SECOND_NURSE)
    assert said(store, "not-its-nurse", case, SECOND_NURSE._replace(role="director")) is None


def test_of_an_appeal_of_an_appeal_neither_reviewer_decides(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, RouteToDirector(case=case), NURSE)
    done(store, DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    first = str(done(store, Appeal(case=case), COORDINATOR).case)
    done(store, DecideAdversely(case=first, licence=f"{LICENCE}-apu", reasons=(REASON,)), APPEALS)
    second = str(done(store, Appeal(case=first), COORDINATOR).case)
    assert said(store, "not-first-reviewer", second, APPEALS) is not None
    assert said(store, "not-first-reviewer", second, DIRECTOR) is not None
    assert said(store, "not-its-nurse", second, NURSE._replace(role="director")) is not None
