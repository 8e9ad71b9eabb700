"""What is ordered: by its own code, by the codes by which it may be billed, by the device or drug that it names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.crd.hooking import HCPCS, VERSIONS, Json, example, extensions, hooked, moment, order_of, parts, said
from tests.exchange.house import Exchange

SIGN = "/cds-services/order-sign-crd"
SNOMED: Json = {"coding": [{"system": "http://snomed.info/sct", "code": "69805005", "display": "Insulin pump"}]}
BILLING = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-billing-options"
PUMP: Json = {"coding": [{"system": HCPCS, "code": "E0784"}]}


def signed(exchange: Exchange, order: Json, version: str = "2.2", *brought: Json) -> dict[str, list[Any]]:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle, orders=[order])
    body["prefetch"]["chart"]["entry"] += [{"resource": one} for one in brought]
    return said(exchange.post(SIGN, body, version).json())


def coded(concept: Json, **more: Any) -> Json:
    return {**order_of(example("ask")), "codeCodeableConcept": concept, **more}


@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_without_a_code_by_which_it_is_billed_wants_a_more_detailed_one(
    exchange: Exchange, version: str
) -> None:
    found = signed(exchange, coded(SNOMED), version)
    assert (found["covered"], found["pa-needed"]) == (["conditional"], ["conditional"])
    assert found["info-needed"] == ["detail-code" if version == "2.2" else "OTH"]
    if version == "2.0":
        assert found["reason"][0]["coding"][0]["code"] == "detail-code"


@pytest.mark.shall("CRD 2.2.1/billopt-3", "CRD 2.2.1/billopt-2")
@pytest.mark.parametrize("value", [{"valueCodeableConcept": PUMP}, {"valueCoding": PUMP["coding"][0]}])
def test_the_codes_by_which_an_order_may_be_billed_are_considered(exchange: Exchange, value: Json) -> None:
    found = signed(exchange, coded({**SNOMED, "extension": [{"url": BILLING, **value}]}))
    assert found["billingCode"][0]["code"] == "E0784"
    assert found["pa-needed"] == ["auth-needed"]


@pytest.mark.shall("CRD 2.2.1/billopt-3")
def test_of_several_codes_the_one_of_which_a_policy_speaks_decides(exchange: Exchange) -> None:
    other = {"url": BILLING, "valueCodeableConcept": PUMP}
    found = signed(exchange, coded({"coding": [{"system": HCPCS, "code": "E1399"}], "extension": [other]}))
    assert found["billingCode"][0]["code"] == "E0784"


def test_a_device_that_is_referred_to_says_what_is_ordered(exchange: Exchange) -> None:
    order = {key: part for key, part in coded(PUMP).items() if key != "codeCodeableConcept"}
    device = {"resourceType": "Device", "id": "pump", "definition": {"reference": "DeviceDefinition/pump"}}
    definition = {"resourceType": "DeviceDefinition", "id": "pump", "type": PUMP}
    order["codeReference"] = {"reference": "Device/pump"}
    assert signed(exchange, order, "2.2", device, definition)["pa-needed"] == ["auth-needed"]
    inside = {
        **order,
        "contained": [{**device, "definition": None, "type": PUMP}],
        "codeReference": {"reference": "#pump"},
    }
    assert signed(exchange, inside)["pa-needed"] == ["auth-needed"]


def test_a_drug_is_ordered_by_its_hcpcs_code_where_it_has_one(exchange: Exchange) -> None:
    order = {key: part for key, part in coded(PUMP).items() if key != "codeCodeableConcept"}
    drug = {"resourceType": "MedicationRequest", "medicationCodeableConcept": {"coding": [{"code": "J1817"}]}}
    found = signed(exchange, {**order, **drug})
    assert found["covered"] == ["indeterminate"]


@pytest.mark.parametrize("version", VERSIONS)
def test_of_a_product_of_which_no_policy_speaks_it_is_said_where_to_ask(exchange: Exchange, version: str) -> None:
    found = signed(exchange, coded({"coding": [{"system": HCPCS, "code": "E0250"}]}), version)
    assert found["covered"] == ["indeterminate" if version == "2.2" else "conditional"]
    assert "E0250" in found["reason"][0]["text"]
    assert found["contact"]


@pytest.mark.parametrize("concept", [SNOMED, {"coding": [{"system": HCPCS, "code": "E0250"}]}])
def test_when_it_is_only_chosen_nothing_is_said_of_it(exchange: Exchange, concept: Json) -> None:
    body = hooked(example("ask"), "order-select", orders=[coded(concept)])
    assert exchange.post("/cds-services/order-select-crd", body).json() == {"cards": [], "systemActions": []}


def test_only_what_is_chosen_is_answered(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle, "order-select", orders=[coded(PUMP), {**coded(PUMP), "id": "second"}])
    body["context"]["selections"] = ["DeviceRequest/second"]
    found = exchange.post("/cds-services/order-select-crd", body).json()
    assert [one["resource"]["id"] for one in found["systemActions"]] == ["second"]


@pytest.mark.shall("CRD 2.2.1/hook-19", "CRD 2.0.1/167")
@pytest.mark.parametrize("version", VERSIONS)
def test_before_an_order_is_signed_nobody_is_asked_for_papers(exchange: Exchange, version: str) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    found = said(exchange.post("/cds-services/order-select-crd", hooked(bundle, "order-select"), version).json())
    assert found["pa-needed"] == ["auth-needed"]
    assert not {"doc-needed", "questionnaire", "doc-purpose"} & found.keys()


def test_two_pumps_in_one_call_are_asked_for_together(exchange: Exchange) -> None:
    bundle = example("approve")
    exchange.running.clock.now = moment(bundle)
    orders = [order_of(bundle), {**order_of(bundle), "id": "second"}]
    found = [parts(one) for one in extensions(exchange.post(SIGN, hooked(bundle, orders=orders)).json())]
    assert len(found) == 2
    assert all("a clinician of the plan decides" in one["reason"][0]["text"] for one in found)


def test_an_appointment_is_answered_by_the_order_for_which_it_is_made(exchange: Exchange) -> None:
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle, "appointment-book")
    found = said(exchange.post("/cds-services/appointment-book-crd", body).json())
    assert found["billingCode"][0]["code"] == "E0784"
    body["context"]["appointments"]["entry"][0]["resource"].pop("basedOn")
    found = said(exchange.post("/cds-services/appointment-book-crd", body).json())
    assert found["info-needed"] == ["detail-code"]


@pytest.mark.shall("CRD 2.2.1/conf-2")
@pytest.mark.parametrize("core", ["3.1.1", "6.1.0", "7.0.0"])
def test_a_patient_of_any_us_core_is_read(exchange: Exchange, core: str) -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition"
    sex: dict[str, Json] = {
        "3.1.1": {"url": f"{url}/us-core-birthsex", "valueCode": "F"},
        "6.1.0": {"url": f"{url}/us-core-sex", "valueCode": "248152002"},
        "7.0.0": {"url": f"{url}/us-core-sex", "valueCode": "248152002"},
    }
    bundle = example("ask")
    exchange.running.clock.now = moment(bundle)
    body = hooked(bundle)
    profile = f"{url}/us-core-patient" + ("" if core == "3.1.1" else f"|{core}")
    body["prefetch"]["patient"].update(meta={"profile": [profile]}, extension=[sex[core]])
    assert said(exchange.post(SIGN, body).json())["pa-needed"] == ["auth-needed"]
