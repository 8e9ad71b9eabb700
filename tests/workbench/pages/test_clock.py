"""The clocks of a case: extended on a ground of their own list, and what the law makes of one that was missed."""

from __future__ import annotations

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import HOUR, LATE, LAW, rows, sent
from tests.workbench.director import decisions, office, with_director


def test_a_clock_is_extended_on_a_ground_of_its_list_and_the_letter_comes_next(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        at = f"/c/{number}/clock"
        page = desk.get(at, house.DIRECTOR).text
        assert "the member asks for it" in page
        assert "extraordinary circumstances" not in page
        typed = {"ground": "mh-std extraordinary", "days": "many", "why": ""}
        lacking = desk.send(at, f"{at}/extend", house.DIRECTOR, **typed)
        assert lacking.status_code == 422
        for says in ("Choose the clock and the ground.", "Write by how many days", "Write why, in a sentence."):
            assert says in lacking.text
        typed = {"ground": "mh-std member-asks", "days": "7", "why": "She asked for time."}
        done = desk.send(at, f"{at}/extend", house.DIRECTOR, **typed)
        assert done.headers["location"] == f"/c/{number}/notice/new?kind=extension&said=extended", done.text
        assert [row["what"] for row in rows(store, t.event, case_no=number)][-1] != "read"
        letter = {"extends": "You asked for more time.", "mailed": "2026-11-24"}
        made = desk.send(done.headers["location"], f"/c/{number}/notice/new", house.DIRECTOR, **letter)
        assert made.headers["location"].startswith(f"/c/{number}/notice/1"), made.text


def test_a_nurse_extends_nothing(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        page = desk.get(f"/c/{number}/clock", house.NURSE)
        assert page.status_code == 200
        assert "clock/extend" not in page.text


def test_an_overdue_case_offers_authorization_by_law_and_records_who_did_it(store: Store) -> None:
    with office(store) as desk:
        number = sent(store, LATE)
        due = next(row["due_at"] for row in rows(store, t.clock, case_no=number) if row["rule"] == LAW)
        assert "clock/law" not in desk.get(f"/c/{number}/clock", house.NURSE).text
        desk.now = due + HOUR
        at = f"/c/{number}/clock"
        page = desk.get(at, house.NURSE).text
        assert "the service is authorized by law" in page
        assert desk.send(at, f"{at}/law", house.NURSE, because="").status_code == 422
        done = desk.send(at, f"{at}/law", house.NURSE, because="Nothing stopped it.")
        assert done.headers["location"] == f"/c/{number}/notice/new?kind=missed-clock&said=by-law"
        assert decisions(store, number) == ["by-law"]
        assert rows(store, t.decision, case_no=number)[0]["signer"] == "nina"


def test_a_missed_clock_whose_law_says_otherwise_offers_no_authorization(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        due = rows(store, t.cases, case_no=number)[0]["due_at"]
        desk.now = due + HOUR
        page = desk.get(f"/c/{number}/clock", house.DIRECTOR).text
        assert "overdue since" in page
        assert "clock/law" not in page
        assert "Tell that it was not decided in time" in page
