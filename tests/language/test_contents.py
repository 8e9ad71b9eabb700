"""What a form holds can be listed: facts, anchors, windows, numbers, lengths, readings."""

from fractions import Fraction

import pytest
from hypothesis import given

from priorauth.facts import vocabulary as vocabularies
from priorauth.language.contents import (
    amounts_of,
    anchors_of,
    facts_of,
    lengths_of,
    never,
    readings_of,
    windows_of,
)
from priorauth.language.parse import parse, parse_reading
from tests.language.leaves import Drawn, leaves


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("latest hba1c > 7 %", ("hba1c",)),
        ("any c_peptide with glucose <= 225 mg/dL", ("c_peptide", "glucose")),
        ("any hypoglycemia while insulin_injections >= 3 /d", ("hypoglycemia", "insulin_injections")),
        ("count of x while y > 3 /d no worse than before pump_start", ("x", "y")),
        ("any x while x >= 3 /d", ("x",)),
        ("age < 21 years", ("birth_date",)),
    ],
)
def test_the_facts_of_a_form_begin_with_its_own(text: str, facts: tuple[str, ...]) -> None:
    assert facts_of(parse(text)) == facts


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("latest hba1c > 7 %", ()),
        ("latest hba1c within 3 months > 7 %", ("request",)),
        ("latest hba1c within 3 months before service > 7 %", ("service",)),
        ("any x since pump_start", ("pump_start", "request")),
        ("any x before enrollment", ("enrollment",)),
        ("any x while y > 3 /d", ()),
        ("x lasts 3 months", ("request",)),
        ("x on service", ("service",)),
        ("age < 21 years", ("request",)),
        ("x throughout 2 months before enrollment", ("enrollment",)),
        ("count of x no worse than before pump_start", ("pump_start", "request")),
        ("motivated", ()),
    ],
)
def test_the_anchors_of_a_form_are_the_days_from_which_it_counts(text: str, anchors: tuple[str, ...]) -> None:
    assert anchors_of(parse(text)) == anchors


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("share of x above 140 mg/dL > 50 % of at least 10", [140, 50, 10]),
        ("count of x between 80 mg/dL and 130 mg/dL within 30 days >= 2", [80, 130, 2]),
        ("any x <= 1.1 ng/mL with y <= 225 mg/dL", [Fraction(11, 10), 225]),
        ("any x while y >= 3 /d", [3]),
        ("latest x no worse than before service by 0.5 %", [Fraction(1, 2)]),
        ("age < 21 years", [21]),
        ("motivated", []),
    ],
)
def test_the_numbers_of_a_form_stand_as_they_are_written(text: str, numbers: list[Fraction]) -> None:
    assert [amount.value for amount in amounts_of(parse(text))] == numbers


def test_the_lengths_of_a_form_are_those_of_its_windows_and_its_own() -> None:
    read = parse("longest gap between x within 12 months <= 90 days")
    assert [str(length.duration) for length in lengths_of(read)] == ["12 months", "90 days"]


def test_the_readings_of_a_form_are_named_once_wherever_they_stand() -> None:
    readings = {name: parse_reading(text, name) for name, text in (("n", "3"), ("span", "6 months"))}
    assert readings_of(parse("count of x > n within span since request >= n", readings)) == ("n", "span")
    assert readings_of(parse("x lasts span", readings)) == ("span",)
    assert readings_of(parse("age < n years", readings)) == ("n",)


def test_a_comparison_over_time_has_the_windows_of_its_measure() -> None:
    assert windows_of(parse("count of x while y > 3 /d no worse than before pump_start")) != ()
    assert windows_of(parse("motivated")) == ()


@given(leaves())
def test_every_number_that_is_written_is_listed(drawn: Drawn) -> None:
    text, form = drawn
    assert all(amount.text in text for amount in amounts_of(form))
    lengths = [str(length.duration).removesuffix("s") for length in lengths_of(form)]
    assert all(length in text for length in lengths)


def test_that_an_anchor_has_no_day_is_said_of_events_alone() -> None:
    known = vocabularies.load()
    assert never("prior_approval", known) == parse("no prior_approval_on")
    others = ("request", "service", "pump_start", "trial_start", "prescription")
    assert {name: never(name, known) for name in others} == dict.fromkeys(others)
