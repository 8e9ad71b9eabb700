"""The form that answers carry with them: which it is, whose values it has, and how it is given out again."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.call import Call
from priorauth.exchange.dtr.carried import (
    ANSWERS,
    FORM,
    carried,
    contained_in,
    form_of,
    shaped,
    values_of,
    words_for,
)
from priorauth.exchange.dtr.filled import Sheet
from priorauth.exchange.dtr.ground import Ground
from priorauth.exchange.dtr.groups import Groups, answers_sha256
from priorauth.exchange.dtr.opening import Opening
from priorauth.exchange.plan import Partner
from priorauth.exchange.wire import Fault
from priorauth.export.forms import Form
from priorauth.policy.catalog import open_catalog
from tests.exchange.calling import called
from tests.exchange.dtr.desk import VOCABULARY, Json
from tests.exchange.house import Exchange

CATALOG = open_catalog()
POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]
NAME = "masshealth.insulin-pumps.adaptive"
BASE = "https://plan.example/demo/2.2/fhir"
CANONICAL = f"{BASE}/Questionnaire/{NAME}"
VERSION = Form(POLICY).version
DTR = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition"


def questionnaire(name: str = FORM, **more: Any) -> Json:
    return {"resourceType": "Questionnaire", "id": name, **more}


# ---- which form is carried


def test_the_form_is_the_one_that_is_named_among_what_is_contained() -> None:
    others = [{"resourceType": "Patient", "id": "a"}, questionnaire("a"), questionnaire("b", title="this one")]
    assert contained_in({"questionnaire": "#b", "contained": others})["title"] == "this one"


def test_where_one_form_is_contained_it_is_that_one_however_it_is_called() -> None:
    held = [questionnaire("a", title="this one")]
    for named in ({}, {"questionnaire": CANONICAL}):
        assert contained_in({"contained": held, **named})["title"] == "this one"


def test_answers_that_only_name_their_form_carry_an_empty_one_derived_from_it() -> None:
    found = contained_in({"questionnaire": f"{CANONICAL}|{VERSION}"})
    assert found == questionnaire(derivedFrom=[f"{CANONICAL}|{VERSION}"])


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"questionnaire": ""},
        {"questionnaire": 7, "contained": []},
        {"questionnaire": "#b", "contained": [questionnaire("a")]},
        {"questionnaire": "#a", "contained": [questionnaire("a"), questionnaire("a")]},
        {"questionnaire": CANONICAL, "contained": [questionnaire("a"), questionnaire("b")]},
    ],
)
def test_answers_of_which_the_form_cannot_be_told_are_refused(response: Json) -> None:
    with pytest.raises(Fault) as refused:
        contained_in(response)
    assert refused.value.status == 400
    assert str(refused.value.at[0]).startswith("QuestionnaireResponse.")


@pytest.mark.parametrize(
    "said",
    [
        {"derivedFrom": [CANONICAL]},
        {"derivedFrom": [f"{CANONICAL}|{VERSION}"]},
        {"url": f"https://elsewhere.example/Questionnaire/{NAME}"},
        {"derivedFrom": [f"{CANONICAL}/"], "url": "https://elsewhere.example/Questionnaire/other"},
    ],
)
def test_a_form_is_known_by_the_last_part_of_the_address_from_which_it_is_derived(said: Json) -> None:
    found = form_of(questionnaire(**said), CATALOG)
    assert (found.name, found.version, found.pathway) == (NAME, VERSION, None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 400),
        ({"derivedFrom": []}, 400),
        ({"derivedFrom": [7]}, 400),
        ({"derivedFrom": [f"{BASE}/Questionnaire/no.such-policy.adaptive"]}, 404),
        ({"derivedFrom": [f"{CANONICAL}|1999-01-01-1"]}, 404),
        ({"derivedFrom": [f"{BASE}/Questionnaire/masshealth.insulin-pumps.initial-trial"]}, 400),
    ],
)
def test_a_form_that_is_none_of_ours_or_not_adaptive_is_refused_with_its_place(said: Json, status: int) -> None:
    with pytest.raises(Fault) as refused:
        form_of(questionnaire(**said), CATALOG)
    assert (refused.value.status, refused.value.at) == (status, ("QuestionnaireResponse.contained.derivedFrom",))


# ---- which values may be chosen


def test_a_value_set_of_ours_has_the_values_of_its_fact_with_their_words() -> None:
    found = values_of(f"{BASE}/ValueSet/request-kind|1", CATALOG, BASE)
    assert found is not None
    assert tuple(one.code for one in found) == VOCABULARY["request_kind"].values
    assert all(one.system.startswith(BASE) for one in found)
    assert all(one.display and one.display != one.code for one in found)


@pytest.mark.parametrize("name", ["no-such-fact", "hba1c", "motivated", "birth-date", ""])
def test_of_what_has_no_listed_values_there_is_no_value_set(name: str) -> None:
    assert values_of(f"{BASE}/ValueSet/{name}", CATALOG, BASE) is None


def test_questions_are_made_with_what_fills_in_their_facts_and_no_others() -> None:
    words = words_for(CATALOG, BASE, ["hba1c"])
    assert (words.base, words.vocabulary) == (BASE, CATALOG.vocabulary)
    assert words.filled
    assert {link.partition(".")[0] for link in words.filled} == {"hba1c"}


# ---- how it is given out


def given(call: Call, response: Json, items: list[Json], *, name: str | None = "ctx", came: Json | None = None) -> Json:
    on = Ground({}, {}, None, None if name is None else Opening(name, b"", {}))
    return carried(call, Form(POLICY), questionnaire("mine") if came is None else came, items, response, on)


ITEMS = [
    {"linkId": f"form.ask.{n}", "type": "group", "item": [{"linkId": fact, "type": "boolean"}]}
    for n, fact in ((1, "motivated"), (2, "able_to_operate_pump"))
]
RESPONSE: Json = {
    "resourceType": "QuestionnaireResponse",
    "item": [
        {"linkId": "form.ask.1", "item": [{"linkId": "motivated", "answer": [{"valueBoolean": True}]}]},
    ],
}


def test_the_form_bears_the_context_and_the_hash_of_the_answers_with_which_it_is_given_out(exchange: Exchange) -> None:
    call = called(exchange)
    hashed = answers_sha256(RESPONSE, Groups(Sheet({"item": ITEMS}, RESPONSE, lambda _: None), VOCABULARY))
    assert given(call, RESPONSE, ITEMS)["identifier"] == [
        {"system": f"{call.base}/trace", "value": "ctx"},
        {"system": f"{call.base}{ANSWERS}", "value": hashed},
    ]
    alone = given(call, RESPONSE, ITEMS, name=None)
    assert alone["identifier"] == [{"system": f"{call.base}{ANSWERS}", "value": hashed}]
    assert given(call, {**RESPONSE, "item": []}, ITEMS)["identifier"][1]["value"] != hashed


def test_the_form_keeps_its_id_and_its_items_and_has_none_where_none_were_asked(exchange: Exchange) -> None:
    made = given(called(exchange), RESPONSE, ITEMS)
    assert (made["id"], made["item"]) == ("mine", ITEMS)
    assert "item" not in given(called(exchange), RESPONSE, [])
    assert given(called(exchange), RESPONSE, ITEMS, came={"resourceType": "Questionnaire"})["id"] == FORM


def test_the_form_is_derived_from_that_of_the_package_and_says_who_asks_the_next_question(exchange: Exchange) -> None:
    call = called(exchange)
    made = given(call, RESPONSE, ITEMS)
    url = f"{call.fhir}/Questionnaire/{NAME}"
    assert made["derivedFrom"] == [f"{url}|{VERSION}"]
    assert made["meta"] == {"profile": [f"{DTR}/dtr-questionnaire-adapt"]}
    assert not {"url", "version", "name"} & made.keys()
    asks = [one for one in made["extension"] if one["url"].endswith("questionnaireAdaptive")]
    assert asks == [{"url": asks[0]["url"], "valueUrl": call.fhir}]
    unpinned = given(called(exchange, partner=Partner(pin_versions=False)), RESPONSE, ITEMS)
    assert unpinned["derivedFrom"] == [url]


def test_only_version_2_2_says_that_the_form_is_not_of_one_request(exchange: Exchange) -> None:
    for version, said in (("2.2", [{"url": f"{DTR}/request-specific", "valueBoolean": False}]), ("2.0", [])):
        made = given(called(exchange, version=version), RESPONSE, ITEMS)
        assert [one for one in made["extension"] if one["url"].endswith("request-specific")] == said


def test_the_forms_of_two_versions_and_calls_do_not_mix(exchange: Exchange) -> None:
    one, other = (called(exchange, version=version) for version in ("2.2", "2.0"))
    first = given(one, RESPONSE, ITEMS)
    given(other, RESPONSE, [])
    assert given(one, RESPONSE, ITEMS) == first


def test_the_form_takes_the_place_of_the_one_that_came_and_all_else_that_is_contained_stays() -> None:
    patient = {"resourceType": "Patient", "id": "mine"}
    other = questionnaire("other")
    response = {
        "item": [], "status": "in-progress", "extension": [], "contained": [questionnaire("mine"), patient, other],
        "resourceType": "QuestionnaireResponse", "questionnaire": CANONICAL, "id": "answers",
    }  # fmt: skip
    form = questionnaire("mine", title="as it goes on")
    made = shaped(response, form)
    assert made["contained"] == [form, patient, other]
    assert made["questionnaire"] == "#mine"
    assert list(made)[:4] == ["resourceType", "id", "contained", "extension"]
    assert {**made, "contained": 0, "questionnaire": 0} == {**response, "contained": 0, "questionnaire": 0}
