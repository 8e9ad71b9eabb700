"""What a subscriber is sent: the status first, then each event, with or without its resource."""

from __future__ import annotations

from typing import Any

from priorauth.exchange.subscriptions.bundle import Event, answered, notification, status
from tests.ledger.house import NOW

ROW: dict[str, Any] = {
    "subscription": "s-1", "base": "https://plan.example/p/2.2", "status": "active", "events": 7, "error": None,
}  # fmt: skip


def test_each_event_is_told_with_its_number_and_what_it_is_about() -> None:
    first, second = Event(6, NOW, "https://x/Bundle/6"), Event(7, NOW, "https://x/Bundle/7")
    made = notification(ROW, "event-notification", NOW, "n", (first, {"resourceType": "Bundle"}), (second, None))
    assert [one["fullUrl"] for one in made["entry"]] == [
        "https://plan.example/p/2.2/fhir/Parameters/n", "https://x/Bundle/6", "https://x/Bundle/7",
    ]  # fmt: skip
    assert [one["request"] for one in made["entry"][1:]] == [
        {"method": "PUT", "url": "Bundle/6"}, {"method": "GET", "url": "Bundle/7"},
    ]  # fmt: skip
    assert ["resource" in one for one in made["entry"]] == [True, True, False]
    told = [one for one in made["entry"][0]["resource"]["parameter"] if one["name"] == "notification-event"]
    assert [one["part"][0] for one in told] == [
        {"name": "event-number", "valueString": "6"}, {"name": "event-number", "valueString": "7"},
    ]  # fmt: skip


def test_what_is_wrong_with_a_subscription_is_in_its_status() -> None:
    said = status({**ROW, "status": "error", "error": "answered 500"}, "query-status", named="n")
    assert said["parameter"][-1] == {"name": "error", "valueCodeableConcept": {"text": "answered 500"}}
    assert answered(ROW, NOW, "n")["entry"][0]["resource"]["parameter"][2] == {"name": "status", "valueCode": "active"}
