"""The vocabulary: every fact is complete, and a vocabulary of one's own adds facts and changes none."""

from fractions import Fraction
from pathlib import Path

import pytest

from priorauth.facts import vocabulary
from priorauth.facts.vocabulary import ANCHORS, KINDS, PATH, Fact, Vocabulary
from priorauth.values import strict_yaml, units
from priorauth.values.strict_yaml import YamlFault

SHIPPED = vocabulary.load()
FACTS = [SHIPPED[name] for name in SHIPPED]


def load(folder: Path, text: str) -> Vocabulary:
    path = folder / "vocabulary.yaml"
    path.write_text(text, encoding="utf-8")
    return vocabulary.load(path)


# ---- the one that is shipped


def test_there_are_facts_of_every_kind() -> None:
    assert {fact.kind for fact in FACTS} == set(KINDS)


def test_what_is_measured_has_a_unit_that_the_table_of_units_knows() -> None:
    for fact in FACTS:
        if fact.kind in ("measurement", "regimen") or fact.values in (("number",), ("integer",)):
            assert fact.unit is not None, fact.name
            assert fact.numeric, fact.name
            assert units.load().conversion(fact.name, fact.unit) is not None, fact.name


def test_every_attribute_has_values() -> None:
    for fact in FACTS:
        assert bool(fact.values) == (fact.kind == "attribute"), fact.name


def test_every_pending_or_coded_value_is_one_of_the_values() -> None:
    for fact in FACTS:
        assert set(fact.pending) <= set(fact.values), fact.name
        assert set(fact.value_codes) <= set(fact.values), fact.name


def test_every_fact_asks_a_question_in_a_sentence() -> None:
    for fact in FACTS:
        assert fact.ask.endswith(("?", ".")), fact.name
        assert fact.ask[0].isupper(), fact.name


def test_what_is_excepted_from_codes_is_below_one_of_them() -> None:
    for fact in FACTS:
        for codes, without in ((fact.codes, fact.without), (fact.hint_codes, fact.hint_without)):
            for system, listed in without.items():
                stems = [code.removesuffix("*") for code in codes[system] if code.endswith("*")]
                assert all(code.startswith(tuple(stems)) for code in listed), f"{fact.name}: {listed}"


def test_every_code_stands_once_under_its_fact() -> None:
    for fact in FACTS:
        for system, listed in fact.codes.items():
            assert len(set(listed)) == len(listed), f"{fact.name}: {system}"


def test_the_anchors_of_the_file_are_those_of_the_language() -> None:
    listed = strict_yaml.read_file(PATH)["anchors"]
    assert [row["name"] for row in listed if isinstance(row, strict_yaml.Mapping)] == list(ANCHORS)


def test_what_is_said_of_single_facts_is_read() -> None:
    assert SHIPPED["hba1c"].resolution == Fraction(1, 10)
    assert SHIPPED["end_stage_renal_disease"].silent_no
    assert not SHIPPED["diabetes"].silent_no
    assert SHIPPED["trial_outcome"].pending == ("ongoing",)
    assert SHIPPED["prescription_signed_on"].document
    assert SHIPPED["active_infection"].hint_days == 30
    assert SHIPPED["request_kind"].asked_of == "supplier"
    assert SHIPPED.amount("hypoglycemia_below") == 70


def test_the_names_come_in_the_order_of_the_file() -> None:
    lines = [fact.line for fact in FACTS]
    assert lines == sorted(lines)
    assert len(set(lines)) == len(lines)


def test_a_fact_that_is_not_there_is_missed() -> None:
    assert "hba1x" not in SHIPPED
    with pytest.raises(KeyError):
        SHIPPED["hba1x"]


# ---- one's own

OWN = (
    "facts:\n  ketones:\n    kind: measurement\n    unit: mmol/L\n    resolution: 0.1\n    ask: What are the ketones?\n"
)


def test_facts_of_ones_own_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(OWN, encoding="utf-8")
    both = vocabulary.extended(SHIPPED, path)
    assert both["ketones"] == Fact(
        "ketones", "measurement", "What are the ketones?", unit="mmol/L", resolution=Fraction(1, 10), line=2
    )
    assert both["hba1c"] == SHIPPED["hba1c"]
    assert both.sha256 != SHIPPED.sha256


def test_a_shipped_fact_is_never_changed(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text(OWN.replace("ketones", "hba1c", 1), encoding="utf-8")
    with pytest.raises(YamlFault, match=r"vocabulary.yaml:2: the fact hba1c is in the shipped vocabulary"):
        vocabulary.extended(SHIPPED, path)


def test_a_vocabulary_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(YamlFault, match="cannot be read"):
        vocabulary.load(tmp_path / "vocabulary.yaml")


FACT = "facts:\n  x:\n    kind: {kind}\n    ask: What?\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", "1: expected `facts:`"),
        ("facts:\n  x: y\n", "2: x: expected a mapping"),
        ("facts:\n  x:\n    kind: event\n", "2: x: expected the question, `ask:`"),
        (FACT.format(kind="number"), "2: x: expected kind, one of measurement, event,"),
        (FACT.format(kind="event").replace("  x:", "  X-1:"), "2: X-1: expected a name of small letters"),
        (FACT.format(kind="measurement"), "2: x: expected the unit of a measurement"),
        (FACT.format(kind="regimen"), "2: x: expected the unit of a regimen"),
        (FACT.format(kind="event") + "    colour: red\n", "5: x: no such key 'colour'"),
        (FACT.format(kind="event") + "    asked_of: nobody\n", "5: x: expected asked_of, one of prescriber,"),
        (FACT.format(kind="event") + "    worse: sideways\n", "5: x: expected worse, one of higher, lower"),
        (FACT.format(kind="event") + "    silence: yes\n", "5: x: expected silence, one of no"),
        (FACT.format(kind="event") + "    document: yes\n", "5: x: expected document, one of true"),
        (FACT.format(kind="event") + "    resolution: 0\n", "5: x: expected resolution, a number above zero"),
        (FACT.format(kind="event") + "    resolution: fine\n", "5: x: expected resolution, a number above zero"),
        (FACT.format(kind="event") + "    hint_days: -1\n", "5: x: expected hint_days, a number above zero"),
        (FACT.format(kind="event") + "    codes: E10\n", "x: expected code systems with lists of codes"),
        (FACT.format(kind="event") + "    codes: {icd: [E10]}\n", "5: x: no such code system 'icd'"),
        (FACT.format(kind="event") + "derivations: [a]\n", "expected a mapping under `derivations:`"),
        (FACT.format(kind="event") + "derivations:\n  a: {unit: d}\n", "6: a: expected a value"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(YamlFault) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)
    assert "vocabulary.yaml:" in str(caught.value)


def test_an_attribute_may_be_given_further_values(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text("more values:\n  coverage_state: [NY, VT]\n", encoding="utf-8")
    both = vocabulary.extended(SHIPPED, path)
    assert both["coverage_state"].values == (*SHIPPED["coverage_state"].values, "NY", "VT")
    assert both.sha256 != SHIPPED.sha256


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("more values:\n  coverage_state: [MA]\n", "2: coverage_state has the value 'MA' already"),
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
    with pytest.raises(YamlFault) as caught:
        vocabulary.extended(SHIPPED, path)
    assert message in str(caught.value)
