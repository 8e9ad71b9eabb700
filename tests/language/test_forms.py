"""Forms are values: equal where they say the same, usable as keys, and never changed."""

import pytest
from hypothesis import given

from priorauth.language import forms as f
from priorauth.language.parse import parse
from tests.language.leaves import Drawn, leaves


@given(leaves())
def test_a_form_is_equal_to_itself_read_again_and_hashes_alike(drawn: Drawn) -> None:
    text, form = drawn
    assert {form, parse(text)} == {form}


@given(leaves())
def test_every_form_names_the_fact_that_it_speaks_of(drawn: Drawn) -> None:
    text, form = drawn
    assert form.fact == "birth_date" if isinstance(form, f.Age) else form.fact in text


def test_age_speaks_of_the_date_of_birth() -> None:
    assert parse("age < 21 years").fact == "birth_date"


def test_a_comparison_over_time_speaks_of_the_fact_of_its_measure() -> None:
    assert parse("latest hba1c no worse than before pump_start").fact == "hba1c"


def test_a_form_cannot_be_changed() -> None:
    form = parse("motivated")
    with pytest.raises(AttributeError):
        form.fact = "diabetes"  # type: ignore[misc]  # that this is refused is the point
