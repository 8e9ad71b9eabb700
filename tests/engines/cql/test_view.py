"""Facts and dates to count from under their names in a library of CQL."""

from __future__ import annotations

import pytest

from priorauth.engines.cql.view import parameter
from priorauth.facts.anchors import ANCHOR_FACTS
from tests.engines.cql.written import view


def test_the_same_text_has_one_name_and_another_text_under_it_is_told_apart() -> None:
    into = view()
    assert [into.once("a", "1"), into.once("a", "1"), into.once("a", "2")] == ['"a"', '"a"', '"a (2)"']
    assert into.defines == {"a": "1", "a (2)": "2"}


@pytest.mark.parametrize(
    ("fact", "shape", "text"),
    [
        ("hba1c", "Row", 'PA.Dated("hba1c rows", "hba1c whole", "born")'),
        ("diabetes", "Stay", 'PA.Stays("diabetes rows", "diabetes whole", "born")'),
        ("motivated", "Said", 'PA.Said("motivated rows")'),
        ("only_for_convenience", "Said", 'PA.Judgments("only_for_convenience rows")'),
        ("settle.A.1", "Said", 'PA.Judgments("settle.A.1 rows")'),
    ],
)
def test_the_rows_of_a_fact_are_sorted_by_who_says_so(fact: str, shape: str, text: str) -> None:
    into = view()
    assert into.fact(fact) == f'"{fact} by side"'
    assert (into.facts[fact], into.defines[f"{fact} by side"]) == (shape, text)


@pytest.mark.parametrize("name", ANCHOR_FACTS)
def test_every_date_to_count_from_has_a_definition(name: str) -> None:
    into = view()
    assert into.anchor(name) == f'"day of {name}"'
    assert name == "request" or ANCHOR_FACTS[name] in into.facts


def test_what_is_known_to_be_whole_has_a_parameter_of_its_own() -> None:
    assert parameter("hba1c", whole=True) == '"hba1c whole"'
