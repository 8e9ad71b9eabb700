"""Attributes of one's own whose values have codes: read from diagnoses, procedures and the claim's item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.facts import vocabulary
from priorauth.facts.case import Case
from priorauth.facts.further import extended
from priorauth.language.check import Checker
from priorauth.language.parse import parse
from priorauth.policy.tree import Criterion, Leaf
from priorauth.record.read import read_bundle
from priorauth.record.readers.valued import ELSEWHERE, attributes
from tests.record.building import REQUESTED, UNITS, Json, bundle, concept, condition, day, ref, status

OWN = """facts:
  wound_side:
    kind: attribute
    values: [left, right, both-feet]
    value_codes:
      left: {icd10cm: ["L97.42*"], hcpcs: [A4230], hcpcs_modifier: [LT]}
      right: {icd10cm: ["L97.41*"], hcpcs: [28805], hcpcs_modifier: [RT]}
    ask: "On which foot is the wound?"
"""


def read(place: Path, *resources: Json, **changes: Json) -> tuple[Any, ...]:
    (place / "vocabulary.yaml").write_text(OWN, encoding="utf-8")
    known = extended(vocabulary.load(), place / "vocabulary.yaml")
    case = read_bundle(bundle(*resources, **changes), vocabulary=known, units=UNITS)
    return case.requests[0].rows.get("wound_side", ())


def procedure(code: str, on: str | None = "2026-03-04", **more: Any) -> Json:
    dated = {} if on is None else {"performedDateTime": on}
    return {"resourceType": "Procedure", "id": "proc-1", "status": "completed", "code": concept(code),
            "subject": ref("Patient/pat-1"), **dated, **more}  # fmt: skip


def test_an_icd_code_of_a_diagnosis_gives_the_value(tmp_path: Path) -> None:
    (row,) = read(tmp_path, condition("icd10:L97.422"))
    assert (row.text, row.ref, row.first, row.ground) == ("left", "Condition/cond-1", day(REQUESTED), None)


def test_a_code_of_a_procedure_gives_the_value_as_of_its_day(tmp_path: Path) -> None:
    (row,) = read(tmp_path, procedure("hcpcs:28805"))
    assert (row.text, row.first, row.ground) == ("right", day("2026-03-04"), None)


@pytest.mark.parametrize(
    ("resource", "ground"),
    [
        (condition("icd10:L97.422", verificationStatus=status("provisional")), "not confirmed"),
        (condition("icd10:L97.422", clinicalStatus=status("resolved")), "may be over"),
    ],
)
def test_a_diagnosis_in_doubt_settles_nothing(tmp_path: Path, resource: Json, ground: str) -> None:
    (row,) = read(tmp_path, resource)
    assert row.ground == ground


@pytest.mark.parametrize(
    "resource",
    [
        condition("icd10:L97.422", abatementDateTime="2024-01-01"),
        condition("icd10:L97.422", verificationStatus=status("refuted")),
        condition("icd10:E11.9"),
    ],
)
def test_a_diagnosis_that_is_over_refuted_or_of_another_code_gives_none(tmp_path: Path, resource: Json) -> None:
    assert read(tmp_path, resource) == ()


def test_the_product_and_its_modifier_give_the_value(tmp_path: Path) -> None:
    claim = {"item": [{"sequence": 1, "productOrService": concept("hcpcs:A4230")}]}
    assert [row.text for row in read(tmp_path, Claim=claim)] == ["left"]
    claim = {"item": [{"sequence": 1, "productOrService": concept("hcpcs:E0784"), "modifier": [concept("hcpcs:RT")]}]}
    assert [row.text for row in read(tmp_path, Claim=claim)] == ["right"]


def test_codes_of_two_values_are_a_conflict(tmp_path: Path) -> None:
    rows = read(tmp_path, condition("icd10:L97.422"), condition("icd10:L97.412", id="cond-2"))
    known = extended(vocabulary.load(), tmp_path / "vocabulary.yaml")
    form = Checker(known, UNITS).check(parse("wound_side is left", {}))
    view = View(Case(day(REQUESTED), {"wound_side": rows}), known)
    assert evaluate(Criterion(Leaf("wound_side is left", form)), view).status == "conflict"


def test_of_the_shipped_vocabulary_every_such_attribute_has_a_reader_of_its_own() -> None:
    assert attributes(vocabulary.load()) == ()
    assert {one.name for one in vocabulary.load().facts.values() if one.value_codes} == set(ELSEWHERE)
