"""The director's decision: nothing is chosen for her, reasons have four parts, and she proves who she is to sign."""

from __future__ import annotations

import re

import pytest

from priorauth.ledger.acts import setup
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.queues import RouteToDirector, Take
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import LATE, TWO, sent
from tests.workbench import papers
from tests.workbench.director import (
    CRITERION,
    NAME,
    appealed,
    decisions,
    letters,
    office,
    place_of,
    proved,
    reason,
    state,
    step,
    with_director,
)
from tests.workbench.house import both, hidden, plain, working


def test_nothing_is_chosen_before_she_chooses(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR)
        assert page.status_code == 200
        assert " checked" not in page.text
        assert re.search(r"Decide: [1-9] judgments?, [1-9] criteria not shown", page.text)
        asked = desk.get(f"/c/{number}/decide?step=2", house.DIRECTOR)
        assert (asked.status_code, decisions(store, number)) == (422, [])
        assert "Choose what you decide." in asked.text
        assert desk.get(f"/c/{number}/decide?as=song", house.DIRECTOR).status_code == 404
        for further in ("ask", "peer"):
            sent_on = desk.get(f"/c/{number}/decide?as={further}", house.DIRECTOR)
            assert sent_on.headers["location"] == f"/c/{number}/{further}"


@both
def test_she_signs_adversely_with_four_parts_and_her_name_and_the_letter_is_made(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        address, place = step(desk, number, "adverse")
        done = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place))
        assert done.headers["location"] == f"/c/{number}/notice?said=signed", done.text
        assert (decisions(store, number), letters(store, number)) == (["adverse"], ["adverse"])
        assert "Adverse decision" in desk.get(f"/c/{number}/notice?said=signed", house.DIRECTOR).text
        assert "it is decided" in desk.get(f"/c/{number}/decide", house.DIRECTOR).text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"would": ""}, "Write what would show it."),
        ({"asks": " "}, "Write what the policy asks."),
        ({"why_not": "", "would": ""}, "Write the reason in four parts"),
        ({"read": ""}, "Say that you have read the documents"),
        ({"name": "Nina Nurse"}, "Type your name to sign"),
        ({"call_by": "soon"}, "Write until when the prescriber may call"),
        ({"call_by": "2026-11-20 17:00"}, "The letter cannot be made yet"),
        ({"channel": "dove"}, "Choose how it is sent."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_decided(store: Store, changed: dict[str, str], says: str) -> None:
    with office(store) as desk:
        number = with_director(store)
        address, place = step(desk, number, "adverse")
        answer = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place, **changed))
        assert answer.status_code == 422, answer.text
        assert says in answer.text
        assert "A newest HbA1c" in answer.text or "asks" in changed
        assert (decisions(store, number), letters(store, number)) == ([], [])


def test_a_signature_uses_her_credential_up(store: Store) -> None:
    with office(store, open_to_all=False) as desk:
        numbers = [with_director(store) for _ in range(2)]
        headers = proved(desk)
        found = []
        for number in numbers:
            address, place = step(desk, number, "adverse")
            page = desk.running.client.get(address, headers=headers).text
            marks = hidden(page, f"/c/{number}/decide/sign")
            found.append(desk.post(f"/c/{number}/decide/sign", headers, {**marks, **reason(place)}))
        assert [one.status_code for one in found] == [303, 422]
        assert "Type your password again" in found[1].text
        assert decisions(store, numbers[1]) == []


def test_the_letter_is_looked_at_in_a_frame_and_nothing_is_kept(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        address, place = step(desk, number, "adverse")
        marks = hidden(desk.get(address, house.DIRECTOR).text, f"/c/{number}/decide/sign")
        headers = desk.sign_in(house.DIRECTOR)
        marks["csrf"] = hidden(desk.running.client.get(address, headers=headers).text, f"/c/{number}/decide/sign")[
            "csrf"
        ]
        seen = desk.post(f"/c/{number}/decide/letter", headers, {**marks, **reason(place)})
        assert seen.status_code == 200
        assert "6.9 is not above 7.0." in seen.text
        assert "not verified: notice on language" in seen.text
        assert seen.headers["x-frame-options"] == "SAMEORIGIN"
        assert seen.headers["content-security-policy"].startswith("sandbox;")
        lacking = desk.post(f"/c/{number}/decide/letter", headers, {**marks, **reason(place, would="")})
        assert "The letter cannot be made yet" in lacking.text
        assert (decisions(store, number), letters(store, number)) == ([], [])


def test_indiana_asks_for_other_ways_to_help(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store, LATE)
        address = f"/c/{number}/decide?as=adverse&step=2"
        place = place_of(desk.get(address, house.DIRECTOR).text, "D.I.A")
        lacking = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place))
        assert lacking.status_code == 422
        assert "Indiana asks for suggested alternatives" in lacking.text
        helped = reason(place, alternatives="A sensor without a pump\nTraining", denial_code="N1: not shown")
        done = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **helped)
        assert done.headers["location"].endswith("said=signed"), done.text


def test_an_approval_beyond_the_criteria_has_its_reason(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        address = f"/c/{number}/decide?as=approve&step=2"
        lacking = desk.send(address, f"/c/{number}/decide/approve", house.DIRECTOR, why=" ")
        assert lacking.status_code == 422
        done = desk.send(address, f"/c/{number}/decide/approve", house.DIRECTOR, why="Severe lows at night.")
        assert done.headers["location"] == f"/c/{number}/notice?said=decided-approved"
        assert state(store, number) == "approved"


def test_a_part_is_less_than_was_asked_and_more_than_nothing(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store, TWO)
        address, place = step(desk, number, "part")
        for typed, says in (
            ("2", "approve as asked"),
            ("0", "decide adversely"),
            ("3", "at most 2"),
            ("x", "from 0 to 2"),
        ):
            answer = desk.send(
                address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place), **{"quantity-1": typed}
            )
            assert (answer.status_code, decisions(store, number)) == (422, []), typed
            assert says in answer.text, typed
        done = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place), **{"quantity-1": "1"})
        assert done.headers["location"].endswith("said=signed"), done.text
        assert (decisions(store, number), letters(store, number)) == (["part"], ["adverse"])


def test_of_one_thing_no_part_is_offered(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        assert "Approve in part" not in desk.get(f"/c/{number}/decide", house.DIRECTOR).text


def test_a_director_who_prepared_the_case_cannot_sign_it(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        house.done(store, setup.GrantRole(person="dora", role="nurse", valid_from=house.FIRST))
        house.done(store, Take(case=number), house.DIRECTOR._replace(role="nurse"))
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR)
        assert "you prepared this case as its nurse" in page.text
        assert "Decide adversely" not in page.text
        address, place = step(desk, number, "adverse")
        refused = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place))
        assert refused.status_code == 403
        assert decisions(store, number) == []


def test_a_nurse_finds_no_way_to_an_adverse_decision_by_page_form_or_address(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        assert "/decide" not in desk.get(f"/c/{number}", house.NURSE).text
        headers = desk.sign_in(house.NURSE)
        marks = hidden(desk.running.client.get(f"/c/{number}/clock", headers=headers).text, "/sign-out")
        for address in ("decide", "decide?as=adverse&step=2", "decide?as=part&step=2"):
            assert desk.get(f"/c/{number}/{address}", house.NURSE).status_code == 403
        for address in ("sign", "letter", "judge", "settle", "note", "take-back", "approve"):
            typed = {**marks, **reason("1"), "as": "adverse", "licence": house.LICENCE, "version": "3"}
            assert desk.post(f"/c/{number}/decide/{address}", headers, typed).status_code == 403, address
        assert decisions(store, number) == []


def test_documents_that_she_opened_are_counted(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        for name in ("one.pdf", "two.pdf"):
            file = File(title=name, media="application/pdf", content=name.encode())
            house.done(store, FileDocument(case=number, file=file), house.COORDINATOR)
        house.done(store, Read(case=number, what="document 2"), house.DIRECTOR)
        house.done(store, Read(case=number, what="document 1"), house.NURSE)
        if state(store, number) != "with-director":
            house.done(store, RouteToDirector(case=number), house.NURSE)
        page = desk.get(f"/c/{number}/decide?as=adverse&step=2", house.DIRECTOR).text
        assert "1 of 2 opened" in page


def test_an_appeal_is_decided_by_a_reviewer_who_was_not_there(store: Store) -> None:
    with office(store) as desk:
        _, number = appealed(store)
        for who in (house.DIRECTOR, house.BELOW):
            page = desk.get(f"/c/{number}/decide", who)
            assert "neither by the first reviewer nor by somebody below her" in page.text
        address, place = step(desk, number, "adverse", house.APPEALS)
        typed = reason(place, name="Apu Appeals", new_facts="The letter of the prescriber")
        done = desk.send(address, f"/c/{number}/decide/sign", house.APPEALS, **typed)
        assert done.headers["location"].endswith("said=signed"), done.text
        assert (decisions(store, number), letters(store, number)) == (["adverse"], ["appeal-decision"])


def test_a_case_that_is_with_a_nurse_is_brought_over_first(store: Store) -> None:
    with office(store) as desk:
        number = sent(store, house.example("ask"))
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert "Bring it to the medical directors" in page
        assert "What do you decide?" not in page


def test_without_an_office_she_signs_and_the_letter_is_made_outside(store: Store) -> None:
    house.furnish(store)
    with working(store) as desk:
        number = with_director(store)
        address, place = step(desk, number, "adverse")
        done = desk.send(address, f"/c/{number}/decide/sign", house.DIRECTOR, **reason(place))
        assert done.headers["location"].endswith("said=signed-no-office"), done.text


def test_the_same_form_sent_twice_decides_once(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        address, place = step(desk, number, "adverse")
        headers = desk.sign_in(house.DIRECTOR)
        marks = hidden(desk.running.client.get(address, headers=headers).text, f"/c/{number}/decide/sign")
        typed = {**marks, **reason(place)}
        assert desk.post(f"/c/{number}/decide/sign", headers, typed).status_code == 303
        again = desk.post(f"/c/{number}/decide/sign", headers, typed)
        assert again.status_code < 500
        assert (decisions(store, number), letters(store, number)) == (["adverse"], ["adverse"])


def test_the_name_of_the_director_stands_in_the_step(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        page = desk.get(f"/c/{number}/decide?as=adverse&step=2", house.DIRECTOR).text
        assert f"I decide this as: {NAME}, MD, endocrinology, MA MA-12345." in page
        assert CRITERION in page


def test_signing_on_an_older_version_says_what_is_new_keeps_the_text_and_uses_no_credential_up(store: Store) -> None:
    with office(store, open_to_all=False) as desk:
        number = with_director(store)
        address, place = step(desk, number, "adverse")
        headers = proved(desk)
        marks = hidden(desk.running.client.get(address, headers=headers).text, f"/c/{number}/decide/sign")
        house.done(store, Take(case=number), house.DIRECTOR)
        stale = desk.post(f"/c/{number}/decide/sign", headers, {**marks, **reason(place)})
        assert (stale.status_code, decisions(store, number)) == (409, [])
        assert "6.9 is not above 7.0." in stale.text
        marks = hidden(desk.running.client.get(address, headers=headers).text, f"/c/{number}/decide/sign")
        done = desk.post(f"/c/{number}/decide/sign", headers, {**marks, **reason(place)})
        assert (done.status_code, decisions(store, number)) == (303, ["adverse"])


def test_nothing_adverse_is_offered_or_signed_before_her_own_findings(store: Store) -> None:
    with office(store, read_first=True) as desk:
        number = with_director(store)
        page = desk.get(f"/c/{number}/decide?as=adverse&step=2", house.DIRECTOR).text
        assert "Decide adversely" not in page
        assert "asks-" not in page
        headers = desk.sign_in(house.DIRECTOR)
        shown = desk.running.client.get(f"/c/{number}/decide", headers=headers).text
        marks = hidden(shown, f"/c/{number}/decide/note")
        typed = {**marks, **reason("1"), "as": "adverse", "licence": house.LICENCE}
        answer = desk.post(f"/c/{number}/decide/sign", headers, typed)
        assert (answer.status_code, decisions(store, number)) == (422, [])
        assert "Note your own finding of each open criterion first." in answer.text


def test_what_documents_state_stands_beside_what_a_director_weighs(store: Store) -> None:
    with office(store, open_to_all=False) as desk:
        number, at = papers.with_letter(desk)
        house.done(store, RouteToDirector(case=number), house.NURSE)
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert "hemoglobin A1c was 8.4 % on November 2, 2026" in plain(page)
        assert f'href="{at}?page=1' in page
