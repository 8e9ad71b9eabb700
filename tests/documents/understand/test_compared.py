"""When two values, as documents write them, say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.understand import compared
from priorauth.facts import vocabulary
from priorauth.values import units


def same(fact: str, one: str, other: str, usual: str = "?") -> bool:
    return compared.same(vocabulary.load()[fact], one, other, units.load(), usual)


@pytest.mark.parametrize(
    ("fact", "one", "other"),
    [
        ("hba1c", "8.4 %", "8.40%"),
        ("hba1c", "71 mmol/mol", "8.6 %"),
        ("insulin_injections", "4-6 /d", "4 - 6 / d"),
        ("c_peptide", "<0.1 ng/mL", "< 0.10 ng/mL"),
        ("glucose_tests_per_day", ">=4 /d", "≥4 /d"),
        ("severe_hypoglycemia", "3 x", "3 x"),
        ("motivated", "yes", "Yes"),
        ("warranty_ends_on", "2026-10-06", "2026-10-06"),
    ],
)
def test_the_same_said_otherwise_is_the_same(fact: str, one: str, other: str) -> None:
    assert same(fact, one, other)
    assert same(fact, other, one)


@pytest.mark.parametrize(
    ("fact", "one", "other"),
    [
        ("hba1c", "8.4 %", "8.5 %"),
        ("hba1c", "8.44 %", "8.4 %"),
        ("hba1c", "8.4 %", "8.4 mmol/mol"),
        ("hba1c", "8.4 %", "<8.4 %"),
        ("hba1c", "8.4 %", "8.4-8.6 %"),
        ("hba1c", "8.4 %", "yes"),
        ("hba1c", "8.4 %", "8.4 mg"),
        ("insulin_injections", "4-6 /d", "4-5 /d"),
        ("warranty_ends_on", "2026-10-06", "2026-10-07"),
        ("severe_hypoglycemia", "3 x", "44 mg/dL"),
    ],
)
def test_what_says_something_else_is_not(fact: str, one: str, other: str) -> None:
    assert not same(fact, one, other)
    assert not same(fact, other, one)


def test_a_number_without_a_unit_is_of_the_usual_one() -> None:
    assert same("hba1c", "8.4", "8.4 %", usual="%")
    assert not same("hba1c", "8.4", "8.4 %")


@given(st.sampled_from(sorted(vocabulary.load())), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_compared_comes_out_the_same_both_ways(fact: str, one: str, other: str) -> None:
    assert same(fact, one, other) == same(fact, other, one)
    assert same(fact, one, one)
