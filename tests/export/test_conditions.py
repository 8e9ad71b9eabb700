"""When a part of a form is open: what of a criterion can be said as answers."""

from __future__ import annotations

import pytest

from priorauth.export.conditions import NO, OPEN, YES, Clause, answers, may_hold
from tests.asking import criterion
from tests.export.filling import CATALOG

VOCABULARY = CATALOG.vocabulary


def clauses(tree: str) -> list[Clause]:
    return list(may_hold(criterion(tree), VOCABULARY))


def clause(*said: tuple[str, str]) -> Clause:
    return frozenset(said)


def test_an_attribute_is_open_under_the_values_that_its_line_names() -> None:
    kinds = clause(("request_kind", "repair"), ("request_kind", "replacement"))
    assert clauses("request_kind is one of repair, replacement") == [kinds]


def test_a_word_that_nobody_has_said_leaves_open() -> None:
    assert clauses("motivated") == [clause(("motivated", YES), ("motivated", OPEN))]
    assert clauses("{none of: [motivated]}") == [clause(("motivated", NO), ("motivated", OPEN))]


def test_what_is_not_a_value_is_every_other_value() -> None:
    (found,) = clauses("{none of: [purchase_or_rental is rental]}")
    assert found == clause(("purchase_or_rental", "purchase"))


def test_a_value_that_is_not_known_yet_rules_nothing_out() -> None:
    (found,) = clauses("trial_outcome is completed")
    assert found == clause(("trial_outcome", "completed"), ("trial_outcome", "ongoing"))


def test_all_has_a_clause_each_and_any_has_them_in_one() -> None:
    assert len(clauses("{all: [request_kind is repair, motivated]}")) == 2
    (joined,) = clauses("{any: [request_kind is repair, motivated]}")
    assert joined == clause(("request_kind", "repair"), ("motivated", YES), ("motivated", OPEN))


@pytest.mark.parametrize(
    "tree",
    [
        "age < 21 years",
        "latest hba1c within 12 months > 7.0 %",
        "{any: [motivated, age < 21 years]}",
        "product_code is E0784",
        "judged other_indication_accepted",
        "{none of: [{all: [motivated, request_kind is repair]}]}",
        "{at least: 2, of: [motivated, follows_diet_and_exercise, able_to_operate_pump]}",
    ],
)
def test_what_no_answer_can_say_leaves_open(tree: str) -> None:
    assert clauses(tree) == []


def test_a_line_is_answered_against_by_its_other_answers() -> None:
    assert answers(criterion("motivated"), VOCABULARY) == clause(("motivated", NO), ("motivated", OPEN))
    assert answers(criterion("{when: motivated, only when: age < 21 years}"), VOCABULARY) == frozenset()
