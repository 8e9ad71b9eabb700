from decimal import Decimal
from fractions import Fraction

import pytest

from priorauth.fhir.elements import Quantity
from priorauth.record.quantities import Amount, Scales, scales
from tests.record.building import UNITS, VOCABULARY

SCALES = Scales(VOCABULARY, UNITS)


def of(value: str, unit: str = "%", comparator: str = "", code: str = "", system: str = "") -> Quantity:
    return Quantity(value=Decimal(value), unit=unit, comparator=comparator, code=code, system=system)


def test_a_value_is_held_in_whole_multiples_of_the_resolution() -> None:
    assert SCALES.amount("hba1c", of("7.0")) == Amount(70, 70)
    assert SCALES.amount("hba1c", of("7.05")) == Amount(71, 71)


def test_fifty_three_millimoles_are_seven_percent() -> None:
    assert SCALES.amount("hba1c", of("53", "mmol/mol")) == Amount(70, 70)


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        ("<", Amount(None, 140, high_open=True)),
        ("<=", Amount(None, 140)),
        (">", Amount(140, None, low_open=True)),
        (">=", Amount(140, None)),
    ],
)
def test_a_comparator_leaves_one_end_open(comparator: str, expected: Amount) -> None:
    assert SCALES.amount("hba1c", of("14", comparator=comparator)) == expected


def test_a_bound_that_had_to_be_rounded_is_not_left_out() -> None:
    assert SCALES.amount("hba1c", of("7.04", comparator="<")) == Amount(None, 70)


def test_a_unit_of_another_dimension_leaves_the_value_unknown() -> None:
    found = SCALES.amount("hba1c", of("7", "mg/dL"))
    assert (found.low, found.high) == (None, None)
    assert found.fault == "unit 'mg/dL' is not a unit of hba1c"


def test_no_unit_is_not_guessed() -> None:
    assert SCALES.amount("hba1c", of("7", "")).fault == "no unit"


def test_the_ucum_code_counts_before_a_printed_unit_that_says_nothing_else() -> None:
    ucum = "http://unitsofmeasure.org"
    assert SCALES.amount("cgm_glucose", of("5", "millimoles", code="mmol/L", system=ucum)) == Amount(90, 90)
    assert SCALES.amount("cgm_glucose", of("5", "mmol/l", code="mmol/L", system=ucum)) == Amount(90, 90)
    assert SCALES.amount("cgm_glucose", of("5", "mg/dL", code="cm", system=ucum)).fault is not None


def test_a_unit_and_a_code_that_mean_two_units_leave_nothing_known() -> None:
    ucum = "http://unitsofmeasure.org"
    found = SCALES.amount("cgm_glucose", of("90", "mg/dL", code="mmol/L", system=ucum))
    assert found == Amount(None, None, fault="its unit and the code of its unit disagree")


def test_a_number_that_no_true_result_has_leaves_nothing_known() -> None:
    for value in ("999", "-1", "0"):
        found = SCALES.amount("hba1c", of(value, "%"))
        assert (found.low, found.high, found.fault is not None) == (None, None, True)


def test_an_unknown_comparator_settles_nothing() -> None:
    assert SCALES.amount("hba1c", of("7", comparator="~")).fault == "comparator '~' cannot be read"


def test_no_number_is_known_of_a_quantity_without_one() -> None:
    assert SCALES.amount("hba1c", Quantity(unit="%")).fault == "no number"
    assert SCALES.exact("hba1c", Quantity(unit="%")) is None
    assert SCALES.amount("hba1c", of("NaN")).low is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (of("8.1"), of("8.1" + "0" * 400)),
        (of("95", "mg/dL", code="odd"), of("95", "mg/dL", code="odd", system="http://unitsofmeasure.org")),
    ],
    ids=["digits", "system"],
)
def test_what_is_said_of_a_quantity_does_not_depend_on_those_before_it(one: Quantity, other: Quantity) -> None:
    fact = "hba1c" if one.unit == "%" else "cgm_glucose"
    fresh = [Scales(VOCABULARY, UNITS).amount(fact, quantity) for quantity in (one, other)]
    assert fresh[0] != fresh[1]
    for order in ((0, 1), (1, 0)):
        seen = Scales(VOCABULARY, UNITS)
        found = {place: seen.amount(fact, (one, other)[place]) for place in order}
        assert [found[0], found[1]] == fresh


def test_exact_values_are_not_rounded() -> None:
    assert SCALES.exact("c_peptide", of("0.1234", "ng/mL")) == Fraction(1234, 10000)
    assert SCALES.exact("c_peptide", of("0.1", "pounds")) is None


def test_scales_are_made_once_for_a_vocabulary() -> None:
    assert scales(VOCABULARY, UNITS) is scales(VOCABULARY, UNITS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7.04", Amount(70, None)),
        ("7.05", Amount(71, None)),
        ("6.95", Amount(70, None)),
        ("7.0", Amount(70, None, low_open=True)),
    ],
)
def test_a_lower_bound_that_had_to_be_rounded_is_not_left_out_either(value: str, expected: Amount) -> None:
    assert SCALES.amount("hba1c", of(value, comparator=">")) == expected
