"""The census: what is computed, what is answered, what is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

import priorauth
from priorauth.language.parse import parse
from priorauth.policy.catalog import open_catalog
from priorauth.policy.views.census import BASES, all_leaves, basis, coded, exceptions, report, tally

CATALOG = open_catalog()
NEWEST = [CATALOG.versions(name)[-1] for name in CATALOG.files]
PACKAGE = Path(priorauth.__file__).parent
PAGE = Path(__file__).resolve().parents[3] / "docs" / "census.md"


@pytest.mark.parametrize(
    ("line", "rests_on"),
    [
        ("latest hba1c > 7.0 %", "computed"),
        ("age < 21 years", "computed"),
        ("product_code is E0784", "computed"),
        ("coverage_state is GA", "computed"),
        ("cgm_use before medicare_enrollment", "answer"),
        ("latest hba1c since prior_approval > 7.0 %", "computed"),
        ("motivated", "answer"),
        ("any diabetes_education_completed", "answer"),
        ("active_infection", "answer"),
        ("judged only_for_convenience", "judgment"),
        ("refused no_cheaper_equivalent", "judgment"),
    ],
)
def test_a_line_rests_on(line: str, rests_on: str) -> None:
    assert basis(parse(line), CATALOG.vocabulary) == rests_on


def test_every_leaf_is_counted_once() -> None:
    for policy in NEWEST:
        assert sum(tally(policy, CATALOG.vocabulary).values()) == sum(1 for _ in all_leaves(policy))


def test_the_exceptions_are_facts_and_none_is_idle() -> None:
    vocabulary = CATALOG.vocabulary
    for name in exceptions().answered:
        assert vocabulary[name].derived
        assert not coded(name, vocabulary)
    for name in exceptions().elements:
        fact = vocabulary[name]
        assert (fact.codes, fact.code_values, fact.value_codes, fact.derived) == ({}, {}, {}, "")


def test_what_needs_only_an_answer_has_no_codes() -> None:
    vocabulary = CATALOG.vocabulary
    answered = [name for name in vocabulary if not coded(name, vocabulary) and name not in exceptions().answered]
    assert [name for name in answered if vocabulary[name].codes or vocabulary[name].derived] == []


def test_what_is_computed_without_codes_is_named_where_records_are_read() -> None:
    """The census promises only what the readers of the record do: each such fact stands in their code by name."""
    read = "".join(
        path.read_text(encoding="utf-8")
        for room in ("record", "glucose", "population")
        for path in (PACKAGE / room).rglob("*.py")
    )
    facts = [CATALOG.vocabulary[name] for name in CATALOG.vocabulary if coded(name, CATALOG.vocabulary)]
    derived = [fact.name for fact in facts if not (fact.codes or fact.code_values or fact.value_codes or fact.together)]
    assert [name for name in derived if f'"{name}"' not in read] == []


def test_the_census_has_a_row_for_every_policy_and_every_reading() -> None:
    text = report(NEWEST, CATALOG.vocabulary)
    for policy in NEWEST:
        assert f"| {policy.id} | {policy.version} |" in text
        for name in policy.readings or {}:
            assert f"| {policy.id} | {name} |" in text
    assert len(BASES) == 3


def test_the_page_in_the_docs_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == report(NEWEST, CATALOG.vocabulary)
