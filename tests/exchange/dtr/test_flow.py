"""From the order to the request: a hook, the package of its context, the form to its end, the request with its answers.

What the hook left open is asked, and nothing else; what the form says at its end is what the request says.
"""

from __future__ import annotations

import base64
from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.intake import Withdraw
from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import extensions, hooked, moment
from tests.exchange.crd.hooking import parts as hook_parts
from tests.exchange.dtr import desk
from tests.exchange.dtr.desk import Json, followed, form_of, missing, parts, practice, requested, walked
from tests.exchange.house import PLAN, Exchange, both, exchanging
from tests.ledger import house

PACKAGE = "/fhir/Questionnaire/$questionnaire-package"


def packaged(exchange: Exchange, context: str, version: str) -> dict[str, list[Json]]:
    """The package of a context: its resources by kind."""
    asked = {"resourceType": "Parameters", "parameter": [{"name": "context", "valueString": context}]}
    told = exchange.post(PACKAGE, asked, version)
    assert told.status_code == 200, told.text
    (bundle,) = [one["resource"] for one in told.json()["parameter"] if one["resource"]["resourceType"] == "Bundle"]
    found: dict[str, list[Json]] = {}
    for entry in bundle["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.parametrize("pinned", [True, False])
@pytest.mark.shall(
    "DTR 2.2.0/spec-23", "DTR 2.2.0/spec-24", "DTR 2.2.0/spec-25", "DTR 2.2.0/spec-6",
    "DTR 2.2.0/spec-18", "DTR 2.0.1/23",
    "DTR 2.0.1/37", "DTR 2.0.1/40", "DTR 2.0.1/42", "DTR 2.0.1/350",
)  # fmt: skip
def test_what_an_order_leaves_open_is_asked_and_the_request_says_what_the_form_said(
    store: Store, version: str, *, pinned: bool
) -> None:
    partners = {"clinic-ehr": {**PLAN["partners"]["clinic-ehr"], "pin_versions": pinned}}
    with exchanging(store, {"unsolicited": True, "forms": "adaptive", "partners": partners}) as exchange:
        bundle = missing()
        exchange.running.clock.now = moment(bundle)
        told = exchange.post("/cds-services/order-sign-crd", hooked(bundle), version).json()
        said = hook_parts(extensions(told)[0])
        context = said["coverage-assertion-id"][0]
        package = packaged(exchange, context, version)
        (search,), (begin,) = package["Questionnaire"], package["QuestionnaireResponse"]
        assert search["url"] in said["questionnaire"][0]
        libraries = {f"{one['url']}|{one['version']}" if pinned else one["url"] for one in package["Library"]}

        def seen(response: Json) -> None:
            form = form_of(response)
            named = {one["valueCanonical"] for one in form["extension"] if one["url"].endswith("/cqf-library")}
            assert named <= libraries
            base = next(one["valueUrl"] for one in form["extension"] if one["url"].endswith("questionnaireAdaptive"))
            assert base == f"http://localhost/plan/{version}/fhir"
            for one in _expressions(form):
                assert one["language"] == "text/cql"

        done = followed(
            exchange, begin, practice({"form.end.1.issue": {"valueCoding": {"code": "issue"}}}), version, seen
        )
        ended = parts(done)
        assert (ended["pa-needed"], ended["coverage-assertion-id"]) == ("satisfied", context)
        assert ended["coverage"]["reference"] == said["coverage"][0]["reference"]
        assert requested(bundle, done, exchange.running.clock.now.date()).outcome == "approve"
        assert all(base64.b64decode(one["content"][0]["data"]) for one in package["Library"])
        again = exchange.post("/cds-services/order-sign-crd", hooked(bundle), version).json()
        assert hook_parts(extensions(again)[0])["satisfied-pa-id"] == [ended["satisfied-pa-id"]]


def _expressions(form: Json) -> list[Json]:
    found: list[Any] = [
        one["valueExpression"]
        for item in walked(form.get("item", []))
        for one in item.get("extension", [])
        if "valueExpression" in one
    ]
    return found


def sent(exchange: Exchange, bundle: Json, version: str) -> tuple[str, str]:
    """Send a request; return the review action of its item and its trace number."""
    told = exchange.post("/fhir/Claim/$submit", bundle, version)
    assert told.status_code == 200, told.text
    (response,) = [
        one["resource"] for one in told.json()["entry"] if one["resource"]["resourceType"] == "ClaimResponse"
    ]
    (item,) = response["item"]
    codes = [one["code"] for one in _codings(item["adjudication"])]
    (trace,) = [one for one in item["extension"] if one["url"].endswith("extension-itemTraceNumber")]
    return next(code for code in codes if code in {"A1", "A4"}), trace["valueIdentifier"]["value"]


def _codings(value: Any) -> list[Json]:
    if isinstance(value, list):
        return [found for one in value for found in _codings(one)]
    if isinstance(value, dict):
        own = list(value["coding"]) if isinstance(value.get("coding"), list) else []
        return [*own, *(found for one in value.values() for found in _codings(one))]
    return []


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_request_with_the_answers_of_the_form_is_decided_as_the_form_said(store: Store, version: str) -> None:
    with exchanging(store, {"forms": "adaptive"}) as exchange:
        bundle = missing()
        exchange.running.clock.now = moment(bundle)
        told = exchange.post("/cds-services/order-sign-crd", hooked(bundle), version).json()
        context = hook_parts(extensions(told)[0])["coverage-assertion-id"][0]
        done = followed(exchange, packaged(exchange, context, version)["QuestionnaireResponse"][0], practice(), version)
        assert parts(done)["reason"] == {"text": "all that the policy asks is on file"}
        bundle["entry"].append({"fullUrl": f"urn:uuid:{done['id']}", "resource": done})
        assert sent(exchange, bundle, version)[0] == "A1"


@both
@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/spec-42", "PAS 2.2.1/ainfo-3")
def test_a_request_of_which_more_is_asked_opens_the_form_by_its_trace_and_gets_no_number_there(
    store: Store, version: str
) -> None:
    with exchanging(store, {"forms": "adaptive", "unsolicited": True}) as exchange:
        bundle = missing()
        exchange.running.clock.now = moment(bundle)
        action, trace = sent(exchange, bundle, version)
        assert action == "A4"
        begin = packaged(exchange, trace, version)["QuestionnaireResponse"][0]
        done = followed(exchange, begin, practice(), version)
        assert parts(done) == {}
        assert not [one for one in walked(form_of(done)["item"]) if one["linkId"].endswith(".issue")]
        assert requested(bundle, done, exchange.running.clock.now.date()).outcome == "approve"
        other = exchange.post(desk.PATH, begin, version, client="other-ehr")
        assert other.status_code == 404
        (case,) = traffic.found(store, house.TENANT, t.cases)
        house.done(store, Withdraw(case=case["case_no"]), now=exchange.running.clock.now)
        assert exchange.post(desk.PATH, begin, version).status_code == 404
