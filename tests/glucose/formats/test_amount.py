from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.formats.amount import (
    DEXCOM,
    LIBRE_STRIP,
    NIGHTSCOUT,
    Amounts,
    Limits,
    Unit,
    reason_of,
    unit_in,
    unit_named,
)
from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.reject import RejectReason


def glucose(text: object, unit: Unit = Unit.MG, limits: Limits = DEXCOM) -> int:
    return Amounts(unit, limits)[text] & 1023


def reason(text: object, unit: Unit = Unit.MG, limits: Limits = DEXCOM) -> RejectReason:
    code = Amounts(unit, limits)[text]
    assert code < 0
    return reason_of(code)


@pytest.mark.parametrize(("text", "expected"), [("3.0", 54), ("3.9", 70), ("10.0", 180), ("13.9", 250), ("2.9", 52)])
def test_a_threshold_in_mmol_falls_on_the_same_threshold_in_mg(text: str, expected: int) -> None:
    assert glucose(text, Unit.MMOL) == expected


def test_a_decimal_comma_is_a_decimal_point() -> None:
    assert glucose("7,2", Unit.MMOL) == glucose("7.2", Unit.MMOL) == 130


def test_half_a_milligram_is_rounded_up() -> None:
    assert glucose("69.5") == 70
    assert glucose("69.499999999999999") == 69


@given(st.integers(20, 600))
def test_long_decimals_of_a_platform_come_back_to_the_whole_value_that_was_measured(value: int) -> None:
    assert glucose(value / 18.01559, Unit.MMOL) == value


@given(st.integers(2, 33), st.integers(0, 99))
def test_conversion_is_exact_to_the_last_digit(whole: int, hundredths: int) -> None:
    exact = (whole + Fraction(hundredths, 100)) * Fraction(180156, 10000) + Fraction(1, 2)
    if 20 <= exact.__floor__() <= 600:
        assert glucose(f"{whole}.{hundredths:02}", Unit.MMOL) == exact.__floor__()


@pytest.mark.parametrize("word", ["Low", "LO", "Niedrig", "bajo", " low "])
def test_the_word_low_is_one_below_what_the_sensor_measures_and_flagged(word: str) -> None:
    code = Amounts(Unit.MMOL)[word]
    assert (code & 1023, Flag(code >> 10)) == (39, Flag.LOW)


def test_the_word_high_is_one_above_what_the_sensor_measures_and_flagged() -> None:
    code = Amounts(Unit.MG)["High"]
    assert (code & 1023, Flag(code >> 10)) == (401, Flag.HIGH)


def test_a_strip_that_reads_low_is_the_lowest_value_a_stream_holds() -> None:
    assert glucose("LO", limits=LIBRE_STRIP) == 20


@pytest.mark.parametrize("text", ["", "  ", "---", "-------", "NA", None])
def test_a_blank_is_no_value(text: object) -> None:
    assert reason(text) is RejectReason.NO_VALUE


@pytest.mark.parametrize("text", ["abc", "1e3", "12:30", "1.2.3", "--5", "0x50", "١٢٠", [120]])
def test_what_is_no_number_is_no_value_that_can_be_read(text: object) -> None:
    fresh = Amounts(Unit.MG)
    assert reason_of(fresh[str(text)]) is RejectReason.UNREADABLE_VALUE


@pytest.mark.parametrize("text", ["0", "-5", "601", "99999"])
def test_a_number_that_no_meter_shows_is_out_of_range(text: str) -> None:
    assert reason(text) is RejectReason.OUT_OF_RANGE


def test_the_limits_of_a_stream_are_in_it() -> None:
    assert [glucose("20"), glucose("600")] == [20, 600]


def test_five_point_six_in_a_column_of_mg_is_the_other_unit() -> None:
    assert reason("5.6") is RejectReason.OTHER_UNIT


def test_one_hundred_and_twenty_in_a_column_of_mmol_is_the_other_unit() -> None:
    assert reason("120", Unit.MMOL) is RejectReason.OTHER_UNIT


@pytest.mark.parametrize("number", range(1, 13))
def test_nightscouts_one_to_twelve_are_error_codes(number: int) -> None:
    assert reason(number, limits=NIGHTSCOUT) is RejectReason.ERROR_CODE


@pytest.mark.parametrize("number", [20, 32, 34, 38, 39])
def test_nightscouts_values_down_to_twenty_are_kept_and_flagged_low(number: int) -> None:
    code = Amounts(Unit.MG, NIGHTSCOUT)[number]
    assert (code & 1023, Flag(code >> 10)) == (number, Flag.LOW)


def test_a_header_states_its_unit_and_a_rate_of_change_states_none() -> None:
    assert unit_in("Glucose Value (mg/dl)") is Unit.MG
    assert unit_in("Historic Glucose mmol/L") is Unit.MMOL
    assert unit_in("Glucose Rate of Change (mg/dL/min)") is None
    assert unit_in("Glucose (mg/dL or mmol/L)") is None


def test_a_unit_alone_is_known_or_it_is_none() -> None:
    assert unit_named("mg/dl") is Unit.MG
    assert unit_named("mmol/l") is Unit.MMOL
    assert unit_named("g/L") is None
