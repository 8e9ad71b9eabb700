"""Synthetic glucose: readings that a meter could show, in the units it says."""

from __future__ import annotations

from collections import Counter

from priorauth.synthetic import glucose
from tests.pens import pen, read


def test_readings_lie_within_what_meters_show_in_either_unit() -> None:
    plain, tagged = (read(part) for part in glucose.meters(pen(200)))
    units: Counter[str] = Counter()
    for one in (*plain, *tagged):
        quantity = one["valueQuantity"]
        assert quantity["unit"] == quantity["code"]
        units[quantity["unit"]] += 1
        least, most = (20, 600) if quantity["unit"] == "mg/dL" else (1.1, 33.4)
        assert least <= quantity["value"] <= most
    assert 0 < units["mmol/L"] < units["mg/dL"]
    assert all("component" not in one for one in plain)
    assert all(one["component"][0]["valueCodeableConcept"]["coding"][0]["code"] for one in tagged)


def test_a_log_holds_at_most_so_many_days_and_a_few_readings_without_a_time() -> None:
    days: dict[str, set[str]] = {}
    timeless = total = 0
    for part in glucose.meters(pen(400)):
        for one in read(part):
            when = one["effectiveDateTime"]
            days.setdefault(one["subject"]["reference"], set()).add(when[:10])
            timeless += len(when) == 10
            total += 1
    assert max(map(len, days.values())) <= 90
    assert 0.001 < timeless / total < 0.01


def test_who_wears_a_sensor_has_days_and_percent_of_two_spans() -> None:
    drawn = pen(400)
    found = read(glucose.sensors(drawn))
    assert len(found) == 4 * int((drawn.cohort.diabetic & drawn.cohort.sensor).sum()) > 40
    for one in found:
        most = 14 if one["valueQuantity"]["unit"] == "d" else 100
        assert 1 <= one["valueQuantity"]["value"] <= most
