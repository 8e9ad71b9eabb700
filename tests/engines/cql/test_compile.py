"""A policy as a library of CQL: what it declares, and in which order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from priorauth.engines.cql.compile import Library, library, name_of, of_trees
from priorauth.policy.catalog import open_catalog
from tests import asking

CATALOG = open_catalog(Path(__file__).parent.parent.parent / "fixtures" / "policies")


@pytest.fixture(scope="module")
def exported() -> dict[str, Library]:
    return {policy.file: library(policy, CATALOG.vocabulary, CATALOG.common) for policy in CATALOG.all()}


def test_the_same_policy_is_written_alike_every_time(exported: dict[str, Library]) -> None:
    policy = next(CATALOG.all())
    assert library(policy, CATALOG.vocabulary, CATALOG.common) == exported[policy.file]


def test_a_definition_stands_below_all_that_it_needs(exported: dict[str, Library]) -> None:
    for made in exported.values():
        known: set[str] = set()
        for name, needs in re.findall(r'^define "(.+?)": (.*)$', made.text, re.MULTILINE):
            named = {one for one in re.findall(r'"([^"]+)"', needs) if f'\ndefine "{one}": ' in made.text}
            assert named <= known, name
            known.add(name)
        assert {name for name, _ in made.criteria} <= known


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        ("masshealth/insulin-pumps", "MasshealthInsulinPumps"),
        ("uhc-medicare-advantage/infusion-pump-therapy", "UhcMedicareAdvantageInfusionPumpTherapy"),
    ],
)
def test_a_library_is_named_after_its_policy(policy: str, name: str) -> None:
    assert name_of(policy) == name


def test_what_a_library_reads_it_declares_and_nothing_else() -> None:
    made = of_trees("Two", [("one", asking.criterion("latest hba1c > 7.0 %"))], CATALOG.vocabulary)
    assert made.facts == ("birth_date", "hba1c")
    declared = re.findall(r'^parameter "([^"]+)"', made.text, re.MULTILINE)
    assert declared == ["as of", "settled", "birth_date rows", "hba1c rows", "hba1c whole"]
