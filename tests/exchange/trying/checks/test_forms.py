"""A package of a form is looked through, and asked for in every way: what is wrong with it is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from priorauth.exchange.trying.checks import forms
from priorauth.exchange.trying.found import tried
from priorauth.exchange.trying.line import Answer
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import answered, named
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


class TestChecks(Held):
    names = named(forms)
    spoiled = SPOILED
    unasked: ClassVar = {"2.0": {"package.versions"}, "2.2": frozenset()}


# ---- each check by itself

LIBRARY_AT = "https://a.example/Library/pump"
SET_AT = "https://a.example/ValueSet/types"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
PREFILL = {"url": f"{_SDC}/sdc-questionnaire-initialExpression", "valueExpression": {"language": "text/cql-identifier"}}
QUESTION = {"linkId": "type", "type": "choice", "answerValueSet": SET_AT, "extension": [PREFILL]}
FORM: Json = {
    "resourceType": "Questionnaire", "url": "https://a.example/Questionnaire/pump", "version": "1", "status": "active",
    "title": "A pump", "extension": [{**LIBRARY, "valueCanonical": f"{LIBRARY_AT}|1"}],
    "item": [{"linkId": "group", "type": "group", "item": [QUESTION]}],
}  # fmt: skip
DRAFT: Json = {
    "resourceType": "QuestionnaireResponse", "questionnaire": f"{FORM['url']}|1", "status": "in-progress",
    "subject": {"reference": "Patient/one"},
}  # fmt: skip
CODED = [{"contentType": "text/cql"}, {"contentType": "application/elm+json"}]
RULES: Json = {"resourceType": "Library", "url": LIBRARY_AT, "name": "Pump", "content": CODED}
TYPES: Json = {
    "resourceType": "ValueSet", "url": SET_AT, "compose": {"include": [{"concept": [{"code": "1"}]}]},
    "expansion": {"contains": [{"code": "1"}]},
}  # fmt: skip


def package(*resources: Json, kind: str = "collection", name: str = "packagebundle") -> Json:
    bundle = {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in resources]}
    return {"resourceType": "Parameters", "parameter": [{"name": name, "resource": bundle}]}


def looked(name: str, body: Json, version: str = "2.2", more: Json | None = None) -> tuple[str, str]:
    """Return what a check finds in a package of the order; ``more``: answers to other questions for a package."""
    session = answered(version)
    session.kept['package {"order": true}'] = Answer(200, json=body)
    for by, other in (more or {}).items():
        session.kept[f"package {by}"] = Answer(200, json=other)
    found = tried(name, session)
    return found.stand, found.found


WHOLE = (FORM, DRAFT, RULES, TYPES)
LOOKED = ("answers", "parameters", "bundle", "response", "libraries", "value-sets", "versions", "identity", "items",
          "prefill", "hidden")  # fmt: skip


@pytest.mark.parametrize("name", LOOKED)
def test_a_package_that_fits_passes(name: str) -> None:
    assert looked(f"package.{name}", package(*WHOLE)) == ("passed", "")


def form(**changed: Any) -> Json:
    """Return a package of a form with something changed; None: taken away."""
    made = {name: value for name, value in {**FORM, **changed}.items() if value is not None}
    return package(made, *WHOLE[1:])


def asking(**changed: Any) -> Json:
    """Return a package of a form whose question has something changed."""
    return form(item=[{**QUESTION, **changed}])


def draft(**changed: Any) -> Json:
    return package(FORM, {**DRAFT, **changed}, *WHOLE[2:])


SECOND = f"{LIBRARY_AT}-second"
RELATED = {"relatedArtifact": [{"resource": f"{SECOND}|1"}]}


@pytest.mark.parametrize(
    ("name", "body", "found"),
    [
        ("bundle", package(*WHOLE, kind="searchset"), "type searchset with Questionnaire"),
        ("bundle", package(FORM, FORM, DRAFT), "type collection with Questionnaire, Questionnaire"),
        ("bundle", package(DRAFT, FORM), "type collection with QuestionnaireResponse, Questionnaire"),
        ("response", package(FORM), "0 QuestionnaireResponses"),
        ("response", package(FORM, DRAFT, DRAFT), "2 QuestionnaireResponses"),
        ("response", draft(status="completed"), "status 'completed', subject 'Patient/one'"),
        ("response", draft(subject={}), "status 'in-progress', subject ''"),
        ("libraries", package(FORM, DRAFT, TYPES), f"{LIBRARY_AT} is not there"),
        ("libraries", package(FORM, DRAFT, {**RULES, **RELATED}, TYPES), f"{SECOND} is not there"),
        ("libraries", package(*WHOLE, {**RULES, "url": SECOND}), "a Library without a name of its own"),
        ("libraries", package(FORM, DRAFT, {**RULES, "content": CODED[:1]}, TYPES), "Pump: text/cql"),
        ("libraries", package(FORM, DRAFT, {**RULES, "content": []}, TYPES), "Pump: nothing in it"),
        ("value-sets", package(FORM, DRAFT, RULES), f"{SET_AT} is not there"),
        ("value-sets", package(FORM, DRAFT, {**TYPES, "expansion": {}}), f"{SET_AT} is not expanded"),
        ("value-sets", asking(answerValueSet="#types"), "#types is not there"),
        ("versions", draft(questionnaire=FORM["url"]), FORM["url"]),
        ("identity", form(title=None, version=""), "version, title"),
        ("items", form(item=[QUESTION, QUESTION]), "a linkId twice, or none"),
        ("items", asking(linkId=""), "a linkId twice, or none"),
        ("prefill", asking(extension=[]), "no item has one"),
        ("prefill", asking(extension=[{**PREFILL, "valueExpression": {"language": "text/basic"}}]), "text/basic"),
        ("hidden", asking(extension=[HIDDEN]), "type"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_package_is_named(name: str, body: Json, found: str) -> None:
    stand, said = looked(f"package.{name}", body)
    assert stand == "failed"
    assert said.startswith(found)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("response", draft(questionnaire="#adaptive")),
        ("libraries", package(FORM, DRAFT, {**RULES, **RELATED}, {**RULES, "url": SECOND, "name": "Second"})),
        ("value-sets", form(item=[{**QUESTION, "answerValueSet": "#own"}], contained=[{"id": "own"}])),
        ("value-sets", package(FORM, DRAFT, {"resourceType": "ValueSet", "url": SET_AT})),
        ("versions", draft(questionnaire="#adaptive")),
        ("items", form(item=[QUESTION, {"linkId": "b", "enableWhen": [{"question": "type"}]}])),
        ("hidden", asking(extension=[{**HIDDEN, "valueBoolean": False}])),
    ],
)  # fmt: skip
def test_what_a_package_may_have_is_no_fault(name: str, body: Json) -> None:
    assert looked(f"package.{name}", body) == ("passed", "")


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("libraries", package({**FORM, "extension": []}, DRAFT), "the form names no Library"),
        ("value-sets", asking(answerValueSet=""), "the form names no ValueSet"),
        ("items", form(item=[]), "the form has no items before it is begun"),
        ("prefill", form(item=[]), "the form has no items before it is begun"),
        ("bundle", {"resourceType": "Parameters"}, "no package came for the order"),
    ],
)  # fmt: skip
def test_what_a_package_does_not_have_is_not_looked_for(name: str, body: Json, why: str) -> None:
    assert looked(f"package.{name}", body) == ("not applicable", why)


@pytest.mark.parametrize(
    ("version", "name", "stand"),
    [
        ("2.2", "packagebundle", "passed"),
        ("2.2", "PackageBundle", "failed"),
        ("2.2", "return", "failed"),
        ("2.0", "PackageBundle", "passed"),
        ("2.0", "return", "passed"),
        ("2.0", "bundle", "failed"),
    ],
)
def test_the_parameter_of_a_package_is_named_as_its_version_names_it(version: str, name: str, stand: str) -> None:
    assert looked("package.parameters", package(*WHOLE, name=name), version)[0] == stand


def test_a_package_without_a_bundle_is_no_answer() -> None:
    assert looked("package.answers", {"resourceType": "Parameters"}) == ("failed", "Parameters without a Bundle")
    assert looked("package.answers", {"resourceType": "Bundle"}) == ("failed", "200 with Bundle")


def test_a_form_that_is_asked_by_canonical_comes_in_its_version() -> None:
    by = f'{{"questionnaire": "{FORM["url"]}|1"}}'
    for version, stand in (("1", "passed"), ("2", "failed")):
        other = package({**FORM, "version": version}, DRAFT)
        assert looked("package.by-canonical", package(*WHOLE), more={by: other})[0] == stand


def test_a_refusal_is_an_outcome_with_a_status_of_the_callers_fault() -> None:
    outcome = {"resourceType": "OperationOutcome"}
    stands = {status: forms.is_refusal(Answer(status, json=outcome)) for status in (200, 399, 400, 404, 499, 500)}
    assert stands == {200: False, 399: False, 400: True, 404: True, 499: True, 500: False}
    assert not forms.is_refusal(Answer(400, json={}))


def test_items_are_given_at_every_depth_and_a_canonical_without_its_version() -> None:
    assert [one["linkId"] for one in forms.items(FORM)] == ["group", "type"]
    assert (forms.bare("https://a.example/Q|1"), forms.bare("https://a.example/Q")) == (("https://a.example/Q",) * 2)


def test_a_form_that_nobody_knows_may_be_answered_with_an_outcome_beside_no_package() -> None:
    by = '{"questionnaire": "https://nowhere.example/Questionnaire/nobody-knows|1"}'
    outcome = {"resourceType": "Parameters", "parameter": [{"resource": {"resourceType": "OperationOutcome"}}]}
    assert looked("package.unknown-form", package(*WHOLE), more={by: outcome}) == ("passed", "")
    assert looked("package.unknown-form", package(*WHOLE), more={by: package(*WHOLE)})[0] == "failed"
