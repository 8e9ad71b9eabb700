"""What is done with a case from its page: routed, handed over, put off, closed; an older page does nothing."""

from __future__ import annotations

import pytest

from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.intake import Answer
from priorauth.ledger.acts.queues import Take
from tests.ledger import house
from tests.ledger.standing import case
from tests.workbench.house import Desk, hidden, plain

PAPER = File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.4")
RESULT = (
    b'{"resourceType": "Observation", "id": "new-a1c", "status": "final", "subject": {"reference": "Patient/ask"},'
    b' "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}, "effectiveDateTime": "2026-11-10",'
    b' "valueQuantity": {"value": 8.1, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}}'
)


def test_a_case_goes_to_a_director_with_a_reason_and_back(day: Desk) -> None:
    number = day.receive("review")
    at = f"/c/{number}"
    assert day.send(at, f"{at}/to-director", house.NURSE, why="c-peptide").headers["location"].endswith("to-director")
    assert case(day.store, number)["state"] == "with-director"
    assert "c-peptide" in day.get(at, house.DIRECTOR).text
    day.send(at, f"{at}/to-nurse", house.DIRECTOR)
    assert case(day.store, number)["state"] == "with-nurse"


def test_a_case_is_handed_to_a_colleague_by_her_who_has_it(day: Desk) -> None:
    number = day.receive("review")
    at = f"/c/{number}"
    assert "/hand-over" not in day.get(at, house.NURSE).text
    house.done(day.store, Take(case=number), house.NURSE)
    nobody = day.send(at, f"{at}/hand-over", house.NURSE, person="", why="I leave early")
    assert nobody.status_code == 422
    assert "Choose a colleague." in nobody.text
    assert day.send(at, f"{at}/hand-over", house.NURSE, person="nora").status_code == 303
    assert case(day.store, number)["owner"] == "nora"


def test_a_case_is_put_off_for_hours_that_the_clock_admits_and_no_more_are_offered(day: Desk) -> None:
    number = day.receive("conflict")
    at = f"/c/{number}"
    assert 'value="24"' in day.get(at, house.NURSE).text
    assert day.send(at, f"{at}/snooze", house.NURSE).status_code == 422
    assert day.send(at, f"{at}/snooze", house.NURSE, hours="4").status_code == 303
    late = case(day.store, number)["due_at"]
    before, day.now = day.now, late.replace(hour=late.hour - 3)
    page = day.get(at, house.NURSE).text
    day.now = before
    assert 'name="hours"' not in page


@pytest.mark.parametrize(
    ("way", "fields", "state"),
    [
        ("elsewhere", {"why": "The pharmacy plan decides it."}, "sent-elsewhere"),
        ("not-ours", {"why": "Of another plan since June."}, "not-ours"),
        ("in-error", {"why": "Sent twice by the portal."}, "filed-in-error"),
    ],
)
def test_a_case_ends_without_a_decision_with_why(day: Desk, way: str, fields: dict[str, str], state: str) -> None:
    number = day.receive("review")
    at = f"/c/{number}/close"
    bare = day.send(at, at, house.NURSE, way=way)
    assert bare.status_code == 422
    assert "Write why, and where the request belongs." in bare.text
    assert day.send(at, at, house.NURSE, way=way, **fields).headers["location"] == f"/c/{number}?said={way}"
    assert case(day.store, number)["state"] == state


def test_a_second_copy_is_closed_with_the_number_of_the_first(day: Desk) -> None:
    first, second = day.receive("review"), day.receive("review")
    at = f"/c/{second}/close"
    bare = day.send(at, at, house.NURSE, way="duplicate")
    assert "Write the number of the other case." in bare.text
    assert day.send(at, at, house.NURSE, way="duplicate", of=first).status_code == 303
    assert case(day.store, second)["state"] == "duplicate"
    assert "Nothing is left to close." in day.get(at, house.NURSE).text


def test_no_way_of_closing_is_chosen_beforehand(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('review')}/close", house.NURSE).text
    assert "checked" not in page


def test_approving_on_an_older_run_is_refused_with_the_difference_and_keeps_the_text(day: Desk) -> None:
    number = day.receive("approve")
    at = f"/c/{number}"
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(at, headers=headers).text, f"{at}/approve")
    answer = (
        b'{"resourceType": "QuestionnaireResponse", "id": "late", "status": "completed", "authored": "2026-11-24",'
        b' "subject": {"reference": "Patient/approve"},'
        b' "item": [{"linkId": "motivated", "answer": [{"valueBoolean": false}]}]}'
    )
    house.done(day.store, Answer(case=number, response=answer), house.COORDINATOR)
    late = day.post(f"{at}/approve", headers, {**marks, "why": "All is shown."})
    text = plain(late.text)
    assert late.status_code == 409
    assert "The case has changed since you opened it" in text
    assert "coordinator: answered" in text
    assert "approve became" in text
    assert "Motivated to keep glucose under good control" in text
    assert ">All is shown.</textarea>" in late.text
    assert "open it, read it, then decide" in text
    assert case(day.store, number)["closed_at"] is None


def test_what_decides_nothing_is_sent_again_from_the_page_that_says_what_is_new(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}"
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(at, headers=headers).text, f"{at}/to-director")
    file = File(title="lab.json", media="application/fhir+json", content=RESULT, kind="resources")
    house.done(day.store, FileDocument(case=number, file=file), house.COORDINATOR)
    late = day.post(f"{at}/to-director", headers, {**marks, "why": "Look at the log."})
    assert late.status_code == 409
    assert "missing before, shown now" in plain(late.text)
    again = hidden(late.text, f"{at}/to-director")
    done = day.post(f"{at}/to-director", headers, {**again, "why": "Look at the log."})
    assert done.status_code == 303
    assert case(day.store, number)["state"] == "with-director"


def test_a_form_that_is_posted_twice_is_one_act(day: Desk) -> None:
    number = day.receive("review")
    at = f"/c/{number}"
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(at, headers=headers).text, f"{at}/take")
    assert [day.post(f"{at}/take", headers, marks).status_code for _ in range(2)] == [303, 303]
    assert case(day.store, number)["version"] == 2
