"""A clinician judges, settles, notes and takes back on the page of her decision; each word has its reason."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.words import Judge, Propose
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench.director import CRITERION, office, state, with_director
from tests.workbench.house import Desk, hidden

FACT = "hba1c_exception_granted"


def fields(desk: Desk, number: str, action: str, holds: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the header of a session and the hidden fields of the form of an address that holds a text."""
    headers = desk.sign_in(house.DIRECTOR)
    page = desk.running.client.get(f"/c/{number}/decide", headers=headers).text
    for found in re.findall(rf'(<form[^>]*action="/c/{number}/decide/{action}".*?</form>)', page, re.DOTALL):
        if holds in found:
            return headers, hidden(found, f"/c/{number}/decide/{action}")
    raise AssertionError(f"no form {action} with {holds}")


def newer_result() -> bytes:
    """Return the HbA1c of the example anew, as a result of last month."""
    entries = json.loads(house.example("ask"))["entry"]
    (found,) = (one["resource"] for one in entries if one["resource"]["id"] == "a1c-1")
    return json.dumps({**found, "id": "a1c-2", "effectiveDateTime": "2026-10-20"}).encode()


def words(store: Store, number: str) -> list[tuple[str, str, bool | None]]:
    return [(row["kind"], row["subject"], row["value"]) for row in rows(store, t.word, case_no=number)]


def test_a_judgment_is_kept_with_its_reason_and_what_the_policy_says_is_shown_after_it(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert "With your answers the policy says" not in page
        headers, marks = fields(desk, number, "judge", FACT)
        place, at = marks["place"], f"/c/{number}/decide/judge"
        lacking = desk.post(at, headers, {**marks, f"answer-{place}": "maybe", f"because-{place}": " "})
        assert lacking.status_code == 422
        assert "Choose yes, no, or that you need more." in lacking.text
        assert words(store, number) == []
        typed = {**marks, f"answer-{place}": "no", f"because-{place}": "No severe lows."}
        assert desk.post(at, headers, typed).headers["location"].endswith("said=judged")
        assert words(store, number) == [("judgment", FACT, False)]
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert "With your answers the policy says" in page
        assert "No severe lows." in page


def test_that_she_needs_more_is_noted_and_judges_nothing(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        headers, marks = fields(desk, number, "judge", FACT)
        typed = {**marks, f"answer-{marks['place']}": "more", f"because-{marks['place']}": "The meter file."}
        done = desk.post(f"/c/{number}/decide/judge", headers, typed)
        assert done.headers["location"].endswith("said=needs-more")
        assert words(store, number) == []
        assert rows(store, t.event, case_no=number)[-1]["data"]["say"] == {"subject": FACT, "finding": "more"}


def test_she_settles_a_criterion_and_sees_what_a_nurse_proposed(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        house.done(store, Propose(case=number, criterion=CRITERION, value=True, why="The letter says so."), house.NURSE)
        assert "The letter says so." in desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        headers, marks = fields(desk, number, "settle", f'value="{CRITERION}"')
        place, at = marks["place"], f"/c/{number}/decide/settle"
        assert desk.post(at, headers, {**marks, f"reason-{place}": "so"}).status_code == 422
        done = desk.post(at, headers, {**marks, f"side-{place}": "shown", f"reason-{place}": "The letter shows it."})
        assert done.headers["location"].endswith("said=settled")
        assert words(store, number)[-1] == ("settlement", f"settle.{CRITERION}", True)
        assert state(store, number) == "with-director"


def test_a_word_given_before_a_document_is_flagged_and_confirmed_or_taken_back(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        house.done(store, Judge(case=number, fact=FACT, value=False, why="no lows"), house.DIRECTOR)
        assert "given before this document" not in desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        file = File(title="lab.json", media="application/fhir+json", content=newer_result(), kind="resources")
        desk.now += timedelta(hours=1)
        house.done(store, FileDocument(case=number, file=file), house.COORDINATOR, desk.now)
        if state(store, number) != "with-director":
            house.done(store, RouteToDirector(case=number), house.NURSE, desk.now)
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert "given before this document" in page
        assert "lab.json" in page
        headers, marks = fields(desk, number, "take-back", FACT)
        at = f"/c/{number}/decide/take-back"
        assert desk.post(at, headers, {**marks, "do": "confirm"}).status_code == 422
        typed = {**marks, "do": "confirm", f"word-{marks['place']}": "It says no more."}
        assert desk.post(at, headers, typed).headers["location"].endswith("said=word-confirmed")
        assert "given before this document" not in desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        headers, marks = fields(desk, number, "take-back", FACT)
        typed = {**marks, "do": "back", f"word-{marks['place']}": "I was wrong."}
        assert desk.post(at, headers, typed).headers["location"].endswith("said=word-taken-back")
        assert words(store, number)[-1] == ("withdrawal", FACT, None)


def test_with_read_first_the_director_sees_no_marks_before_her_own_finding(store: Store) -> None:
    with office(store, read_first=True) as desk:
        number = with_director(store)
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert 'class="mark' not in page
        assert "does not count" not in page
        assert "decide/judge" not in page
        for other in ("ask", "runs/1..1", "appeal/review"):
            kept = desk.get(f"/c/{number}/{other}", house.DIRECTOR)
            assert 'class="mark' not in kept.text, other
            assert kept.status_code in (303, 404), other
        assert 'class="mark' not in desk.get(f"/c/{number}/documents", house.DIRECTOR).text
        count = page.count("/decide/note")
        assert count > 0
        for _ in range(count):
            headers, marks = fields(desk, number, "note", "subject")
            place, at = marks["place"], f"/c/{number}/decide/note"
            typed = {**marks, f"finding-{place}": "not-shown", f"finds-{place}": f"By myself {place}."}
            assert desk.post(at, headers, typed).headers["location"].endswith("said=finding-noted")
        page = desk.get(f"/c/{number}/decide", house.DIRECTOR).text
        assert 'class="mark' in page
        assert page.count("You found: <strong>not shown</strong>") == count
        assert "/decide/note" not in page


def test_read_first_may_be_of_some_payers_and_a_finding_has_its_reason(store: Store) -> None:
    with office(store, read_first=["caresource"]) as desk:
        other = with_director(store)
        assert "/decide/note" not in desk.get(f"/c/{other}/decide", house.DIRECTOR).text
        number = with_director(store, house.example("review"))
        headers, marks = fields(desk, number, "note", "subject")
        lacking = desk.post(f"/c/{number}/decide/note", headers, {**marks, f"finding-{marks['place']}": "shown"})
        assert (lacking.status_code, "Write why, in a sentence." in lacking.text) == (422, True)


def test_a_form_that_does_not_say_which_criterion_it_is_of_is_refused(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        house.done(store, Read(case=number, what="case"), house.DIRECTOR)
        headers, marks = fields(desk, number, "judge", FACT)
        for place in ("", "x", "²"):
            answer = desk.post(f"/c/{number}/decide/judge", headers, {**marks, "place": place})
            assert answer.status_code == 422, place
