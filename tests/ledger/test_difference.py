"""The difference of two runs says what turned, what is new, what is no longer asked; of the same run, nothing."""

from __future__ import annotations

import json
from typing import Any

from priorauth import Determination, determine
from priorauth.ledger.difference import differences, sentences
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


def test_an_item_that_was_not_there_before_comes_from_nothing() -> None:
    (found,) = differences([], run("ask"))
    assert (found.before, found.after) == (None, "request-information")
    assert next(sentences([found])) == "Item 1: nothing became request information."
