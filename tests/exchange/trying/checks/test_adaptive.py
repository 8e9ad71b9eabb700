"""An adaptive form is followed from its first question to its end: what goes wrong on the way is found."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from priorauth.exchange.trying.checks import adaptive
from priorauth.exchange.trying.found import tried
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.session import Session
from priorauth.exchange.trying.shapes import objects
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import VERSIONS, Tried, answered, named
from tests.exchange.trying.spoiling import OK, Exchanged, Json, Spoil, answers, every, nothing, on, says


def forgets(body: Json) -> Json | None:
    """Take the questions of a round away, as soon as there are any before it."""
    form = body["contained"][0]
    form["item"] = form["item"][-1:]
    for one in objects(form, "item"):
        one["linkId"] = f"{one['linkId']}-{len(str(body))}"
    return body


SPOILED: dict[str, Spoil] = {
    "next.answers": on("$next-question", lambda one: {**one, "contained": []}),
    "next.ends": every("QuestionnaireResponse", says(status="in-progress"), "$next-question"),
    "next.kept": on("$next-question", forgets),
    "next.refuses": answers("$next-question", 200, OK, when=lambda one: b"valueAttachment" in one.asked),
}  # fmt: skip


class TestChecks(Held):
    names = named(adaptive)
    spoiled = SPOILED


def asks(*items: Json, **more: Any) -> Json:
    """Return a response that asks questions."""
    own = {"resourceType": "Questionnaire", "id": "adaptive", "item": list(items)}
    return {"resourceType": "QuestionnaireResponse", "status": "in-progress", "contained": [own], **more}


CODING = {"system": "https://a.example/codes", "code": "a"}
UNIT = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit", "valueCoding": {"code": "mg/dL"}}


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ({"type": "boolean"}, {"valueBoolean": True}),
        ({"type": "integer"}, {"valueInteger": 1}),
        ({"type": "choice", "answerOption": [{"valueCoding": CODING, "id": "x"}]}, {"valueCoding": CODING}),
        ({"type": "quantity"}, {"valueQuantity": {"value": 1}}),
        (
            {"type": "quantity", "extension": [UNIT]},
            {"valueQuantity": {"value": 1, "code": "mg/dL", "unit": "mg/dL"}},
        ),
        ({"type": "date"}, {"valueDate": "2026-11-20"}),
        ({"type": "text"}, {"valueString": "yes"}),
    ],
)  # fmt: skip
def test_a_question_is_answered_as_its_type_wants(question: Json, value: Json) -> None:
    made = adaptive.filled(asks({"linkId": "one", **question}))
    assert made["item"] == [{"linkId": "one", "answer": [value]}]


def test_what_was_answered_stays_and_what_cannot_be_answered_is_left_out() -> None:
    given = [{"linkId": "one", "answer": [{"valueBoolean": False}]}]
    items = (
        {"linkId": "one", "type": "boolean"},
        {"linkId": "words", "type": "display"},
        {"linkId": "file", "type": "attachment"},
    )
    before = asks(*items, item=given)
    kept = copy.deepcopy(before)
    assert adaptive.filled(before)["item"] == given
    assert before == kept


def test_questions_within_a_group_and_below_an_answer_are_answered_where_they_stand() -> None:
    below = {"linkId": "below", "type": "boolean"}
    made = adaptive.filled(
        asks(
            {"linkId": "group", "type": "group", "item": [below]},
            {"linkId": "one", "type": "string", "item": [{**below, "linkId": "deeper"}]},
            {"linkId": "empty", "type": "group", "item": [{"linkId": "words", "type": "display"}]},
        )
    )
    yes = [{"valueBoolean": True}]
    assert made["item"] == [
        {"linkId": "group", "item": [{"linkId": "below", "answer": yes}]},
        {"linkId": "one", "answer": [{"valueString": "yes", "item": [{"linkId": "deeper", "answer": yes}]}]},
    ]


def held(version: str, form: Json, draft: Json | None = None) -> Session:
    """Return a run that has a package of a form."""
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one} for one in (form, draft) if one]}
    session = answered(version, discovery={})
    session.kept['package {"order": true}'] = Answer(200, json=bundle)
    return session


FORM: Json = {"resourceType": "Questionnaire", "url": "https://a.example/Q", "version": "1"}
ADAPTIVE: Json = {**FORM, "meta": {"profile": ["https://a.example/dtr-questionnaire-adapt"]}}


def test_of_a_form_that_is_not_adaptive_nothing_is_asked() -> None:
    for name in sorted(TestChecks.names):
        found = tried(name, held("2.2", FORM))
        assert (found.stand, found.found) == ("not applicable", "no form of the package is adaptive")


def test_what_is_sent_first_begins_the_form_with_what_the_payer_began(good: Tried) -> None:
    sent: list[Any] = []
    good.proxy.spoil = lambda one: sent.append(one.asks)
    subject = {"reference": "Patient/one"}
    context = [{"url": "https://a.example/context", "valueReference": subject}]
    draft = {"resourceType": "QuestionnaireResponse", "subject": subject, "extension": context, "id": "draft"}
    try:
        for version in VERSIONS:
            session = held(version, ADAPTIVE, draft)
            session.fhir = good.session(version).fhir
            tried("next.answers", session)
    finally:
        good.proxy.spoil = nothing
    old, new = sent
    assert old == {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": new}]}
    assert (new["questionnaire"], new["status"], new["subject"]) == ("#adaptive", "in-progress", subject)
    assert (new["contained"][0]["derivedFrom"], new["extension"]) == (["https://a.example/Q|1"], context)


def rounds(name: str, *responses: Json) -> tuple[str, str]:
    session = answered()
    session.kept["rounds"] = list(responses)
    found = tried(name, session)
    return found.stand, found.found


ONE, TWO = {"linkId": "one", "type": "boolean"}, {"linkId": "two", "type": "boolean"}


def test_a_form_ends_when_it_is_completed() -> None:
    assert rounds("next.ends", asks(ONE), asks(ONE, TWO, status="completed")) == ("passed", "")
    assert rounds("next.ends", asks(ONE), asks(ONE)) == ("failed", "status 'in-progress' after 2 rounds")
    assert rounds("next.ends", asks(ONE), {"fault": "500"}) == ("failed", "round 2: 500")


def test_a_question_that_was_asked_stays() -> None:
    assert rounds("next.kept", asks(ONE), asks(ONE, TWO), {"fault": "500"}) == ("passed", "")
    assert rounds("next.kept", asks(ONE, TWO), asks(TWO)) == ("failed", "one is gone")


@pytest.mark.parametrize(("questions", "most"), [(1000, 60), (1, 2)])
def test_a_form_that_goes_on_for_ever_and_one_that_asks_the_same_again_are_left(
    good: Tried, questions: int, most: int
) -> None:
    said: list[Json] = []

    def more(one: Exchanged) -> None:
        if "$next-question" in one.path:
            count = min(len(said) + 1, questions)
            said.append(asks(*({"linkId": str(at), "type": "boolean"} for at in range(count))))
            one.status, one.json = 200, said[-1]

    found = good.spoilt("next.ends", more)
    assert (found.stand, found.found) == ("failed", f"status 'in-progress' after {most} rounds")


def test_a_form_that_does_not_begin_has_no_end(good: Tried) -> None:
    found = good.spoilt("next.ends", answers("$next-question", 500))
    assert (found.stand, found.found) == ("not applicable", "the form does not begin")
