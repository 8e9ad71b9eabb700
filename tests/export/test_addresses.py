"""Addresses of what belongs to a form: below the base of the plan, with their versions."""

from __future__ import annotations

from priorauth.export import addresses

BASE = "https://plan.example/demo/2.2/fhir"


def test_every_kind_of_resource_has_its_own_place_below_the_base() -> None:
    assert addresses.questionnaire("a.b.c", BASE) == f"{BASE}/Questionnaire/a.b.c"
    assert addresses.library("PriorAuthForms", BASE) == f"{BASE}/Library/PriorAuthForms"
    assert addresses.value_set("infusion_drug", BASE) == f"{BASE}/ValueSet/infusion-drug"
    assert addresses.code_system("infusion_drug", BASE) == f"{BASE}/CodeSystem/infusion-drug"


def test_a_version_stands_behind_a_bar() -> None:
    assert addresses.pinned("x", "2016-01-01-1") == "x|2016-01-01-1"
