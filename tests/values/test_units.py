"""Quantities are converted by analyte, rounded half-up once, and never guessed."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.facts import vocabulary
from priorauth.values import units
from priorauth.values.strict_yaml import YamlFault
from priorauth.values.units import multiples, number, show

TENTH = Fraction(1, 10)


def held(fact: str, value: str, unit: str) -> str:
    """Give a value as it is held, written out in the unit of the fact."""
    conversion = units.load().conversion(fact, unit)
    assert conversion is not None, f"{unit} does not become the unit of {fact}"
    resolution = vocabulary.load()[fact].resolution
    return show(multiples(conversion.apply(number(value)), resolution), resolution)


def write(folder: Path, text: str) -> Path:
    path = folder / "units.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# ---- rounding


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7.0", 70),
        ("7.04", 70),
        ("7.0499999999999999", 70),
        ("7.05", 71),
        ("7.15", 72),
        ("-0.05", 0),
        ("-0.06", -1),
        ("-0.15", -1),
        ("0", 0),
    ],
)
def test_a_half_is_rounded_up_whatever_its_neighbours(value: str, expected: int) -> None:
    assert multiples(number(value), TENTH) == expected


@given(st.fractions(-10_000, 10_000), st.sampled_from([Fraction(1), TENTH, Fraction(1, 100), Fraction(5)]))
def test_what_is_held_is_never_further_than_half_a_step_away(value: Fraction, resolution: Fraction) -> None:
    away = multiples(value, resolution) * resolution - value
    assert -resolution / 2 < away <= resolution / 2


@given(st.integers(-(10**9), 10**9), st.sampled_from([Fraction(1), TENTH, Fraction(1, 100)]))
def test_what_is_shown_is_read_back_as_what_is_held(multiple: int, resolution: Fraction) -> None:
    assert multiples(number(show(multiple, resolution)), resolution) == multiple


@pytest.mark.parametrize(
    ("multiple", "resolution", "text"),
    [
        (81, TENTH, "8.1"),
        (70, TENTH, "7.0"),
        (-5, TENTH, "-0.5"),
        (12345, Fraction(1, 100), "123.45"),
        (3, Fraction(1), "3"),
    ],
)
def test_a_number_is_shown_with_the_places_of_its_resolution(multiple: int, resolution: Fraction, text: str) -> None:
    assert show(multiple, resolution) == text


# ---- conversion


@pytest.mark.parametrize(
    ("fact", "value", "unit", "expected"),
    [
        ("hba1c", "53", "mmol/mol", "7.0"),
        ("hba1c", "54", "mmol/mol", "7.1"),
        ("hba1c", "48", "mmol/mol", "6.5"),
        ("hba1c", "7.05", "%", "7.1"),
        ("hba1c", "7.0", "% of Hb", "7.0"),
        ("fasting_glucose", "11.1", "mmol/L", "200"),
        ("fasting_glucose", "5.5", "MMOL/L", "99"),
        ("fasting_glucose", "12.5", "mmol/L", "225"),
        ("c_peptide", "0.37", "nmol/L", "1.12"),
        ("c_peptide", "364", "pmol/L", "1.10"),
        ("serum_creatinine", "88.42", "umol/L", "1.00"),
        ("urine_albumin_creatinine_ratio", "3.4", "mg/mmol", "30"),
        ("body_weight", "150", "lb", "68.0"),
        ("insulin_injections", "21", "/wk", "3.0"),
        ("insulin_injections", "20", "/wk", "2.9"),
        ("reservoir_volume", "3", "mL", "300.0"),
        ("life_expectancy", "0.25", "a", "3.0"),
    ],
)
def test_a_value_in_another_unit_is_the_value_that_a_laboratory_would_give(
    fact: str, value: str, unit: str, expected: str
) -> None:
    assert held(fact, value, unit) == expected


@pytest.mark.parametrize(
    ("fact", "unit"),
    [("hba1c", "mg/dL"), ("hba1c", ""), ("hba1c", "mmol/L"), ("fasting_glucose", "%"), ("body_weight", "mg/dL")],
)
def test_a_unit_that_is_not_listed_is_never_guessed(fact: str, unit: str) -> None:
    assert units.load().conversion(fact, unit) is None


def test_a_fact_without_a_table_has_no_conversion() -> None:
    assert units.load().conversion("motivated", "%") is None


def test_every_fact_with_a_unit_can_be_given_in_it_unchanged() -> None:
    facts = vocabulary.load()
    for name in facts:
        fact = facts[name]
        if fact.unit is not None:
            conversion = units.load().conversion(name, fact.unit)
            assert conversion is not None, name
            assert conversion.apply(Fraction(7)) == 7, name


def test_the_molar_numbers_of_the_units_are_those_of_the_derivations() -> None:
    named = vocabulary.load().amount
    glucose = units.load().conversion("fasting_glucose", "mmol/L")
    ifcc = units.load().conversion("hba1c", "mmol/mol")
    peptide = units.load().conversion("c_peptide", "nmol/L")
    creatinine = units.load().conversion("serum_creatinine", "umol/L")
    albumin = units.load().conversion("urine_albumin_creatinine_ratio", "mg/mmol")
    assert glucose
    assert ifcc
    assert peptide
    assert creatinine
    assert albumin
    assert glucose.times == named("glucose_mg_dl_per_mmol_l")
    assert (ifcc.times, ifcc.plus) == (named("hba1c_ifcc_slope"), named("hba1c_ifcc_intercept"))
    assert peptide.times == named("c_peptide_ng_ml_per_nmol_l")
    assert creatinine.times == 1 / named("creatinine_umol_l_per_mg_dl")
    assert albumin.times == named("albumin_creatinine_mg_g_per_mg_mmol")


# ---- numbers


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_number_is_read_exactly(value: Decimal) -> None:
    assert number(str(value)) == number(value) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "x", "7,0", "0x10", "1_0", " 7", "7 ", "٣", "NaN", "Infinity", "1e400", "1e-400", "9" * 40, "--7", "."]
)
def test_what_is_no_number_or_an_absurd_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a"):
        number(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("-Infinity"), Decimal("1e30"), Decimal("sNaN")])
def test_a_decimal_that_is_no_finite_number_is_refused(value: Decimal) -> None:
    with pytest.raises(ValueError, match="expected a finite number"):
        number(value)


# ---- tables


def test_units_of_further_facts_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = write(tmp_path, "analytes:\n  x:\n    facts: [ketones]\n    units:\n      mmol/L: {times: 1}\n")
    both = units.extended(units.load(), path)
    assert both.conversion("ketones", "mmol/L") == units.Conversion(Fraction(1), Fraction(0))
    assert both.conversion("hba1c", "%") is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", r"units.yaml:1: expected `analytes:`"),
        ("analytes:\n  x: y\n", "expected an analyte"),
        ("analytes:\n  x: {facts: [y]}\n", "expected `units:` with a mapping"),
        ("analytes:\n  x:\n    facts: [y]\n    units:\n      kg: {time: 1}\n", "unit kg: expected the keys"),
        ("analytes:\n  x:\n    facts: [y]\n    units:\n      kg: {times: x}\n", "yaml:5: unit kg: expected a number"),
        ("analytes:\n  x:\n    facts: [y]\n    units:\n      kg: {divide: 0}\n", "yaml:5: unit kg"),
    ],
)
def test_a_fault_of_a_table_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(YamlFault, match=message):
        units.load(write(tmp_path, text))
