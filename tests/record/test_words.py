"""What the order and the claim's item say in words, beside the rows and never among them."""

from typing import Any

import pytest

from priorauth.record.words import LONGEST, Words
from tests.record.building import Json, concept, device_order, order, ref, request

ITEM = {"sequence": 1, "productOrService": concept("hcpcs:E0781")}


def said(code: Json, text: str = "", display: str = "") -> Json:
    (first, *rest) = code["coding"]
    return {"coding": [{**first, "display": display}, *rest], "text": text}


def words(*resources: Json, item: Json = ITEM, **claim: Any) -> tuple[Words, ...]:
    return request(*resources, Claim={"item": [item], **claim}).words


def pump(**more: Any) -> Json:
    made = device_order("E0781", "2026-06-09T10:00:00Z")
    return {
        **made,
        "codeCodeableConcept": said(made["codeCodeableConcept"], "Infusion pump", "Ambulatory pump"),
        **more,
    }


def drug(name: str = "rx-1", text: str = "Morphine 1 mg/mL", **more: Any) -> Json:
    return {**order("rxnorm:7052", id=name), "medicationCodeableConcept": said(concept("rxnorm:7052"), text), **more}


def test_a_request_without_words_has_none() -> None:
    assert request().words == ()


def test_the_item_and_its_orders_speak_by_date_and_then_by_reference() -> None:
    item = {"sequence": 1, "productOrService": said(concept("hcpcs:E0781"), display="Ambulatory infusion pump")}
    assert words(drug(), pump(), item=item) == (
        Words("MedicationRequest/rx-1", "2026-01-10", "Morphine 1 mg/mL"),
        Words("DeviceRequest/order-E0781", "2026-06-09", "Ambulatory pump"),
        Words("DeviceRequest/order-E0781", "2026-06-09", "Infusion pump"),
        Words("Claim/clm-1", "2026-06-15", "Ambulatory infusion pump"),
    )


def test_an_order_without_a_day_comes_last() -> None:
    undated = pump(authoredOn="soon")
    first, *rest = [(one.reference, one.date) for one in words(undated, drug())]
    assert first == ("MedicationRequest/rx-1", "2026-01-10")
    assert rest == [("DeviceRequest/order-E0781", None)] * 2


def test_a_day_known_in_part_stands_as_it_is_written() -> None:
    assert {one.date for one in words(pump(authoredOn="2026-06"))} == {"2026-06"}


def test_an_order_of_another_product_says_nothing_unless_the_claim_names_it() -> None:
    other = {**pump(), "id": "other", "codeCodeableConcept": said(concept("hcpcs:E0779"), "Another pump")}
    assert words(other) == ()
    info = [{"sequence": 1, "valueReference": ref("DeviceRequest/other")}]
    assert [one.text for one in words(other, supportingInfo=info)] == ["Another pump"]


def test_an_order_for_the_service_speaks_too() -> None:
    service = {
        "resourceType": "ServiceRequest", "id": "s-1", "status": "active", "intent": "order",
        "authoredOn": "2026-06-01", "subject": ref("Patient/pat-1"),
        "code": said(concept("hcpcs:E0781"), "Home infusion by pump"),
    }  # fmt: skip
    assert [one.text for one in words(service)] == ["Home infusion by pump"]
    assert words({**service, "doNotPerform": True}) == ()


def test_each_of_several_drugs_that_may_be_meant_is_told_and_of_those_the_claim_names_only_they() -> None:
    both = drug(), drug("rx-2", "Ziconotide")
    assert [one.text for one in words(*both)] == ["Morphine 1 mg/mL", "Ziconotide"]
    info = [{"sequence": 1, "valueReference": ref("MedicationRequest/rx-2")}]
    assert [one.text for one in words(*both, supportingInfo=info)] == ["Ziconotide"]


def test_an_oral_drug_is_none_for_the_pump() -> None:
    assert words(drug(dosageInstruction=[{"route": concept("snomed:26643006")}])) == ()


def test_a_drug_is_known_by_its_product_too_or_by_how_the_reference_is_shown() -> None:
    product = {"resourceType": "Medication", "id": "m-1", "code": said(concept("rxnorm:7052"), "Morphine PF")}
    made = drug(medicationReference={**ref("Medication/m-1"), "display": "as shown"})
    del made["medicationCodeableConcept"]
    assert [one.text for one in words(made, product)] == ["Morphine PF"]
    assert [one.text for one in words(made)] == ["as shown"]


@pytest.mark.parametrize("change", [{"status": "revoked"}, {"status": "Active"}, {"intent": "plan"}])
def test_an_order_that_is_out_or_in_doubt_says_nothing(change: Json) -> None:
    assert words(pump(**change)) == ()


def test_a_line_is_cut_and_bears_nothing_that_steers() -> None:
    text = "Pump\x1b[31m\nfor\u202e  pain " + "x" * 300
    named = said(concept("hcpcs:E0781"), text, "A")
    line = max((one.text for one in words(pump(codeCodeableConcept=named))), key=len)
    assert line.startswith("Pump [31m for pain xxx")
    assert len(line) == LONGEST


def test_what_stands_twice_is_told_once() -> None:
    assert [one.text for one in words(pump(codeCodeableConcept=said(concept("hcpcs:E0781"), "Pump", "Pump ")))] == [
        "Pump"
    ]


def test_words_are_no_rows() -> None:
    with_words, without = (
        request(pump(), Claim={"item": [ITEM]}),
        request(device_order("E0781", "2026-06-09T10:00:00Z"), Claim={"item": [ITEM]}),
    )
    assert with_words.words
    assert not without.words
    assert with_words.rows == without.rows


def test_a_drug_that_is_not_to_be_given_is_not_told_of() -> None:
    assert words(drug()) != ()
    named = [{"sequence": 1, "valueReference": ref("MedicationRequest/rx-1")}]
    assert words(drug(doNotPerform=True), supportingInfo=named) == ()


def test_a_service_that_is_not_to_be_performed_is_not_told_of() -> None:
    service = {"resourceType": "ServiceRequest", "id": "service-1", "status": "active", "intent": "order",
               "subject": ref("Patient/pat-1"), "code": said(concept("hcpcs:E0781"), "Infusion pump"),
               "authoredOn": "2026-06-09"}  # fmt: skip
    assert words(service) != ()
    assert words({**service, "doNotPerform": True}) == ()
