import pytest

from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.formats.tags import CODED, CONTROL, tag_of


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
