"""``$questionnaire-package`` over HTTP: by order, by name, by context; what comes, and what is refused."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from priorauth.export import forms
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from priorauth.ledger.tables import METADATA
from priorauth.policy.catalog import open_catalog
from tests.exchange.house import Exchange, both, exchanging
from tests.ledger import house

PATH = "/fhir/Questionnaire/$questionnaire-package"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CATALOG = open_catalog()
Json = dict[str, Any]


def order(code: str = "E0784") -> Json:
    return {
        "resourceType": "DeviceRequest", "id": "order-1", "status": "draft", "intent": "order",
        "codeCodeableConcept": {"coding": [{"system": HCPCS, "code": code}]}, "subject": {"reference": "Patient/pat-1"},
    }  # fmt: skip


def coverage(payer: str | None = "masshealth", **more: Any) -> Json:
    identifier = {"system": "urn:priorauth:payer", "value": payer}
    return {
        "resourceType": "Coverage", "id": "cov-1", "status": "active", "beneficiary": {"reference": "Patient/pat-1"},
        "payor": [{"identifier": identifier} if payer else {"reference": "Organization/org-1"}], **more,
    }  # fmt: skip


def wanted(**more: Any) -> Json:
    """Write Parameters: resources, canonicals and words by name; a list is a parameter that stands several times."""
    parameters = []
    for name, value in more.items():
        for one in value if isinstance(value, list) else [value]:
            held = {"resource": one} if isinstance(one, dict) else {KINDS.get(name, "valueString"): one}
            parameters.append({"name": name, **held})
    return {"resourceType": "Parameters", "parameter": parameters}


KINDS = {"questionnaire": "valueCanonical", "changedsince": "valueInstant"}


def asked(exchange: Exchange, version: str = "2.2", **more: Any) -> Json:
    found = exchange.post(PATH, wanted(**more), version)
    assert found.status_code == 200, found.text
    made: Json = found.json()
    return made


def bundles(made: Json) -> list[Json]:
    return [one["resource"] for one in made["parameter"] if one["resource"]["resourceType"] == "Bundle"]


def said(made: Json) -> list[str]:
    held = [one["resource"] for one in made["parameter"] if one["resource"]["resourceType"] == "OperationOutcome"]
    return [issue["severity"] for one in held for issue in one["issue"]]


def of(bundle: Json, kind: str) -> list[Json]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def canonical(exchange: Exchange, name: str, version: str = "2.2") -> str:
    return f"{base(exchange, version)}/Questionnaire/{name}"


def base(exchange: Exchange, version: str = "2.2") -> str:
    return f"{str(exchange.running.client.base_url).rstrip('/')}/{house.TENANT}/{version}/fhir"


@pytest.mark.shall(
    "DTR 2.2.0/oper-10",
    "DTR 2.2.0/spec-6",
    "DTR 2.0.1/23",
    "DTR 2.0.1/169",
    "DTR 2.0.1/239",
    "DTR 2.0.1/292",
    "DTR 2.0.1/294",
    "DTR 2.0.1/303",
    "DTR 2.0.1/306",
)
@pytest.mark.parametrize(("version", "name"), [("2.0", "PackageBundle"), ("2.2", "packagebundle")])
def test_an_order_is_answered_with_the_forms_of_its_policy_under_the_name_of_the_version(
    exchange: Exchange, version: str, name: str
) -> None:
    made = asked(exchange, version, coverage=coverage(), order=order())
    assert made["resourceType"] == "Parameters"
    assert [one["name"] for one in made["parameter"]] == [name, name]
    titles = [of(one, "Questionnaire")[0]["url"].rpartition("/")[2] for one in bundles(made)]
    assert titles == ["masshealth.insulin-pumps.initial-trial", "masshealth.insulin-pumps.continued-use"]


@pytest.mark.shall(
    "DTR 2.2.0/oper-12",
    "DTR 2.2.0/oper-14",
    "DTR 2.2.0/oper-16",
    "DTR 2.2.0/spec-87",
    "DTR 2.0.1/84",
    "DTR 2.0.1/308",
    "DTR 2.0.1/309",
    "DTR 2.0.1/310",
    "DTR 2.0.1/311",
    "DTR 2.0.1/317",
    "DTR 2.0.1/320",
)
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_bundle_is_a_collection_with_the_form_first_and_all_that_it_names(exchange: Exchange, version: str) -> None:
    for bundle in bundles(asked(exchange, version, coverage=coverage(), order=order())):
        assert bundle["type"] == "collection"
        assert bundle["entry"][0]["resource"]["resourceType"] == "Questionnaire"
        assert len(of(bundle, "Questionnaire")) == len(of(bundle, "QuestionnaireResponse")) == 1
        form = of(bundle, "Questionnaire")[0]
        libraries = {f"{one['url']}|{one['version']}": one for one in of(bundle, "Library")}
        named = {one["valueCanonical"] for one in form["extension"] if one["url"].endswith("/cqf-library")}
        assert named == set(libraries)
        needed = {each["resource"] for one in libraries.values() for each in one.get("relatedArtifact", ())}
        assert needed <= set(libraries)
        values = {f"{one['url']}|{one['version']}" for one in of(bundle, "ValueSet")}
        assert {one["answerValueSet"] for one in walked(form["item"]) if "answerValueSet" in one} == values
        assert {one["resource"]["resourceType"] for one in bundle["entry"]} <= {
            "Questionnaire",
            "QuestionnaireResponse",
            "Library",
            "ValueSet",
        }


def walked(items: list[Json]) -> list[Json]:
    return [each for one in items for each in (one, *walked(one.get("item", [])))]


@pytest.mark.shall("DTR 2.2.0/oper-15", "DTR 2.2.0/oper-5", "DTR 2.0.1/312")
def test_value_sets_of_few_codes_come_expanded_as_of_the_day(exchange: Exchange) -> None:
    made = asked(exchange, coverage=coverage(), order=order())
    sets = [one for bundle in bundles(made) for one in of(bundle, "ValueSet")]
    assert sets
    for one in sets:
        assert one["expansion"]["timestamp"] == "2026-11-24"
        codes = [each["code"] for each in one["compose"]["include"][0]["concept"]]
        assert [each["code"] for each in one["expansion"]["contains"]] == codes
        assert len(codes) < 40


@pytest.mark.shall(
    "DTR 2.2.0/oper-18",
    "DTR 2.2.0/spec-122",
    "DTR 2.2.0/spec-139",
    "DTR 2.2.0/spec-141",
    "DTR 2.0.1/321",
    "DTR 2.0.1/322",
    "DTR 2.0.1/323",
)
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_the_response_that_is_begun_says_for_whom_and_for_which_order_and_coverage(
    exchange: Exchange, version: str
) -> None:
    (bundle, _) = bundles(asked(exchange, version, coverage=coverage(), order=order()))
    form, begun = of(bundle, "Questionnaire")[0], of(bundle, "QuestionnaireResponse")[0]
    assert begun["questionnaire"] == f"{form['url']}|{form['version']}"
    assert (begun["status"], begun["subject"]) == ("in-progress", {"reference": "Patient/pat-1"})
    about = [
        (one["url"].rpartition("/")[2], one["valueReference"]["reference"])
        for one in begun["extension"]
        if "valueReference" in one
    ]
    first = "qr-coverage" if version == "2.2" else "qr-context"
    assert about == [(first, "Coverage/cov-1"), ("qr-context", "DeviceRequest/order-1")]
    assert begun["item"]
    assert "contained" not in begun


def test_a_package_is_small(exchange: Exchange) -> None:
    for bundle in bundles(asked(exchange, coverage=coverage("uhc-medicare-advantage"), order=order())):
        assert len(json.dumps(bundle)) < 230_000


@pytest.mark.shall("DTR 2.2.0/spec-12")
def test_every_product_of_every_policy_in_force_has_a_form(exchange: Exchange) -> None:
    for policy in (one for name in CATALOG.policies if (one := CATALOG.in_force(name, TODAY))):
        for product in policy.products:
            made = asked(exchange, coverage=coverage(policy.payer), order=order(product))
            assert bundles(made), (policy.id, product)
            assert said(made) == []


TODAY = dict.fromkeys(("request", "service", "receipt"), house.NOW.toordinal())


@pytest.mark.shall("DTR 2.2.0/sec-9", "DTR 2.0.1/343")
def test_nothing_of_a_call_is_kept(exchange: Exchange) -> None:
    before = rows(exchange)
    asked(exchange, coverage=coverage(), order=order())
    assert rows(exchange) == before


def rows(exchange: Exchange) -> dict[str, int]:
    with exchange.store.reading(house.TENANT) as connection:
        return {
            one.name: int(connection.execute(select(func.count()).select_from(one)).scalar() or 0)
            for one in METADATA.sorted_tables
        }


# ---- by name


@pytest.mark.shall("DTR 2.0.1/297")
def test_a_form_is_given_out_by_its_name_in_the_version_that_is_asked_for(exchange: Exchange) -> None:
    name = canonical(exchange, "anthem.cg-dme-01.initial")
    versions = []
    for wish in (name, f"{name}|2014-07-01-1", f"{name}|2015-07-07-1"):
        (bundle,) = bundles(asked(exchange, coverage=coverage(), questionnaire=wish))
        versions.append(of(bundle, "Questionnaire")[0]["version"])
    assert versions == ["2015-07-07-1", "2014-07-01-1", "2015-07-07-1"]


@pytest.mark.shall("DTR 2.2.0/oper-9", "DTR 2.0.1/301", "DTR 2.0.1/305")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_form_that_is_not_known_is_a_warning_beside_those_that_are(exchange: Exchange, version: str) -> None:
    good = canonical(exchange, "anthem.cg-dme-01.refill", version)
    made = asked(
        exchange, version, coverage=coverage(), questionnaire=["https://elsewhere.example/Questionnaire/x", good]
    )
    assert len(bundles(made)) == 1
    assert said(made) == ["warning"]
    assert made["parameter"][-1]["name"] == {"2.0": "operationOutcome", "2.2": "outcome"}[version]


@pytest.mark.shall("DTR 2.2.0/oper-7", "DTR 2.0.1/299", "DTR 2.0.1/300")
def test_two_versions_of_a_form_are_not_given_out_for_one_order(exchange: Exchange) -> None:
    name = canonical(exchange, "anthem.cg-dme-01.initial")
    wishes = [f"{name}|2014-07-01-1", f"{name}|2015-07-07-1", f"{name}|2014-07-01-1"]
    made = asked(exchange, coverage=coverage(), order=order(), questionnaire=wishes)
    first = [
        of(one, "Questionnaire")[0]["version"]
        for one in bundles(made)
        if "anthem" in of(one, "Questionnaire")[0]["url"]
    ]
    assert first == ["2014-07-01-1"]
    assert said(made) == ["warning"]


@pytest.mark.shall("DTR 2.0.1/299")
def test_what_is_named_and_what_an_order_needs_come_together_each_once(exchange: Exchange) -> None:
    name = canonical(exchange, "anthem.cg-dme-01.refill")
    made = asked(exchange, coverage=coverage(), order=order(), questionnaire=[name, name])
    urls = [of(one, "Questionnaire")[0]["url"].rpartition("/")[2] for one in bundles(made)]
    assert urls == [
        "anthem.cg-dme-01.refill",
        "masshealth.insulin-pumps.initial-trial",
        "masshealth.insulin-pumps.continued-use",
    ]
    own = canonical(exchange, "masshealth.insulin-pumps.initial-trial")
    assert len(bundles(asked(exchange, coverage=coverage(), order=order(), questionnaire=own))) == 1


def test_forms_of_all_policies_can_be_had_by_their_names(exchange: Exchange) -> None:
    for form in list(forms.every(CATALOG))[::3]:
        (bundle,) = bundles(asked(exchange, questionnaire=f"{canonical(exchange, form.name)}|{form.version}"))
        assert of(bundle, "Questionnaire")[0]["version"] == form.version


@pytest.mark.shall("DTR 2.2.0/spec-25", "DTR 2.2.0/spec-140", "DTR 2.0.1/42")
def test_an_adaptive_response_holds_the_form_that_it_will_be_asked_by(exchange: Exchange) -> None:
    name = canonical(exchange, "masshealth.insulin-pumps.adaptive")
    (bundle,) = bundles(asked(exchange, coverage=coverage(), order=order(), questionnaire=name))
    form, begun = of(bundle, "Questionnaire")[0], of(bundle, "QuestionnaireResponse")[0]
    (held,) = begun["contained"]
    assert begun["questionnaire"] == f"#{held['id']}"
    assert held["derivedFrom"] == [f"{form['url']}|{form['version']}"]
    assert "item" not in form
    assert "item" not in begun


def test_a_plan_gives_out_the_kind_of_form_that_it_says(store: Store) -> None:
    with exchanging(store, {"forms": "adaptive"}) as exchange:
        (bundle,) = bundles(asked(exchange, coverage=coverage(), order=order()))
        assert "item" not in of(bundle, "Questionnaire")[0]


@pytest.mark.shall("DTR 2.2.0/oper-16", "DTR 2.0.1/313")
def test_a_partner_may_want_libraries_named_without_their_version(store: Store) -> None:
    partners = {"clinic-ehr": {"organisation": "clinic", "pin_versions": False}}
    with exchanging(store, {"partners": partners}) as exchange:
        (bundle, _) = bundles(asked(exchange, coverage=coverage(), order=order()))
        named = [
            one["valueCanonical"]
            for one in of(bundle, "Questionnaire")[0]["extension"]
            if one["url"].endswith("/cqf-library")
        ]
        assert set(named) == {one["url"] for one in of(bundle, "Library")}


@pytest.mark.parametrize(("since", "bundles_"), [("2020-01-01T00:00:00Z", 0), ("2010-01-01T00:00:00+00:00", 2)])
def test_what_has_not_changed_since_is_not_sent_again(exchange: Exchange, since: str, bundles_: int) -> None:
    made = asked(exchange, coverage=coverage(), order=order(), changedsince=since)
    assert len(bundles(made)) == bundles_
    assert said(made) == ([] if bundles_ else ["information"])


# ---- by context


def known(exchange: Exchange, **more: Any) -> str:
    """Keep a context as CRD keeps it: of the worked example that is approved, without its form."""
    case = json.loads((house.EXAMPLES / "approve.json").read_bytes())
    case["entry"] = [one for one in case["entry"] if one["resource"]["resourceType"] != "QuestionnaireResponse"]
    row = {
        "context": "5d8c", "client": "clinic-ehr", "version": "2.2", "member": "m", "product": "E0784",
        "policy": "masshealth/insulin-pumps", "made_at": house.NOW, "ends_at": house.NOW + timedelta(days=90),
        "data": {
            "order": "DeviceRequest/order-1", "coverage": "Coverage/cov-1", "patient": "Patient/pat-1",
            "hook": "order-sign",
        },
        "bundle": json.dumps(case).encode(), **more,
    }  # fmt: skip
    traffic.keep(exchange.store, house.TENANT, t.context, row)
    return str(row["context"])


@both
@pytest.mark.shall("DTR 2.0.1/298")
def test_a_context_is_answered_with_the_form_for_its_order(exchange: Exchange) -> None:
    made = asked(exchange, coverage=coverage(), context=known(exchange))
    (bundle,) = bundles(made)
    begun = of(bundle, "QuestionnaireResponse")[0]
    assert of(bundle, "Questionnaire")[0]["url"].endswith("/masshealth.insulin-pumps.adaptive")
    assert begun["identifier"]["value"] == "5d8c"
    assert begun["identifier"]["system"].endswith("/2.2/trace")
    assert begun["subject"] == {"reference": "Patient/pat-1"}


@pytest.mark.shall("DTR 2.0.1/175")
@pytest.mark.parametrize(("version", "origin"), [("2.0", "auto"), ("2.2", "auto-server")])
def test_a_static_form_is_begun_with_what_crd_brought_and_each_answer_says_whence_it_is(
    exchange: Exchange, version: str, origin: str
) -> None:
    name = canonical(exchange, "masshealth.insulin-pumps.initial-trial", version)
    (bundle,) = bundles(asked(exchange, version, coverage=coverage(), context=known(exchange), questionnaire=name))
    form, begun = of(bundle, "Questionnaire")[0], of(bundle, "QuestionnaireResponse")[0]
    answers = {one["linkId"]: one["answer"] for one in walked(begun["item"]) if "answer" in one}
    assert answers["hba1c"][0]["valueQuantity"]["value"] == 8.4
    assert answers["hba1c"][0]["item"][0]["answer"][0]["valueDate"] == "2026-10-06"
    assert answers["diabetes.from"][0]["valueDate"] == "2012-05-08"
    assert answers["request_kind"][0]["valueCoding"]["code"] == "initial"
    assert {one["extension"][0]["extension"][0]["valueCode"] for listed in answers.values() for one in listed} == {
        origin
    }
    assert {one["linkId"] for one in walked(begun["item"])} <= {one["linkId"] for one in walked(form["item"])}


@pytest.mark.shall("DTR 2.2.0/spec-130")
@pytest.mark.parametrize("more", [{"ends_at": house.NOW}, {"client": "other-ehr"}, {"context": "another"}])
def test_a_context_that_is_over_or_of_another_or_not_there_is_404_with_what_to_do(
    exchange: Exchange, more: Json
) -> None:
    known(exchange, **more)
    found = exchange.post(PATH, wanted(coverage=coverage(), context="5d8c"))
    assert found.status_code == 404
    assert found.json()["resourceType"] == "OperationOutcome"
    assert "CRD" in found.json()["issue"][0]["diagnostics"]


# ---- what is refused, and what is not


@pytest.mark.shall("DTR 2.2.0/spec-130")
def test_a_coverage_of_another_payer_is_404(exchange: Exchange) -> None:
    stranger = coverage(payor=[{"identifier": {"system": "urn:priorauth:payer", "value": "nobody"}}])
    found = exchange.post(PATH, wanted(coverage=stranger, order=order()))
    assert (found.status_code, found.json()["resourceType"]) == (404, "OperationOutcome")


def test_a_coverage_that_leaves_the_payer_open_is_422_where_several_have_a_policy(exchange: Exchange) -> None:
    assert exchange.post(PATH, wanted(coverage=coverage(None), order=order())).status_code == 422


@pytest.mark.parametrize(
    "held",
    [
        [coverage(), coverage("nobody", id="cov-2")],
        [],
        coverage(
            None,
            contained=[{"resourceType": "Organization", "id": "o", "name": "MassHealth"}],
            payor=[{"reference": "#o"}],
        ),
    ],
)
@pytest.mark.shall("DTR 2.2.0/conf-8", "DTR 2.2.0/conf-9", "DTR 2.2.0/conf-12")
def test_a_coverage_may_stand_twice_or_contain_its_payer_or_be_left_out_for_a_named_form(
    exchange: Exchange, held: Any
) -> None:
    name = canonical(exchange, "masshealth.insulin-pumps.initial-trial")
    assert len(bundles(asked(exchange, coverage=held, order=order(), questionnaire=name))) == 1
    if held:
        assert len(bundles(asked(exchange, coverage=held, order=order()))) == 2


@pytest.mark.shall("DTR 2.2.0/oper-8", "DTR 2.0.1/302")
def test_an_order_for_what_no_policy_lists_is_answered_with_how_else_to_find_out(exchange: Exchange) -> None:
    made = asked(exchange, coverage=coverage(), order=order("E0424"))
    assert bundles(made) == []
    assert said(made) == ["warning"]


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Bundle"},
        {"resourceType": "Parameters"},
        wanted(coverage=coverage()),
        wanted(order={"resourceType": "Patient"}),
        wanted(order=order(), coverage={"resourceType": "Patient"}),
        wanted(order=order(), changedsince="yesterday"),
        wanted(order=order(), changedsince="2026-01-01T00:00:00"),
        {"resourceType": "Parameters", "parameter": [{"name": "context", "valueInteger": 1}]},
        {"resourceType": "Parameters", "parameter": [{"name": "order", "resource": 1}]},
    ],
)
def test_what_is_no_request_for_a_package_is_400_with_the_place(exchange: Exchange, body: Json) -> None:
    found = exchange.post(PATH, body)
    assert (found.status_code, found.json()["resourceType"]) == (400, "OperationOutcome")
    assert found.json()["issue"][0]["expression"]


@pytest.mark.shall("DTR 2.2.0/spec-128")
def test_an_order_that_changed_a_little_since_crd_is_the_same_order(exchange: Exchange) -> None:
    changed = {**order(), "status": "active", "note": [{"text": "call first"}]}
    made = asked(exchange, coverage=coverage(), order=changed, context=known(exchange))
    assert len(bundles(made)) == 1


def test_libraries_are_valid_base64_of_json(exchange: Exchange) -> None:
    (bundle, _) = bundles(asked(exchange, coverage=coverage(), order=order()))
    for one in of(bundle, "Library"):
        assert json.loads(base64.b64decode(one["content"][1]["data"]))["library"]
