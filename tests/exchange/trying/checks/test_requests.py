"""A request and its answer, an inquiry, an update, the end of a request: what is wrong with each is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from priorauth.exchange.trying import case
from priorauth.exchange.trying.checks import requests
from priorauth.exchange.trying.found import tried
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.shapes import PAS
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import Tried, answered, named
from tests.exchange.trying.spoiling import (
    OK,
    Exchanged,
    Json,
    Spoil,
    answers,
    broken,
    configured,
    every,
    on,
    pop,
    says,
)

SHOWN: Json = {**OK, "entry": [{"resource": {"resourceType": "ClaimResponse", "item": [{}]}}]}


def response(change: Callable[[Json], object]) -> Spoil:
    return every("ClaimResponse", change, "$submit")


def action(code: str) -> Callable[[Json], object]:
    """Return what gives each item another action."""

    def changed(one: Json) -> None:
        for item in one["item"]:
            for held in item["adjudication"]:
                for review in held["extension"]:
                    review["extension"] = [
                        {
                            "url": f"{PAS}/extension-reviewActionCode",
                            "valueCodeableConcept": {"coding": [{"code": code}]},
                        }
                    ]

    return changed


def cancels(one: Exchanged) -> bool:
    return b"extension-certificationType" in one.asked and b'"related"' in one.asked


def strange(one: Exchanged) -> bool:
    return b"never-sent-" in one.asked


SPOILED: dict[str, Spoil] = {
    "submit.answers": on("$submit", lambda one: {**one, "entry": one["entry"][1:]}),
    "submit.bundle": on("$submit", lambda one: {**one, "type": "searchset"}),
    "submit.claim-response": response(pop("created")),
    "submit.outcome": response(says(outcome="queued")),
    "submit.request": response(says(request={"reference": "Claim/another"})),
    "submit.items": response(lambda one: one["item"][0].update(itemSequence=2)),
    "submit.adjudication": response(action("A9")),
    "submit.approved": response(action("A1")),
    "submit.pended": response(lambda one: one["item"][0].pop("extension")),
    "submit.denied": response(lambda one: (action("A3")(one), one.pop("processNote"))),
    "submit.reviewer": response(pop("extension")),
    "submit.references": response(says(insurer={"reference": "Organization/nowhere"})),
    "submit.echo": every("Patient", says(identifier=[]), "$submit"),
    "submit.parameters": answers("$submit", 400, when=lambda one: b"Parameters" in one.asked),
    "submit.percent": answers("%24submit", 404),
    "submit.unknown-elements": answers("$submit", 400, when=configured("nobody knows")),
    "submit.no-json": answers("$submit", 500, when=broken),
    "submit.empty": answers("$submit", 200, OK, when=lambda one: (one.asks or {}).get("entry") == []),
    "submit.first": answers("$submit", 200, OK),
    "submit.kind": answers("$submit", 404),
    "submit.media": answers("$submit", 200, OK, when=broken),
    "inquire.answers": answers("$inquire", 501),
    "inquire.finds": answers("$inquire", 200, OK),
    "inquire.same": response(says(preAuthRef="another")),
    "inquire.stranger": answers("$inquire", 200, SHOWN),
    "inquire.no-json": answers("$inquire", 500, when=broken),
    "update.unknown": answers("$submit", 200, OK, when=strange),
    "cancel.answers": answers("$submit", 422, when=cancels),
    "cancel.result": response(action("A4")),
}  # fmt: skip


class TestChecks(Held):
    names = named(requests)
    spoiled = SPOILED
    elsewhere = frozenset({"submit.time"})
    unasked: ClassVar = {
        "2.0": {"submit.approved", "submit.denied", "submit.reviewer"},
        "2.2": {"submit.approved", "submit.denied"},
    }


def test_an_answer_that_took_too_long_is_found(good: Tried) -> None:
    session = good.session()
    _ = session.submitted
    session.kept["submitted"] = replace(session.kept["submitted"], seconds=15.5)
    (found,) = run(session, ("submit.time",))
    assert (found.stand, "15.5 s" in found.found) == ("failed", True)


# ---- each check by itself

ADMINISTRATION = {"url": f"{PAS}/extension-administrationReferenceNumber", "valueString": "A-1"}
PERIOD = {"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": {"start": "2026-11-29"}}
REVIEWER = {"url": f"{PAS}/extension-claimResponseReviewer"}


def reviewed(code: str, *parts: Json, sequence: int = 1, category: str = "submitted", **more: Any) -> Json:
    """Return an item of an answer with its review action."""
    action = {"url": f"{PAS}/extension-reviewActionCode", "valueCodeableConcept": {"coding": [{"code": code}]}}
    review = {"url": f"{PAS}/extension-reviewAction", "extension": [action, *parts]}
    adjudication = [{"category": {"coding": [{"code": category}]}, "extension": [review]}]
    return {"itemSequence": sequence, "adjudication": adjudication, **more}


def claimed(*items: Json, **more: Any) -> Json:
    return {"resourceType": "ClaimResponse", "outcome": "complete", "item": list(items), **more}


def looked(name: str, response: Json, version: str = "2.2", *, shown: Json | None = None) -> tuple[str, str]:
    """Return what a check finds in an answer to a request; ``shown``: what an inquiry shows after it."""
    session = answered(version, submitted={**OK, "entry": [{"fullUrl": "urn:uuid:1", "resource": response}]})
    if shown is not None:
        session.kept["inquired"] = Answer(200, json={**OK, "entry": [{"resource": shown}]})
    found = tried(name, session)
    return found.stand, found.found


CLAIM = case.read(None, "one").reference("Claim")
NUMBER = {"url": "number", "valueString": "P-1"}
REASON: Json = {"url": "reasonCode", "valueCodeableConcept": {"coding": [{"code": "0V"}]}}


@pytest.mark.parametrize(
    ("name", "response", "found"),
    [
        ("approved", claimed(reviewed("A1")), "item 1: A1 without a number"),
        ("approved", claimed(reviewed("A6", NUMBER)), "item 1: A6 without a period"),
        ("pended", claimed(reviewed("A4")), "items [1]"),
        ("denied", claimed(reviewed("A3")), "items [1]"),
        ("denied", claimed(reviewed("A3", noteNumber=[1])), "items [1]"),
        ("adjudication", claimed(reviewed("A1", category="benefit")), "item 1: category benefit"),
        ("adjudication", claimed(reviewed("")), "item 1: action "),
        ("adjudication", claimed({"itemSequence": 1}), "item 1: category none; item 1: action none"),
        ("items", claimed(), "items [], asked [1]"),
        ("items", claimed(reviewed("A4"), reviewed("A4")), "items [1, 1], asked [1]"),
        ("reviewer", claimed(), "no claimResponseReviewer"),
        ("reviewer", claimed(extension=[REVIEWER]), "wasHumanReviewedFlag []"),
        ("outcome", claimed(outcome="queued"), "queued"),
        ("outcome", claimed(outcome=""), "none"),
        ("request", claimed(request={"reference": "Claim/other"}), "request 'Claim/other'"),
        ("references", claimed(patient={"reference": "Patient/nobody"}), "Patient/nobody"),
        ("claim-response", claimed(), "it lacks status, type, patient, created, insurer, use preauthorization"),
        ("bundle", claimed(), "no identifier, no timestamp"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer_is_named(name: str, response: Json, found: str) -> None:
    stand, said = looked(f"submit.{name}", response)
    assert stand == "failed"
    assert said.startswith(found)


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("approved", claimed(reviewed("A1", NUMBER, extension=[PERIOD]))),
        ("approved", claimed(reviewed("A2", NUMBER), preAuthPeriod={"start": "2026-11-29"})),
        ("approved", claimed(reviewed("A6", extension=[PERIOD]), preAuthRef="P-1")),
        ("pended", claimed(reviewed("A4", extension=[ADMINISTRATION]))),
        ("denied", claimed(reviewed("A3", REASON))),
        ("denied", claimed(reviewed("A3", noteNumber=[1]), processNote=[{"number": 1}])),
        ("reviewer", claimed(extension=[{**REVIEWER, "extension": [
            {"url": "wasHumanReviewedFlag", "valueBoolean": False}]}])),
        ("request", claimed(request={"reference": f"https://a.example/fhir/{CLAIM}"})),
        ("request", claimed(request={"identifier": {"value": "one"}})),
        ("references", claimed(request={"reference": "Claim/elsewhere"})),
    ],
)  # fmt: skip
def test_an_answer_that_fits_passes(name: str, response: Json) -> None:
    assert looked(f"submit.{name}", response) == ("passed", "")


@pytest.mark.parametrize("name", ["approved", "pended", "denied"])
def test_what_no_item_is_answered_is_not_looked_for(name: str) -> None:
    stand, said = looked(f"submit.{name}", claimed(reviewed("C")))
    assert (stand, said.startswith("no item is answered A")) == ("not applicable", True)


@pytest.mark.parametrize("name", ["items", "adjudication"])
def test_of_an_answer_that_is_an_error_no_items_are_wanted(name: str) -> None:
    assert looked(f"submit.{name}", claimed(outcome="error")) == ("not applicable", "the answer is an error")


def test_the_old_version_may_put_a_request_into_a_queue_and_needs_no_identifier() -> None:
    assert looked("submit.outcome", claimed(outcome="queued"), "2.0") == ("passed", "")
    assert looked("submit.bundle", claimed(), "2.0") == ("passed", "")


@pytest.mark.parametrize("name", ["Patient", "Organization"])
def test_what_is_echoed_keeps_its_address(good: Tried, name: str) -> None:
    def moved(body: Json) -> Json:
        for one in body["entry"]:
            if one["resource"]["resourceType"] == name:
                one["fullUrl"] = "urn:uuid:elsewhere"
        return body

    found = good.spoilt("submit.echo", on("$submit", moved))
    assert (found.stand, "fullUrl urn:uuid:elsewhere" in found.found) == ("failed", True)


def test_an_answer_is_known_by_each_number_that_it_has() -> None:
    told = claimed(reviewed("A1", NUMBER, extension=[ADMINISTRATION]), preAuthRef="R-1")
    assert requests.numbers(told) == {"P-1", "A-1", "R-1"}
    inner = {**ADMINISTRATION, "valueIdentifier": {"value": "A-2"}}
    inner.pop("valueString")
    assert requests.numbers(claimed(reviewed("A4", extension=[inner]))) == {"A-2"}
    assert requests.numbers(claimed()) == set()


@pytest.mark.parametrize(
    ("shown", "finds", "same"),
    [
        (claimed(reviewed("A1", NUMBER), preAuthRef="R-1"), "passed", "passed"),
        (claimed(reviewed("A1", NUMBER)), "passed", "failed"),
        (claimed(preAuthRef="another"), "failed", "not applicable"),
    ],
)
def test_an_inquiry_finds_the_answer_with_all_its_numbers(shown: Json, finds: str, same: str) -> None:
    told = claimed(reviewed("A1", NUMBER), preAuthRef="R-1")
    assert looked("inquire.finds", told, shown=shown)[0] == finds
    assert looked("inquire.same", told, shown=shown)[0] == same


@pytest.mark.parametrize(
    ("said", "stand", "found"),
    [
        (claimed(reviewed("C")), "passed", ""),
        (claimed(reviewed("C"), reviewed("A4")), "failed", "C, A4"),
        (claimed(), "failed", "no review action"),
        ({"resourceType": "OperationOutcome"}, "not applicable", "it was not answered with a ClaimResponse"),
    ],
)
def test_what_is_cancelled_is_answered_so_of_every_item(said: Json, stand: str, found: str) -> None:
    session = answered(submitted={**OK, "entry": [{"resource": claimed()}]})
    session.kept["cancelled"] = Answer(200, json={**OK, "entry": [{"resource": said}]})
    result = tried("cancel.result", session)
    assert (result.stand, result.found) == (stand, found)


def test_an_update_of_what_was_never_sent_may_be_answered_with_an_error(good: Tried) -> None:
    error = {**OK, "entry": [{"resource": claimed(error=[{"code": {"text": "unknown"}}])}]}
    assert good.spoilt("update.unknown", answers("$submit", 200, error, when=strange)).stand == "passed"
    plain = {**OK, "entry": [{"resource": claimed()}]}
    assert good.spoilt("update.unknown", answers("$submit", 200, plain, when=strange)).stand == "failed"


@pytest.mark.parametrize("name", sorted(TestChecks.names))
def test_of_a_server_that_refuses_the_request_nothing_passes_that_needs_its_answer(good: Tried, name: str) -> None:
    found = good.spoilt(name, answers("$submit", 400, {"resourceType": "OperationOutcome"}))
    alone = ("submit.no-json", "submit.empty", "submit.first", "submit.kind", "submit.media")
    asks = {"inquire.no-json": "passed", "inquire.stranger": "passed", "submit.answers": "failed"}
    assert found.stand == ("passed" if name in alone else asks.get(name, "not applicable")), found
