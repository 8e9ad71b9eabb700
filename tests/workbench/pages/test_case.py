"""The case page: who has it, what is open, what the record says beside it; for the clinic nothing of our hands."""

from __future__ import annotations

import re

import pytest

from priorauth.ledger.acts.calls import Note
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.intake import Answer
from priorauth.ledger.acts.queues import Take
from tests.ledger import house
from tests.ledger.standing import case
from tests.workbench.house import Desk, plain

FHIR = "application/fhir+json"


def test_the_head_says_who_has_the_case_until_when_and_that_asking_does_not_stop_the_clock(day: Desk) -> None:
    number = day.receive("conflict")
    text = plain(day.get(f"/c/{number}", house.NURSE).text)
    assert "With the payer's nurse. Decide by Tue 1 Dec 2026 (federal 7 days" in text
    assert "Asking does not stop the clock." in text
    assert "1 with two sides · nobody has taken it" in text


def test_two_sides_stand_beside_each_other_with_their_value_day_and_source(day: Desk) -> None:
    number = day.receive("conflict")
    page = day.get(f"/c/{number}", house.NURSE).text
    sides = [plain(one) for one in re.findall(r'<div class="side">(.*?)</div>', page, re.DOTALL)]
    assert len(sides) == 2
    assert "at least 4 a day on average: not shown, 2 a day" in sides[0]
    assert "60 times self-test of glucose 22 Oct to 20 Nov 2026 meter reading" in sides[0]
    assert "shown" in sides[1]
    assert "since 15 Jan 2026 form answer" in sides[1]
    assert f'href="/c/{number}/settle/II.A.T.5"' in page


def test_what_does_not_count_says_why_and_from_which_day_it_would(day: Desk) -> None:
    number = day.receive("ask")
    text = plain(day.get(f"/c/{number}", house.NURSE).text)
    assert "HbA1c 8.7 % 15 Jul 2025 laboratory result does not count: too old, counts from 21 Nov 2025" in text


def test_the_window_of_an_open_criterion_is_drawn_beside_it_with_a_table(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('ask')}", house.NURSE).text
    assert "window: 21 Nov 2025 to 20 Nov 2026" in page
    assert "<caption>Evidence and the days that count</caption>" in page


def test_a_part_below_what_is_shown_is_folded_and_never_missing(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('conflict')}", house.NURSE).text
    sign = page[page.index("At least one sign of unstable glucose") :]
    below = sign[: sign.index("Injections were tried")]
    assert "Glucose before meals varies" in below
    assert "not needed" in below
    assert "m-unknown" not in below


def test_a_case_that_is_ready_is_approved_with_one_press(day: Desk) -> None:
    number = day.receive("approve")
    page = day.get(f"/c/{number}", house.NURSE).text
    assert "Nothing is open. Every criterion of the policy is shown." in plain(page)
    assert day.send(f"/c/{number}", f"/c/{number}/approve", house.NURSE).headers["location"].endswith("said=approved")
    after = plain(day.get(f"/c/{number}", house.NURSE).text)
    assert "Approved, 24 Nov 2026, Nina Nurse" in after
    assert "approval" in after


def test_approve_is_off_and_says_why_where_a_criterion_is_open(day: Desk) -> None:
    number = day.receive("conflict")
    page = day.get(f"/c/{number}", house.NURSE).text
    assert re.search(r"<button disabled[^>]*>Approve</button>", page)
    assert "off: 1 with two sides" in plain(page)


def test_a_nurse_finds_no_way_to_an_adverse_decision(day: Desk) -> None:
    number = day.receive("review")
    page = day.get(f"/c/{number}", house.NURSE).text
    assert not re.search(r'(?:action|href)="[^"]*(?:adverse|decide)', page)


def test_the_clinic_sees_the_criteria_and_the_clock_and_nothing_of_the_payers_hands(day: Desk) -> None:
    number = day.receive("ask")
    house.done(day.store, Take(case=number), house.NURSE)
    house.done(day.store, Note(case=number, said="I doubt the log"), house.NURSE)
    page = day.get(f"/c/{number}", house.COORDINATOR).text
    text = plain(page)
    assert "You have it: questions are open. Decide by" in text
    assert "Most recent HbA1c above 7.0 percent" in text
    assert f'href="/c/{number}/answer"' in page
    for hidden in ("Nina", "I doubt", "/take", "/ask", "Note for colleagues", "/runs", "Previous case"):
        assert hidden not in page, hidden


def test_another_clinic_finds_no_case_of_that_number(day: Desk) -> None:
    number = day.receive("ask")
    for path in ("", "/timeline", "/criterion/II.A.T.7", "/glucose", "/newer?run=1"):
        assert day.get(f"/c/{number}{path}", house.OTHER_CLINIC).status_code == 404


def test_a_document_says_which_criteria_it_was_used_for(day: Desk) -> None:
    number = day.receive("ask")
    a1c = (
        b'{"resourceType": "Observation", "id": "new-a1c", "status": "final", "subject": {"reference": "Patient/ask"},'
        b' "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}, "effectiveDateTime": "2026-11-10",'
        b' "valueQuantity": {"value": 8.1, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}}'
    )
    file = File(title="lab.json", media=FHIR, content=a1c, kind="resources")
    house.done(day.store, FileDocument(case=number, file=file), house.COORDINATOR)
    page = day.get(f"/c/{number}", house.NURSE).text
    row = next(one for one in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if "lab.json" in one)
    assert "II.A.T.7" in row
    assert f'href="/c/{number}/documents/1"' in row


def test_a_note_is_kept_and_shown_to_colleagues_and_an_empty_one_is_asked_for_again(day: Desk) -> None:
    number = day.receive("review")
    empty = day.send(f"/c/{number}", f"/c/{number}/note", house.NURSE, said=" ")
    assert empty.status_code == 422
    assert "Write the note first." in empty.text
    day.send(f"/c/{number}", f"/c/{number}/note", house.NURSE, said="Meter <file> comes tomorrow")
    assert "Meter &lt;file&gt; comes tomorrow" in day.get(f"/c/{number}", house.SECOND_NURSE).text


def test_a_newer_run_is_told_once_it_is_there_and_nothing_before(day: Desk) -> None:
    number = day.receive("ask")
    assert day.get(f"/c/{number}/newer?run=1", house.NURSE).status_code == 204
    house.done(day.store, answered(number), house.COORDINATOR)
    said = day.get(f"/c/{number}/newer?run=1", house.NURSE)
    assert "Answers came" in said.text
    assert f'href="/c/{number}/runs/1..2"' in said.text
    assert day.get(f"/c/{number}/newer?run=2", house.NURSE).status_code == 204
    assert day.get(f"/c/{number}/newer?run=x", house.NURSE).status_code == 204


def test_the_page_asks_for_newer_runs_by_itself_and_htmx_writes_no_style(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('ask')}", house.NURSE).text
    assert 'hx-trigger="every 15s"' in page
    assert '{"includeIndicatorCSS": false}' in page


@pytest.mark.parametrize("way", ["next", "previous"])
def test_from_a_case_one_goes_to_the_one_beside_it_and_at_the_end_to_the_worklist(day: Desk, way: str) -> None:
    for name in ("review", "conflict"):
        day.receive(name)
    seen = []
    here = day.get("/queue/nurse", house.NURSE).text
    listed = re.findall(r'class="row-link" href="/c/([\d-]+)\?in=nurse"', here)
    at = listed[0] if way == "next" else listed[-1]
    for _ in range(len(listed) + 1):
        seen.append(at)
        to = day.get(f"/c/{at}/{way}?in=nurse", house.NURSE).headers["location"]
        if to.startswith("/queue/nurse"):
            break
        at = to.removeprefix("/c/").partition("?")[0]
    assert seen == (listed if way == "next" else listed[::-1])


def test_opening_a_case_is_recorded_and_changes_no_version(day: Desk) -> None:
    number = day.receive("review")
    before = case(day.store, number)["version"]
    day.get(f"/c/{number}", house.NURSE)
    assert case(day.store, number)["version"] == before


def answered(number: str) -> Answer:
    """Return answers to some of what is asked."""
    form = (
        b'{"resourceType": "QuestionnaireResponse", "id": "late", "status": "completed", "authored": "2026-11-24",'
        b' "subject": {"reference": "Patient/ask"},'
        b' "item": [{"linkId": "motivated", "answer": [{"valueBoolean": true}]}]}'
    )
    return Answer(case=number, response=form)
