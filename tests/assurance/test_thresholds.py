"""Every threshold of a form has a patient just on one side of it and one just on the other; the evaluator agrees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.assurance.boundary import case_file, cases
from priorauth.assurance.prove import prove
from priorauth.decide.determine import determine
from tests.assurance.planted import catalog, laid

POLICY = """
pathways:
  - pathway: first
    title: First
    when: request_kind is initial
    require: {{id: A.1, title: The line, when: {line}}}
"""


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("count of severe_hypoglycemia within 6 months >= 2", "count-2"),
        ("daily average of glucose_self_test within 30 days >= 4 /d", "limit-4-d"),
        ("daily average of glucose_self_test within 30 days < 2.5 /d", "limit-2-5-d"),
        ("days with hypoglycemia within 3 months >= 3", "limit-3"),
        ("days with cgm_glucose within 30 days >= 70 %", "limit-70"),
        ("share of fasting_glucose above 200 mg/dL within 3 months >= 25 % of at least 3", "limit-25"),
        ("spread of premeal_glucose within 3 months > 100 mg/dL", "limit-100-mg-dl"),
        ("sum of diabetes_hospital_stay within 6 months >= 5 d", "limit-5-d"),
        ("sum of diabetes_hospital_stay within 6 months <= 7 d", "limit-7-d"),
        ("longest gap between prescriber_visit within 12 months <= 3 months", "length-3-months"),
        ("insulin_injections >= 3 /d throughout 6 months", "number-3-d"),
        ("insulin_injections >= 3 /d throughout 6 months", "length-6-months"),
        ("insulin_treatment throughout 6 months", "length-6-months"),
        ("pump_trial lasts 3 months", "length-3-months"),
        ("age >= 21 years", "age-21"),
        ("age < 21 years", "age-21"),
        ("age = 21 years", "age-21"),
        ("share of fasting_glucose above 200 mg/dL within 3 months = 25 % of at least 3", "limit-25"),
    ],
)
def test_a_threshold_has_a_case_on_each_side(line: str, label: str, tmp_path: Path) -> None:
    proof = prove(laid(catalog(tmp_path, d2020=POLICY.format(line=json.dumps(line)))))
    made = {one.name: one for one in cases(proof) if one.name.startswith(f"a-1-{label}")}
    assert f"a-1-{label}-met" in made, sorted(one.name for one in cases(proof))
    assert made.keys() & {f"a-1-{label}-not-met", f"a-1-{label}-open"}
    for one in made.values():
        file = case_file(one, proof)
        expect = file["expect"]
        assert isinstance(expect, dict)
        (found,) = determine(
            json.dumps(file["bundle"]).encode(),
            policy=str(file["policy"]),
            judgments=json.dumps(file["judgments"]).encode(),
            policies=(tmp_path,),
        )
        assert found.outcome == expect["outcome"]
        statuses = {part.id: part.status for part in found.criteria}
        assert {name: statuses.get(name) for name in expect["status"]} == expect["status"]
