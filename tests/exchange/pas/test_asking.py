"""What is asked stands in CommunicationRequests and Tasks: each with its criterion, what is on file, the question."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.pas.codes import FORM, LOINC
from tests.exchange.house import Exchange
from tests.exchange.pas.sending import asking, case_of, item, of_kind, response, send

Json = dict[str, Any]


def payload(one: Json) -> Json:
    (found,) = one["payload"]
    return dict(found)


def line_of(holder: Json, name: str = "serviceLineNumber") -> int:
    found = next(one for one in holder["extension"] if one["url"].endswith(name))
    number: int = next(part for key, part in found.items() if key != "url")
    return number


@pytest.mark.shall("PAS 2.2.1/ainfo-3", "PAS 2.0.1/15")
def test_a_form_is_asked_for_first_and_then_each_thing_by_its_code_or_in_words(exchange: Exchange) -> None:
    made = send(exchange, asking("ask"))
    form, finding, logs = of_kind(made, "CommunicationRequest")
    assert (payload(form)["contentString"], payload(finding)["contentString"]) == (FORM, "4548-4")
    assert payload(logs)["contentString"] == "41653-7"
    references = [one["reference"] for one in response(made)["communicationRequest"]]
    urls = {one["fullUrl"]: one["resource"]["resourceType"] for one in made["entry"]}
    assert [urls[one] for one in references] == ["CommunicationRequest"] * 3


def test_a_thing_that_is_asked_says_criterion_evidence_and_question(exchange: Exchange) -> None:
    finding = of_kind(send(exchange, asking("ask")), "CommunicationRequest")[1]
    assert finding["reasonCode"] == [{"text": "II.A.T.7"}]
    criterion, evidence, question = (one["text"] for one in finding["note"])
    assert criterion == "II.A.T.7: Most recent HbA1c above 7.0 percent"
    assert evidence.startswith("on file: HbA1c 8.7 %")
    assert question.startswith("asked of the prescriber: What is the most recent HbA1c")


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_each_is_of_the_line_of_its_item_and_of_its_diagnosis(exchange: Exchange, version: str) -> None:
    bundle = asking("ask")
    item(bundle)["sequence"] = 7
    made = send(exchange, bundle, version)
    asked = of_kind(made, "CommunicationRequest")
    holders = [payload(one) if version == "2.0" else one for one in asked]
    assert [line_of(one) for one in holders] == [7, 7, 7]
    assert ("extension" in asked[0]) == (version == "2.2")
    for one in asked:
        urls = [part["url"].rpartition("-")[2] for part in payload(one)["extension"]]
        assert "communicatedDiagnosis" in urls


def test_who_is_asked_and_who_asks(exchange: Exchange) -> None:
    made = send(exchange, asking("ask"))
    first = of_kind(made, "CommunicationRequest")[0]
    assert first["requester"] == response(made)["insurer"]
    assert first["recipient"] == [response(made)["insurer"]]
    assert first["sender"] == response(made)["requestor"]
    assert first["medium"][0]["coding"][0]["code"] == "CDEX"


@pytest.mark.shall(
    "PAS 2.0.1/18",
    "PAS 2.0.1/19",
    "PAS 2.0.1/20",
    "PAS 2.0.1/25",
    "PAS 2.0.1/26",
    "PAS 2.0.1/27",
    "PAS 2.0.1/28",
    "PAS 2.0.1/29",
    "PAS 2.0.1/31",
    "PAS 2.0.1/32",
)
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_tasks_list_the_forms_and_the_findings_with_a_code(exchange: Exchange, version: str) -> None:
    bundle = asking("ask")
    item(bundle)["sequence"] = 7
    made = send(exchange, bundle, version)
    form, papers = of_kind(made, "Task")
    traces = [one["extension"][0]["valueIdentifier"]["value"] for one in response(made)["item"]]
    inputs = form["input"][1:]
    if version == "2.0":
        assert [one["valueIdentifier"]["value"] for one in inputs] == traces
    else:
        assert [one["valueString"] for one in inputs] == traces
    kind = "questionnaires-needed" if version == "2.0" else "questionnaire-context"
    assert {one["type"]["coding"][0]["code"] for one in inputs} == {kind}
    assert [one["valueCodeableConcept"]["coding"][0] for one in papers["input"][1:]] == [
        {"system": LOINC, "code": code} for code in ("4548-4", "41653-7")
    ]
    name = "paLineNumber" if version == "2.0" else "serviceLineNumber"
    assert [line_of(one, name) for one in papers["input"][1:]] == [7, 7]
    for task in (form, papers):
        assert task["input"][0]["valueUrl"].endswith(f"/{version}/fhir")
        assert task["restriction"]["period"]["end"] > "2026-11-24"
        assert task["reasonReference"] == response(made)["request"]
        assert task["owner"]["identifier"] == {"system": "urn:example:supplier", "value": "S-1"}
        assert task["requester"]["identifier"]["value"] == "1234567893"


@pytest.mark.parametrize("name", ["approve", "review", "not-yet", "conflict"])
def test_where_nothing_is_asked_there_is_neither(exchange: Exchange, name: str) -> None:
    made = send(exchange, asking(name))
    assert of_kind(made, "CommunicationRequest") == of_kind(made, "Task") == []
    assert "communicationRequest" not in response(made)
    assert case_of(made)
