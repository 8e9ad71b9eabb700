"""Synthetic charts: diagnoses, orders, visits and devices agree with each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from priorauth.synthetic import chart
from priorauth.synthetic.cohort import INJECTIONS, PUMP, TYPE_1
from priorauth.synthetic.pen import Pen
from priorauth.values.dates import iso
from tests.pens import pen, read


def test_every_member_of_a_registry_has_the_diagnosis_of_the_own_type() -> None:
    drawn = pen()
    found = read(chart.conditions(drawn, chart.events(drawn)))
    typed = {
        one["subject"]["reference"]: one["code"]["coding"][0]["code"][:3]
        for one in found
        if one["code"]["coding"][0]["code"].endswith(("65", ".9"))
        and one["code"]["coding"][0]["code"].startswith(("E10", "E11"))
    }
    kinds = ["E10" if kind == TYPE_1 else "E11" for kind in drawn.cohort.kind]
    assert typed == {f"Patient/m{number:08}": kind for number, kind in enumerate(kinds)}


def test_who_injects_has_orders_for_both_insulins_and_a_pump_is_a_device() -> None:
    drawn = pen()
    drugs: dict[str, set[str]] = {}
    for one in read(chart.medications(drawn)):
        if one["status"] == "active":
            codes = drugs.setdefault(one["subject"]["reference"][8:], set())
            codes.add(one["medicationCodeableConcept"]["coding"][0]["code"])
    for number in np.nonzero(drawn.cohort.regimen == INJECTIONS)[0]:
        assert drugs[f"m{number:08}"] == {"51428", "274783"}
    pumps = [one for one in read(chart.devices(drawn)) if one["type"]["coding"][0]["code"] == "69805005"]
    assert len(pumps) == int((drawn.cohort.regimen == PUMP).sum()) > 10


def test_a_stopped_order_ends_the_day_before_the_next_or_on_its_own_first() -> None:
    for one in read(chart.medications(pen())):
        bounds = one["dosageInstruction"][0].get("timing", {}).get("repeat", {}).get("boundsPeriod", {})
        assert bounds.get("end", "9999") >= bounds.get("start", "")
        assert ("end" in bounds) <= (one["status"] == "stopped")


def test_a_stay_begins_before_it_ends() -> None:
    drawn = pen(2_000)
    found = read(chart.encounters(drawn, chart.events(drawn)))
    assert all(one["period"]["start"] <= one["period"]["end"] for one in found)
    assert {one["class"]["code"] for one in found} == {"AMB", "EMER", "IMP"}


def test_no_diagnosis_is_older_than_the_member() -> None:
    drawn = pen()
    young = replace(drawn.cohort, born=np.full(len(drawn.cohort), drawn.cohort.as_of - 3))
    of_young = Pen(young, drawn.numbers, drawn.rng)
    found = read(chart.conditions(of_young, chart.events(of_young)))
    stated = [one["onsetDateTime"][:10] for one in found if "onsetDateTime" in one]
    assert stated
    assert min(stated) == iso(young.as_of - 3)
