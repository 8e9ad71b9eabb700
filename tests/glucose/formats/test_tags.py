import pytest

from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.formats.tags import CODED, CONTROL, MEAL_CODES, tag_of


@pytest.mark.parametrize("words", ["before meal", "Pre-meal", "pre_breakfast", "preprandial", "Before lunch"])
def test_a_reading_before_a_meal_says_so(words: str) -> None:
    assert tag_of(words) == Flag.BEFORE_MEAL


@pytest.mark.parametrize("words", ["after dinner", "postprandial", "POST meal", "after_meal"])
def test_a_reading_after_a_meal_says_so(words: str) -> None:
    assert tag_of(words) == Flag.AFTER_MEAL


def test_a_fasting_reading_says_so() -> None:
    assert tag_of("Fasting") == tag_of("fasted overnight") == Flag.FASTING


def test_control_solution_is_no_reading_whatever_else_is_said() -> None:
    assert tag_of("Control solution before breakfast") == CONTROL


@pytest.mark.parametrize("words", ["", "breakfast", "bedtime", "present", "predicted", "postponed", "uncontrolled"])
def test_words_that_say_nothing_of_a_meal_are_no_tag(words: str) -> None:
    assert tag_of(words) == 0


def test_each_code_says_one_thing() -> None:
    assert set(CODED.values()) == {Flag.BEFORE_MEAL, Flag.FASTING, Flag.AFTER_MEAL}


SNOMED, MDC = "http://snomed.info/sct", "urn:iso:std:iso:11073:10101"
TIMING = "http://terminology.hl7.org/CodeSystem/v3-TimingEvent"


def test_the_codes_of_a_meal_are_these_and_no_others() -> None:
    assert {
        (SNOMED, "307165006"): Flag.BEFORE_MEAL,  # before meal
        (MDC, "8417868"): Flag.BEFORE_MEAL,  # MDC_CTXT_GLU_MEAL_PREPRANDIAL
        (MDC, "8417872"): Flag.AFTER_MEAL,  # MDC_CTXT_GLU_MEAL_POSTPRANDIAL
        (MDC, "8417876"): Flag.FASTING,  # MDC_CTXT_GLU_MEAL_FASTING
        **{(TIMING, code): Flag.BEFORE_MEAL for code in ("AC", "ACM", "ACD", "ACV")},
        **{(TIMING, code): Flag.AFTER_MEAL for code in ("PC", "PCM", "PCD", "PCV")},
    } == CODED
    assert {(SNOMED, "309602000"), (MDC, "8417864")} == MEAL_CODES


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("control", CONTROL),
        ("Control-Test", CONTROL),
        ("fast", Flag.FASTING),
        ("breakfast", 0),
        ("before breakfast", Flag.BEFORE_MEAL),
        ("fasting, before meal", Flag.FASTING),
        ("before meal, after exercise", Flag.BEFORE_MEAL),
        ("pre", Flag.BEFORE_MEAL),
        ("post", Flag.AFTER_MEAL),
        *((f"{side}{mark}{meal}", flag) for side, flag in (("pre", Flag.BEFORE_MEAL), ("post", Flag.AFTER_MEAL))
          for mark in ("", "-", "_", " ") for meal in ("meal", "prandial", "breakfast", "lunch", "dinner")),
    ],
)  # fmt: skip
def test_words_of_a_meal_are_read_in_these_ways(words: str, expected: int) -> None:
    assert tag_of(words) == expected
