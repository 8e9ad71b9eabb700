"""What a coverage-information says is held against what CRD lets stand beside what."""

from __future__ import annotations

from typing import ClassVar

import pytest

from priorauth.exchange.trying import case
from priorauth.exchange.trying.checks import coverage
from priorauth.exchange.trying.found import Result, tried
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.shapes import COVERAGE
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import answered, named
from tests.exchange.trying.spoiling import Json, Spoil, covers, part

MINE: Json = {"valueCodeableConcept": {"coding": [{"code": "mine"}]}}

SPOILED: dict[str, Spoil] = {
    "coverage.parts": covers(lambda parts: part(parts, "date")),
    "coverage.codes": covers(lambda parts: part(parts, "covered", valueCode="perhaps")),
    "coverage.reference": covers(lambda parts: part(parts, "coverage", valueReference={"reference": "Coverage/x"})),
    "coverage.questionnaire": covers(lambda parts: part(parts, "doc-needed")),
    "coverage.not-covered": covers(lambda parts: part(parts, "covered", valueCode="not-covered")),
    "coverage.conditional": covers(lambda parts: part(parts, "pa-needed", valueCode="conditional")),
    "coverage.no-authorization": covers(lambda parts: part(parts, "pa-needed", valueCode="no-auth")),
    "coverage.number": covers(lambda parts: part(parts, "satisfied-pa-id", valueString="1")),
    "coverage.reasons": covers(lambda parts: part(parts, "reason")),
    "coverage.words": covers(lambda parts: part(parts, "reason", **MINE)),
    "coverage.secondary": covers(lambda parts: part(parts, "doc-needed", valueCode="clinical")),
    "coverage.canonical": covers(lambda parts: part(parts, "questionnaire", valueCanonical="https://a.example/Q")),
}  # fmt: skip


class TestChecks(Held):
    names = named(coverage)
    spoiled = SPOILED
    unasked: ClassVar = {"2.0": {"coverage.canonical"}, "2.2": frozenset()}


# ---- each rule by itself

FITTING: Json = {
    "coverage": {
        "valueReference": {"reference": f"https://a.example/fhir/{case.read(None, 'one').reference('Coverage')}"}
    },
    "covered": {"valueCode": "covered"},
    "pa-needed": {"valueCode": "auth-needed"},
    "doc-needed": {"valueCode": "clinical"},
    "doc-purpose": {"valueCode": "withpa"},
    "reason": {"valueCodeableConcept": {"text": "a request is needed"}},
    "questionnaire": {"valueCanonical": "https://a.example/Questionnaire/one|1"},
    "date": {"valueDate": "2026-11-29"},
    "coverage-assertion-id": {"valueString": "an-id"},
}


def said(name: str, hook: str = "order-sign", version: str = "2.2", **changed: Json | None) -> Result:
    """Return what a check finds in one coverage-information, with parts changed or taken away; ``_`` stands for -."""
    given = FITTING | {one.replace("_", "-"): value for one, value in changed.items()}
    parts = [{"url": url, **value} for url, value in given.items() if value is not None]
    action = {"type": "update", "resource": {"extension": [{"url": COVERAGE, "extension": parts}]}}
    session = answered(version, discovery={"services": [{"id": "one", "hook": hook}]})
    session.kept[f"hook {hook}"] = Answer(200, json={"cards": [], "systemActions": [action]})
    return tried(name, session)


def code(said: str) -> Json:
    return {"valueCode": said}


@pytest.mark.parametrize("name", sorted(TestChecks.names - {"coverage.secondary"}))
def test_one_that_fits_passes(name: str) -> None:
    assert (said(name).stand, said(name).found) == ("passed", "")


@pytest.mark.parametrize(
    ("name", "changed", "found"),
    [
        ("coverage.parts", {"coverage_assertion_id": None, "covered": None}, "0 covered, 0 coverage-assertion-id"),
        ("coverage.codes", {"pa_needed": code("needed")}, "pa-needed needed"),
        ("coverage.codes", {"doc_needed": code("no-doc")}, "doc-needed no-doc"),
        ("coverage.codes", {"doc_purpose": {"valueCodeableConcept": {"coding": [{"code": "x"}]}}}, "doc-purpose x"),
        ("coverage.codes", {"info_needed": {"valueCoding": {"code": "weather"}}}, "info-needed weather"),
        ("coverage.not-covered", {"covered": code("not-covered")}, "pa-needed"),
        ("coverage.conditional", {"covered": code("conditional")}, "no info-needed"),
        ("coverage.conditional", {"doc_needed": code("conditional")}, "no info-needed"),
        ("coverage.no-authorization", {"pa_needed": code("satisfied")}, "withpa"),
        ("coverage.number", {"pa_needed": code("satisfied")}, "0 numbers"),
        ("coverage.number", {"satisfied_pa_id": {"valueString": "1"}}, "1 numbers"),
        ("coverage.reasons", {"reason": None}, "no reason"),
        ("coverage.reasons", {"reason": None, "doc_purpose": None, "covered": code("indeterminate")}, "no reason"),
        ("coverage.reasons", {"reason": None, "doc_purpose": None, "info_needed": code("OTH")}, "no reason"),
        ("coverage.words", {"reason": {"valueCodeableConcept": {"coding": [{"code": "x"}]}}}, "a reason without words"),
    ],
)  # fmt: skip
def test_what_must_not_stand_beside_it_is_found_and_named(name: str, changed: Json, found: str) -> None:
    assert (said(name, **changed).stand, said(name, **changed).found) == ("failed", f"order-sign: {found}")


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("coverage.questionnaire", {"questionnaire": None, "doc_needed": None}),
        ("coverage.not-covered", {"covered": code("not-covered"), "pa_needed": None}),
        ("coverage.conditional", {"covered": code("conditional"), "info_needed": code("performer")}),
        ("coverage.no-authorization", {"pa_needed": code("satisfied"), "doc_purpose": code("withclaim")}),
        ("coverage.number", {"pa_needed": code("satisfied"), "satisfied_pa_id": {"valueString": "1"}}),
        ("coverage.reasons", {"reason": None, "doc_purpose": None}),
        ("coverage.reasons", {"reason": None, "doc_needed": code("conditional")}),
        ("coverage.words", {"reason": {"valueCodeableConcept": {"coding": [{"code": "gold-card"}]}}}),
    ],
)  # fmt: skip
def test_what_may_stand_beside_it_is_no_fault(name: str, changed: Json) -> None:
    assert (said(name, **changed).stand, said(name, **changed).found) == ("passed", "")


def test_the_old_version_has_its_own_codes_and_asks_for_no_version_of_a_form() -> None:
    assert said("coverage.codes", version="2.0", doc_needed=code("no-doc")).stand == "passed"
    assert said("coverage.codes", version="2.0", doc_needed=code("admin")).stand == "passed"
    form = {"valueCanonical": "https://a.example/Questionnaire/one"}
    assert said("coverage.canonical", version="2.0", questionnaire=form).stand == "not applicable"
    assert said("coverage.canonical", questionnaire=form).found == f"order-sign: {form['valueCanonical']}"


def test_a_secondary_hook_asks_for_no_documents_of_the_clinic() -> None:
    assert said("coverage.secondary").stand == "not applicable"
    assert said("coverage.secondary", "order-select").found == "order-select"
    assert said("coverage.secondary", "encounter-start", doc_needed=code("patient")).stand == "passed"
