"""How a form grows: nothing is taken away, what an answer makes moot is closed, what it opens again is opened."""

from __future__ import annotations

import copy

import pytest

from tests.exchange.dtr import desk
from tests.exchange.dtr.desk import Json, begun, context, facts, form_of, links, missing, patient, practice, walked
from tests.exchange.house import Exchange

POLICY = "masshealth/insulin-pumps"


def grown(exchange: Exchange, version: str, until: str, hand: desk.Hand) -> Json:
    """A form as it stands when a fact or an item is asked."""
    context(exchange, missing())
    response = begun(POLICY, patient(missing()))
    for _ in range(desk.MOST_CALLS):
        response = sent(exchange, response, version)
        if until in links(response):
            return response
        response = hand.fill(response)
    raise AssertionError(links(response))


def sent(exchange: Exchange, response: Json, version: str) -> Json:
    told = exchange.post(desk.PATH, response, version)
    assert told.status_code == 200, told.text
    found: Json = told.json()
    return found


def changed(response: Json, link: str, value: Json) -> Json:
    """Answer a question otherwise than before."""
    made = copy.deepcopy(response)
    (item,) = [one for one in walked(made["item"]) if one["linkId"] == link]
    item["answer"] = [value]
    return made


def group(response: Json, fact: str) -> Json:
    found: list[Json] = [one for one in form_of(response)["item"] if fact in facts(one["item"])]
    assert len(found) == 1
    return found[0]


def closed(item: Json) -> bool:
    asks = [one for one in walked([item]) if one["type"] not in ("group", "display")]
    return all(one.get("readOnly") for one in asks)


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/spec-17")
def test_an_answer_that_ends_the_matter_closes_what_waits_and_its_change_opens_it_again(
    exchange: Exchange, version: str
) -> None:
    waiting = grown(exchange, version, "injections_ineffective", practice())
    before = links(waiting)
    ended = sent(exchange, changed(waiting, "motivated", {"valueBoolean": False}), version)
    assert links(ended)[: len(before)] == before
    asked = group(ended, "injections_ineffective")
    assert closed(asked)
    assert not [one for one in walked([asked]) if one.get("required") or "initialExpression" in str(one)]
    again = sent(exchange, changed(ended, "motivated", {"valueBoolean": True}), version)
    assert links(again)[: len(before)] == before
    assert not closed(group(again, "injections_ineffective"))


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_what_was_answered_and_can_change_nothing_any_more_is_closed_when_an_answer_is_changed(
    exchange: Exchange, version: str
) -> None:
    waiting = practice().fill(grown(exchange, version, "injections_ineffective", practice()))
    ended = sent(exchange, changed(waiting, "motivated", {"valueBoolean": False}), version)
    assert closed(group(ended, "able_to_operate_pump"))
    assert not closed(group(ended, "motivated"))
    kept = [one for one in walked(ended["item"]) if one["linkId"] == "able_to_operate_pump"]
    assert kept[0]["answer"][0]["valueBoolean"] is True


@pytest.mark.shall("DTR 2.2.0/spec-17")
def test_another_way_that_is_chosen_closes_the_questions_of_the_first(exchange: Exchange) -> None:
    response = grown(exchange, "2.2", "glucose_tests_per_day", practice({"glucose_tests_per_day.value": None}))
    (way,) = [link for link in links(response) if link.startswith("form.way.")]
    first = group(response, "glucose_tests_per_day")
    (when,) = first["enableWhen"]
    assert (when["question"], when["answerCoding"]["code"]) == (way, "glucose_tests_per_day")
    other = sent(exchange, changed(response, way, {"valueCoding": {"code": "cgm_use"}}), "2.2")
    assert "cgm_use" in facts(form_of(other)["item"])
    back = sent(exchange, changed(other, way, {"valueCoding": {"code": "glucose_tests_per_day"}}), "2.2")
    assert links(back).count("glucose_tests_per_day") == 1
    assert not closed(group(back, "glucose_tests_per_day"))


def test_where_none_of_the_ways_can_be_shown_the_form_goes_on(exchange: Exchange) -> None:
    response = grown(exchange, "2.2", "glucose_tests_per_day", practice())
    (way,) = [link for link in links(response) if link.startswith("form.way.")]
    told = sent(exchange, changed(response, way, {"valueCoding": {"code": "none"}}), "2.2")
    assert len(links(told)) > len(links(response))
    assert [link for link in links(told) if link.startswith("form.way.")] == [way]


def test_a_group_is_of_one_criterion_and_says_which_days_are_missing(exchange: Exchange) -> None:
    asked = group(grown(exchange, "2.2", "hba1c", practice()), "hba1c")
    assert (asked["prefix"], asked["text"]) == ("II.A.T.7", "Most recent HbA1c above 7.0 percent")
    texts = [one["text"] for one in asked["item"] if one["type"] == "display"]
    assert texts == ["Days missing: 25 Nov 2025 to 24 Nov 2026."]


def test_a_group_says_what_is_on_file_and_why_that_is_not_enough(exchange: Exchange) -> None:
    bundle = missing()
    old = {
        "resourceType": "Observation", "id": "a1c", "status": "final", "effectiveDateTime": "2025-07-15",
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "subject": {"reference": patient(bundle)}, "valueQuantity": {"value": 8.7, **desk.PERCENT},
    }  # fmt: skip
    bundle["entry"].append({"resource": old})
    context(exchange, bundle)
    hand, response = practice(), begun(POLICY, patient(bundle))
    for _ in range(desk.MOST_CALLS):
        response = sent(exchange, response, "2.2")
        if "hba1c" in links(response):
            break
        response = hand.fill(response)
    texts = [one["text"] for one in group(response, "hba1c")["item"] if one["type"] == "display"]
    assert texts[0].startswith("On file: HbA1c 8.7 %, 15 Jul 2025, laboratory result: too old")


def test_a_last_group_that_is_the_last_no_more_is_closed(exchange: Exchange) -> None:
    response = grown(exchange, "2.2", "form.end.1.attest", practice({"hba1c": None}))
    told = sent(exchange, changed(response, "able_to_operate_pump", {"valueBoolean": False}), "2.2")
    end, asked = form_of(told)["item"][-2:]
    assert (end["linkId"], closed(end)) == ("form.end.1", True)
    assert facts(asked["item"]) == {"caregiver_able_to_operate_pump"}
    done = desk.followed(exchange, practice().fill(told), practice())
    assert [one["linkId"] for one in form_of(done)["item"]][-1] == "form.end.2"
