"""An act: whole or not at all, once for a key, never on an older version, never by who may not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.intake import Receive, Withdraw
from priorauth.ledger.acts.queues import RouteToDirector, RouteToNurse, Snooze, Take
from priorauth.ledger.acts.setup import AddPerson, SetUp
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import MOST_BYTES, Act, Done, Refused, perform
from tests.ledger.house import (
    ADMIN,
    COORDINATOR,
    NOW,
    NURSE,
    OTHER_CLINIC,
    SECOND_NURSE,
    TENANT,
    done,
    example,
    furnish,
    received,
    refused,
)


def test_an_act_on_an_older_version_is_refused_with_what_has_changed(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, RouteToDirector(case=case, version=1), NURSE)
    found = refused(store, RouteToDirector(case=case, version=1), NURSE)
    assert found.code == "stale"
    assert [one["what"] for one in found.since] == ["routed"]


def test_the_same_key_gives_the_first_answer_again(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    act = RouteToDirector(case=case, version=1, key="once")
    assert done(store, act, NURSE) == done(store, act, NURSE)
    assert refused(store, RouteToDirector(case=case, version=2, key="once"), NURSE).code == "key"


def test_another_clinics_case_is_not_there_for_her(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert refused(store, Withdraw(case=case), OTHER_CLINIC).code == "not-found"
    assert done(store, Withdraw(case=case), COORDINATOR).state == "withdrawn"


def at_once(store: Store, *acts: tuple[Act, Who]) -> list[Done | Refused]:
    """Do acts side by side, each in a thread of its own, none before all are there."""
    gate = Barrier(len(acts))

    def one(act: Act, who: Who) -> Done | Refused:
        gate.wait()
        return perform(store, act, who, NOW)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(one, *each) for each in acts]]


def test_of_two_acts_at_once_on_one_version_one_is_done_and_the_other_is_late(store: Store) -> None:
    furnish(store)
    for _ in range(3):
        case = received(store, "review")
        act = RouteToDirector(case=case, version=1)
        found = at_once(store, (act, NURSE), (act, SECOND_NURSE))
        assert sorted(one.code if isinstance(one, Refused) else "done" for one in found) == ["done", "stale"]


def test_the_same_key_from_two_threads_at_once_gives_both_the_same_answer_and_is_done_once(store: Store) -> None:
    furnish(store)
    for number in range(3):
        case = received(store, "review")
        for act in (
            RouteToDirector(case=case, version=1, key=f"route {number}"),
            RouteToNurse(case=case, key=f"back {number}"),
        ):
            first, second = at_once(store, (act, NURSE), (act, NURSE))
            assert isinstance(first, Done)
            assert first == second
        with store.reading(TENANT) as connection:
            query = select(t.event.c.what).where(t.event.c.case_no == case, t.event.c.what == "routed")
            assert len(connection.execute(query).all()) == 2


def test_one_request_sent_twice_at_once_under_one_key_is_one_case(store: Store) -> None:
    furnish(store)
    act = Receive(bundle=example("review"), key="the same request")
    first, second = at_once(store, (act, COORDINATOR), (act, COORDINATOR))
    assert isinstance(first, Done)
    assert first == second
    with store.reading(TENANT) as connection:
        assert len(connection.execute(select(t.cases.c.case_no)).all()) == 1


def test_requests_that_come_at_once_have_numbers_of_their_own(store: Store) -> None:
    furnish(store)
    found = at_once(store, *[(Receive(bundle=example("review")), COORDINATOR)] * 4)
    assert sorted(str(one.case) for one in found if isinstance(one, Done)) == [
        "26-0001",
        "26-0002",
        "26-0003",
        "26-0004",
    ]


def test_acts_on_the_plan_at_once_are_done_one_after_the_other(store: Store) -> None:
    furnish(store)
    acts = [AddPerson(person=f"p{place}", title="P") for place in range(4)]
    assert all(isinstance(one, Done) for one in at_once(store, *[(act, ADMIN) for act in acts]))


def test_a_key_gives_nobody_elses_answer(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    act = RouteToDirector(case=case, key="once")
    done(store, act, NURSE)
    for who in (SECOND_NURSE, COORDINATOR, OTHER_CLINIC):
        assert refused(store, act, who).code == "key"


def test_an_act_that_was_refused_may_be_tried_again_under_its_key(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    act = RouteToDirector(case=case, version=2, key="later")
    assert refused(store, act, NURSE).code == "invalid"
    done(store, RouteToDirector(case=case), NURSE)
    assert refused(store, act, NURSE).code == "state"
    done(store, RouteToNurse(case=case), NURSE)
    assert refused(store, act, NURSE).code == "stale"


def test_moments_never_run_backward_within_a_case(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    for hours in (-5, 3, -200, 2):
        done(store, Take(case=case), NURSE, NOW + timedelta(hours=hours))
    with store.reading(TENANT) as connection:
        query = select(t.event.c.at).where(t.event.c.case_no == case).order_by(t.event.c.number)
        moments = connection.execute(query).scalars().all()
    assert moments == sorted(moments)
    assert moments[-1] == NOW + timedelta(hours=3)


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    file = File(title="scan.pdf", media="application/pdf", content=b"0" * (MOST_BYTES + 1))
    found = refused(store, FileDocument(case=case, file=file), COORDINATOR)
    assert (found.code, found.reason) == ("invalid", "expected at most 25,000,000 bytes, found 25,000,001")


def test_who_only_reads_makes_nobodys_page_out_of_date(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert done(store, Read(case=case, what="case"), SECOND_NURSE).version == 1
    assert done(store, RouteToDirector(case=case, version=1), NURSE).version == 2


def test_who_does_not_hold_the_role_today_does_nothing_in_it(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    found = refused(store, RouteToNurse(case=case), NURSE._replace(role="director"))
    assert (found.code, found.reason) == ("no-right", "route-to-nurse: nina does not hold the role director today")


def test_a_right_with_a_condition_is_none_without_it(store: Store) -> None:
    furnish(store)
    found = refused(store, Receive(bundle=example("review")), NURSE)
    assert (found.code, found.reason) == ("no-right", "receive: expected for whom it is entered (phone, fax)")
    assert done(store, Receive(bundle=example("review")), NURSE._replace(behalf="clinic")).case


def test_a_moment_without_a_zone_is_no_moment(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    found = refused(store, Snooze(case=case, until=datetime(2026, 11, 25)), NURSE)  # noqa: DTZ001 - that is the point
    assert (found.code, found.reason) == ("invalid", "until: expected a moment with a zone")


def test_a_case_in_another_queue_is_in_nobodys_hands_and_a_closed_one_is_never_due(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    done(store, Take(case=case), NURSE)
    done(store, Snooze(case=case, until=NOW + timedelta(minutes=5)), NURSE)

    def row() -> dict[str, object]:
        with store.reading(TENANT) as connection:
            return dict(connection.execute(select(t.cases).where(t.cases.c.case_no == case)).mappings().one())

    assert row()["owner"] == "nina"
    assert row()["due_at"] is not None
    done(store, RouteToDirector(case=case), NURSE)
    assert (row()["owner"], row()["snoozed_until"]) == (None, None)
    done(store, Withdraw(case=case), COORDINATOR)
    assert (row()["due_at"], row()["due_rule"], row()["climbs_at"]) == (None, None, None)


def test_nobody_but_the_system_sets_up_a_plan_that_is_not_there(store: Store) -> None:
    found = refused(store, SetUp(title="A plan", zone="UTC"), ADMIN)
    assert (found.code, found.reason) == ("not-found", "no tenant is named plan")
