"""The worklist: due first, why each case is there, the next at a press; filters of her own; names on request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.queues import Snooze, Take
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench import papers
from tests.workbench.house import Desk, hidden, plain, working


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """A plan of its own, for lists are of the whole plan."""
    house.furnish(store, approve_by_rule=False)
    with working(store, open_to_all=False) as found:
        yield found


def listed(page: str) -> list[str]:
    return re.findall(r'class="row-link" href="/c/([\d-]+)\?', page)


def test_each_case_says_why_it_is_there_and_the_one_due_first_stands_first(desk: Desk) -> None:
    ready, two, review = (desk.receive(name) for name in ("approve", "conflict", "review"))
    page = desk.get("/queue", house.NURSE).text
    assert listed(page) == [ready, two, review]
    text = plain(page)
    assert "ready to approve: 11 of 11 shown" in text
    assert "two sides: At least four glucose tests a day" in text
    assert "not shown: " in text
    assert "3 cases · 0 due today · 0 overdue" in text


def test_a_case_with_the_clinic_says_how_much_is_missing_and_what_asking_does_to_its_clock(desk: Desk) -> None:
    desk.receive("ask")
    text = plain(desk.get("/queue/clinic", house.NURSE).text)
    assert "2 things are missing" in text
    assert "runs on while asked" in text


def test_what_is_overdue_is_said_first_in_words(desk: Desk) -> None:
    desk.receive("review")
    number = desk.receive("conflict")
    desk.now += timedelta(days=9)
    page = desk.get("/queue", house.NURSE).text
    assert listed(page)[0] == number
    assert "1 overdue" in plain(page)
    assert "overdue since" in plain(page)


def test_the_next_case_is_taken_and_opened_with_one_press(desk: Desk) -> None:
    first = desk.receive("conflict")
    desk.receive("review")
    to = desk.send("/queue", "/queue/nurse/take-next", house.NURSE).headers["location"]
    assert to == f"/c/{first}?in=mine&said=taken"
    assert case(desk.store, first)["owner"] == "nina"


def test_where_no_case_waits_there_is_no_press_for_the_next(desk: Desk) -> None:
    number = desk.receive("review")
    house.done(desk.store, Take(case=number), house.SECOND_NURSE)
    page = desk.get("/queue", house.NURSE)
    assert "Take the next case" not in page.text
    headers = desk.sign_in(house.NURSE)
    csrf = hidden(page.text, "/sign-out")["csrf"]
    own = hidden(desk.running.client.get("/queue", headers=headers).text, "/sign-out")
    answer = desk.post("/queue/nurse/take-next", headers, {**own, "key": "once"})
    assert csrf != own["csrf"]
    assert answer.headers["location"] == "/queue/nurse?said=none-waits"


def test_a_case_is_taken_and_put_off_from_its_row(desk: Desk) -> None:
    number = desk.receive("review")
    taken = desk.send("/queue/nurse", f"/c/{number}/take", house.NURSE)
    assert taken.headers["location"] == "/queue/nurse?said=taken"
    off = desk.send("/queue/nurse", f"/c/{number}/snooze", house.NURSE)
    assert off.headers["location"] == "/queue/nurse?said=snoozed"
    assert case(desk.store, number)["snoozed_until"] == desk.now + timedelta(hours=2)
    empty = plain(desk.get("/queue/nurse", house.NURSE).text)
    assert f"No case is here now. {number} is put off until Tue 24 Nov 2026 11:00 EST." in empty
    assert listed(desk.get("/queue/nurse?snoozed=yes", house.NURSE).text) == [number]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("payer=caresource", ["review"]),
        ("payer=masshealth", ["conflict"]),
        ("owner=nobody", ["review"]),
        ("owner=nina", ["conflict"]),
        ("priority=expedited", []),
        ("kind=appeal", []),
        ("state=with-nurse", ["conflict", "review"]),
    ],
)
def test_a_filter_leaves_what_it_names(desk: Desk, query: str, wanted: list[str]) -> None:
    cases = {desk.receive(name): name for name in ("review", "conflict")}
    house.done(desk.store, Take(case=next(one for one, name in cases.items() if name == "conflict")), house.NURSE)
    page = desk.get(f"/queue/nurse?{query}", house.NURSE).text
    assert [cases[one] for one in listed(page)] == wanted
    if not wanted:
        assert "No case fits these filters. Without them the first is" in plain(page)


def test_a_filter_is_kept_for_her_alone_and_can_be_let_go(desk: Desk) -> None:
    page = "/queue/nurse?payer=masshealth"
    kept = desk.send(page, "/queue/nurse/save", house.NURSE, title="Mass <one>")
    assert kept.headers["location"] == "/queue/nurse?payer=masshealth&said=saved"
    assert 'href="/queue/nurse?payer=masshealth">Mass &lt;one&gt;</a>' in desk.get("/queue", house.NURSE).text
    assert "Mass &lt;one&gt;" not in desk.get("/queue", house.SECOND_NURSE).text
    nameless = desk.send(page, "/queue/nurse/save", house.NURSE, title="")
    assert nameless.status_code == 422
    assert "Write a name for the filter." in nameless.text
    desk.send("/queue", "/queue/nurse/forget", house.NURSE)
    assert "Mass &lt;one&gt;" not in desk.get("/queue", house.NURSE).text


def test_a_case_is_found_by_the_beginning_of_its_number(desk: Desk) -> None:
    numbers = [desk.receive(name) for name in ("review", "conflict")]
    assert listed(desk.get(f"/queue/nurse?find={numbers[1]}", house.NURSE).text) == [numbers[1]]
    assert listed(desk.get("/queue/nurse?find=26-", house.NURSE).text) == [numbers[1], numbers[0]]
    sent = desk.send("/queue/nurse", "/queue/nurse", house.NURSE, find=numbers[1])
    assert (sent.status_code, sent.headers["location"]) == (303, f"/queue/nurse?find={numbers[1]}")
    nothing = desk.send("/queue/nurse", "/queue/nurse", house.NURSE, find=" ")
    assert nothing.status_code == 422
    assert "Write a case number, or a member&#39;s name or number." in nothing.text


def test_a_member_is_found_by_name_and_what_was_shown_is_recorded(desk: Desk) -> None:
    desk.receive("review")
    number = desk.receive("conflict")
    page = desk.send("/queue/nurse", "/queue/nurse", house.NURSE, find="synthetic conflict").text
    assert listed(page) == [number]
    assert "Conflict Synthetic" in page
    last = rows(desk.store, t.event, case_no=number)[-1]
    assert (last["what"], last["person"]) == ("read", "nina")
    assert last["data"]["say"]["of"] == "the member's name, in the worklist"


def test_a_name_in_an_address_finds_nobody_for_no_address_bears_one(desk: Desk) -> None:
    desk.receive("conflict")
    assert "Conflict Synthetic" not in desk.get("/queue/nurse?find=synthetic+conflict", house.NURSE).text


def test_names_are_shown_on_request_alone(desk: Desk) -> None:
    desk.receive("conflict")
    assert "Conflict Synthetic" not in desk.get("/queue/nurse", house.NURSE).text
    assert "Conflict Synthetic" in desk.get("/queue/nurse?names=yes", house.NURSE).text


def test_an_empty_list_says_what_comes_next(desk: Desk) -> None:
    assert "No case is here." in desk.get("/queue/nurse", house.NURSE).text
    number = desk.receive("ask")
    text = plain(desk.get("/queue/nurse", house.NURSE).text)
    assert f"No case waits for a nurse. The next may be {number}, now with its clinic, due Tue 1 Dec 2026" in text
    assert "You have no case." in desk.get("/queue/mine", house.NURSE).text


def test_a_long_list_goes_on_where_the_page_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.workbench.pages.queue.MOST", 2)
    numbers = [desk.receive(name) for name in ("conflict", "conflict", "review")]
    first = desk.get("/queue/nurse?payer=", house.NURSE).text
    assert listed(first) == numbers[:2]
    further = re.search(r'<a href="(\?[^"]*)" rel="next">', first)
    assert further is not None
    assert listed(desk.get(f"/queue/nurse{further[1]}", house.NURSE).text) == numbers[2:]


def test_a_manager_looks_at_the_list_and_finds_nothing_to_press(desk: Desk) -> None:
    from priorauth.ledger.acts import setup
    from priorauth.ledger.events import Who

    desk.receive("review")
    house.done(desk.store, setup.AddPerson(person="mona", title="Mona"))
    house.done(desk.store, setup.GrantRole(person="mona", role="manager", valid_from=house.FIRST))
    page = desk.get("/queue", Who(house.TENANT, "mona", "manager")).text
    assert listed(page)
    assert not re.search(r'method="post" action="/(?:c/|queue/\w+/)', page)


def test_a_list_that_is_none_is_not_found(desk: Desk) -> None:
    assert desk.get("/queue/everything", house.NURSE).status_code == 404


def test_two_who_press_for_the_next_case_at_once_get_two_cases(desk: Desk) -> None:
    numbers = {desk.receive("conflict"), desk.receive("review")}
    got = set()
    for who in (house.NURSE, house.SECOND_NURSE):
        to = desk.send("/queue", "/queue/nurse/take-next", who).headers["location"]
        got.add(to.removeprefix("/c/").partition("?")[0])
    assert got == numbers


def test_a_case_put_off_comes_back_at_its_moment(desk: Desk) -> None:
    number = desk.receive("review")
    house.done(desk.store, Snooze(case=number, until=desk.now + timedelta(hours=2)), house.NURSE)
    assert listed(desk.get("/queue", house.NURSE).text) == []
    desk.now += timedelta(hours=3)
    assert listed(desk.get("/queue", house.NURSE).text) == [number]


def test_a_filter_that_is_kept_twice_stands_once_and_stays_when_she_sets_what_she_likes(desk: Desk) -> None:
    for title in ("A", "B", "A"):
        assert desk.send("/queue", "/queue/nurse/save", house.NURSE, title=title).status_code == 303
    assert desk.send("/me", "/me/likes", house.NURSE, density="compact", keys="on").status_code == 303
    page = desk.get("/queue", house.NURSE).text
    assert [page.count(f">{title}</a>") for title in ("A", "B")] == [1, 1]
    assert 'class="compact"' in page


def test_a_case_of_hers_is_handed_over_from_its_row(desk: Desk) -> None:
    number = desk.receive("review")
    assert "/hand-over" not in desk.get("/queue/nurse", house.NURSE).text
    house.done(desk.store, Take(case=number), house.NURSE)
    answer = desk.send("/queue/nurse", f"/c/{number}/hand-over", house.NURSE, person="nora")
    assert answer.headers["location"] == "/queue/nurse?said=handed"
    assert case(desk.store, number)["owner"] == "nora"


def test_cases_of_which_a_document_states_what_is_asked_have_a_worklist(desk: Desk) -> None:
    number, at = papers.with_letter(desk)
    other = desk.receive("review")
    text = plain(desk.get("/queue/to-confirm", house.NURSE).text)
    assert "Worklist: Facts to confirm" in text
    assert number in text
    assert other not in text
    assert "2 facts to confirm" in text
    headers = desk.sign_in(house.NURSE)
    page = desk.running.client.get(at, headers=headers).text
    for own in re.findall(r'name="of" value="([\w-]+)"', page):
        desk.post(f"{at}/reject", headers, {**hidden(page, f"{at}/confirm"), "of": own, "key": own})
    empty = plain(desk.get("/queue/to-confirm", house.NURSE).text)
    assert "No document states what a case asks and nobody has confirmed." in empty
