"""A vocabulary of one's own adds facts, values and numbers, changes none, and says all its faults at once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary
from priorauth.facts.further import extended, laid
from priorauth.facts.vocabulary import Fact

SHIPPED = vocabulary.load()
FACT = "facts:\n  x:\n    kind: {kind}\n    ask: What?\n"
OWN = (
    "facts:\n  ketones:\n    kind: measurement\n    unit: mmol/L\n    resolution: 0.1\n    ask: What are the ketones?\n"
)


def test_facts_of_ones_own_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(OWN, encoding="utf-8")
    both = extended(SHIPPED, path)
    assert both["ketones"] == Fact(
        "ketones", "measurement", "What are the ketones?", unit="mmol/L", resolution=Fraction(1, 10), line=2
    )
    assert both["hba1c"] == SHIPPED["hba1c"]
    assert both.sha256 != SHIPPED.sha256


def test_a_shipped_fact_is_never_changed(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(OWN.replace("ketones", "hba1c", 1), encoding="utf-8")
    with pytest.raises(PolicyFaults, match=r"vocabulary.yaml:2: the fact hba1c is in the shipped vocabulary"):
        extended(SHIPPED, path)


def test_a_fact_or_a_derivation_that_is_there_already_is_a_fault_with_its_line_each(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(
        OWN + OWN.replace("facts:\n  ketones", "  hba1c") + "derivations:\n  hypoglycemia_below: {value: 60}\n", "utf-8"
    )
    with pytest.raises(PolicyFaults) as refused:
        extended(SHIPPED, path)
    assert [str(fault).partition("vocabulary.yaml")[2] for fault in refused.value.faults] == [
        ":7: the fact hba1c is in the shipped vocabulary, or in that of another folder",
        ":13: the derivation hypoglycemia_below is in the shipped vocabulary, or in that of another folder",
    ]


def test_a_fact_that_two_folders_bring_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = tmp_path / "vocabulary.yaml", tmp_path / "other" / "vocabulary.yaml"
    first.write_text(OWN, encoding="utf-8")
    second.write_text(OWN, encoding="utf-8")
    with pytest.raises(PolicyFaults, match=r"other/vocabulary.yaml:2: the fact ketones is in"):
        extended(extended(SHIPPED, first), second)


def test_a_vocabulary_of_ones_own_may_bring_derivations_alone_and_its_facts_go_by_the_shipped_ones(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text("derivations:\n  ketones_above: {value: 3}\n", encoding="utf-8")
    assert extended(SHIPPED, path).amount("ketones_above") == 3
    ages = "[pregnancy_youngest, pregnancy_oldest]"
    path.write_text(FACT.format(kind="condition") + f"    only_ages: {ages}\n", encoding="utf-8")
    assert extended(SHIPPED, path)["x"].only_ages == SHIPPED["pregnancy"].only_ages


def test_an_attribute_may_be_given_further_values(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text("more values:\n  coverage_state: [NY, VT]\n", encoding="utf-8")
    both = extended(SHIPPED, path)
    assert both["coverage_state"].values == (*SHIPPED["coverage_state"].values, "NY", "VT")
    assert both.sha256 != SHIPPED.sha256


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("more values:\n  coverage_state: [MA]\n", "2: coverage_state has the value 'MA' already"),
        ("more values:\n  coverage_state: [NY, NY]\n", "2: coverage_state has the value 'NY' already"),
        ("more values:\n  birth_date: [soon]\n", "2: birth_date is no attribute with listed values"),
        ("more values:\n  diabetes: [gone]\n", "2: diabetes is no attribute with listed values"),
        ("more values:\n  nothing: [x]\n", "2: nothing is no attribute with listed values"),
        ("more values: [x]\n", "1: expected attributes with lists of values"),
        ("a: b\n", "1: expected `facts:`"),
    ],
)
def test_a_fault_of_further_values_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFaults) as caught:
        extended(SHIPPED, path)
    assert message in str(caught.value)


def test_every_change_of_ones_own_vocabulary_moves_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    texts = (
        OWN,
        OWN.replace("What are", "Which are"),
        "more values:\n  coverage_state: [NY]\n",
        "more values:\n  coverage_state: [VT]\n",
        OWN + "more values:\n  coverage_state: [NY]\n",
    )
    seen = {SHIPPED.sha256}
    for text in texts:
        path.write_text(text, encoding="utf-8")
        vocabulary.load.cache_clear()
        seen.add(extended(SHIPPED, path).sha256)
    assert len(seen) == 1 + len(texts)


def test_derivations_of_ones_own_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(OWN + "derivations:\n  ketones_above: {value: 3}\n", encoding="utf-8")
    both = extended(SHIPPED, path)
    assert both.amount("ketones_above") == 3
    assert both.amount("hypoglycemia_below") == 70


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(text, encoding="utf-8")
    return [str(fault).partition("vocabulary.yaml:")[2] for fault in laid(SHIPPED, path).faults]


def test_every_fault_of_the_file_is_said_at_once_and_the_rest_is_read(tmp_path: Path) -> None:
    text = (
        "fact: {}\nfacts:\n  a: {kind: event, ask: When?, code: {}, hint: x}\n  b: {kind: evnt, ask: When?}\n"
        "  c: {kind: event, ask: When?}\nmore values:\n  product_cod: [E2103]\n"
    )
    assert faults(tmp_path, text) == [
        "1: a vocabulary has no key 'fact'; expected facts, more values, derivations; did you mean 'facts'?",
        "3: a: no such key 'code'; did you mean 'codes'?",
        "3: a: no such key 'hint'",
        f"4: b: expected kind, one of {', '.join(vocabulary.KINDS)}; found 'evnt'",
        "7: product_cod is no attribute with listed values in the shipped vocabulary; did you mean 'product_code'?",
    ]
    found = laid(SHIPPED, tmp_path / "vocabulary.yaml")
    assert dict(found.own) == {"c": 5}
    assert "c" in found.vocabulary
    assert set(found.unsure) == {
        "no fact is named 'a'", "no fact is named 'b'", "no product code", "product_cod has no value",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FACT.format(kind="attribute"), "x: expected the values of an attribute, `values:`"),
        (FACT.format(kind="event") + "    values: [a]\n", "5: x: expected values of an attribute only"),
        (
            FACT.format(kind="attribute") + "    values: [left, right]\n    value_codes: {lef: {hcpcs: [LT]}}\n",
            "6: x: value_codes: 'lef' is no value of it; did you mean 'left'?",
        ),
        (
            FACT.format(kind="attribute") + "    values: date\n    value_codes: {date: {hcpcs: [LT]}}\n",
            "6: x: value_codes: 'date' is no value of it",
        ),
        (
            FACT.format(kind="attribute") + "    values: [a]\n    value_codes: [LT]\n",
            "6: x: expected codes by the value that they stand for",
        ),
        (FACT.format(kind="event") + "    silence_unless: y\n", "2: x: silence_unless: no fact is named 'y'"),
    ],
)
def test_what_was_swallowed_in_silence_is_a_fault(tmp_path: Path, text: str, message: str) -> None:
    (said,) = faults(tmp_path, text)
    assert message in said


def test_a_fact_that_another_fact_goes_by_is_used(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    more = "  y: {kind: event, ask: When?, silence: 'no', silence_unless: [x]}\n"
    path.write_text(FACT.format(kind="event") + more, encoding="utf-8")
    assert list(laid(SHIPPED, path).own) == ["y"]
