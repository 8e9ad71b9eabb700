"""The criterion ``within label``: what it is written as, and the faults of one that cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary
from priorauth.policy import document
from priorauth.policy.catalog import SHIPPED, open_catalog
from priorauth.policy.device_labels import Labels, load
from priorauth.policy.tree import Group, Policy, leaves
from priorauth.values import units
from tests.policy.files import folder, require

WITHIN = "id: A\ntitle: Within its label\nwithin label: {of: glucose_monitor_model, else: monitor_within_label}"
TABLE = """\
labels:
  glucose_monitor_model:
    dexcom-g6:
      - {from: 2019-01-01, ages: 2 years, source: a page, confidence: H}
    dexcom-g7:
      - {from: 2019-06-01, ages: 2 years, source: a page, confidence: H}
    guardian-4:
      - {from: 2025-08-06, ages: 7..75 years, adjunctive: yes, source: a page, confidence: H}
  insulin_system_model:
    ilet:
      - {from: 2019-01-01, ages: {type_1_diabetes: 6 years}, source: a page, confidence: H}
"""


def labels(place: Path) -> Labels:
    file = place / "device-labels.yaml"
    file.write_text(TABLE, encoding="utf-8")
    return load(file, vocabulary.load())


def loaded(place: Path, lines: str) -> Policy:
    return document.load(folder(place, require(lines)), vocabulary.load(), units.load(), labels=lambda: labels(place))


def said(place: Path, lines: str) -> list[str]:
    return [leaf.text for leaf in leaves(loaded(place, lines).pathways[0].require)]


def test_the_table_is_written_as_lines_of_the_language_and_the_statement_stands_beside_it(tmp_path: Path) -> None:
    assert said(tmp_path, WITHIN) == [
        "glucose_monitor_model is one of dexcom-g6, dexcom-g7",
        "age >= 2 years",
        "glucose_monitor_model is guardian-4",
        "service_on >= 2025-08-06",
        "age >= 7 years",
        "age <= 75 years",
        "glucose_monitor_model is other",
        "monitor_within_label",
        "monitor_within_label",
    ]
    test = loaded(tmp_path, WITHIN).pathways[0].require.test
    assert isinstance(test, Group)
    assert test.kind == "ways"


def test_what_is_adjunctive_is_not_within_its_label_where_it_stands_for_itself(tmp_path: Path) -> None:
    found = said(tmp_path, WITHIN.replace("else:", "not adjunctive: product_code is E2103, else:"))
    assert found.count("product_code is E2103") == 1


def test_the_condition_that_a_label_is_for_is_a_line_unless_the_policy_names_it(tmp_path: Path) -> None:
    lines = WITHIN.replace("glucose_monitor_model", "insulin_system_model")
    assert "type_1_diabetes" in said(tmp_path, lines)
    assert "type_1_diabetes" not in said(tmp_path, lines.replace("else:", "condition: type_1_diabetes, else:"))


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (WITHIN.replace("of: glucose", "of: glucos"), "did you mean 'glucose_monitor_model'?"),
        (WITHIN.replace(", else: monitor_within_label", ""), "expected `within label:` with `of:`"),
        (WITHIN.replace("else:", "unless:"), "expected `within label:` with `of:`"),
        (WITHIN.replace("else:", "age: 2 years, else:"), "`within label` has no key 'age'"),
        (WITHIN.replace("else:", "condition: pregnancy, else:"), "no label of glucose_monitor_model is for pregnancy"),
        (WITHIN.replace("else: monitor_within_label", "else: monitor_within_lable"), "no fact is named"),
    ],
)
def test_a_criterion_that_cannot_be_read_is_refused(tmp_path: Path, lines: str, fault: str) -> None:
    with pytest.raises(PolicyFaults) as refused:
        loaded(tmp_path, lines)
    assert any(fault in str(one) for one in refused.value.faults)


def test_without_a_table_the_criterion_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="no table of labels is at hand here"):
        document.load(folder(tmp_path, require(WITHIN)), vocabulary.load(), units.load())


def test_a_folder_brings_devices_and_labels_of_its_own(tmp_path: Path) -> None:
    folder(tmp_path, require(WITHIN))
    (tmp_path / "vocabulary.yaml").write_text("more values: {glucose_monitor_model: [acme-1]}\n", encoding="utf-8")
    row = "{from: 2019-01-01, ages: 12 years, source: a page, confidence: H}"
    table = tmp_path / "device-labels.yaml"
    table.write_text(f"labels: {{glucose_monitor_model: {{acme-1: [{row}]}}}}\n", encoding="utf-8")
    (policy,) = open_catalog(tmp_path).versions("payer-x/pumps")
    found = [leaf.text for leaf in leaves(policy.pathways[0].require)]
    assert found[found.index("glucose_monitor_model is acme-1") + 1] == "age >= 12 years"


def test_a_policy_is_pinned_with_the_tables_that_it_rests_on(tmp_path: Path) -> None:
    other, own = tmp_path / "other", tmp_path / "own"
    folder(other, require(WITHIN))
    shutil.copytree(other, own)
    (own / "vocabulary.yaml").write_text("more values: {glucose_monitor_model: [acme-1]}\n", encoding="utf-8")
    row = "{from: 2019-01-01, ages: 12 years, source: a page, confidence: H}"
    (own / "device-labels.yaml").write_text(
        f"labels: {{glucose_monitor_model: {{acme-1: [{row}]}}}}\n", encoding="utf-8"
    )
    pins = {open_catalog(place).versions("payer-x/pumps")[0].sha256 for place in (other, own)}
    assert len(pins) == 2


def test_a_version_knows_no_label_of_the_days_of_the_next() -> None:
    first, second = open_catalog(SHIPPED).versions("anthem/cg-dme-50")
    later = "insulin_system_model is tslim-x2-control-iq-plus"
    assert later not in [leaf.text for leaf in leaves(first.pathways[0].require)]
    assert later in [leaf.text for leaf in leaves(second.pathways[0].require)]
