"""Quantities are converted by analyte, rounded half-up once, and never guessed."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary
from priorauth.values import strict_yaml, units
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
        ("life_expectancy", "6", "wk", "1.4"),
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


# ---- every factor, by hand: one unit in the unit of the fact, from molar masses and definitions, not from the table

GLUCOSE = {"mg/dL": "1", "mmol/L": "18.0156", "g/L": "100", "mg/L": "1/10", "mg/mL": "100"}  # 180.156 g/mol
PERCENT = {"%": "1", "1": "100"}
PER_DAY = {"/d": "1", "/h": "24", "/wk": "1/7", "1": "1"}
DAYS = {"d": "1", "h": "1/24", "wk": "7"}
MONTHS = {"mo": "1", "a": "12"}
BY_HAND = {
    "hba1c": {"%": "1", "mmol/mol": "0.09148"},  # NGSP: 0.09148 x IFCC + 2.152
    "cgm_glucose": GLUCOSE,
    "premeal_glucose": GLUCOSE,
    "fasting_glucose": GLUCOSE,
    "fasting_glucose_with_c_peptide": GLUCOSE,
    "hypoglycemia": GLUCOSE,
    "severe_hypoglycemia": GLUCOSE,
    "nocturnal_hypoglycemia": GLUCOSE,
    "glucose_self_test": GLUCOSE,
    "premeal_daily_range": GLUCOSE,
    # 1 mg/dL is 88.42 umol/L
    "serum_creatinine": {"mg/dL": "1", "umol/L": "100/8842", "mmol/L": "100000/8842", "mg/L": "1/10"},
    "creatinine_clearance": {"mL/min": "1", "mL/s": "60", "L/h": "1000/60", "L/d": "1000/1440"},
    "c_peptide": {  # 3020.3 g/mol: a nanomole is 3020.3 ng
        "ng/mL": "1",
        "ug/L": "1",
        "ng/L": "1/1000",
        "pg/mL": "1/1000",
        "ng/dL": "1/100",
        "nmol/L": "3.0203",
        "pmol/L": "0.0030203",
        "pmol/mL": "3.0203",
        "fmol/mL": "0.0030203",
    },
    "urine_albumin_creatinine_ratio": {  # a millimole of creatinine is 113.12 mg: 1000 / 113.12 is 8.84
        "mg/g": "1",
        "ug/mg": "1",
        "g/kg": "1",
        "ug/g": "1/1000",
        "g/g": "1000",
        "mg/mg": "1000",
        "mg/mmol": "8.84",
        "g/mol": "8.84",
        "mg/mol": "0.00884",
    },
    "body_weight": {
        "kg": "1",
        "g": "1/1000",
        "[lb_av]": "0.45359237",
        "[oz_av]": "0.028349523125",
        "[stone_av]": "6.35029318",
    },
    "cgm_days_worn_percent": PERCENT,
    "c_peptide_percent_of_lower_limit": PERCENT,
    "repair_cost_percent_of_replacement": PERCENT,
    "insulin_injections": PER_DAY,
    "glucose_tests_per_day": PER_DAY,
    "total_daily_insulin": {"[iU]/d": "1"},
    "reservoir_volume": {"[iU]": "1", "mL": "100"},  # U-100
    "repair_cost": {"{USD}": "1"},
    "replacement_cost": {"{USD}": "1"},
    "diabetes_hospital_stay": DAYS,
    "reservoir_change_interval": DAYS,
    "noninvasive_spasticity_treatment_weeks": {"wk": "1", "d": "1/7"},
    "pump_trial_months": MONTHS,
    "life_expectancy": {**MONTHS, "wk": "112/487", "d": "16/487"},  # a month of UCUM is 30.4375 days
    "rental_months_used": MONTHS,
    "infusion_hours": {"h": "1", "min": "1/60", "d": "24"},
    "off_hours_per_day": {"h": "1", "min": "1/60"},
    "mean_pulmonary_pressure_at_rest": {"mm[Hg]": "1"},
    "mean_pulmonary_pressure_on_exertion": {"mm[Hg]": "1"},
    "corrected_calcium": {"mg/dL": "1"},
    "residual_disease": {"%": "1"},
    "blinatumomab_cycles": {"1": "1"},
    "quantity_requested": {"1": "1"},
    "glucose_strips_supplied": {"{strip}": "1"},
    "lancets_supplied": {"{lancet}": "1"},
    "monitor_supply_units": {"{unit}": "1"},
    "lancing_devices_supplied": {"{unit}": "1"},
    "blinatumomab_units": {"{unit}": "1", "ug": "1"},  # J9039: a unit is a microgram
}


def analytes() -> list[strict_yaml.Mapping]:
    listed = strict_yaml.read_file(units.TABLE)["analytes"]
    assert isinstance(listed, strict_yaml.Mapping)
    return [analyte for analyte in listed.values() if isinstance(analyte, strict_yaml.Mapping)]


def test_the_factors_by_hand_leave_out_no_fact_and_no_unit() -> None:
    listed = {str(fact): set(analyte["units"]) for analyte in analytes() for fact in analyte["facts"]}
    assert listed == {fact: set(by_hand) for fact, by_hand in BY_HAND.items()}


@pytest.mark.parametrize("fact", BY_HAND)
def test_every_factor_is_the_one_computed_by_hand(fact: str) -> None:
    for unit, factor in BY_HAND[fact].items():
        conversion = units.load().conversion(fact, unit)
        assert conversion is not None, unit
        assert conversion.apply(Fraction(1)) - conversion.apply(Fraction(0)) == Fraction(factor), unit
        offset = Fraction("2.152") if unit == "mmol/mol" else Fraction(0)
        assert conversion.apply(Fraction(0)) == offset, unit


def test_the_factors_agree_with_the_molar_masses() -> None:
    within = Fraction("0.0003")
    for fact, unit, mass in (
        ("fasting_glucose", "mmol/L", Fraction("180.156") / 10),
        ("serum_creatinine", "umol/L", Fraction("113.12") / 10_000),
        ("serum_creatinine", "mmol/L", Fraction("113.12") / 10),
        ("urine_albumin_creatinine_ratio", "mg/mmol", 1000 / Fraction("113.12")),
        ("c_peptide", "nmol/L", Fraction("3020.3") / 1000),
    ):
        assert abs(Fraction(BY_HAND[fact][unit]) / mass - 1) < within, (fact, unit)


# ---- spellings


@pytest.mark.parametrize(
    ("fact", "code", "spellings"),
    [
        (
            "hba1c",
            "%",
            "% of total Hgb|%{NGSP}|%Hgb|% Hb|% of Hgb|% total Hb|%{HemoglobinA1C}|%{A1C}|% A1c|%{Total}|%{Hb}|\uff05",
        ),
        ("hba1c", "mmol/mol", "mmol/mol{Hb}|mmol/mol Hb|mmol/mol IFCC|MMOL/MOL|mmol/mol\u00a0Hb"),
        ("fasting_glucose", "mg/dL", "mg/dl|MG/DL|mg/100mL|mg/100 ml|mg%|mg{glucose}/dL|mg/dL{fasting}"),
        ("fasting_glucose", "mmol/L", "mmol/l|mM|mmol/L{glucose}"),
        ("serum_creatinine", "umol/L", "\u00b5mol/L|\u03bcmol/L|\u039cmol/l|mcmol/L|umol/l|micromol/L|UMOL/L"),
        ("c_peptide", "ug/L", "\u00b5g/L|\u03bcg/L|mcg/L"),
        ("c_peptide", "nmol/L", "nmol/l|NMOL/L"),
        ("c_peptide", "pmol/L", "pmol/l"),
        ("c_peptide", "ng/mL", "ng/ml|NG/ML"),
        ("urine_albumin_creatinine_ratio", "mg/g", "mg/g creat|mg/g{creat}|mg/g Cr|mg/g creatinine|mg/gm"),
        ("urine_albumin_creatinine_ratio", "ug/mg", "ug/mg cre|mcg/mg creat|\u03bcg/mg|\u00b5g/mg creat"),
        ("urine_albumin_creatinine_ratio", "mg/mmol", "mg/mmol creat|mg/mmol{creat}|mg/mmol Cr"),
        ("body_weight", "[lb_av]", "lb|LBS|pounds"),
        ("body_weight", "kg", "Kg|KG|kgs|kg{dry}"),
        ("creatinine_clearance", "mL/min", "ml/min|mL/min{24h}"),
        ("insulin_injections", "/d", "{injections}/d|/day|per day|/d{insulin}"),
        ("glucose_tests_per_day", "/wk", "{tests}/wk|per week"),
        ("total_daily_insulin", "[iU]/d", "U/d|units/day|[IU]/d|{units}/d|U/(24.h)"),
    ],
)
def test_laboratories_spell_a_unit_in_many_ways(fact: str, code: str, spellings: str) -> None:
    table = units.load()
    for spelling in spellings.split("|"):
        assert table.conversion(fact, spelling) == table.conversion(fact, code) is not None, spelling


@pytest.mark.parametrize(
    ("fact", "unit"),
    [
        ("hba1c", "{NGSP}"),
        ("hba1c", "{}"),
        ("hba1c", "%{"),
        ("hba1c", "1"),
        ("serum_creatinine", "mol/L"),
        ("creatinine_clearance", "mL/min/{1.73_m2}"),
        ("creatinine_clearance", "mL/min{1.73_m2}"),
        ("creatinine_clearance", "mL/min{1.73 m²}"),
        ("creatinine_clearance", "mL/min{1.73sqm}"),
        ("quantity_requested", "{boxes}"),
        ("urine_albumin_creatinine_ratio", "mg/L"),
        ("urine_albumin_creatinine_ratio", "mg/d"),
    ],
)
def test_an_annotation_alone_or_another_quantity_is_no_unit(fact: str, unit: str) -> None:
    assert units.load().conversion(fact, unit) is None


# ---- what no true result can be


def true(fact: str, value: str, unit: str) -> bool:
    """Say whether a value lies within the bounds of its fact."""
    conversion = units.load().conversion(fact, unit)
    low, high = units.load().plausible(fact)
    assert conversion is not None
    assert low is not None
    assert high is not None
    return low <= conversion.apply(number(value)) <= high


@pytest.mark.parametrize("fact", BY_HAND)
def test_every_fact_with_units_has_bounds_that_refuse_minus_one_and_a_run_of_nines(fact: str) -> None:
    unit = vocabulary.load()[fact].unit or "mg/dL"
    assert not true(fact, "-1", unit)
    assert not true(fact, "99999", unit)
    low, high = units.load().plausible(fact)
    assert low is not None
    assert high is not None
    assert true(fact, show(multiples(low + 1, Fraction(1, 1000)), Fraction(1, 1000)), unit)
    assert high > low + 1


@pytest.mark.parametrize(
    ("fact", "unit", "values"),
    [
        ("hba1c", "%", "999 99 99.9 53 0 -1 0.07"),
        ("hba1c", "mmol/mol", "999 0 -1 7.0 9.1"),
        ("fasting_glucose", "mmol/L", "157 999 0 -1"),
        ("fasting_glucose", "mg/dL", "9999 0 5.5 -1"),
        ("serum_creatinine", "mg/dL", "999 0 88 -1"),
        ("serum_creatinine", "umol/L", "1.1 0 9999"),
        ("c_peptide", "ng/mL", "999 0 -1 364"),
        ("creatinine_clearance", "mL/min", "999 0 -1"),
        ("body_weight", "kg", "999 0 -1"),
        ("insulin_injections", "/d", "999 99 -1"),
        ("glucose_tests_per_day", "/d", "999 288 99 -1"),
        ("cgm_days_worn_percent", "%", "101 999 -1"),
        ("infusion_hours", "h", "999 0"),
        ("off_hours_per_day", "h", "25 999 -1"),
        ("mean_pulmonary_pressure_at_rest", "mm[Hg]", "999 0 -1"),
        ("corrected_calcium", "mg/dL", "2.6 999 -1"),
        ("residual_disease", "%", "101 -1"),
        ("blinatumomab_cycles", "1", "999 0 -1"),
        ("quantity_requested", "1", "999 0 0.5 -1"),
    ],
)
def test_what_no_true_result_can_be_lies_outside_the_bounds(fact: str, unit: str, values: str) -> None:
    assert [value for value in values.split() if true(fact, value, unit)] == []


@pytest.mark.parametrize(
    ("fact", "unit", "values"),
    [
        ("hba1c", "%", "3.5 4.0 7.0 14.0 22"),
        ("hba1c", "mmol/mol", "15 53 140 217"),
        ("fasting_glucose", "mg/dL", "10 40 600 2000 2656"),
        ("fasting_glucose", "mmol/L", "0.6 5.5 33.3 147"),
        ("premeal_daily_range", "mg/dL", "0 5 400"),
        ("serum_creatinine", "mg/dL", "0.1 0.9 12 40"),
        ("serum_creatinine", "umol/L", "20 88 1500"),
        ("c_peptide", "ng/mL", "0.01 0.1 1.1 30"),
        ("c_peptide", "pmol/L", "3 364 4000"),
        ("creatinine_clearance", "mL/min", "3 50 250"),
        ("urine_albumin_creatinine_ratio", "mg/g", "0 30 999 20000"),
        ("body_weight", "kg", "0.5 70 635"),
        ("insulin_injections", "/d", "0 3 12"),
        ("glucose_tests_per_day", "/d", "0 4 40"),
        ("total_daily_insulin", "[iU]/d", "0 45 2000"),
        ("cgm_days_worn_percent", "%", "0 100"),
        ("quantity_requested", "1", "1 30 365"),
        ("repair_cost", "{USD}", "0 350 8000"),
    ],
)
def test_what_patients_really_have_lies_within_the_bounds(fact: str, unit: str, values: str) -> None:
    assert [value for value in values.split() if not true(fact, value, unit)] == []


def test_a_fact_without_bounds_is_bounded_by_nothing() -> None:
    assert units.load().plausible("motivated") == (None, None)


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
    assert both.plausible("hba1c") == units.load().plausible("hba1c")
    assert both.plausible("ketones") == (None, None)


def test_the_units_of_a_fact_that_has_some_are_never_changed(tmp_path: Path) -> None:
    path = write(tmp_path, "analytes:\n  x:\n    facts: [hba1c]\n    units:\n      '%': {times: 2}\n")
    with pytest.raises(PolicyFaults, match=r"units.yaml:2: x: hba1c has units in the shipped table, or in that of"):
        units.extended(units.load(), path)


def test_bounds_may_be_open_at_one_end(tmp_path: Path) -> None:
    text = (
        "analytes:\n  x:\n    facts: [ketones]\n    plausible: {{{0}: 0.5, source: s}}\n    units: {{mmol/L: {{}}}}\n"
    )
    both = units.extended(units.load(), write(tmp_path, text.format("low")))
    assert both.plausible("ketones") == (Fraction(1, 2), None)
    (tmp_path / "other").mkdir()
    assert units.load(write(tmp_path / "other", text.format("high"))).plausible("ketones") == (None, Fraction(1, 2))


BOUNDED = "analytes:\n  x:\n    facts: [y]\n    plausible: {0}\n    units:\n      kg: {{times: 1}}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", r"units.yaml:1: expected `analytes:`"),
        ("analytes:\n  x: y\n", "yaml:2: x: expected an analyte"),
        ("analytes:\n  x: {facts: y}\n", "yaml:2: x: expected an analyte"),
        ("analytes:\n  x: {facts: [y]}\n", "yaml:2: expected `units:` with a mapping"),
        (BOUNDED.format("5"), "yaml:4: expected `plausible:` with low or high"),
        (BOUNDED.format("{low: 1, high: 2}"), "yaml:4: expected `plausible:` with low or high, .* source"),
        (BOUNDED.format("{source: s}"), "yaml:4: expected `plausible:` with low or high"),
        (BOUNDED.format("{low: 2, high: 1, source: s}"), "yaml:4: .*in order"),
        (BOUNDED.format("{low: 2, high: 2, source: s}"), "yaml:4: .*in order"),
        (BOUNDED.format("{low: few, source: s}"), "yaml:4: plausible: expected a number"),
        (BOUNDED.format("{low: 1, most: 2, source: s}"), "yaml:4: expected `plausible:`"),
        (
            "analytes:\n  x:\n    facts: [y, y]\n    units:\n      kg: {times: 1}\n",
            "yaml:2: x: the units of y are given twice",
        ),
        (
            "analytes:\n  x:\n    facts: [y]\n    units:\n      mL: {times: 1}\n      ML: {times: 2}\n",
            "yaml:6: unit ML: 'ml' stands for another unit too",
        ),
        (
            "analytes:\n  x:\n    facts: [y]\n    units:\n      g: {times: 1}\n      kg: {times: 2, also: [G]}\n",
            "yaml:6: unit kg: 'g' stands for another unit too",
        ),
        (
            "analytes:\n  x:\n    facts: [y]\n    units:\n      g: {times: 1, also: gram}\n",
            "yaml:5: unit g: expected a list of spellings",
        ),
        ("analytes:\n  x:\n    facts: [y]\n    units:\n      kg: {time: 1}\n", "unit kg: expected the keys"),
        ("analytes:\n  x:\n    facts: [y]\n    units:\n      kg: {times: x}\n", "yaml:5: unit kg: expected a number"),
        ("analytes:\n  x:\n    facts: [y]\n    units:\n      kg: {divide: 0}\n", "yaml:5: unit kg"),
    ],
)
def test_a_fault_of_a_table_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PolicyFaults, match=message):
        units.load(write(tmp_path, text))


def test_the_codes_of_a_fact_are_those_of_the_table_in_its_order(tmp_path: Path) -> None:
    table = (
        "analytes:\n  x:\n    facts: [y, z]\n    units:\n      kg: {times: 1, also: [kilo]}\n      g: {divide: 1000}\n"
    )
    assert units.load(write(tmp_path, table)).codes == {"y": ("kg", "g"), "z": ("kg", "g")}
