"""A package of a form is looked through, and asked for in every way: what is wrong with it is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from priorauth.exchange.trying.checks import forms
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import (
    Json,
    Spoil,
    answers,
    configured,
    every,
    first,
    nowhere,
    on,
    pop,
    says,
)

HIDDEN = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": True}


LIBRARY = {
    "url": "http://hl7.org/fhir/StructureDefinition/cqf-library",
    "valueCanonical": "https://a.example/Library/none",
}


def renamed(body: Json) -> Json:
    return {**body, "parameter": [{**one, "name": "bundle"} for one in body["parameter"]]}


def item(change: Callable[[Json], object]) -> Callable[[Json], object]:
    return lambda form: change(form["item"][0]["item"][0] if form["item"][0].get("item") else form["item"][0])


SPOILED: dict[str, Spoil] = {
    "package.answers": answers("-package", 200, {"resourceType": "Parameters"}),
    "package.parameters": on("-package", renamed),
    "package.bundle": on("-package", lambda one: first(one, "parameter", "resource")["entry"].reverse() or one),
    "package.response": every("QuestionnaireResponse", says(questionnaire="https://a.example/other"), "-package"),
    "package.libraries": every("Library", lambda one: one["content"].pop(), "-package"),
    "package.value-sets": every("ValueSet", says(url="https://a.example/ValueSet/other"), "-package"),
    "package.versions": every("Questionnaire", lambda one: one["extension"].append(LIBRARY), "-package"),
    "package.identity": every("Questionnaire", pop("version"), "-package"),
    "package.items": every("Questionnaire", item(says(enableWhen=[{"question": "nothing"}])), "-package"),
    "package.prefill": every("Questionnaire", says(item=[{"linkId": "one", "type": "string"}]), "-package"),
    "package.hidden": every("Questionnaire", item(says(extension=[HIDDEN])), "-package"),
    "package.by-canonical": answers("-package", 404, when=configured("questionnaire")),
    "package.by-context": answers("-package", 404, when=configured("context")),
    "package.unknown-form": answers("-package", 500, when=nowhere),
    "package.unknown-context": answers("-package", 200, {"resourceType": "Parameters"}),
    "package.nothing": answers("-package", 200, {"resourceType": "Parameters"}),
    "errors.taken": answers("$log-", 501),
    "expand.answers": every("ValueSet", pop("expansion"), "$expand"),
}  # fmt: skip

NAMES = named(forms)
ELSEWHERE = set[str]()
UNASKED: dict[str, set[str]] = {"2.0": {"package.versions"}, "2.2": set()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found
