"""What is declared of each form is what the language says of it, and no form is left out."""

from __future__ import annotations

import pytest

from priorauth.language import forms as f
from priorauth.language import traits
from priorauth.language.parse import parse


def test_every_form_has_its_traits_and_nothing_else_has() -> None:
    assert set(traits.TRAITS) == set(f.Form.__args__)


def test_every_number_of_a_form_is_read_in_a_way_that_is_declared() -> None:
    for form, trait in traits.TRAITS.items():
        wanted = {
            name: str(kind)
            for name, kind in form.__annotations__.items()
            if any(word in str(kind) for word in ("Amount", "Compare", "Test"))
        }
        assert set(trait.numbers) == set(wanted) - {"by"}, form


def test_a_measure_that_may_be_compared_over_time_says_how_its_tolerance_is_read() -> None:
    assert {form for form, trait in traits.TRAITS.items() if trait.tolerance} == set(f.Measure.__args__)


def test_only_judgments_are_never_asked_of_those_who_ask() -> None:
    assert {form for form, trait in traits.TRAITS.items() if not trait.asked} == {f.Judged, f.Refused}


def test_only_what_is_known_from_one_place_or_never_refuted_has_no_two_sides() -> None:
    sideless = {form for form, trait in traits.TRAITS.items() if not trait.sided}
    assert sideless == {f.Latest, f.Judged, f.Refused, f.Documented}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("motivated", True),
        ("diabetes on request", True),
        ("any hba1c > 7 %", True),
        ("no ketoacidosis within 6 months before request", True),
        ("insulin_injections >= 3 /d throughout 6 months before request", True),
        ("latest hba1c > 7 %", False),
        ("count of ketoacidosis within 6 months before request >= 2", False),
        ("age < 21 years", False),
    ],
)
def test_silence_settles_what_asks_whether_and_not_what_counts_or_measures(text: str, *, found: bool) -> None:
    assert traits.of(parse(text)).silenced is found
