"""The checks of the DTR suite: packages of a static and an adaptive form, and the questions of the adaptive one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import Flow, Run, resources
from tests.exchange.kit.started import Json, Told

SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
LIBRARY: Final = "http://hl7.org/fhir/StructureDefinition/cqf-library"
VARIABLE: Final = "http://hl7.org/fhir/StructureDefinition/variable"
LOGIC: Final = {
    LIBRARY,
    VARIABLE,
    f"{SDC}sdc-questionnaire-launchContext",
    f"{SDC}sdc-questionnaire-itemPopulationContext",
}
EXPRESSIONS: Final = {f"{SDC}sdc-questionnaire-{one}Expression" for one in ("candidate", "initial", "context")}
CQL: Final = "text/cql"
ELM: Final = "application/elm+json"


def packages(told: Told) -> list[Json]:
    """Return the packages of an answer: the Bundle, or those in Parameters, whatever they are called."""
    body = told.body if isinstance(told.body, dict) else {}
    if body.get("resourceType") == "Bundle":
        return [body]
    listed = [one.get("resource") for one in body.get("parameter", [])]
    return [one for one in listed if isinstance(one, dict) and one.get("resourceType") == "Bundle"]


# ---- what is sent


def began(run: Run, row: Row) -> None:
    assert _flow(run, row).sent


def package_asked(run: Run, row: Row) -> None:
    for sent in _flow(run, row).sent:
        assert sent["resourceType"] == "Parameters"
        named = [one["name"] for one in sent["parameter"]]
        assert "coverage" in named
        assert {"order", "questionnaire", "context"} & set(named)


def next_asked(run: Run, row: Row) -> None:
    for sent in run.questions(row.version).sent:
        assert sent["resourceType"] in {"QuestionnaireResponse", "Parameters"}


# ---- what comes back


def package(run: Run, row: Row) -> None:
    for told in _flow(run, row).told:
        assert told.status in {200, 201}, told.body
        assert packages(told)
    bundles(run, row)


def bundles(run: Run, row: Row) -> None:
    for made in _packages(run, row):
        assert made["type"] == "collection"
        assert made["entry"][0]["resource"]["resourceType"] == "Questionnaire"
        assert len(list(resources(made, "Questionnaire"))) == 1


def libraries(run: Run, row: Row) -> None:
    found = [one for made in _packages(run, row) for one in resources(made, "Library")]
    assert found
    for made in _packages(run, row):
        names = [one.get("name") for one in resources(made, "Library")]
        assert all(names)
        assert len(names) == len(set(names))
    for one in found:
        assert {CQL, ELM} <= {content["contentType"] for content in one["content"]}


def extensions(run: Run, row: Row) -> None:
    for made in _packages(run, row):
        for form in resources(made, "Questionnaire"):
            _has_logic(form, {one["url"] for one in resources(made, "Library")})


def expressions(run: Run, row: Row) -> None:
    forms = [form for made in _packages(run, row) for form in resources(made, "Questionnaire")]
    assert forms
    _are_cql(forms)


def search_form(run: Run, row: Row) -> None:
    for made in _packages(run, row):
        (form,) = resources(made, "Questionnaire")
        assert any(one["url"] == f"{SDC}sdc-questionnaire-questionnaireAdaptive" for one in form["extension"])
        assert "item" not in form


def next_answered(run: Run, row: Row) -> None:
    flow = run.questions(row.version)
    assert len(flow.told) > 1
    for told in flow.told:
        assert told.status in {200, 202}, told.body
        assert told.body["resourceType"] == "QuestionnaireResponse"
        assert _contained(told)


def next_extensions(run: Run, row: Row) -> None:
    known = {one["url"] for made in _packages(run, row) for one in resources(made, "Library")}
    for told in run.questions(row.version).told:
        for form in _contained(told):
            _has_logic(form, known)


def next_expressions(run: Run, row: Row) -> None:
    _are_cql([form for told in run.questions(row.version).told for form in _contained(told)])


def completed(run: Run, row: Row) -> None:
    assert run.questions(row.version).told[-1].body["status"] == "completed"


# ---- parts of checks


def _flow(run: Run, row: Row) -> Flow:
    return run.package(row.version, row.given["form"])


def _packages(run: Run, row: Row) -> list[Json]:
    found = [one for told in _flow(run, row).told for one in packages(told)]
    assert found
    return found


def _contained(told: Told) -> list[Json]:
    return [one for one in told.body.get("contained", []) if one["resourceType"] == "Questionnaire"]


def _has_logic(form: Json, libraries: set[str]) -> None:
    found = [one for one in form.get("extension", []) if one["url"] in LOGIC]
    assert found
    for one in found:
        if "valueExpression" in one:
            assert one["valueExpression"]["language"] == CQL
        if one["url"] == LIBRARY:
            assert one["valueCanonical"] in libraries


def _are_cql(forms: list[Json]) -> None:
    for form in forms:
        for one in _extensions(form.get("item", [])):
            if one["url"] in EXPRESSIONS:
                assert one["valueExpression"]["language"] == CQL


def _extensions(items: list[Any]) -> Iterator[Json]:
    for item in items:
        yield from item.get("extension", [])
        yield from _extensions(item.get("item", []))
