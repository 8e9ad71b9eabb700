"""The difference of two runs says what turned, what is new, what is no longer asked; of the same run, nothing."""

from __future__ import annotations

import json
from typing import Any

from priorauth import Determination, determine
from priorauth.documents.rows import Proposed
from priorauth.ledger.difference import differences, sentences
from tests.documents.stated import document, says, word
from tests.ledger.house import example


def run(name: str, *more: dict[str, Any]) -> list[Determination]:
    bundle = json.loads(example(name))
    bundle["entry"] += [{"resource": one} for one in more]
    return determine(json.dumps(bundle).encode())


A1C = {
    "resourceType": "Observation",
    "id": "new",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
    "subject": {"reference": "Patient/ask"},
    "effectiveDateTime": "2026-11-01",
    "valueQuantity": {"value": 8.6, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
}


def test_two_runs_of_the_same_record_differ_in_nothing() -> None:
    assert all(one.same for one in differences(run("ask"), run("ask")))
    assert list(sentences(differences(run("ask"), run("ask")))) == ["Item 1: nothing is different."]


def test_a_new_result_turns_its_criterion_and_closes_its_question() -> None:
    (found,) = differences(run("ask"), run("ask", A1C))
    assert [(one.criterion, one.before, one.after) for one in found.turned if one.criterion == "II.A.T.7"] == [
        ("II.A.T.7", "unknown", "met")
    ]
    assert ("Observation/new", "8.6 %", "2026-11-01") in [(one.reference, one.value, one.date) for one in found.new]
    assert any("HbA1c" in said for said in found.closed)
    (back,) = differences(run("ask", A1C), run("ask"))
    assert [one.reference for one in back.gone] == [one.reference for one in found.new]
    assert back.asked == found.closed


def test_what_differs_is_said_in_sentences() -> None:
    said = list(sentences(differences(run("ask"), run("ask", A1C))))
    assert any("missing before, shown now" in line for line in said)
    assert any(line.startswith("Item 1: new for II.A.T.7: HbA1c 8.6 %, 2026-11-01") for line in said)
    assert any(line.startswith("Item 1: no longer asked: ") for line in said)


def told(*documents: Proposed) -> list[Determination]:
    return determine(example("approve"), documents=documents)


def test_a_document_that_opened_a_criterion_or_was_confirmed_is_named_with_its_page_and_who_confirmed_it() -> None:
    result = says("hba1c", "8.8 %", "2026-11-18", quote="A1c 8.8 %")
    opened = list(sentences(differences(told(), told(document(result)))))
    name = "Item 1: Most recent HbA1c above 7.0 percent (II.A.T.7)"
    assert f"{name}: shown before, missing now." in opened
    assert f'{name}: a document says: "A1c 8.8 %" (page 2), not confirmed, in note.pdf.' in opened
    closed = list(sentences(differences(told(document(result)), told(document(result, confirmed=(word(),))))))
    assert f"{name}: missing before, shown now." in closed
    named = "HbA1c 8.8 %, 2026-11-18, document, seen by N. Nurse: note.pdf, page 2"
    assert f"Item 1: new for II.A.T.7: {named}." in closed


def test_an_item_that_was_not_there_before_comes_from_nothing() -> None:
    (found,) = differences([], run("ask"))
    assert (found.before, found.after) == (None, "request-information")
    assert next(sentences([found])) == "Item 1: nothing became request information."
