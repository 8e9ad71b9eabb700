"""A fact is found by words of its name or question, by a code, and by its unit."""

from __future__ import annotations

import pytest

from priorauth.facts import vocabulary
from priorauth.policy.views.finder import find

SHIPPED = vocabulary.load()


def names(*words: str) -> list[str]:
    return [one.fact.name for one in find(SHIPPED, words)]


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (("hba1c",), "hba1c"),
        (("most recent", "HbA1c"), "hba1c"),
        (("insulin", "injections"), "insulin_injections"),
        (("contracted-mco",), "plan_type"),
        (("mg/dL",), "cgm_glucose"),
        (("E10.65",), "type_1_diabetes"),
        (("e1065",), "type_1_diabetes"),
        (("4548-4",), "hba1c"),
    ],
)
def test_a_fact_is_found_by_what_is_known_of_it(words: tuple[str, ...], fact: str) -> None:
    assert fact in names(*words)


def test_every_word_must_be_there() -> None:
    assert "hba1c" in names("recent")
    assert names("hba1c", "injections") == []
    assert names() == names(" ") == []


def test_the_code_by_which_a_fact_was_found_is_said_and_a_code_of_another_is_none() -> None:
    (found,) = [one for one in find(SHIPPED, ["E10.65"]) if one.fact.name == "type_1_diabetes"]
    assert found.because == "icd10cm E10.*"
    assert "type_1_diabetes" not in names("E11.65")


def test_a_fact_says_its_kind_with_its_unit_or_its_values() -> None:
    (found,) = [one for one in find(SHIPPED, ["plan_type"]) if one.fact.name == "plan_type"]
    assert found.what == "attribute (payer-direct, contracted-mco)"
    (found,) = [one for one in find(SHIPPED, ["hba1c"]) if one.fact.name == "hba1c"]
    assert found.what == "measurement (%)"
