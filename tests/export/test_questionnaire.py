"""Forms as Questionnaires: what they bear, and that what is answered in them is read as the facts that they name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from priorauth.decide.determine import decided_by
from priorauth.export.answers import filled
from priorauth.export.forms import Form, every, possible
from priorauth.export.items import Json
from priorauth.export.libraries import libraries
from priorauth.export.outline import outline
from priorauth.export.questionnaire import DONE, Asked, adaptive, chosen, of_policy, static, walked
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.facts.vocabulary import Fact
from priorauth.values.dates import iso
from tests.export.filling import BASE, CATALOG

FORMS = [one for one in every(CATALOG) if one.pathway]
WHOLE = [one for one in every(CATALOG) if one.pathway is None]
VOCABULARY = CATALOG.vocabulary
ASKED = Asked(BASE, "A Plan")


def named(form: Form) -> str:
    return f"{form.name}.{form.version}"


def extensions(one: Json, end: str) -> list[Json]:
    return [each for each in one.get("extension", ()) if each["url"].endswith(f"/{end}")]


@pytest.mark.shall("DTR 2.2.0/conf-1", "DTR 2.2.0/conf-13", "DTR 2.0.1/352", "DTR 2.0.1/364", "DTR 2.0.1/365")
@pytest.mark.parametrize("form", FORMS, ids=named)
def test_a_static_form_bears_what_its_profile_demands(form: Form) -> None:
    made = static(form, CATALOG, ASKED)
    assert made["meta"]["profile"] == ["http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/dtr-std-questionnaire"]
    assert made["text"]["div"].startswith('<div xmlns="http://www.w3.org/1999/xhtml">')
    assert made["subjectType"] == ["Patient"]
    assert made["url"] == f"{BASE}/Questionnaire/{form.name}"
    assert made["version"] == f"{iso(form.policy.effective.first)}-{form.policy.encoding}"
    assert made["effectivePeriod"]["start"] == iso(form.policy.effective.first)
    assert len(made["id"]) <= 64
    (launch,) = extensions(made, "sdc-questionnaire-launchContext")
    assert {one["url"]: one.get("valueCode") for one in launch["extension"]}["type"] == "Patient"


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_every_link_stands_once_and_every_condition_names_a_question_before_it(form: Form) -> None:
    seen: list[str] = []
    for item in walked(static(form, CATALOG, ASKED)["item"]):
        for when in item.get("enableWhen", ()):
            if not item["linkId"].endswith(".none"):
                assert when["question"] in seen
        seen.append(item["linkId"])
    assert len(seen) == len(set(seen))


@pytest.mark.shall(
    "DTR 2.2.0/spec-18",
    "DTR 2.2.0/spec-96",
    "DTR 2.2.0/spec-97",
    "DTR 2.2.0/spec-54",
    "DTR 2.2.0/spec-94",
    "DTR 2.0.1/57",
    "DTR 2.0.1/62",
    "DTR 2.0.1/64",
    "DTR 2.0.1/94",
    "DTR 2.0.1/97",
    "DTR 2.0.1/98",
)
@pytest.mark.parametrize("form", FORMS, ids=named)
def test_expressions_are_cql_that_names_its_library_with_elm_beside_it(form: Form) -> None:
    made = static(form, CATALOG, ASKED)
    known = {one.name for one in libraries(of_policy(form, CATALOG), VOCABULARY)}
    found = [one for item in walked(made["item"]) for one in extensions(item, "sdc-questionnaire-initialExpression")]
    for one in found:
        said = one["valueExpression"]
        library, _, defined = said["expression"].partition(".")
        assert said["language"] == "text/cql"
        assert library.strip('"') in known
        (other,) = extensions(said, "alternativeExpression")
        elm = json.loads(other["valueExpression"]["expression"])
        assert other["valueExpression"]["language"] == "application/elm+json"
        assert (elm["libraryName"], elm["name"]) == (library.strip('"'), defined.strip('"'))
    assert bool(found) is bool(known)


@pytest.mark.shall("DTR 2.2.0/oper-16", "DTR 2.2.0/spec-87", "DTR 2.0.1/83", "DTR 2.0.1/313")
@pytest.mark.parametrize("form", [*FORMS, *WHOLE], ids=named)
def test_libraries_are_named_by_version_where_the_partner_wants_it_so(form: Form) -> None:
    make = static if form.pathway else adaptive
    known = libraries(of_policy(form, CATALOG), VOCABULARY)
    for pinned in (True, False):
        made = make(form, CATALOG, Asked(BASE, pinned=pinned))
        listed = [one["valueCanonical"] for one in extensions(made, "cqf-library")]
        assert listed == [f"{one.url(BASE)}{f'|{one.version}' if pinned else ''}" for one in known]


@pytest.mark.shall("DTR 2.2.0/spec-22")
def test_what_the_practice_knows_comes_first_and_its_end_is_said() -> None:
    form = next(one for one in FORMS if one.name == "masshealth.insulin-pumps.initial-trial")
    items = [*walked(static(form, CATALOG, ASKED)["item"])]
    end = next(place for place, one in enumerate(items) if one.get("text") == DONE)
    assert items[end]["type"] == "display"
    of = {fact.name: fact.asked_of for fact in VOCABULARY.facts.values()}
    assert {of[one["linkId"]] for one in items[end:] if one["linkId"] in of} == {"supplier"}
    assert {one["linkId"] for one in items[:end] if of.get(one["linkId"]) == "supplier"} == {"request_kind"}


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_a_form_for_one_kind_of_request_has_it_selected(form: Form) -> None:
    kinds = possible(form.pathway).get("request_kind", frozenset())
    (kind,) = (one for one in walked(static(form, CATALOG, ASKED)["item"]) if one["linkId"] == "request_kind")
    chosen = {one["valueCoding"]["code"] for one in kind["answerOption"] if one.get("initialSelected")}
    assert chosen == (kinds if len(kinds) == 1 else set())
    assert kind["required"]


def test_a_part_for_what_is_not_attested_is_opened_by_no_and_by_silence() -> None:
    forms = [one for one in FORMS if one.name == "caresource.insulin-infusion-pump.initial"]
    whens = [
        when
        for form in forms
        for item in walked(static(form, CATALOG, ASKED)["item"])
        for when in item.get("enableWhen", ())
        if when["question"] == "extreme_insulin_sensitivity"
    ]
    assert {when["operator"]: when["answerBoolean"] for when in whens} == {"exists": False, "=": False}


def test_every_way_that_holds_an_answer_is_chosen_so_that_no_answer_stands_in_a_closed_part() -> None:
    form = next(one for one in FORMS if one.name == "anthem.cg-dme-01.initial")
    items = static(form, CATALOG, ASKED)["item"]
    found = chosen(items, {"diabetes_education_completed": [{}], "insulin_pump_use.value": [{}]})
    said = [one["valueCoding"]["code"] for one in found["form.choice"]]
    assert said == ["1", "2"]


@pytest.mark.shall(
    "DTR 2.2.0/spec-23", "DTR 2.2.0/spec-24", "DTR 2.0.1/37", "DTR 2.0.1/40", "DTR 2.0.1/41", "DTR 2.0.1/350"
)
@pytest.mark.parametrize("form", WHOLE, ids=named)
def test_an_adaptive_form_is_empty_and_says_where_its_questions_come_from(form: Form) -> None:
    made = adaptive(form, CATALOG, ASKED)
    assert made["meta"]["profile"][0].endswith("/dtr-questionnaire-adapt-search")
    assert "item" not in made
    (next_,) = extensions(made, "sdc-questionnaire-questionnaireAdaptive")
    assert next_["valueUrl"] == BASE
    assert made["url"] == f"{BASE}/Questionnaire/{form.policy.id.replace('/', '.')}.adaptive"


MUST = {
    "cqf-library", "sdc-questionnaire-launchContext", "sdc-questionnaire-initialExpression", "questionnaire-unitOption",
    "name", "type", "description",
}  # fmt: skip
"""Extensions that every app has to support, and what stands in them."""


@pytest.mark.shall("DTR 2.2.0/conf-10", "DTR 2.2.0/spec-21", "DTR 2.0.1/69")
@pytest.mark.parametrize("form", FORMS, ids=named)
def test_a_form_needs_nothing_that_an_app_may_leave_out(form: Form) -> None:
    """A unit that an app need not show is said in the question too."""
    made = static(form, CATALOG, ASKED)
    assert {one["url"].rpartition("/")[2] for one in made["extension"]} <= MUST
    for item in walked(made["item"]):
        assert set(item) <= CORE
        for one in item.get("extension", ()):
            end = one["url"].rpartition("/")[2]
            if end == "questionnaire-unit":
                assert one["valueCoding"]["display"].split()[-1].rstrip("s") in item["text"]
            else:
                assert end in MUST


CORE = {
    "linkId", "prefix", "text", "type", "item", "repeats", "required", "enableWhen", "enableBehavior", "answerOption",
    "answerValueSet", "extension",
}  # fmt: skip


@pytest.mark.shall("DTR 2.0.1/361")
def test_what_an_app_has_to_support_is_used_by_the_forms() -> None:
    made = [static(form, CATALOG, ASKED) for form in FORMS]
    items = [item for one in made for item in walked(one["item"])]
    used = {one["url"].rpartition("/")[2] for part in (*made, *items) for one in part.get("extension", ())}
    assert used >= MUST - {"name", "type", "description"}
    assert {"enableWhen", "enableBehavior", "answerOption", "answerValueSet"} <= {name for one in items for name in one}
    assert all("effectivePeriod" in one for one in made)


def test_the_same_policy_gives_the_same_bytes() -> None:
    for form in FORMS[:3]:
        assert json.dumps(static(form, CATALOG, ASKED)) == json.dumps(static(form, CATALOG, ASKED))


# ---- answers


@pytest.mark.parametrize("form", FORMS, ids=named)
def test_what_is_answered_in_a_form_is_read_as_the_facts_that_it_names(form: Form) -> None:
    made = static(form, CATALOG, ASKED)
    facts = [name for name in outline(form, VOCABULARY, CATALOG.common).facts() if f"form.{name}" not in links(made)]
    values = {link: said for name in facts for link, said in answer(VOCABULARY[name]).items()}
    items = filled(made["item"], values)
    (found,) = decided_by(CATALOG, bundle(form, items), policy=form.policy.id)
    for name in facts:
        rows = [row for row in found.case.of(name) if row.source is Source.ANSWER and not isinstance(row, Whole)]
        assert rows, name
        assert any(says(row) == WORDS[VOCABULARY[name].kind] or isinstance(row, Answer) for row in rows), (name, rows)
        assert all(getattr(row, "ground", None) is None and getattr(row, "fault", None) is None for row in rows), name
    assert not any("ignored" in one or "does not count" in one for one in found.determination.warnings)


def links(made: Json) -> set[str]:
    return {one["linkId"] for one in walked(made["item"])}


DAY = 738_500
WORDS: dict[str, Any] = {
    "measurement": DAY, "event": DAY, "condition": DAY, "regimen": DAY, "attestation": None, "attribute": None,
}  # fmt: skip


def says(row: Row) -> int | None:
    match row:
        case Measurement() | Event():
            return row.first
        case Period():
            return row.start_first
        case _:
            return None


def answer(fact: Fact) -> dict[str, list[Json]]:
    """Answer a fact in its own shape."""
    low, high = CATALOG.units.plausible(fact.name)
    number = float(low if low is not None and low > 0 else min(high or 1, 1))
    match fact.kind:
        case "measurement":
            quantity = {"value": number, "unit": fact.unit, "system": "http://unitsofmeasure.org", "code": fact.unit}
            return {fact.name: [{"valueQuantity": quantity}], f"{fact.name}.date": [{"valueDate": iso(DAY)}]}
        case "event":
            return {fact.name: [{"valueDate": iso(DAY)}, {"valueDate": iso(DAY + 9)}]}
        case "regimen":
            return {f"{fact.name}.value": [{"valueDecimal": 2}], f"{fact.name}.from": [{"valueDate": iso(DAY)}]}
        case "condition":
            return {f"{fact.name}.value": [{"valueBoolean": True}], f"{fact.name}.from": [{"valueDate": iso(DAY)}]}
        case "attestation":
            return {fact.name: [{"valueBoolean": True}]}
        case _ if fact.values == ("date",):
            return {fact.name: [{"valueDate": iso(DAY)}]}
        case _ if fact.values == ("integer",):
            return {fact.name: [{"valueInteger": 2}]}
        case _ if fact.values == ("number",):
            return {fact.name: [{"valueDecimal": number}]}
        case _:
            return {fact.name: [{"valueCoding": {"code": fact.values[0]}}]}


def bundle(form: Form, items: list[Json]) -> Json:
    """Return a request with a form filled in: a member, a coverage, a claim."""
    patient = {"reference": "Patient/p"}
    payer = {"system": "urn:priorauth:payer", "value": form.policy.payer}
    day = "2026-11-20"
    coded = {
        "coding": [
            {"system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": form.policy.products[0]}
        ]
    }
    resources: list[Json] = [
        {
            "resourceType": "Claim", "id": "c", "status": "active", "use": "preauthorization", "patient": patient,
            "created": day, "insurer": {"reference": "Organization/o"},
            "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/v"}}],
            "item": [{"sequence": 1, "productOrService": coded}],
        },
        {"resourceType": "Patient", "id": "p", "birthDate": "1990-02-03", "gender": "female"},
        {"resourceType": "Organization", "id": "o", "identifier": [payer]},
        {
            "resourceType": "Coverage", "id": "v", "status": "active", "beneficiary": patient,
            "payor": [{"reference": "Organization/o"}],
        },
        {
            "resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "subject": patient,
            "authored": day, "item": items,
        },
    ]  # fmt: skip
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": f"{day}T12:00:00Z",
        "entry": [{"resource": one} for one in resources],
    }
