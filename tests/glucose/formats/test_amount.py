from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.formats.amount import (
    DEXCOM,
    LIBRE,
    LIBRE_STRIP,
    NIGHTSCOUT,
    SENTINELS,
    Amounts,
    Limits,
    Unit,
    reason_of,
    refused,
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


@pytest.mark.parametrize(
    ("words", "value", "flag"),
    [
        ("low lo niedrig bajo baja bas basso laag lav låg matala baixo", 39, Flag.LOW),
        ("high hi hoch alto alta haut élevé hoog høj høy hög korkea", 401, Flag.HIGH),
    ],
)
def test_the_words_of_every_language_met_so_far_are_known(words: str, value: int, flag: Flag) -> None:
    for word in words.split():
        code = Amounts(Unit.MG)[word.upper()]
        assert (code & 1023, Flag(code >> 10)) == (value, flag), word


@pytest.mark.parametrize("blank", ["", " ", "-", "--", "---", "-------", "NA", "n/a", "NaN", "null", "None", None])
def test_every_way_to_write_nothing_is_no_value(blank: str | None) -> None:
    assert reason(blank) is RejectReason.NO_VALUE


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("mg/dL", Unit.MG),
        ("MG / DL", Unit.MG),
        ("mgdl", Unit.MG),
        ("mmol/L", Unit.MMOL),
        ("mmol", Unit.MMOL),
        ("mg", None),
        ("", None),
        ("mg/dL mmol/L", None),
    ],
)
def test_a_unit_is_named_in_these_ways_and_no_other(text: str, unit: Unit | None) -> None:
    assert unit_named(text) is unit


@pytest.mark.parametrize(
    ("limits", "low", "high"),
    [(DEXCOM, 39, 401), (LIBRE, 39, 501), (LIBRE_STRIP, 20, 501), (NIGHTSCOUT, 39, 401)],
)
def test_each_family_of_devices_has_limits_of_its_own(limits: Limits, low: int, high: int) -> None:
    assert (glucose("Low", limits=limits), glucose("High", limits=limits)) == (low, high)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("19", Unit.MG, RejectReason.OTHER_UNIT),
        ("19.5", Unit.MG, 20),
        ("20", Unit.MG, 20),
        ("600", Unit.MG, 600),
        ("600.4", Unit.MG, 600),
        ("600.5", Unit.MG, RejectReason.OUT_OF_RANGE),
        ("1", Unit.MG, RejectReason.OTHER_UNIT),
        ("0.9", Unit.MG, RejectReason.OUT_OF_RANGE),
        ("1.1", Unit.MMOL, 20),
        ("1.0", Unit.MMOL, RejectReason.OUT_OF_RANGE),
        ("33.3", Unit.MMOL, 600),
        ("33.4", Unit.MMOL, RejectReason.OTHER_UNIT),
        ("19.9", Unit.MMOL, 359),
        ("600", Unit.MMOL, RejectReason.OTHER_UNIT),
        ("601", Unit.MMOL, RejectReason.OUT_OF_RANGE),
        ("+120", Unit.MG, 120),
        ("120.", Unit.MG, 120),
        (" 120 ", Unit.MG, 120),
        (".5", Unit.MG, RejectReason.OUT_OF_RANGE),
        ("1,200", Unit.MG, RejectReason.OTHER_UNIT),
        ("1,2.0", Unit.MG, RejectReason.UNREADABLE_VALUE),
        ("1,2,0", Unit.MG, RejectReason.UNREADABLE_VALUE),
    ],
)
def test_a_number_is_a_value_or_the_reason_why_not(text: str, unit: Unit, expected: int | RejectReason) -> None:
    code = Amounts(unit)[text]
    assert (code if code >= 0 else reason_of(code)) == expected


@pytest.mark.parametrize(
    ("number", "expected", "flag"),
    [
        (0, RejectReason.OUT_OF_RANGE, Flag(0)),
        (1, RejectReason.ERROR_CODE, Flag(0)),
        (12, RejectReason.ERROR_CODE, Flag(0)),
        (13, RejectReason.OTHER_UNIT, Flag(0)),
        (12.5, RejectReason.OTHER_UNIT, Flag(0)),
        (39, 39, Flag.LOW),
        (40, 40, Flag(0)),
        (400, 400, Flag(0)),
        (401, 401, Flag.HIGH),
        (500, 500, Flag.HIGH),
    ],
)
def test_nightscouts_numbers_are_values_words_or_error_codes(
    number: float, expected: int | RejectReason, flag: Flag
) -> None:
    code = Amounts(Unit.MG, NIGHTSCOUT)[number]
    assert (reason_of(code) if code < 0 else code & 1023) == expected
    assert code < 0 or Flag(code >> 10) == flag


def test_numbers_at_the_limits_of_other_devices_are_no_words() -> None:
    assert [Amounts(Unit.MG, DEXCOM)[number] for number in (12, 39, 401)] == [refused(RejectReason.OTHER_UNIT), 39, 401]


def test_every_reason_comes_back_as_it_was_packed() -> None:
    assert [reason_of(refused(reason)) for reason in RejectReason] == list(RejectReason)


@pytest.mark.parametrize(
    ("text", "unit", "value", "flag"),
    [
        ("1", Unit.MG, 39, Flag.LOW),
        ("2001", Unit.MG, 401, Flag.HIGH),
        ("0.06", Unit.MMOL, 39, Flag.LOW),
        ("0.1", Unit.MMOL, 39, Flag.LOW),
        ("111.1", Unit.MMOL, 401, Flag.HIGH),
    ],
)
def test_the_numbers_that_camaps_writes_for_low_and_high_are_low_and_high(
    text: str, unit: Unit, value: int, flag: Flag
) -> None:
    code = Amounts(unit, SENTINELS)[text]
    assert (code & 1023, code >> 10) == (value, int(flag))


@pytest.mark.parametrize(
    ("text", "why"),
    [("0", RejectReason.OUT_OF_RANGE), ("3", RejectReason.OTHER_UNIT), ("1999", RejectReason.OUT_OF_RANGE)],
)
def test_numbers_near_those_are_none(text: str, why: RejectReason) -> None:
    assert reason(text, limits=SENTINELS) is why
    assert reason("2001") is RejectReason.OUT_OF_RANGE
