"""The laws of the facts speak of facts that there are, and a faulty file is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.engines.solver.laws import PATH, load
from priorauth.errors import PolicyFaults
from priorauth.facts.vocabulary import load as load_vocabulary


def test_every_fact_that_a_law_names_is_in_the_vocabulary() -> None:
    laws, facts = load(), load_vocabulary().facts
    named = laws.known | laws.fixed.keys() | laws.shown_by.keys() | laws.months_of.keys() | {laws.log[0]}
    named |= {name for pair in (*laws.implies, *laws.part_of) for name in pair}
    named |= {*laws.shown_by.values(), *laws.months_of.values()}
    assert named - facts.keys() == set()


def test_type_1_diabetes_is_diabetes_and_not_the_other_way_round() -> None:
    implied = load().implies
    assert ("type_1_diabetes", "diabetes") in implied
    assert ("diabetes", "type_1_diabetes") not in implied


def test_a_law_that_nobody_knows_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "laws.yaml"
    text = PATH.read_text(encoding="utf-8")
    path.write_text(f"{text.rstrip()}\ngravity: 9\n", encoding="utf-8")
    with pytest.raises(PolicyFaults, match="no law is named 'gravity'") as fault:
        load(path)
    assert fault.value.faults[0].place == f"line {len(text.rstrip().splitlines()) + 1}"


def test_a_file_without_one_of_the_laws_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "laws.yaml"
    kept = [line for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("grown:")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with pytest.raises(PolicyFaults, match="expected `grown:`"):
        load(path)


def test_the_laws_are_these() -> None:
    """Kept by hand, so that a law that is turned around, changed or dropped is seen."""
    laws = load()
    assert sorted(laws.implies) == [
        ("cancer_pain", "cancer"),
        ("colorectal_cancer", "cancer"),
        ("hepatocellular_carcinoma", "cancer"),
        ("type_1_diabetes", "diabetes"),
        ("type_2_diabetes", "diabetes"),
    ]
    assert sorted(laws.part_of) == [
        ("nocturnal_hypoglycemia", "hypoglycemia"),
        ("severe_hypoglycemia", "hypoglycemia"),
    ]
    assert sorted(laws.told_with) == [
        ("prescription_dated", "prescription_signed_on"),
        ("replacement_reason_stated", "replacement_reason"),
    ]
    assert dict(laws.shown_by) == {"hypoglycemia": "glucose_self_test"}
    assert dict(laws.months_of) == {"pump_trial_months": "pump_trial"}
    assert laws.log == ("glucose_log_on_file", "glucose_log_least")
    assert (laws.drug, sorted(laws.drug_products)) == ("insulin", ["A9274", "E0784", "E0787", "S1034"])
    assert dict(laws.fixed) == {"request_form_complete": "yes"}
    assert sorted(laws.known) == [
        "glucose_meter_requested_together", "glucose_monitor_requested_together", "insulin_pump_requested_together",
        "product_code", "quantity_requested", "request_channel", "request_form_complete", "request_kind",
        "request_received_on", "service_on", "standalone_monitor_requested_together",
    ]  # fmt: skip


def test_the_numbers_of_the_laws_are_these() -> None:
    laws = load()
    assert [laws.most(fact) for fact in ("glucose_self_test", "cgm_glucose", "hba1c")] == [24, 24, 2]
    assert [laws.plain_number(fact) for fact in ("cgm_glucose", "hba1c")] == [120, 10]
    anchors = ("enrollment", "medicare_enrollment", "prior_approval", "prescription", "trial_start", "long_ago")
    assert [laws.days_before(anchor) for anchor in anchors] == [1500, 2200, 119, 10, 30, 3650]
    assert laws.grown == 45
