"""Published readings: from which day each holds, in which policy, and which values a policy takes."""

from __future__ import annotations

from datetime import date
from typing import Any

from priorauth.ledger import readings
from priorauth.policy.catalog import open_catalog

POLICY = "masshealth/insulin-pumps"
NAME = "cgm_days_worn"
DAY = date(2026, 11, 24)


def entry(value: str, first: str) -> dict[str, Any]:
    return {"policy": POLICY, "reading": NAME, "value": value, "from": first, "proposal": "reading-1"}


def on(day: date, *entries: dict[str, Any]) -> dict[str, str]:
    return readings.on({"published": list(entries)}, day)


def test_a_published_reading_holds_from_its_day_on() -> None:
    one = entry("80 %", "2026-11-24")
    assert on(date(2026, 11, 23), one) == {}
    assert on(DAY, one) == {f"{POLICY}:{NAME}": "80 %"}


def test_of_two_values_the_one_of_the_later_day_holds_and_of_one_day_the_one_published_last() -> None:
    later, sooner = entry("80 %", "2026-11-24"), entry("90 %", "2026-11-01")
    assert set(on(DAY, later, sooner).values()) == {"80 %"}
    assert set(on(DAY, later, entry("60 %", "2026-11-24")).values()) == {"60 %"}


def test_what_is_published_stands_beside_the_readings_of_the_settings() -> None:
    settings = {"readings": {"hba1c_age": "6 months"}, "published": [entry("80 %", "2026-11-24")]}
    assert readings.held(settings, DAY)["readings"] == {"hba1c_age": "6 months", f"{POLICY}:{NAME}": "80 %"}
    assert readings.held({"a": 1}, DAY) == {"a": 1}


def test_a_reading_is_published_for_its_own_policy_alone() -> None:
    held = readings.held({"published": [entry("80 %", "2026-11-24")]}, DAY)
    catalog = open_catalog().with_readings(held["readings"])
    of = {name: (catalog.versions(name)[-1].readings or {}).get(NAME) for name in catalog.files}
    assert {name: one.text for name, one in of.items() if one and one.text != "70 %"} == {POLICY: "80 %"}


def test_what_a_policy_does_not_take_is_said() -> None:
    catalog = open_catalog()
    assert readings.unfit(catalog, POLICY, NAME, "80 %") is None
    assert "expected 50..100 %" in str(readings.unfit(catalog, POLICY, NAME, "20 %"))
    assert readings.unfit(catalog, POLICY, NAME, "often") is not None
    assert readings.unfit(catalog, POLICY, "x", "1") == f"{POLICY} has no reading named x"
    assert readings.unfit(catalog, "x/y", NAME, "80 %") == "no policy is named x/y"


def test_the_value_of_a_day_is_that_of_the_file_until_another_is_published() -> None:
    catalog = open_catalog()
    settings = {"published": [entry("80 %", "2026-11-24")]}
    for day, value in ((date(2026, 11, 23), "70 %"), (DAY, "80 %")):
        found = readings.now(catalog, POLICY, NAME, settings, day)
        assert found is not None
        assert found.text == value
    assert readings.now(catalog, POLICY, "x", {}, DAY) is None
