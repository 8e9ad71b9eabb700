"""Lists: due first, page by page without a gap; a clinic's own cases and no other's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from priorauth.ledger.acts.again import Reauthorize
from priorauth.ledger.acts.queues import Snooze, Take
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.ledger.worklist import NOBODY, Line, Place, Wanted, before, counts, ending, queue, requests
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    NOW,
    NURSE,
    OTHER_CLINIC,
    done,
    example,
    furnish,
    received,
    refused,
)

ALL = Wanted()
HOUR = timedelta(hours=1)


def pages(store: Store, wanted: Wanted, most: int) -> Iterator[tuple[str, ...]]:
    place: Place | None = None
    while True:
        page = queue(store, NURSE, wanted, NOW, after=place, most=most)
        yield tuple(one.case for one in page.lines)
        if (place := page.next) is None:
            return


def open_cases(store: Store) -> list[str]:
    """Receive cases of which some have a clock and some have none; return those that stay open."""
    furnish(store)
    found = [received(store, name, now=NOW - n * HOUR) for n, name in enumerate(("review", "conflict", "ask"))]
    found += [received(store, "conflict", OTHER_CLINIC, NOW - timedelta(days=9))]
    received(store, "approve")  # decided by rule, so in no queue
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 50])
def test_pages_have_every_open_case_once_the_one_due_first_at_the_top(store: Store, most: int) -> None:
    found = open_cases(store)
    listed = [case for page in pages(store, ALL, most) for case in page]
    assert sorted(listed) == sorted(found)
    assert listed[0] == found[3]
    lines = queue(store, NURSE, ALL, NOW).lines
    assert [one.case for one in lines] == listed
    due = [one.due_at for one in lines if one.due_at is not None]
    assert due == sorted(due)
    assert [one.due_at is None for one in lines] == sorted(one.due_at is None for one in lines)


def test_from_each_case_of_a_queue_one_goes_back_to_the_one_before_it(store: Store) -> None:
    open_cases(store)
    lines = queue(store, NURSE, ALL, NOW).lines
    found = [before(store, NURSE, ALL, NOW, Place(one.due_at, one.case)) for one in lines]
    assert found == [None, *(one.case for one in lines[:-1])]


def test_a_list_is_of_a_queue_a_payer_a_state_an_owner_or_a_number(store: Store) -> None:
    review, conflict, ask, other = open_cases(store)
    done(store, Take(case=conflict), NURSE)
    shown = {
        name: {one.case for one in queue(store, NURSE, wanted, NOW).lines}
        for name, wanted in {
            "nurses": Wanted(queue="nurse"),
            "caresource": Wanted(payer="caresource"),
            "asked": Wanted(state="with-clinic"),
            "hers": Wanted(owner="nina"),
            "nobody's": Wanted(owner=NOBODY),
            "expedited": Wanted(priority="expedited"),
            "number": Wanted(number=ask),
            "nothing": Wanted(number="%"),
            "appeals": Wanted(kind="appeal"),
        }.items()
    }
    assert shown["caresource"] == {review}
    assert shown["nobody's"] == {review, ask, other}
    assert shown["expedited"] == set()
    assert shown["asked"] <= {ask}
    assert shown["hers"] == {conflict}
    assert shown["number"] == {ask}
    assert shown["nothing"] == shown["appeals"] == set()
    assert {review, conflict} <= shown["nurses"] <= {review, conflict, other}


def test_a_case_that_was_put_off_comes_back_at_its_moment(store: Store) -> None:
    review, *_ = open_cases(store)
    done(store, Snooze(case=review, until=NOW + HOUR), NURSE)
    wanted = Wanted(payer="caresource")
    assert queue(store, NURSE, wanted, NOW).lines == ()
    assert queue(store, NURSE, wanted, NOW + HOUR).lines[0].case == review
    snoozed = queue(store, NURSE, Wanted(payer="caresource", snoozed=True), NOW).lines
    assert [one.snoozed_until for one in snoozed] == [NOW + HOUR]


def test_counts_tell_what_is_due_by_the_plans_day_and_what_is_overdue(store: Store) -> None:
    open_cases(store)
    found = counts(store, NURSE, ALL, NOW)
    assert (found.cases, found.due_today, found.overdue) == (4, 0, 1)
    due = sorted(one.due_at for one in queue(store, NURSE, ALL, NOW).lines if one.due_at is not None)
    at = due[1] - HOUR  # an hour before the second is due, which is the end of its day
    assert counts(store, NURSE, ALL, at).due_today == sum(at <= one <= due[1] for one in due)


def test_a_line_says_what_is_asked_and_what_the_last_run_made_of_it(store: Store) -> None:
    open_cases(store)
    line = queue(store, NURSE, Wanted(payer="caresource"), NOW).lines[0]
    assert [(one.product, one.outcome) for one in line.items] == [("E0784", "clinical-review")]


def test_a_clinic_has_no_queue(store: Store) -> None:
    open_cases(store)
    with pytest.raises(Refusal, match="not for the role coordinator"):
        queue(store, COORDINATOR, ALL, NOW)
    with pytest.raises(Refusal, match="not for the role coordinator"):
        counts(store, COORDINATOR, ALL, NOW)


def test_a_clinic_lists_its_own_requests_and_no_others(store: Store) -> None:
    *own, other = open_cases(store)
    listed = [one.case for one in requests(store, COORDINATOR).lines]
    assert set(own) < set(listed)
    assert other not in listed
    assert [one.case for one in requests(store, OTHER_CLINIC).lines] == [other]
    with pytest.raises(Refusal, match="no such organisation"):
        requests(store, COORDINATOR, organisation="other-clinic")
    assert [one.case for one in requests(store, NURSE, organisation="other-clinic").lines] == [other]
    with pytest.raises(Refusal, match="expected an organisation"):
        requests(store, NURSE)


def test_a_clinics_pages_have_every_request_once_the_newest_first(store: Store) -> None:
    open_cases(store)
    whole = requests(store, COORDINATOR)
    assert whole.next is None
    one = requests(store, COORDINATOR, most=1)
    seen: list[Line] = []
    while one.next is not None:
        seen += one.lines
        one = requests(store, COORDINATOR, after=one.next, most=1)
    assert (*seen, *one.lines) == whole.lines
    came = [line.received_at for line in whole.lines]
    assert came == sorted(came, reverse=True)


def test_a_clinic_is_not_told_who_has_its_case(store: Store) -> None:
    review, *_ = open_cases(store)
    done(store, Take(case=review), NURSE)
    assert {one.owner for one in requests(store, COORDINATOR).lines} == {None}
    assert "nina" in {one.owner for one in requests(store, NURSE, organisation="clinic").lines}


def test_what_waits_for_the_clinic_stands_apart(store: Store) -> None:
    open_cases(store)
    waiting = {one.state for one in requests(store, COORDINATOR, waiting=True).lines}
    assert waiting == {"with-clinic"}
    assert "with-clinic" not in {one.state for one in requests(store, COORDINATOR, waiting=False).lines}


def approved_until(store: Store) -> date:
    """Approve a request whose approval ends; return its last day."""
    furnish(store)
    received(store, "approve")
    found = ending(store, NURSE, date(2026, 11, 24), days=3650)
    assert [one.product for one in found] == ["E0784"]
    return found[0].valid_until


def test_an_approval_is_told_of_before_it_ends_until_somebody_asks_anew(store: Store) -> None:
    last = approved_until(store)
    assert len(ending(store, COORDINATOR, last - timedelta(days=45))) == 1
    assert ending(store, COORDINATOR, last - timedelta(days=46)) == ()
    assert ending(store, COORDINATOR, last + timedelta(days=1)) == ()
    assert ending(store, OTHER_CLINIC, last) == ()
    (soon,) = ending(store, NURSE, last)
    done(store, Reauthorize(case=soon.case, bundle=example("approve")), COORDINATOR, NOW + HOUR)
    assert soon.case not in [one.case for one in ending(store, NURSE, last)]


def test_another_tenants_cases_are_in_no_list(store: Store) -> None:
    open_cases(store)
    stranger = Who("another", None, "system")
    assert queue(store, stranger, ALL, NOW).lines == ()
    assert refused(store, Take(case="26-0001"), APPEALS._replace(tenant="another")).code == "not-found"
