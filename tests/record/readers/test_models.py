"""Models of devices are read where a name is wholly one that is known; whatever else is said is asked."""

from __future__ import annotations

import pytest

from tests.record.building import Json, base, concept, ref, rows

FACT = "insulin_system_model"


def order(text: str = "", device: str = "", when: str = "2026-06-01", key: str = "o", **more: object) -> Json:
    made: Json = {
        "resourceType": "DeviceRequest", "id": key, "status": "active", "intent": "order",
        "subject": ref("Patient/pat-1"), "authoredOn": when,
    }  # fmt: skip
    if text:
        made["codeCodeableConcept"] = {**concept("hcpcs:E0784"), "text": text}
    if device:
        made["codeReference"] = ref(device)
    return {**made, **more}


def device(*names: str, **more: object) -> Json:
    named = [{"name": name, "type": "user-friendly-name"} for name in names]
    return {"resourceType": "Device", "id": "d", "status": "active", "patient": ref("Patient/pat-1"),
            "deviceName": named, **more}  # fmt: skip


def values(*resources: Json, fact: str = FACT, **changes: Json) -> list[str]:
    return [row.text for row in rows(fact, *resources, **changes)]


@pytest.mark.parametrize(
    "name", ["Omnipod 5", "OMNIPOD® 5", "Omnipod-5", "Omnipod 5 Automated Insulin Delivery System"]
)
def test_the_device_that_an_order_points_to_is_known_by_its_name(name: str) -> None:
    assert values(order(device="Device/d"), device(name)) == ["omnipod-5"]


def test_the_words_of_an_order_say_it_too() -> None:
    assert values(order("t:slim X2 with Control-IQ technology")) == ["tslim-x2-control-iq"]


def test_the_item_itself_may_say_it() -> None:
    claim = base()[0]
    claim["item"][0]["productOrService"]["text"] = "Tandem Mobi"
    assert values(Claim=claim) == ["tandem-mobi"]


@pytest.mark.parametrize("name", ["Omnipod", "Omnipod 5 pods, box of 5", "not an Omnipod 5", "other", "Omnipod DASH"])
def test_a_name_that_is_not_wholly_a_known_one_says_nothing(name: str) -> None:
    assert values(order(name), order(device="Device/d", key="p"), device(name)) == []


def test_a_reference_that_only_displays_a_name_says_it() -> None:
    assert values(order(codeReference={"display": "iLet Bionic Pancreas"})) == ["ilet"]


def test_the_newest_order_counts_and_two_of_one_day_stand_side_by_side() -> None:
    older = order("MiniMed 770G", when="2024-03-01", key="p")
    assert values(order("MiniMed 780G"), older) == ["minimed-780g"]
    same = order("MiniMed 770G", key="p")
    assert sorted(values(order("MiniMed 780G"), same)) == ["minimed-770g", "minimed-780g"]


def test_an_order_for_another_product_says_nothing() -> None:
    other = order(codeCodeableConcept={**concept("hcpcs:E0787"), "text": "MiniMed 780G"})
    assert values(other) == []


def test_an_order_in_doubt_or_without_a_day_only_mentions_it() -> None:
    (doubted,) = rows(FACT, order("Omnipod 5", status="unknown"))
    assert doubted.low is None
    assert doubted.text != "omnipod-5"
    undated = order("Omnipod 5")
    del undated["authoredOn"]
    (row,) = rows(FACT, undated)
    assert row.text != "omnipod-5"
    assert values(order("Omnipod 5", status="revoked")) == []


def test_a_pump_and_a_monitor_are_told_apart() -> None:
    monitor = order(device="Device/d", key="p")
    assert values(order("Omnipod 5"), monitor, device("Dexcom G7"), fact="glucose_monitor_model") == ["dexcom-g7"]
    assert values(order("Omnipod 5"), monitor, device("Dexcom G7")) == ["omnipod-5"]
