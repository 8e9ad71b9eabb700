"""The letters of a case: listed, looked at, made of what there is to tell, and replaced where one is wrong."""

from __future__ import annotations

from priorauth.ledger.acts.notices import MakeNotice
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import adverse, sent
from tests.ledger.test_notices import TODAY
from tests.workbench.director import letters, office, with_director
from tests.workbench.house import hidden


def test_a_letter_is_looked_at_and_made_of_what_there_is_to_tell(store: Store) -> None:
    with office(store) as desk:
        number = str(house.received(store, "approve"))
        page = desk.get(f"/c/{number}/notice", house.NURSE).text
        assert "Make: Approval" in page
        assert "Make: Adverse decision" not in page
        at = f"/c/{number}/notice/new?kind=approval"
        typed = {"mailed": "2026-11-24", "channel": "fax"}
        headers = desk.sign_in(house.NURSE)
        shown = desk.running.client.get(at, headers=headers).text
        marks = hidden(shown, f"/c/{number}/notice/new")
        seen = desk.post(f"/c/{number}/notice/look", headers, {**marks, **typed})
        assert "Your request is approved" in seen.text
        assert letters(store, number) == []
        made = desk.post(f"/c/{number}/notice/new", headers, {**marks, **typed})
        assert made.headers["location"] == f"/c/{number}/notice/1?said=letter-made", made.text
        assert letters(store, number) == ["approval"]


def test_a_letter_of_what_was_not_decided_is_not_made(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        assert "There is nothing to tell yet" not in desk.get(f"/c/{number}/notice", house.NURSE).text
        at = f"/c/{number}/notice/new?kind=information"
        answer = desk.send(at, f"/c/{number}/notice/new", house.NURSE, kind="adverse", mailed="2026-11-24")
        assert (answer.status_code, letters(store, number)) == (422, [])


def test_what_stands_in_the_way_of_a_letter_is_said_beside_what_was_typed(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        house.done(store, adverse(number), house.DIRECTOR)
        at = f"/c/{number}/notice/new?kind=adverse"
        for typed, says in (
            ({"call_by": "2026-11-01 17:00"}, "The letter cannot be made yet"),
            ({"call_by": "soon"}, "Write until when the prescriber may call"),
            ({"call_by": "2026-12-08 17:00", "mailed": "today"}, "Write the day of mailing"),
        ):
            answer = desk.send(at, f"/c/{number}/notice/new", house.DIRECTOR, **typed, relies="Rule 1\nRule 2")
            assert (answer.status_code, says in answer.text) == (422, True), typed
            assert "Rule 1\nRule 2" in answer.text
        assert letters(store, number) == []


def test_a_letter_that_is_wrong_is_replaced_by_another_that_says_so(store: Store) -> None:
    with office(store) as desk:
        number = str(house.received(store, "approve"))
        house.done(store, MakeNotice(case=number, kind="approval", mailed=TODAY, copies=("prescriber",)), house.NURSE)
        at = f"/c/{number}/notice/new?kind=approval&replaces=1"
        made = desk.send(at, f"/c/{number}/notice/new", house.NURSE, mailed="2026-11-25")
        assert made.headers["location"].startswith(f"/c/{number}/notice/2"), made.text
        listed = desk.get(f"/c/{number}/notice", house.NURSE).text
        assert "takes the place of letter 1" in listed
        assert 'replaced by <a href="/c/' in listed
        assert desk.get(f"/c/{number}/notice/new?kind=approval&replaces=9", house.NURSE).status_code == 404


def test_a_clinic_sees_mailed_letters_alone(store: Store) -> None:
    with office(store) as desk:
        number = sent(store, house.example("approve"))
        house.done(store, MakeNotice(case=number, kind="approval", mailed=TODAY, copies=("prescriber",)), house.NURSE)
        page = desk.get(f"/c/{number}/notice", house.COORDINATOR).text
        assert "No letter was mailed yet" in page
        assert "notice/new" not in page
        for address in ("notice/1", "notice/1/page", "notice/1/pdf"):
            assert desk.get(f"/c/{number}/{address}", house.COORDINATOR).status_code == 404


def test_without_an_office_the_page_says_what_is_missing(store: Store) -> None:
    with office(store) as desk:
        house.done(store, SetUp(title="A plan", zone="America/New_York", settings={}), house.SYSTEM)
        number = with_director(store)
        assert "No office that writes letters is set up" in desk.get(f"/c/{number}/notice", house.NURSE).text
