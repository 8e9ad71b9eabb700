"""Under which coverage is asked: what is refused, and who is no member."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import VERSIONS, Json, example, extensions, hooked, moment, order_of, parts, said
from tests.exchange.house import Exchange, exchanging
from tests.ledger import house

SIGN = "/cds-services/order-sign-crd"
OTHERS = {
    "resourceType": "Organization",
    "id": "others",
    "identifier": [{"system": "urn:example", "value": "X"}],
    "name": "Others",
}


def of(body: Json, kind: str) -> Json:
    found: Json = next(
        one["resource"] for one in body["prefetch"]["coverage"]["entry"] if one["resource"]["resourceType"] == kind
    )
    return found


def asked(exchange: Exchange, **changes: Any) -> Json:
    """A call whose coverage is changed."""
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle)
    of(body, "Coverage").update(changes)
    return body


def others(body: Json) -> Json:
    """A coverage of another payer."""
    body["prefetch"]["coverage"]["entry"].append({"resource": OTHERS})
    cover = copy.deepcopy(of(body, "Coverage"))
    return {**cover, "id": "theirs", "payor": [{"reference": "Organization/others"}]}


@pytest.mark.shall("CRD 2.2.1/hook-13", "CRD 2.2.1/hook-10")
@pytest.mark.parametrize("what", ["none", "two payers", "not ours"])
def test_a_call_of_version_2_2_without_one_coverage_of_this_plan_is_a_bad_request(
    exchange: Exchange, what: str
) -> None:
    body = asked(exchange)
    entries = body["prefetch"]["coverage"]["entry"]
    cover = of(body, "Coverage")
    if what != "none":
        entries.append({"resource": others(body)})
    if what != "two payers":
        entries[:] = [one for one in entries if one["resource"] is not cover]
    answer = exchange.post(SIGN, body)
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"]


def test_with_version_2_0_coverages_of_others_are_left_aside(exchange: Exchange) -> None:
    body = asked(exchange)
    body["prefetch"]["coverage"]["entry"].append({"resource": others(body)})
    assert said(exchange.post(SIGN, body, "2.0").json())["coverage"] == [{"reference": "Coverage/coverage"}]


def test_with_version_2_0_a_coverage_of_another_payer_is_not_covered_here(exchange: Exchange) -> None:
    body = asked(exchange)
    entries = body["prefetch"]["coverage"]["entry"]
    theirs = others(body)
    entries[:] = [{"resource": OTHERS}, {"resource": theirs}]
    found = said(exchange.post(SIGN, body, "2.0").json())
    assert found["covered"] == ["not-covered"]
    assert "pa-needed" not in found


@pytest.mark.shall("CRD 2.2.1/resp-44", "CRD 2.2.1/resp-45")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"beneficiary": {"reference": "Patient/somebody-else"}}, "no-member-found"),
        ({"status": "cancelled"}, "no-active-coverage"),
        ({"period": {"start": "2020-01-01", "end": "2026-01-31"}}, "no-active-coverage"),
        ({"period": {"start": "2027-01-01"}}, "no-active-coverage"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
def test_who_is_no_member_or_is_no_longer_covered_is_not_covered(
    exchange: Exchange, changes: Json, code: str, version: str
) -> None:
    found = said(exchange.post(SIGN, asked(exchange, **changes), version).json())
    assert found["covered"] == ["not-covered"]
    assert "pa-needed" not in found
    if version == "2.2":
        assert [one["coding"][0]["code"] for one in found["reason"]] == [code]
    assert found["contact"]


@pytest.mark.parametrize(
    "period", [{}, {"start": "2026"}, {"end": "2026-11-20"}, {"start": "2026-11"}, {"end": "2026"}]
)
def test_a_period_that_reaches_the_day_is_in_force(exchange: Exchange, period: Json) -> None:
    found = said(exchange.post(SIGN, asked(exchange, period=period)).json())
    assert found["covered"] == ["covered"]


@pytest.mark.parametrize(
    "payer",
    [
        {"identifiers": ["urn:example:payers|77"]}, {"npi": "1234567893"}, {"tin": "123456789"}, {"name": "Our Plan"},
        {"aliases": ["our plan"]},
    ],
)  # fmt: skip
def test_a_payor_is_this_plan_by_number_or_by_name(store: Store, payer: Json) -> None:
    numbers = [
        {"system": "urn:example:payers", "value": "77"},
        {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"},
        {"system": "urn:oid:2.16.840.1.113883.4.4", "value": "123456789"},
    ]
    with exchanging(store, {"payer": payer}) as exchange:
        body = asked(exchange)
        of(body, "Organization").update(identifier=numbers, name="Our plan")
        assert exchange.post(SIGN, body).status_code == 200
        of(body, "Organization").update(identifier=[{"system": "urn:example:payers", "value": "78"}], name="Another")
        assert exchange.post(SIGN, body).status_code == 400


@pytest.mark.parametrize("version", VERSIONS)
def test_a_payor_that_only_has_a_display_is_known_by_it(exchange: Exchange, version: str) -> None:
    body = asked(exchange, payor=[{"reference": "Organization/not-here", "display": "MassHealth"}])
    assert said(exchange.post(SIGN, body, version).json())["pa-needed"] == ["auth-needed"]


@pytest.mark.shall("CRD 2.2.1/found-34")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("payor", [[{"reference": "Organization/not-here"}], [], None])
def test_a_payor_of_whom_nothing_is_known_leaves_undecided_who_pays(
    exchange: Exchange, version: str, payor: Any
) -> None:
    body = asked(exchange, payor=payor)
    answer = exchange.post(SIGN, body, version)
    if payor:
        assert said(answer.json())["covered"] == ["indeterminate" if version == "2.2" else "conditional"]
    else:
        assert answer.status_code == (400 if version == "2.2" else 200)


def test_an_order_is_answered_under_the_coverage_that_it_names(exchange: Exchange) -> None:
    body = asked(exchange)
    second = {**copy.deepcopy(of(body, "Coverage")), "id": "second"}
    body["prefetch"]["coverage"]["entry"].append({"resource": second})
    order = {**order_of(example("ask")), "insurance": [{"reference": "Coverage/second"}]}
    body["context"]["draftOrders"]["entry"] = [{"resource": order}]
    found = extensions(exchange.post(SIGN, body).json())
    assert [parts(one)["coverage"] for one in found] == [[{"reference": "Coverage/second"}]]


def test_with_version_2_0_no_coverage_at_all_is_not_covered(exchange: Exchange) -> None:
    body = asked(exchange)
    body["prefetch"]["coverage"]["entry"] = []
    found = said(exchange.post(SIGN, body, "2.0").json())
    assert found["covered"] == ["not-covered"]
    assert "coverage" in found


def test_a_second_insurance_stands_in_the_case_as_it_does_in_a_request(exchange: Exchange) -> None:
    body = asked(exchange)
    body["prefetch"]["coverage"]["entry"].append({"resource": others(body)})
    found = said(exchange.post(SIGN, body, "2.0").json())
    (row,) = traffic.found(exchange.store, house.TENANT, t.context, context=found["coverage-assertion-id"][0])
    kept = [entry["resource"] for entry in json.loads(row["bundle"])["entry"]]
    assert {one["id"] for one in kept if one["resourceType"] == "Coverage"} == {"coverage", "theirs"}
