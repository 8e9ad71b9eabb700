"""Charts that are asked: for what, where, how long, and what is said where they do not answer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest

from priorauth.exchange.crd import charts
from priorauth.exchange.crd.charts import Chart
from priorauth.exchange.crd.request import read
from priorauth.facts.vocabulary import load
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.casebook.kept import every
from tests.exchange.crd.ehr import Ehr, serving
from tests.exchange.crd.hooking import (
    Json,
    claim_of,
    example,
    extensions,
    hooked,
    moment,
    order_of,
    resources,
    said,
)
from tests.exchange.house import PLAN, Exchange, exchanging
from tests.ledger import house

SIGN = "/cds-services/order-sign-crd"
HOOKS = (
    *("order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start", "encounter-discharge"),
)


@contextmanager
def clinic(store: Store, chart: list[Json], manner: str = "well", **plan: Any) -> Iterator[tuple[Exchange, Ehr]]:
    """A plan that may ask the chart of a clinic on this machine."""
    with serving(chart, manner) as ehr:
        partners = {**PLAN["partners"], "clinic-ehr": {**PLAN["partners"]["clinic-ehr"], "ehr": [ehr.address]}}
        with exchanging(store, {"partners": partners, **plan}) as exchange:
            yield exchange, ehr


def with_token(body: Json, ehr: Ehr, address: str | None = None) -> Json:
    access = {
        "access_token": "A-TOKEN",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "patient/*.rs",
        "subject": "crd",
    }
    return {**body, "fhirServer": address or ehr.address, "fhirAuthorization": access}


def chart_of(bundle: Json) -> list[Json]:
    return [one for one in resources(bundle) if one["resourceType"] != "Claim"]


@pytest.mark.shall("CRD 2.0.1/42", "CRD 2.0.1/57", "CRD 2.0.1/60", "CDS Hooks/61", "CRD 2.2.1/found-34")
def test_what_a_hook_does_not_bring_is_asked_of_the_chart_in_one_batch_with_the_token_of_the_call(store: Store) -> None:
    bundle = example("approve")
    with clinic(store, chart_of(bundle)) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        found = said(exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr)).json())
    assert [one["text"] for one in found["reason"]] == ["all that the policy asks is on file"]
    assert len(ehr.asked) == 1
    assert ehr.tokens == ["Bearer A-TOKEN"]
    assert all("patient=approve" in one for one in ehr.searches)


def test_only_types_of_which_facts_are_open_are_asked_for(store: Store) -> None:
    bundle = example("ask")
    with clinic(store, []) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        exchange.post(SIGN, with_token(hooked(bundle), ehr))
    assert "AllergyIntolerance" not in {one.partition("?")[0] for one in ehr.searches}
    (observed,) = [one for one in ehr.searches if one.startswith("Observation")]
    assert "4548-4" in observed


def test_a_hook_that_brings_neither_patient_nor_coverage_asks_for_both(store: Store) -> None:
    bundle = example("approve")
    body = hooked(bundle, brought=False)
    body["prefetch"] = {"patient": None, "coverage": {"resourceType": "OperationOutcome", "issue": []}}
    with clinic(store, chart_of(bundle)) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        found = said(exchange.post(SIGN, with_token(body, ehr)).json())
    assert found["pa-needed"] == ["auth-needed"]
    assert "Patient/approve" in ehr.searches
    assert any(one.startswith("Coverage?patient=approve") for one in ehr.searches)


def test_a_payor_and_a_device_that_are_only_named_are_asked_for(store: Store) -> None:
    bundle = example("ask")
    order = order_of(bundle)
    device = {"resourceType": "Device", "id": "pump", "type": order.pop("codeCodeableConcept")}
    body = hooked(bundle, orders=[{**order, "codeReference": {"reference": "Device/pump"}}])
    entries = body["prefetch"]["coverage"]["entry"]
    entries[:] = [one for one in entries if one["resource"]["resourceType"] == "Coverage"]
    with clinic(store, [*chart_of(bundle), device]) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        found = said(exchange.post(SIGN, with_token(body, ehr)).json())
    assert found["billingCode"][0]["code"] == "E0784"
    assert ehr.searches[:2] == ["Device/pump", "Organization/payer"]


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_an_order_that_is_only_named_is_asked_for(store: Store, version: str) -> None:
    bundle = example("approve")
    body = hooked(bundle, "order-dispatch")
    order = {**order_of(bundle), "status": "active"}
    del body["prefetch"]["order"]
    with clinic(store, [*chart_of(bundle), order]) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        answer = exchange.post("/cds-services/order-dispatch-crd", with_token(body, ehr), version)
    assert said(answer.json())["covered"] == ["covered"], answer.text


@pytest.mark.shall("CRD 2.2.1/resp-43")
@pytest.mark.parametrize("manner", ["fault", "refused", "elsewhere", "babble", "other", "huge"])
def test_a_chart_that_answers_with_something_else_leaves_the_documents_undecided(store: Store, manner: str) -> None:
    bundle = example("ask")
    with clinic(store, chart_of(bundle), manner) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        found = said(exchange.post(SIGN, with_token(hooked(bundle), ehr)).json())
    assert found["doc-needed"] == ["indeterminate"]
    assert found["reason"][0]["coding"][0]["code"] == "technical"
    assert len(ehr.asked) == 1


@pytest.mark.shall("CRD 2.2.1/resp-43", "CRD 2.2.1/found-2")
@pytest.mark.parametrize("manner", ["fault", "hangs"])
def test_where_the_coverage_cannot_be_read_within_the_time_nothing_can_be_told(store: Store, manner: str) -> None:
    bundle = example("ask")
    body = hooked(bundle, brought=False)
    body["prefetch"] = {}
    with clinic(store, chart_of(bundle), manner) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        begun = monotonic()
        answer = exchange.post(SIGN, with_token(body, ehr))
        spent = monotonic() - begun
    found = said(answer.json())
    assert spent < 5
    assert found["covered"] == ["indeterminate"]
    assert found["reason"][0]["coding"][0]["code"] == "technical"


@pytest.mark.shall(
    "CRD 2.2.1/found-2", "CRD 2.0.1/5", "CRD 2.0.1/6", "CRD 2.0.1/7", "CRD 2.0.1/8", "CRD 2.0.1/9", "CRD 2.0.1/10",
    "CRD 2.0.1/11",
)  # fmt: skip
@pytest.mark.parametrize("hook", HOOKS)
def test_no_hook_waits_for_a_chart_longer_than_it_may(store: Store, hook: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert charts.SECONDS < 4
    monkeypatch.setattr(charts, "SECONDS", 0.3)
    bundle = example("ask")
    with clinic(store, chart_of(bundle), "hangs", hooks=list(HOOKS)) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        body = with_token(hooked(bundle, hook, brought=False), ehr)
        exchange.post(f"/cds-services/{hook}-crd", {})  # what is loaded once is loaded
        begun = monotonic()
        answer = exchange.post(f"/cds-services/{hook}-crd", body)
        spent = monotonic() - begun
    assert answer.status_code == 200
    assert spent < 1.3


@pytest.mark.shall("CRD 2.2.1/resp-43")
def test_in_version_2_0_what_cannot_be_told_is_conditional(store: Store) -> None:
    bundle = example("ask")
    body = hooked(bundle, brought=False)
    body["prefetch"] = {}
    with clinic(store, chart_of(bundle), "fault") as (exchange, ehr):
        found = said(exchange.post(SIGN, with_token(body, ehr), "2.0").json())
    assert (found["covered"], found["pa-needed"], found["info-needed"]) == (["conditional"], ["conditional"], ["OTH"])


@pytest.mark.shall("CDS Hooks/54", "CRD 2.2.1/found-32")
@pytest.mark.parametrize(("hook", "key"), [("order-sign", "coverage"), ("order-dispatch", "order")])
def test_what_is_needed_and_can_neither_be_brought_nor_asked_for_is_a_precondition_that_failed(
    exchange: Exchange, hook: str, key: str
) -> None:
    body = hooked(example("ask"), hook)
    del body["prefetch"][key]
    answer = exchange.post(f"/cds-services/{hook}-crd", body)
    assert answer.status_code == 412
    assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.shall("CRD 2.2.1/found-32")
def test_a_thin_record_is_never_a_precondition_that_failed(store: Store) -> None:
    bundle = example("ask")
    with clinic(store, []) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        answer = exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr))
    assert answer.status_code == 200
    assert said(answer.json())["doc-needed"] == ["clinical", "admin"]


HOSTILE = (
    "http://127.0.0.1:1/fhir", "http://localhost/fhir", "https://169.254.169.254/latest", "http://[::1]/fhir",
    "file:///etc/passwd", "gopher://127.0.0.1/", "http://2130706433/fhir", "https://0x7f.1/fhir",
)  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_was_not_agreed_is_never_asked(store: Store, address: str) -> None:
    bundle = example("ask")
    with clinic(store, chart_of(bundle)) as (exchange, ehr):
        answer = exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr, address))
        tricked = [
            f"{ehr.address}.evil.example",
            f"{ehr.address}/../admin",
            f"{ehr.address}x",
            f"http://a@{ehr.address[7:]}",
        ]
        for one in tricked:
            exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr, one))
    assert answer.status_code == 200
    assert ehr.asked == []


@pytest.mark.parametrize(
    ("meant", "server", "allowed"),
    [
        ("asked", "https://ehr.example/r4", ["https://ehr.example"]),
        ("asked", "https://ehr.example/r4/", ["https://ehr.example/r4"]),
        ("left", "https://ehr.example.evil", ["https://ehr.example"]),
        ("left", "https://ehr.example/r4", ["https://ehr.example/r"]),
        ("left", "https://ehr.example/r4?x=https://ehr.example", ["https://ehr.example/r4"]),
        ("left", "https://ehr.example/r4/%2e%2e/admin", ["https://ehr.example/r4"]),
        ("left", "https://ehr.example@evil.example", ["https://ehr.example"]),
        ("left", "http://localhost:1/fhir", ["http://127.0.0.1:1/fhir"]),
        ("left", "https://ehr.example", []),
    ],
)
def test_an_address_is_agreed_where_it_begins_with_one_that_is_listed_part_by_part(
    meant: str, server: str, allowed: list[str]
) -> None:
    asked = read(
        {**hooked(example("ask")), "fhirServer": server, "fhirAuthorization": {"access_token": "t"}}, "order-sign"
    )
    assert Chart(asked, allowed, monotonic).open is (meant == "asked")


def test_the_chart_of_another_patient_is_not_read(store: Store) -> None:
    bundle = example("approve")
    foreign = copy.deepcopy(chart_of(bundle))
    for one in foreign:
        for element in ("subject", "patient"):
            if element in one:
                one[element] = {"reference": "Patient/somebody-else"}
    with clinic(store, foreign) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        answer = exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr))
    assert said(answer.json())["doc-needed"], answer.text


def test_what_a_chart_holds_and_nobody_can_read_is_no_fault_of_the_caller(store: Store) -> None:
    bundle = example("ask")
    chart = [*chart_of(bundle), {"resourceType": "Condition", "id": "odd", "code": "no concept"}]
    with clinic(store, chart) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        found = said(exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr)).json())
    assert found["doc-needed"] == ["indeterminate"]


@pytest.mark.parametrize("manner", ["well", "pages"])
def test_a_number_is_not_given_unasked_where_only_a_part_of_the_chart_came(store: Store, manner: str) -> None:
    bundle = example("approve")
    with clinic(store, chart_of(bundle), manner, unsolicited=True) as (exchange, ehr):
        exchange.running.clock.now = moment(bundle)
        found = said(exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr)).json())
    assert found["pa-needed"] == (["satisfied"] if manner == "well" else ["auth-needed"])


def test_every_fact_that_is_listed_is_one_of_the_vocabulary() -> None:
    vocabulary = load()
    where = charts.places()
    named = {*where.facts, *where.observed, *where.codes, *(one for ones in where.observed.values() for one in ones)}
    assert named <= set(vocabulary.facts)


# ---- the chart that is asked for says what the whole record says


PARTS = 24
WORKED = [one for one in every() if "bundle" in one.load() and "outcome" in one.load()["expect"]]


@pytest.mark.parametrize("place", [0, *(pytest.param(place, marks=pytest.mark.slow) for place in range(1, PARTS))])
def test_what_is_asked_for_is_all_that_decides(store: Store, place: int) -> None:
    """Of worked cases whose chart has to be asked for, the outcome is that of the chart that was brought whole."""
    tried = 0
    with serving([]) as ehr:
        partners = {**PLAN["partners"], "clinic-ehr": {**PLAN["partners"]["clinic-ehr"], "ehr": [ehr.address]}}
        with exchanging(store, {"partners": partners}) as exchange:
            for kept in WORKED[place::PARTS]:
                bundle = kept.load()["bundle"]
                if not _plain(bundle):
                    continue
                exchange.running.clock.now = moment(bundle)
                ehr.chart = chart_of(bundle)
                whole = exchange.post(SIGN, hooked(bundle))
                asked = exchange.post(SIGN, with_token(hooked(bundle, brought=False), ehr))
                assert whole.status_code == asked.status_code, (str(kept), whole.text, asked.text)
                if whole.status_code == 200:
                    tried += 1
                    assert _outcome(exchange, asked.json()) == _outcome(exchange, whole.json()), str(kept)
    assert tried > 8


def _plain(bundle: Json) -> bool:
    """Whether a case can be ordered as it is: one patient, one coverage of the Bundle, one item."""
    claim = claim_of(bundle)
    kinds = [one["resourceType"] for one in resources(bundle)]
    return (
        kinds.count("Patient") == kinds.count("Coverage") == kinds.count("Claim") == 1
        and len(claim["item"]) == 1
        and "/" in claim["patient"].get("reference", "")
    )


def _outcome(exchange: Exchange, answer: Json) -> object:
    found = extensions(answer)
    (assertion,) = said(answer)["coverage-assertion-id"] if found else ("",)
    rows = traffic.found(exchange.store, house.TENANT, t.context, context=assertion)
    return rows[0]["data"]["outcome"] if rows else None
