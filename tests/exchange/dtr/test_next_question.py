"""``$next-question``: a form asks what the case leaves open, and ends; what it says is what the request will say."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest

from priorauth.exchange.dtr import ending
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.border import BORDER
from tests.casebook.kept import case_of
from tests.exchange.dtr import desk
from tests.exchange.dtr.desk import (
    VOCABULARY,
    Drawn,
    Hand,
    Json,
    begun,
    context,
    drawn_few,
    drawn_many,
    facts,
    followed,
    form_of,
    missing,
    parts,
    patient,
    practice,
    requested,
    walked,
)
from tests.exchange.house import Exchange, both
from tests.ledger import house

CASE, POLICY = "masshealth/missing-hba1c", "masshealth/insulin-pumps"


def watched(one: Drawn, count: Counter[str]) -> Callable[[Json], None]:
    """See that what is added to a form is what the request, with the answers so far, asks."""
    before: set[str] = set()

    def seen(response: Json) -> None:
        nonlocal before
        now = facts(form_of(response).get("item", []))
        made = requested(one.bundle, response if response.get("item") else None, one.day)
        asked = {question.fact for question in made.questions}
        for fact in now - before:
            assert fact in asked, fact
            assert VOCABULARY[fact].kind != "judgment"
            assert VOCABULARY[fact].asked_of != "payer"
            count["facts"] += 1
        before = now

    return seen


@pytest.mark.parametrize(
    ("version", "cases"),
    [
        ("2.0", drawn_few),
        ("2.2", drawn_few),
        pytest.param("2.0", drawn_many, marks=pytest.mark.slow),
        pytest.param("2.2", drawn_many, marks=pytest.mark.slow),
    ],
)
@pytest.mark.shall(
    "DTR 2.2.0/spec-17", "DTR 2.2.0/spec-43", "DTR 2.2.0/spec-33", "DTR 2.0.1/52", "DTR 2.0.1/53", "DTR 2.0.1/219"
)
def test_a_form_asks_what_the_request_asks_and_ends_and_means_the_same_there(
    exchange: Exchange, version: str, cases: Callable[[], tuple[Drawn, ...]]
) -> None:
    count: Counter[str] = Counter()
    for place, one in enumerate(cases()):
        name = f"context-{place}"
        exchange.running.clock.now = datetime.combine(one.day, time(14), UTC)
        context(exchange, one.bundle, name)
        hand = Hand(place, one.day, one.values(version))
        begin = begun(one.policy, patient(one.bundle), name, one.day)
        done = followed(exchange, begin, hand, version, watched(one, count))
        made = requested(one.bundle, done, one.day)
        (row,) = traffic.found(exchange.store, house.TENANT, t.context, context=name)
        assert row["data"]["completed"]["outcome"] == made.outcome, one.name
        said = parts(done)
        wanted = {"not-required": "no-auth", "not-applicable": None, "other-criteria": None}
        assert said.get("pa-needed") == wanted.get(made.outcome, "auth-needed") or version == "2.0", one.name
        assert said.get("covered") != "not-covered"
        assert "satisfied-pa-id" not in said
        count[made.outcome] += 1
    print(version, dict(count))
    assert count["facts"] > len(cases())
    assert count["approve"] > 0
    assert len([one for one in count if one != "facts"]) > 2


# ---- what is refused


def opened(exchange: Exchange, version: str = "2.2", **more: Any) -> Json:
    """The first question of a case of which everything that the practice knows is missing."""
    bundle = missing()
    context(exchange, bundle, **more)
    told = exchange.post(desk.PATH, begun(POLICY, patient(bundle)), version)
    assert told.status_code == 200, told.text
    found: Json = told.json()
    return found


def answered(response: Json, link: str, **value: Any) -> Json:
    """Answer the one question of the newest group."""
    made = copy.deepcopy(response)
    group = form_of(made)["item"][-1]["linkId"]
    made.setdefault("item", []).append({"linkId": group, "item": [{"linkId": link, "answer": [value]}]})
    return made


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/spec-147")
def test_an_answer_of_the_wrong_kind_is_refused_with_its_item(exchange: Exchange, version: str) -> None:
    first = opened(exchange, version)
    assert facts(form_of(first)["item"]) == {"motivated"}
    told = exchange.post(desk.PATH, answered(first, "motivated", valueString="yes"), version)
    assert told.status_code == 400
    (found,) = told.json()["issue"]
    assert (found["code"], found["details"]["text"]) == ("invalid", "expected valueBoolean")
    assert found["expression"] == [
        "QuestionnaireResponse.item.where(linkId='form.ask.1').item.where(linkId='motivated').answer[0]"
    ]


@pytest.mark.shall("DTR 2.2.0/spec-147")
def test_a_form_whose_choice_is_not_made_is_refused(exchange: Exchange) -> None:
    response, hand = opened(exchange), practice()
    ways: list[str] = []
    for _ in range(desk.MOST_CALLS):
        ways = [link for link in desk.links(response) if link.startswith("form.way.")]
        if ways or response["status"] == "completed":
            break
        response = exchange.post(desk.PATH, hand.fill(response)).json()
    hand.said[ways[0]] = None
    told = exchange.post(desk.PATH, hand.fill(response))
    assert told.status_code == 400
    assert [ways[0] in one["expression"][0] for one in told.json()["issue"]] == [True]


LOST: dict[str, dict[str, str]] = {
    "unknown": {"name": "another"},
    "of another client": {"client": "other-ehr"},
}


@both
@pytest.mark.parametrize("how", LOST)
@pytest.mark.shall("DTR 2.2.0/spec-130")
def test_a_context_that_is_not_known_is_told_with_what_to_do(exchange: Exchange, how: str) -> None:
    bundle = case_of(CASE)["bundle"]
    context(exchange, bundle, **LOST[how])
    told = exchange.post(desk.PATH, begun(POLICY, patient(bundle)))
    assert told.status_code == 404
    assert "call CRD for the order again" in told.json()["issue"][0]["details"]["text"]


@pytest.mark.shall("DTR 2.2.0/spec-130")
def test_a_context_that_has_ended_is_not_known(exchange: Exchange) -> None:
    first = opened(exchange)
    exchange.running.clock.now += timedelta(days=91)
    assert exchange.post(desk.PATH, first).status_code == 404


def test_a_form_of_another_patient_than_the_order_is_refused(exchange: Exchange) -> None:
    first = opened(exchange)
    told = exchange.post(desk.PATH, {**first, "subject": {"reference": "Patient/somebody-else"}})
    assert (told.status_code, told.json()["issue"][0]["expression"]) == (400, ["QuestionnaireResponse.subject"])
    assert "somebody" not in told.text


FORMS = {
    "another form": ("anthem.no-such-policy.adaptive", 404),
    "a form with all its questions": ("masshealth.insulin-pumps.initial-trial", 400),
    "another version": ("masshealth.insulin-pumps.adaptive|1999-01-01-1", 404),
    "the form of another policy": ("caresource.insulin-infusion-pump.adaptive", 422),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_not_the_one_of_the_case_is_refused(exchange: Exchange, name: str) -> None:
    first = opened(exchange)
    canonical, status = FORMS[name]
    form_of(first)["derivedFrom"] = [f"http://localhost/plan/2.2/fhir/Questionnaire/{canonical}"]
    told = exchange.post(desk.PATH, first)
    assert told.status_code == status
    assert "derivedFrom" in told.json()["issue"][0]["expression"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(questionnaire="#other"),
        lambda one: one.update(contained=[]),
        lambda one: one.update(resourceType="Bundle"),
        lambda one: form_of(one).pop("derivedFrom"),
    ],
)
def test_answers_that_carry_no_form_are_refused(exchange: Exchange, change: Any) -> None:
    first = opened(exchange)
    change(first)
    assert exchange.post(desk.PATH, first).status_code == 400


# ---- how it is asked and told


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/conf-12")
def test_the_answers_come_bare_or_in_parameters_and_the_answer_is_bare(exchange: Exchange, version: str) -> None:
    bundle = case_of(CASE)["bundle"]
    context(exchange, bundle)
    bare = begun(POLICY, patient(bundle))
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": bare}]}
    named = {**bare, "contained": [], "questionnaire": form_of(bare)["derivedFrom"][0], "identifier": {
        "system": "http://localhost/plan/2.2/trace", "value": desk.CONTEXT,
    }}  # fmt: skip
    told = [exchange.post(desk.PATH, one, version).json() for one in (bare, wrapped, named)]
    assert {one["resourceType"] for one in told} == {"QuestionnaireResponse"}
    items = [form_of(one)["item"] for one in told]
    assert items[0] == items[1] == items[2]


def test_the_same_answers_are_told_the_same(exchange: Exchange) -> None:
    first = opened(exchange)
    same = [exchange.post(desk.PATH, first).content for _ in range(2)]
    assert same[0] == same[1]


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/spec-54", "DTR 2.0.1/57", "DTR 2.0.1/348")
def test_the_form_that_is_carried_says_from_which_it_is_derived_and_what_fills_it_in(
    exchange: Exchange, version: str
) -> None:
    form = form_of(opened(exchange, version))
    urls = {one["url"].rpartition("/")[2] for one in form["extension"]}
    assert {"sdc-questionnaire-questionnaireAdaptive", "sdc-questionnaire-launchContext", "cqf-library"} <= urls
    start = f"http://localhost/plan/{version}/fhir/Questionnaire/{desk.form_name(POLICY)}|"
    assert form["derivedFrom"][0].startswith(start)
    assert form["meta"]["profile"] == ["http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/dtr-questionnaire-adapt"]
    assert not {"url", "version"} & form.keys()
    assert form["title"]
    assert form["text"]["div"]


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_by_version_2_0_no_answer_closes_an_item(exchange: Exchange, version: str) -> None:
    gated = 0

    def seen(response: Json) -> None:
        nonlocal gated
        gated += sum("enableWhen" in one for one in walked(form_of(response).get("item", [])))

    bundle = case_of(CASE)["bundle"]
    context(exchange, bundle)
    followed(exchange, begun(POLICY, patient(bundle)), Hand(5), version, seen)
    assert bool(gated) is (version == "2.2")


@pytest.mark.shall("DTR 2.2.0/sec-10", "DTR 2.0.1/49", "DTR 2.0.1/346")
def test_nothing_of_the_answers_is_kept_until_the_form_is_complete_and_then_what_was_decided(
    exchange: Exchange,
) -> None:
    first = opened(exchange)

    def kept() -> list[Any]:
        return [traffic.found(exchange.store, house.TENANT, one) for one in BORDER]

    before, hand = kept(), Hand(3)
    response = first
    for _ in range(desk.MOST_CALLS):
        after = kept()
        response = exchange.post(desk.PATH, hand.fill(response)).json()
        if response["status"] == "completed":
            break
        assert before == after == kept()
    (row,) = traffic.found(exchange.store, house.TENANT, t.context)
    assert set(row["data"]["completed"]) == {"at", "outcome", "receipt", "attested", "number"}
    assert [one for one in kept() if one] == [[row]]
    said = exchange.running.out.getvalue()
    assert "next-question" in said
    assert not [one for one in ("motivated", "Patient/", "hba1c") if one in said]


@pytest.mark.shall("DTR 2.2.0/spec-39", "DTR 2.2.0/spec-22")
def test_the_last_group_says_that_the_questions_to_the_practice_are_over(exchange: Exchange) -> None:
    bundle = case_of(CASE)["bundle"]
    context(exchange, bundle)
    done = followed(exchange, begun(POLICY, patient(bundle)), Hand(9))
    *before, last = form_of(done)["item"]
    assert last["item"][0] == {"linkId": "form.end.1.done", "text": ending.DONE, "type": "display"}
    assert not [one for one in walked(before) if one.get("text") == ending.DONE]


@pytest.mark.shall("DTR 2.2.0/spec-38")
def test_nine_calls_of_ten_are_answered_within_a_second(exchange: Exchange) -> None:
    for place, one in enumerate(drawn_few()[:6]):
        exchange.running.clock.now = datetime.combine(one.day, time(14), UTC)
        context(exchange, one.bundle, f"context-{place}")
        followed(exchange, begun(one.policy, patient(one.bundle), f"context-{place}", one.day), Hand(place, one.day))
    spent = sorted(line["ms"] for line in exchange.running.lines() if "next-question" in str(line.get("operation")))
    assert spent[int(len(spent) * 0.9)] < 1_000


# ---- without CRD


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/spec-43", "DTR 2.0.1/52")
def test_a_form_without_a_context_asks_for_what_is_ordered_and_says_nothing_of_coverage(
    exchange: Exchange, version: str
) -> None:
    seen: list[set[str]] = []
    begin = begun("uhc-medicare-advantage/infusion-pump-therapy", "Patient/somebody", None)
    done = followed(
        exchange, begin, Hand(4, said={"product_code": {"valueCoding": {"code": "E0784"}}}), version,
        lambda one: seen.append(facts(form_of(one).get("item", []))),
    )  # fmt: skip
    assert seen[0] == {"product_code"}
    assert len(seen[-1]) > 2
    assert parts(done) == {}


# ---- what nobody should send


JUNK: tuple[Any, ...] = (None, True, 0, 1e308, "", "#form", [], {}, [[]], [{}], {"linkId": 5}, "2026-99-99", ["a"])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within JSON."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def spoiled(body: Json, rng: np.random.Generator) -> Json:
    """A body of which by lot a part is taken away or is something else."""
    made = copy.deepcopy(body)
    for _ in range(int(rng.integers(1, 4))):
        known = [one for one in places(made) if one]
        *above, last = known[int(rng.integers(len(known)))]
        holder: Any = made
        for key in above:
            holder = holder[key]
        if rng.random() < 0.3:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(JUNK[int(rng.integers(len(JUNK)))])
    return made


def test_whatever_is_sent_is_answered_without_a_fault_of_ours(exchange: Exchange) -> None:
    rng, bodies, seen = np.random.default_rng(77), list[Json](), Counter[int]()
    context(exchange, missing())
    followed(exchange, begun(POLICY, patient(missing())), practice(), seen=bodies.append)
    for place in range(200):
        body = spoiled(bodies[int(rng.integers(len(bodies)))], rng)
        told = exchange.post(desk.PATH, body, ("2.0", "2.2")[place % 2])
        assert told.status_code in {200, 400, 404, 422}, told.text
        assert told.json()["resourceType"] in {"QuestionnaireResponse", "OperationOutcome"}
        seen[told.status_code] += 1
    assert min(seen[200], seen[400]) > 20
