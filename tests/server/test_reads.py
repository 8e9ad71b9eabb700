"""Lists page by page, runs, and what a clinic may hear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger.acts.queues import Snooze, Take
from priorauth.ledger.acts.words import Settle
from priorauth.ledger.store import Store
from priorauth.server import reads
from priorauth.server.problem import Problem
from tests.ledger import house


def _many(store: Store, count: int) -> list[str]:
    house.furnish(store)
    return [
        house.received(store, "ask" if place % 2 else "review", now=house.NOW + timedelta(minutes=place // 2))
        for place in range(count)
    ]


def test_pages_have_every_case_once_the_newest_first(store: Store) -> None:
    cases = _many(store, 7)
    found: list[str] = []
    after = None
    while True:
        page = reads.listed(store, house.NURSE, reads.Asked(), after=after, most=3)
        found += [row["case"] for row in page.rows]
        after = page.next
        if after is None:
            break
    assert found == sorted(cases, reverse=True)


def test_a_list_has_what_is_asked_for_and_nothing_else(store: Store) -> None:
    cases = _many(store, 4)
    asked = reads.Asked(
        queue="nurse", policy="caresource/insulin-infusion-pump", open=True, received_from=house.NOW.date()
    )
    assert {row["case"] for row in reads.listed(store, house.NURSE, asked, most=9).rows} == {cases[0], cases[2]}
    for none in (
        reads.Asked(open=False),
        reads.Asked(state="adverse"),
        reads.Asked(organisation="other-clinic"),
        reads.Asked(due_before=house.NOW),
        reads.Asked(received_until=house.NOW.date() - timedelta(days=1)),
    ):
        assert reads.listed(store, house.NURSE, none, most=9).rows == []


def test_a_line_says_nothing_of_the_member(store: Store) -> None:
    _many(store, 1)
    (row,) = reads.listed(store, house.NURSE, reads.Asked(), most=9).rows
    assert "member" not in row
    assert row["says"] == "a nurse has it"


def test_a_role_that_reads_no_cases_is_refused(store: Store) -> None:
    _many(store, 1)
    with pytest.raises(Problem):
        reads.listed(store, house.ADMIN, reads.Asked(), most=9)


@pytest.mark.parametrize("said", ["", "x", "ÿ", "bnVsbA==", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiMSJd"])
def test_what_is_no_place_in_a_list_is_refused(said: str) -> None:
    with pytest.raises(Problem):
        reads.read_cursor(said)


def test_a_place_in_a_worklist_may_be_among_cases_without_a_clock() -> None:
    place = reads.place(reads.cursor(None, "26-0001"))
    assert place is not None
    assert (place.due_at, place.case) == (None, "26-0001")
    other = reads.place(reads.cursor(house.NOW, "26-0001"))
    assert other is not None
    assert other.due_at == house.NOW


def test_a_clinic_hears_what_it_is_told_and_not_what_the_payer_does_inside() -> None:
    rows = [
        {"role": "nurse", "what": "taken", "say": {}},
        {"role": "nurse", "what": "asked", "say": {"facts": ["hba1c"]}},
        {"role": "director", "what": "closed", "say": {"of": "26-0002"}},
        {"role": "coordinator", "what": "answered", "say": {"submission": 2}},
    ]
    heard = reads.since(house.COORDINATOR, rows)
    assert [(one["what"], bool(one["say"])) for one in heard] == [
        ("asked", True),
        ("closed", False),
        ("answered", True),
    ]
    assert reads.since(house.NURSE, rows) == rows


def test_a_last_page_that_is_full_promises_no_other(store: Store) -> None:
    _many(store, 2)
    assert reads.listed(store, house.NURSE, reads.Asked(), most=2).next is None


def test_a_clinic_lists_its_own_cases_and_not_who_has_them(store: Store) -> None:
    (case,) = _many(store, 1)
    house.done(store, Take(case=case), house.NURSE)
    house.done(store, Snooze(case=case, until=house.NOW + timedelta(minutes=5)), house.NURSE)
    (theirs,) = reads.listed(store, house.NURSE, reads.Asked(), most=9).rows
    (own,) = reads.listed(store, house.COORDINATOR, reads.Asked(), most=9).rows
    assert (theirs["owner"], theirs["snoozed_until"]) == ("nina", house.NOW + timedelta(minutes=5))
    assert (own["case"], own["owner"], own["snoozed_until"]) == (case, None, None)
    assert reads.listed(store, house.OTHER_CLINIC, reads.Asked(), most=9).rows == []


def test_a_clinic_reads_no_run_with_a_word_of_the_payer_before_it_was_told(store: Store) -> None:
    house.furnish(store)
    case = house.received(store, "conflict")
    house.done(store, Settle(case=case, criterion="II.A.T.5", value=True, why="The letter is newer."), house.NURSE)
    assert reads.run(store, house.NURSE, case, 2)[0]["number"] == 2
    assert reads.run(store, house.COORDINATOR, case, 1)[0]["number"] == 1
    with pytest.raises(Problem, match="has no run 2"):
        reads.run(store, house.COORDINATOR, case, 2)
