"""The values of attributes as ValueSets."""

from __future__ import annotations

from msgspec.structs import replace

from priorauth.export.items import MANY
from priorauth.export.values import FEW, named, of_fact, value_sets
from tests.export.filling import BASE, CATALOG

VOCABULARY = CATALOG.vocabulary
DRUG = VOCABULARY["infusion_drug"]


def test_only_attributes_of_many_values_have_a_value_set() -> None:
    found = value_sets(
        ["infusion_drug", "infusion_drug", "pump_ownership", "hba1c", "none"], VOCABULARY, BASE, "2026-11-24"
    )
    assert [one["id"] for one in found] == ["infusion-drug"]
    assert len(DRUG.values) > MANY


def test_a_value_set_is_found_by_its_address_and_by_no_other_version() -> None:
    made = of_fact(DRUG, BASE, "2026-11-24")
    assert named(made["url"], VOCABULARY, BASE) == DRUG
    assert named(f"{made['url']}|{made['version']}", VOCABULARY, BASE) == DRUG
    assert named(f"{made['url']}|other", VOCABULARY, BASE) is None
    assert named(made["url"], VOCABULARY, "https://other.example") is None


def test_other_values_are_another_version() -> None:
    wider = replace(DRUG, values=(*DRUG.values, "another"))
    assert of_fact(wider, BASE, "2026-11-24")["version"] != of_fact(DRUG, BASE, "2026-11-24")["version"]


def test_many_values_are_expanded_only_where_that_is_asked() -> None:
    wide = replace(DRUG, values=tuple(f"value-{number}" for number in range(FEW)))
    assert "expansion" not in of_fact(wide, BASE, "2026-11-24", expand=False)
    assert of_fact(wide, BASE, "2026-11-24")["expansion"]["total"] == FEW
    assert "expansion" in of_fact(DRUG, BASE, "2026-11-24", expand=False)
