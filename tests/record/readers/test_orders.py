import pytest

from tests.record.building import Json, concept, day, device_order, ref, rows


def service(code: str, on: str = "2026-02-01", **more: object) -> Json:
    return {"resourceType": "ServiceRequest", "id": f"s-{code}", "status": "active", "intent": "order",
            "code": concept(f"hcpcs:{code}"), "subject": ref("Patient/pat-1"), "authoredOn": on, **more}  # fmt: skip


def test_the_newest_order_for_the_pump_is_its_prescription() -> None:
    older = device_order(on="2026-01-01", id="older")
    (row,) = rows("prescription_signed_on", older, device_order())
    assert (row.low, row.high, row.text, row.ref) == (
        day("2026-06-09"),
        day("2026-06-09"),
        "2026-06-09",
        "DeviceRequest/order-E0784",
    )


@pytest.mark.parametrize(
    "change", [{"status": "revoked"}, {"status": "draft"}, {"status": "entered-in-error"}, {"intent": "proposal"}]
)
def test_an_order_that_does_not_stand_is_no_prescription(change: Json) -> None:
    assert rows("prescription_signed_on", device_order(**change)) == ()


def test_an_order_for_another_product_is_no_prescription() -> None:
    assert rows("prescription_signed_on", device_order("E0601")) == ()


def test_orders_for_supplies_and_for_education_are_known_by_their_codes() -> None:
    assert rows("supplies_order_signed_on", device_order("A4230", "2026-06-01"))[0].low == day("2026-06-01")
    assert rows("education_order_signed_on", service("G0108"))[0].low == day("2026-02-01")
    assert rows("education_order_signed_on", service("G0108", doNotPerform=True)) == ()


def test_an_ordered_sensor_need_not_be_worn() -> None:
    (row,) = rows("cgm_use", device_order("A4239", "2026-03-01"))
    assert (row.low, row.high, row.start_first) == (0, 1, day("2026-03-01"))
    assert [row.low for row in rows("cgm_use", service("A9276"))] == [0]
    items = [{"sequence": 1, "productOrService": concept("hcpcs:A4239")}]
    assert [row.low for row in rows("cgm_use", Claim={"item": items})] == [0]
